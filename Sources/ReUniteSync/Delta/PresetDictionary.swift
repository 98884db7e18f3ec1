/// Bytes that deflate is told before a text: words that texts of this field are likely to have, so that a short text can
/// point at them. Part of the format (`Schemas/wire/delta.md`, section 12); each dictionary's number names it for ever.
enum PresetDictionary: UInt8 {
    case none = 0
    case first = 1

    var bytes: [UInt8] { self == .none ? [] : PresetDictionary.firstBytes }

    /// `Schemas/wire/dictionary-1.txt`.
    private static let firstBytes = Array(
        """
        OWNER OFFICE SENDER RECEIVER HUB NOBODY ACTIVE LEFT ENQUIRY ASSESSED PRE_RELEASE RELEASED HOUSED FLOATING
        MOVE_ON CLOSED SEEN_AFTER_CLOSING GIVEN REFUSED WITHDRAWN NOT_STARTED IN_PROGRESS MET DECLINED DRAFT PRE_CHECK
        PRE_CHECK_OK PRE_CHECK_NO SENT RECEIVED UNDER_ASSESSMENT INFO_REQUESTED WAITLISTED OFFERED OFFER_ACCEPTED
        OFFER_REFUSED ACCEPTED HANDOVER TRANSFERRED RECALLED_OPEN COMPLETED RETURNED CONSENT_WITHDRAWN EXPIRED
        CLOSED_ERROR YES UNKNOWN LOW MEDIUM HIGH VERY_HIGH NORMAL RESTRICTED NO_CONTACT REFUGE LATE PRISON_CHANGED
        RESTRICTION EXCLUSION REQUESTED PROVISIONAL CONFIRMED ARRIVED CANCELLED NOT_ARRIVED DEPARTED ENDED REQUEST
        HOLDS SAME DIFFERENT RETRACTED VERIFIED UNVERIFIED HUMAN SYSTEM ASKED MAYBE RETURN OPEN DONE NOT_NEEDED HELD
        SAFEGUARDING_CHILD SAFEGUARDING_ADULT VITAL_INTERESTS COURT_ORDER UPHELD OFF TAKEN SETTLED PLANNED SUSPENDED
        WOMENS_CENTRE Women's centre HOMELESS_CHARITY Homelessness charity HOUSING_ASSOCIATION Housing association
        PROBATION_PROVIDER Probation provider CHILDRENS_CHARITY Children's charity HUB_OPERATOR Hub operator
        NETWORK_OFFICER Network officer HUB_DPO Data protection officer of the hub PARTNER_MANAGER Partner manager
        SUPPORT_WORKER Support worker FAMILY_SUPPORT_WORKER Family support worker CHILDRENS_WORKER Children's worker
        INREACH_WORKER In-reach worker HOUSING_WORKER Housing worker VOLUNTEER_COORDINATOR Volunteer coordinator
        MENTOR Mentor EVALUATOR Evaluator AUDITOR Auditor PRISON_LEAVER Leaving prison COMMUNITY_SENTENCE Community
        sentence POST_SENTENCE_UNSTABLE Unstable long after the sentence Completed NEEDS_MET_ELSEWHERE Needs met
        elsewhere NOT_ENGAGED Not engaged MOVED_OUT_OF_AREA Moved out of the area RETURNED_TO_CUSTODY Returned to
        custody DIED Died MISTAKEN_OR_DUPLICATE Mistake or duplicate OTHER Other SERVICE To receive the service
        SHARE_WITH_PARTNER To share with a named partner SHARE_WITH_HOUSING_PROVIDER To share with a housing provider
        SHARE_WITH_LA_DTR To share with a local authority for the duty to refer SHARE_WITH_PROBATION To share with
        probation EVALUATION Evaluation PUBLICITY Publicity Given Refused Withdrawn SIGNED_FORM Signed form SPOKEN
        Spoken, witnessed by a worker PHONE By telephone LETTER By letter ACCOMMODATION Accommodation
        ATTITUDES_THINKING_BEHAVIOUR Attitudes, thinking and behaviour CHILDREN_FAMILIES_COMMUNITY Children, families
        and community DRUGS_ALCOHOL Drugs and alcohol EDUCATION_SKILLS_WORK Education, skills and work FINANCE_ID
        Finance and identity papers HEALTH Health WOMENS_SPECIFIC Women's specific CONTACT Contact TELEPHONE Telephone
        call VISIT Visit MULTI_AGENCY Multi-agency meeting SAFEGUARDING Safeguarding: record as a concern, never as a
        note MANAGEMENT Management REFER_HOUSE To house her: the case moves REFER_SHARED Joint work: the case stays
        PULL_REQUEST Asked for by the receiver ROUTINE Routine URGENT Urgent WOMAN_ALONE The woman alone CHILDREN_1
        With one child CHILDREN_2 With two children CHILDREN_3_PLUS With three children or more PREGNANT Expecting
        PRISON_RESETTLEMENT Prison resettlement team POM Prison offender manager COM Community offender manager
        FAMILY_LIAISON Family liaison CHAPLAINCY Chaplaincy HOUSING_ADVISER Housing adviser CHILDRENS_SERVICES
        Children's services SELF Herself PEER_PARTNER Another partner COURT_LIAISON Court liaison SOLICITOR Solicitor
        MBU Mother and Baby Unit NOT_ELIGIBLE Not eligible NRPF No recourse to public funds CONSENT_NOT_GIVEN Consent
        not given NO_HOME_IN_AREA No home in the area NO_HOME_OF_SUITABLE_SIZE No home of a suitable size
        NO_ADAPTED_PROPERTY No adapted property RISK_OR_NEEDS_NOT_MANAGEABLE Risk or needs cannot be managed
        PREVIOUS_BEHAVIOUR_CONCERN Concern about earlier behaviour OUT_OF_AREA_NO_CONNECTION No connection with the
        area EXCLUSION_ZONE Exclusion zone SUBMITTED_TOO_EARLY Submitted too early NOT_ENOUGH_TIME_TO_PLACE Not enough
        time to place NOT_ENOUGH_TIME_ON_LICENCE Not enough time on licence REMANDED_OR_DETAINED Remanded or detained
        LA_ACCOMMODATION_PROVIDED Local authority provided accommodation OTHER_ACCOMMODATION_FOUND Other accommodation
        found INCOMPLETE_REFERRAL Incomplete referral CREATED_IN_ERROR Created in error Other, in words INELIGIBLE
        WORK_CARING_SICKNESS Work, caring or sickness ACQUITTED Acquitted SENTENCE_REVOKED Sentence revoked
        SENTENCE_EXPIRED Sentence expired Safeguarding a child Safeguarding an adult Vital interests Court order
        Settled TRANSIENT Transient NO_FIXED_ABODE No fixed abode RISK_OF_NO_FIXED_ABODE At risk of no fixed abode
        A01A Owner of the home A01C Private rental A01D Social rental A04 Supported housing A07B With friends or
        family, settled A12 Long-term residential healthcare A07A With friends or family, for a while A03 Transient or
        short-term A02 Approved premises A10 CAS2, 13 weeks or more A11 CAS2, under 13 weeks A17 CAS3 A13 Home Office,
        section 4 A14 Home Office, section 10 A15 Immigration detention A16 Awaiting assessment A08A Rough sleeping
        A08C Shelter, emergency hostel or campsite A08 Squat HMP Prison M Main PR Proposed PR1 Proposed for
        resettlement P Previous RJ Rejected RT Temporary release S Secondary MA Postal B Bail NOMS Prison number
        LEGACY_PRISON_NO Old prison number CRN Probation number PNC PNC number CRO CRO number NINO National Insurance
        number NHS NHS number DOCUMENT Seen on a document PRISON PROBATION Probation POLICE Police or court
        LOCAL_AUTHORITY Local authority Health service CRD_LICENCE Conditional release on licence PAROLE Parole FTR
        Fixed-term recall STD_RECALL Standard recall HDC Home detention curfew PSS Post-sentence supervision REMAND
        Remand ROTL Release on temporary licence TIME_SERVED Time served Confirmed in writing SELF_REPORT No contact
        WRITTEN_ONLY In writing only MONITORED Monitored NON_MOLESTATION Non-molestation order RESTRAINING Restraining
        order PROHIBITED_STEPS Prohibited steps order BAN Ban from visits Closed visits NONCON Non-contact visits
        CHILD_VETTED Child vetted before contact CHILDREN To children PUBLIC To the public KNOWN_ADULT To a known
        adult STAFF To staff To herself MARAC Discussed at a MARAC MAPPA Managed under MAPPA ARSON Arson SCHEDULE_1
        Schedule 1 offence NONE Not looked after C1 Interim care order C2 Full care order E1 Placement order L1 Police
        protection L2 Emergency protection order L3 Child assessment order V2 Section 20, single period V3 Short
        breaks, series of placements V4 Short breaks, single placements CAO_LIVES_WITH Child arrangements order, lives
        with SGO Special guardianship order PRIVATE_FOSTERING Private fostering ADOPTED Adopted WITH_MOTHER With the
        mother INFORMAL_KINSHIP With family or friends, informally P1 With own parent U1 Foster placement with a
        relative or friend, long-term U2 Foster placement with a relative or friend who may adopt U3 Foster placement
        with a relative or friend, other U4 Foster placement with another carer, long-term U5 Foster placement with
        another carer who may adopt U6 Foster placement with another carer, other R3 Family centre or Mother and Baby
        Unit K1 Secure children's home K2 Children's home T4 Temporary placement E4A Returned to a parent as the care
        plan says E13 Returned to a parent, other E41 Child arrangements order E45 Special guardianship, former foster
        carer, relative or friend E46 Special guardianship, former foster carer, other E47 Special guardianship,
        another carer, relative or friend E48 Special guardianship, another carer, other E11 Adopted, application
        unopposed E12 Adopted, consent dispensed with E3 Care taken over by another authority E2 IN_REACH In-reach
        LEGAL Booked as a legal visit VIDEO Video COMMUNITY In the community PERSON_ACCEPTABLE Hers, acceptable
        PERSON_UNACCEPTABLE Hers, not acceptable LOGISTICS Logistics: lock-down, escort, list error FAMILY_HOME Family
        home SHARED_HOUSE Shared house HOSTEL Hostel STUDIO Studio DEEP_CLEAN Deep clean NEEDLE_SWEEP Needle sweep
        DAMAGE_REPAIRS Repairs of damage MAINTENANCE Maintenance: damp, infestation REPLACING_FURNITURE Replacing
        furniture or stolen goods COOLING_OFF Cooling off after an incident OCCUPANCY_REDUCED Occupancy reduced
        PENDING_HANDBACK Pending handback DEATH_COLLECTION Death: collection of personal property LEGAL_DROP_IN Legal
        advice MENTAL_HEALTH_FAST_TRACK Mental health CRECHE Creche COUNSELLING Counselling DEBT Debt advice UNBORN
        Expected AGE_0_1 Under two AGE_2_4 Two to four AGE_5_10 Five to ten AGE_11_17 Eleven to seventeen APPLICANT
        About her CONCERNS_TO_OTHERS Concerns for others CONCERNS_FROM_OTHERS Concerns from others Health needs
        EXCLUSION_ZONES Exclusion zones FUNDING_AND_ID Funding and identity papers OFFENCES Offences and licence
        Children AREA_UNSUITABLE Area not suitable PROPERTY_UNSUITABLE Home not suitable TOO_FAR_FROM_CHILDREN Too far
        from her children UNAFFORDABLE Too dear CHANGE_OF_CIRCUMSTANCES Circumstances changed NO_RESPONSE No answer
        NON_ARRIVAL She did not arrive GATE_ARREST Arrested at the gate LICENCE_ADDRESS_REFUSED Licence address
        refused HOME_LOST The home was lost She refused the offer Arrived, first contact made MOVED_ON Moved on as
        planned SUPPORT_ENDED Joint work ended NOT_SETTLED Left or lost the home Not known passport licence
        interpreter asylum nationality religion faith chaplain nursery school teacher attendance homework birthday
        custody parole tag curfew recall remand sentence prison prisoner gate release released probation officer court
        hearing magistrate solicitor order injunction restraining exclusion police arrest bail offence victim violence
        abuse abusive coercive control refuge threat threats unsafe safe safety harm risk risks risky concern concerns
        safeguarding disclosure disclosed confidential strategy conference protection plan plans planned council
        authority duty homeless homelessness temporary hostel shared supported housing accommodation tenancy tenant
        landlord rent deposit arrears eviction bond flat bedroom bathroom kitchen keys furniture heating damp repair
        repairs viewing viewed moved moving move area street road postcode address post letter letters form forms
        signed signature consent consents agreed agreement sharing share information record records report reports
        document documents birth certificate identity benefit benefits universal credit claim claimed payment payments
        debt debts budget budgeting bank account money cash voucher food clothes bus train fare travel lift met meet
        meeting meetings visit visits visited visiting phoned rang called call calls phone telephone text texted
        message messages email emailed answer answered voicemail reply replied appointment appointments assessment
        assessed review reviewed reviews referral referrals referred refer accepted declined withdrawn waiting list
        offer offered place placed bed room rooms transfer transferred handover received receive sent send health
        mental anxiety anxious depression depressed stress trauma medication prescription doctor nurse clinic hospital
        pregnant pregnancy midwife alcohol drugs drug substance recovery detox methadone drinking sober relapse
        counselling counsellor therapy group course courses training college education job work volunteering interview
        skills confidence goal goals progress support supporting supports worker workers key staff manager team
        service services agency centre charity social care carer kinship foster contact supervised letterbox adoption
        reunion reunite reunited together attachment bedtime routine routines upset worried worry angry tearful calm
        settled settling happy pleased hopeful motivated engaged engaging engagement missed attended attend late early
        cancelled rearranged confirmed urgent changed change changes started start finished end ended stopped continue
        continues contacted arranged discussed explained advised encouraged reminded completed updated checked noted
        seen heard spoke spoken talked Tried to phone, no answer. Left a message. No concerns at this visit. Next
        appointment is on She said that She would like to She has been She was in and well. did not attend is still
        waiting for Support worker Social worker Probation officer with her children at the women's centre to be
        housed Agreed to meet again on Referral sent to Released on tenancy agreement consent to share in the area due
        via per once own really quite too yet already towards against whether though although however use using used
        done doing does being there here this these those every another on off under within without away around about
        able right low high short long best better good few little life name friends friend family sister brother
        partner father mother daughter son baby children child men man women woman person people place house home
        minutes hours hour weekend night evening afternoon morning years year months month weeks week days day
        yesterday tomorrow today later soon often never always again left found find helped help looking looked look
        works working worked work let put kept keep gave given give took taken take thought thinks think knew knows
        know tell told asks asked ask says say felt feels feel needed needs need wanted wants want came come went
        going go make made even such much many most each both same old new last next since during until should well
        where while between through because down over back first still get see very its how just did time all three
        two one may our any them now only also into then than other could some more before after would which do can
        what said who up out him his he we so when if no their were been or an are will they but from by have had as
        has not be at it that with she her for was is in a of and to the

        """.utf8)
}
