-- Reference data. The hub alone runs this file, once, when a network is made; the rows then travel as shared rows.
-- Ids are fixed and readable: four bytes table number, two bytes list number (code lists), then 8000 8000, and in
-- the last six bytes the code in ASCII (areas, prisons) or the number in its list. Never change an id; a new code
-- takes the next number of its list. Partners are made by the hub's operator, not here.

INSERT INTO area(id, code, name, lead_la_gss) VALUES
  (X'00000001000080008000000000534C4E', 'SLN', 'South London', NULL),
  (X'0000000100008000800000000042484D', 'BHM', 'Birmingham', 'E08000025'),
  (X'00000001000080008000000000474C53', 'GLS', 'Gloucestershire', 'E10000013'),
  (X'00000001000080008000000000474D52', 'GMR', 'Greater Manchester', NULL),
  (X'0000000100008000800000000053594B', 'SYK', 'South Yorkshire', NULL),
  (X'0000000100008000800000000057594B', 'WYK', 'West Yorkshire', NULL),
  (X'0000000100008000800000000048554D', 'HUM', 'Humberside', NULL),
  (X'00000001000080008000000000444259', 'DBY', 'Derby', 'E06000015'),
  (X'00000001000080008000000000535259', 'SRY', 'Surrey', 'E10000030');

-- The twelve women's prisons for adults in England; there is none in Wales.
INSERT INTO prison(id, code, name, place, postcode, operator, is_open, mother_and_baby_unit, overnight_family, note) VALUES
  (X'00000002000080008000000000414749', 'AGI', 'Askham Grange', 'York', 'YO23 3FT', NULL, 1, 1, 1, ''),
  (X'00000002000080008000000000425A49', 'BZI', 'Bronzefield', 'Ashford, Surrey', 'TW15 3JZ', 'Sodexo', 0, 1, 0, ''),
  (X'00000002000080008000000000444849', 'DHI', 'Drake Hall', 'Eccleshall, Staffordshire', 'ST21 6LQ', NULL, 0, 0, 1, ''),
  (X'00000002000080008000000000445749', 'DWI', 'Downview', 'Sutton, Surrey', 'SM2 5PD', NULL, 0, 0, 0, 'On the edge of the London Borough of Sutton and Banstead'),
  (X'00000002000080008000000000455349', 'ESI', 'East Sutton Park', 'Maidstone, Kent', 'ME17 3DF', NULL, 1, 0, 0, ''),
  (X'00000002000080008000000000455749', 'EWI', 'Eastwood Park', 'Falfield, Gloucestershire', 'GL12 8DB', NULL, 0, 1, 0, 'Administratively in South Gloucestershire; family room'),
  (X'00000002000080008000000000464849', 'FHI', 'Foston Hall', 'Derby', 'DE65 5DN', NULL, 0, 0, 0, ''),
  (X'000000020000800080000000004C4E49', 'LNI', 'Low Newton', 'Durham', 'DH1 5YA', NULL, 0, 0, 0, ''),
  (X'000000020000800080000000004E4849', 'NHI', 'New Hall', 'Wakefield', 'WF4 4XX', NULL, 0, 1, 0, ''),
  (X'00000002000080008000000000504649', 'PFI', 'Peterborough Female', 'Peterborough', 'PE3 7PD', 'Sodexo', 0, 1, 0, 'The men''s site has the code PBI'),
  (X'00000002000080008000000000534449', 'SDI', 'Send', 'Woking, Surrey', 'GU23 7LJ', NULL, 0, 0, 0, ''),
  (X'00000002000080008000000000535449', 'STI', 'Styal', 'Wilmslow, Cheshire', 'SK9 4HR', NULL, 0, 1, 0, '');

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000180008000000000000001', 'partner.org_type', 'WOMENS_CENTRE', 'Women''s centre', 1, 10, NULL),
  (X'00000004000180008000000000000002', 'partner.org_type', 'HOMELESS_CHARITY', 'Homelessness charity', 1, 20, NULL),
  (X'00000004000180008000000000000003', 'partner.org_type', 'HOUSING_ASSOCIATION', 'Housing association', 1, 30, NULL),
  (X'00000004000180008000000000000004', 'partner.org_type', 'PROBATION_PROVIDER', 'Probation provider', 1, 40, NULL),
  (X'00000004000180008000000000000005', 'partner.org_type', 'CHILDRENS_CHARITY', 'Children''s charity', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000280008000000000000001', 'staff_user.role', 'HUB_OPERATOR', 'Hub operator', 1, 10, NULL),
  (X'00000004000280008000000000000002', 'staff_user.role', 'NETWORK_OFFICER', 'Network officer', 1, 20, NULL),
  (X'00000004000280008000000000000003', 'staff_user.role', 'HUB_DPO', 'Data protection officer of the hub', 1, 30, NULL),
  (X'00000004000280008000000000000004', 'staff_user.role', 'PARTNER_MANAGER', 'Partner manager', 1, 40, NULL),
  (X'00000004000280008000000000000005', 'staff_user.role', 'SUPPORT_WORKER', 'Support worker', 1, 50, NULL),
  (X'00000004000280008000000000000006', 'staff_user.role', 'FAMILY_SUPPORT_WORKER', 'Family support worker', 1, 60, NULL),
  (X'00000004000280008000000000000007', 'staff_user.role', 'CHILDRENS_WORKER', 'Children''s worker', 1, 70, NULL),
  (X'00000004000280008000000000000008', 'staff_user.role', 'INREACH_WORKER', 'In-reach worker', 1, 80, NULL),
  (X'00000004000280008000000000000009', 'staff_user.role', 'HOUSING_WORKER', 'Housing worker', 1, 90, NULL),
  (X'0000000400028000800000000000000A', 'staff_user.role', 'VOLUNTEER_COORDINATOR', 'Volunteer coordinator', 1, 100, NULL),
  (X'0000000400028000800000000000000B', 'staff_user.role', 'MENTOR', 'Mentor', 1, 110, NULL),
  (X'0000000400028000800000000000000C', 'staff_user.role', 'EVALUATOR', 'Evaluator', 1, 120, NULL),
  (X'0000000400028000800000000000000D', 'staff_user.role', 'AUDITOR', 'Auditor', 1, 130, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000380008000000000000001', 'case_file.cohort', 'PRISON_LEAVER', 'Leaving prison', 1, 10, NULL),
  (X'00000004000380008000000000000002', 'case_file.cohort', 'COMMUNITY_SENTENCE', 'Community sentence', 0, 20, NULL),
  (X'00000004000380008000000000000003', 'case_file.cohort', 'POST_SENTENCE_UNSTABLE', 'Unstable long after the sentence', 0, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000480008000000000000001', 'case_file.close_reason', 'COMPLETED', 'Completed', 1, 10, NULL),
  (X'00000004000480008000000000000002', 'case_file.close_reason', 'NEEDS_MET_ELSEWHERE', 'Needs met elsewhere', 1, 20, NULL),
  (X'00000004000480008000000000000003', 'case_file.close_reason', 'NOT_ENGAGED', 'Not engaged', 1, 30, NULL),
  (X'00000004000480008000000000000004', 'case_file.close_reason', 'MOVED_OUT_OF_AREA', 'Moved out of the area', 1, 40, NULL),
  (X'00000004000480008000000000000005', 'case_file.close_reason', 'RETURNED_TO_CUSTODY', 'Returned to custody', 1, 50, NULL),
  (X'00000004000480008000000000000006', 'case_file.close_reason', 'DIED', 'Died', 1, 60, NULL),
  (X'00000004000480008000000000000007', 'case_file.close_reason', 'MISTAKEN_OR_DUPLICATE', 'Mistake or duplicate', 1, 70, NULL),
  (X'00000004000480008000000000000008', 'case_file.close_reason', 'OTHER', 'Other', 1, 80, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000580008000000000000001', 'consent.purpose', 'SERVICE', 'To receive the service', 1, 10, NULL),
  (X'00000004000580008000000000000002', 'consent.purpose', 'SHARE_WITH_PARTNER', 'To share with a named partner', 1, 20, NULL),
  (X'00000004000580008000000000000003', 'consent.purpose', 'SHARE_WITH_HOUSING_PROVIDER', 'To share with a housing provider', 1, 30, NULL),
  (X'00000004000580008000000000000004', 'consent.purpose', 'SHARE_WITH_LA_DTR', 'To share with a local authority for the duty to refer', 1, 40, NULL),
  (X'00000004000580008000000000000005', 'consent.purpose', 'SHARE_WITH_PROBATION', 'To share with probation', 1, 50, NULL),
  (X'00000004000580008000000000000006', 'consent.purpose', 'EVALUATION', 'Evaluation', 1, 60, NULL),
  (X'00000004000580008000000000000007', 'consent.purpose', 'PUBLICITY', 'Publicity', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000680008000000000000001', 'consent.decision', 'GIVEN', 'Given', 1, 10, NULL),
  (X'00000004000680008000000000000002', 'consent.decision', 'REFUSED', 'Refused', 1, 20, NULL),
  (X'00000004000680008000000000000003', 'consent.decision', 'WITHDRAWN', 'Withdrawn', 1, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000780008000000000000001', 'consent.method', 'SIGNED_FORM', 'Signed form', 1, 10, NULL),
  (X'00000004000780008000000000000002', 'consent.method', 'SPOKEN', 'Spoken, witnessed by a worker', 1, 20, NULL),
  (X'00000004000780008000000000000003', 'consent.method', 'PHONE', 'By telephone', 1, 30, NULL),
  (X'00000004000780008000000000000004', 'consent.method', 'LETTER', 'By letter', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000880008000000000000001', 'need.category', 'ACCOMMODATION', 'Accommodation', 1, 10, NULL),
  (X'00000004000880008000000000000002', 'need.category', 'ATTITUDES_THINKING_BEHAVIOUR', 'Attitudes, thinking and behaviour', 1, 20, NULL),
  (X'00000004000880008000000000000003', 'need.category', 'CHILDREN_FAMILIES_COMMUNITY', 'Children, families and community', 1, 30, NULL),
  (X'00000004000880008000000000000004', 'need.category', 'DRUGS_ALCOHOL', 'Drugs and alcohol', 1, 40, NULL),
  (X'00000004000880008000000000000005', 'need.category', 'EDUCATION_SKILLS_WORK', 'Education, skills and work', 1, 50, NULL),
  (X'00000004000880008000000000000006', 'need.category', 'FINANCE_ID', 'Finance and identity papers', 1, 60, NULL),
  (X'00000004000880008000000000000007', 'need.category', 'HEALTH', 'Health', 1, 70, NULL),
  (X'00000004000880008000000000000008', 'need.category', 'WOMENS_SPECIFIC', 'Women''s specific', 1, 80, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000980008000000000000001', 'case_note.kind', 'CONTACT', 'Contact', 1, 10, NULL),
  (X'00000004000980008000000000000002', 'case_note.kind', 'TELEPHONE', 'Telephone call', 1, 20, NULL),
  (X'00000004000980008000000000000003', 'case_note.kind', 'VISIT', 'Visit', 1, 30, NULL),
  (X'00000004000980008000000000000004', 'case_note.kind', 'MULTI_AGENCY', 'Multi-agency meeting', 1, 40, NULL),
  (X'00000004000980008000000000000005', 'case_note.kind', 'SAFEGUARDING', 'Safeguarding: record as a concern, never as a note', 0, 50, NULL),
  (X'00000004000980008000000000000006', 'case_note.kind', 'MANAGEMENT', 'Management', 1, 60, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000A80008000000000000001', 'referral.kind', 'REFER_HOUSE', 'To house her: the case moves', 1, 10, NULL),
  (X'00000004000A80008000000000000002', 'referral.kind', 'REFER_SHARED', 'Joint work: the case stays', 1, 20, NULL),
  (X'00000004000A80008000000000000003', 'referral.kind', 'PULL_REQUEST', 'Asked for by the receiver', 0, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000B80008000000000000001', 'referral.urgency', 'ROUTINE', 'Routine', 1, 10, NULL),
  (X'00000004000B80008000000000000002', 'referral.urgency', 'URGENT', 'Urgent', 1, 20, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000C80008000000000000001', 'referral.household_band', 'WOMAN_ALONE', 'The woman alone', 1, 10, NULL),
  (X'00000004000C80008000000000000002', 'referral.household_band', 'CHILDREN_1', 'With one child', 1, 20, NULL),
  (X'00000004000C80008000000000000003', 'referral.household_band', 'CHILDREN_2', 'With two children', 1, 30, NULL),
  (X'00000004000C80008000000000000004', 'referral.household_band', 'CHILDREN_3_PLUS', 'With three children or more', 1, 40, NULL),
  (X'00000004000C80008000000000000005', 'referral.household_band', 'PREGNANT', 'Expecting', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000D80008000000000000001', 'referral.source', 'PRISON_RESETTLEMENT', 'Prison resettlement team', 1, 10, NULL),
  (X'00000004000D80008000000000000002', 'referral.source', 'POM', 'Prison offender manager', 1, 20, NULL),
  (X'00000004000D80008000000000000003', 'referral.source', 'COM', 'Community offender manager', 1, 30, NULL),
  (X'00000004000D80008000000000000004', 'referral.source', 'FAMILY_LIAISON', 'Family liaison', 1, 40, NULL),
  (X'00000004000D80008000000000000005', 'referral.source', 'CHAPLAINCY', 'Chaplaincy', 1, 50, NULL),
  (X'00000004000D80008000000000000006', 'referral.source', 'HOUSING_ADVISER', 'Housing adviser', 1, 60, NULL),
  (X'00000004000D80008000000000000007', 'referral.source', 'CHILDRENS_SERVICES', 'Children''s services', 1, 70, NULL),
  (X'00000004000D80008000000000000008', 'referral.source', 'SELF', 'Herself', 1, 80, NULL),
  (X'00000004000D80008000000000000009', 'referral.source', 'PEER_PARTNER', 'Another partner', 1, 90, NULL),
  (X'00000004000D8000800000000000000A', 'referral.source', 'COURT_LIAISON', 'Court liaison', 1, 100, NULL),
  (X'00000004000D8000800000000000000B', 'referral.source', 'SOLICITOR', 'Solicitor', 1, 110, NULL),
  (X'00000004000D8000800000000000000C', 'referral.source', 'MBU', 'Mother and Baby Unit', 1, 120, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000E80008000000000000001', 'referral.decline_reason', 'NOT_ELIGIBLE', 'Not eligible', 1, 10, NULL),
  (X'00000004000E80008000000000000002', 'referral.decline_reason', 'NRPF', 'No recourse to public funds', 1, 20, NULL),
  (X'00000004000E80008000000000000003', 'referral.decline_reason', 'CONSENT_NOT_GIVEN', 'Consent not given', 1, 30, NULL),
  (X'00000004000E80008000000000000004', 'referral.decline_reason', 'NO_HOME_IN_AREA', 'No home in the area', 1, 40, NULL),
  (X'00000004000E80008000000000000005', 'referral.decline_reason', 'NO_HOME_OF_SUITABLE_SIZE', 'No home of a suitable size', 1, 50, NULL),
  (X'00000004000E80008000000000000006', 'referral.decline_reason', 'NO_ADAPTED_PROPERTY', 'No adapted property', 1, 60, NULL),
  (X'00000004000E80008000000000000007', 'referral.decline_reason', 'RISK_OR_NEEDS_NOT_MANAGEABLE', 'Risk or needs cannot be managed', 1, 70, NULL),
  (X'00000004000E80008000000000000008', 'referral.decline_reason', 'PREVIOUS_BEHAVIOUR_CONCERN', 'Concern about earlier behaviour', 1, 80, NULL),
  (X'00000004000E80008000000000000009', 'referral.decline_reason', 'OUT_OF_AREA_NO_CONNECTION', 'No connection with the area', 1, 90, NULL),
  (X'00000004000E8000800000000000000A', 'referral.decline_reason', 'EXCLUSION_ZONE', 'Exclusion zone', 1, 100, NULL),
  (X'00000004000E8000800000000000000B', 'referral.decline_reason', 'SUBMITTED_TOO_EARLY', 'Submitted too early', 1, 110, NULL),
  (X'00000004000E8000800000000000000C', 'referral.decline_reason', 'NOT_ENOUGH_TIME_TO_PLACE', 'Not enough time to place', 1, 120, NULL),
  (X'00000004000E8000800000000000000D', 'referral.decline_reason', 'NOT_ENOUGH_TIME_ON_LICENCE', 'Not enough time on licence', 1, 130, NULL),
  (X'00000004000E8000800000000000000E', 'referral.decline_reason', 'REMANDED_OR_DETAINED', 'Remanded or detained', 1, 140, NULL),
  (X'00000004000E8000800000000000000F', 'referral.decline_reason', 'LA_ACCOMMODATION_PROVIDED', 'Local authority provided accommodation', 1, 150, NULL),
  (X'00000004000E80008000000000000010', 'referral.decline_reason', 'OTHER_ACCOMMODATION_FOUND', 'Other accommodation found', 1, 160, NULL),
  (X'00000004000E80008000000000000011', 'referral.decline_reason', 'INCOMPLETE_REFERRAL', 'Incomplete referral', 1, 170, NULL),
  (X'00000004000E80008000000000000012', 'referral.decline_reason', 'CREATED_IN_ERROR', 'Created in error', 1, 180, NULL),
  (X'00000004000E80008000000000000013', 'referral.decline_reason', 'OTHER', 'Other, in words', 1, 190, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004000F80008000000000000001', 'referral.withdraw_reason', 'INELIGIBLE', 'Not eligible', 1, 10, NULL),
  (X'00000004000F80008000000000000002', 'referral.withdraw_reason', 'MISTAKEN_OR_DUPLICATE', 'Mistake or duplicate', 1, 20, NULL),
  (X'00000004000F80008000000000000003', 'referral.withdraw_reason', 'NOT_ENGAGED', 'Not engaged', 1, 30, NULL),
  (X'00000004000F80008000000000000004', 'referral.withdraw_reason', 'NEEDS_MET_ELSEWHERE', 'Needs met elsewhere', 1, 40, NULL),
  (X'00000004000F80008000000000000005', 'referral.withdraw_reason', 'MOVED_OUT_OF_AREA', 'Moved out of the area', 1, 50, NULL),
  (X'00000004000F80008000000000000006', 'referral.withdraw_reason', 'WORK_CARING_SICKNESS', 'Work, caring or sickness', 1, 60, NULL),
  (X'00000004000F80008000000000000007', 'referral.withdraw_reason', 'DIED', 'Died', 1, 70, NULL),
  (X'00000004000F80008000000000000008', 'referral.withdraw_reason', 'ACQUITTED', 'Acquitted', 1, 80, NULL),
  (X'00000004000F80008000000000000009', 'referral.withdraw_reason', 'RETURNED_TO_CUSTODY', 'Returned to custody', 1, 90, NULL),
  (X'00000004000F8000800000000000000A', 'referral.withdraw_reason', 'SENTENCE_REVOKED', 'Sentence revoked', 1, 100, NULL),
  (X'00000004000F8000800000000000000B', 'referral.withdraw_reason', 'SENTENCE_EXPIRED', 'Sentence expired', 1, 110, NULL),
  (X'00000004000F8000800000000000000C', 'referral.withdraw_reason', 'COMPLETED', 'Completed', 1, 120, NULL),
  (X'00000004000F8000800000000000000D', 'referral.withdraw_reason', 'OTHER', 'Other, in words', 1, 130, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001080008000000000000001', 'referral_pack.override_basis', 'SAFEGUARDING_CHILD', 'Safeguarding a child', 1, 10, NULL),
  (X'00000004001080008000000000000002', 'referral_pack.override_basis', 'SAFEGUARDING_ADULT', 'Safeguarding an adult', 1, 20, NULL),
  (X'00000004001080008000000000000003', 'referral_pack.override_basis', 'VITAL_INTERESTS', 'Vital interests', 1, 30, NULL),
  (X'00000004001080008000000000000004', 'referral_pack.override_basis', 'COURT_ORDER', 'Court order', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001180008000000000000001', 'address.type', 'SETTLED', 'Settled', 0, 10, NULL),
  (X'00000004001180008000000000000002', 'address.type', 'TRANSIENT', 'Transient', 0, 20, NULL),
  (X'00000004001180008000000000000003', 'address.type', 'NO_FIXED_ABODE', 'No fixed abode', 0, 30, NULL),
  (X'00000004001180008000000000000004', 'address.type', 'RISK_OF_NO_FIXED_ABODE', 'At risk of no fixed abode', 0, 40, NULL),
  (X'00000004001180008000000000000005', 'address.type', 'A01A', 'Owner of the home', 1, 50, 'SETTLED'),
  (X'00000004001180008000000000000006', 'address.type', 'A01C', 'Private rental', 1, 60, 'SETTLED'),
  (X'00000004001180008000000000000007', 'address.type', 'A01D', 'Social rental', 1, 70, 'SETTLED'),
  (X'00000004001180008000000000000008', 'address.type', 'A04', 'Supported housing', 1, 80, 'SETTLED'),
  (X'00000004001180008000000000000009', 'address.type', 'A07B', 'With friends or family, settled', 1, 90, 'SETTLED'),
  (X'0000000400118000800000000000000A', 'address.type', 'A12', 'Long-term residential healthcare', 1, 100, 'SETTLED'),
  (X'0000000400118000800000000000000B', 'address.type', 'A07A', 'With friends or family, for a while', 1, 110, 'TRANSIENT'),
  (X'0000000400118000800000000000000C', 'address.type', 'A03', 'Transient or short-term', 1, 120, 'TRANSIENT'),
  (X'0000000400118000800000000000000D', 'address.type', 'A02', 'Approved premises', 1, 130, 'TRANSIENT'),
  (X'0000000400118000800000000000000E', 'address.type', 'A10', 'CAS2, 13 weeks or more', 1, 140, 'TRANSIENT'),
  (X'0000000400118000800000000000000F', 'address.type', 'A11', 'CAS2, under 13 weeks', 1, 150, 'TRANSIENT'),
  (X'00000004001180008000000000000010', 'address.type', 'A17', 'CAS3', 1, 160, 'TRANSIENT'),
  (X'00000004001180008000000000000011', 'address.type', 'A13', 'Home Office, section 4', 1, 170, 'TRANSIENT'),
  (X'00000004001180008000000000000012', 'address.type', 'A14', 'Home Office, section 10', 1, 180, 'TRANSIENT'),
  (X'00000004001180008000000000000013', 'address.type', 'A15', 'Immigration detention', 1, 190, 'TRANSIENT'),
  (X'00000004001180008000000000000014', 'address.type', 'A16', 'Awaiting assessment', 1, 200, 'TRANSIENT'),
  (X'00000004001180008000000000000015', 'address.type', 'A08A', 'Rough sleeping', 1, 210, 'TRANSIENT'),
  (X'00000004001180008000000000000016', 'address.type', 'A08C', 'Shelter, emergency hostel or campsite', 1, 220, 'TRANSIENT'),
  (X'00000004001180008000000000000017', 'address.type', 'A08', 'Squat', 1, 230, 'TRANSIENT'),
  (X'00000004001180008000000000000018', 'address.type', 'HMP', 'Prison', 1, 240, 'TRANSIENT');

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001280008000000000000001', 'address.status', 'M', 'Main', 1, 10, NULL),
  (X'00000004001280008000000000000002', 'address.status', 'PR', 'Proposed', 1, 20, NULL),
  (X'00000004001280008000000000000003', 'address.status', 'PR1', 'Proposed for resettlement', 1, 30, NULL),
  (X'00000004001280008000000000000004', 'address.status', 'P', 'Previous', 1, 40, NULL),
  (X'00000004001280008000000000000005', 'address.status', 'RJ', 'Rejected', 1, 50, NULL),
  (X'00000004001280008000000000000006', 'address.status', 'RT', 'Temporary release', 1, 60, NULL),
  (X'00000004001280008000000000000007', 'address.status', 'S', 'Secondary', 1, 70, NULL),
  (X'00000004001280008000000000000008', 'address.status', 'MA', 'Postal', 1, 80, NULL),
  (X'00000004001280008000000000000009', 'address.status', 'B', 'Bail', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001380008000000000000001', 'person_identifier.type', 'NOMS', 'Prison number', 1, 10, NULL),
  (X'00000004001380008000000000000002', 'person_identifier.type', 'LEGACY_PRISON_NO', 'Old prison number', 1, 20, NULL),
  (X'00000004001380008000000000000003', 'person_identifier.type', 'CRN', 'Probation number', 1, 30, NULL),
  (X'00000004001380008000000000000004', 'person_identifier.type', 'PNC', 'PNC number', 1, 40, NULL),
  (X'00000004001380008000000000000005', 'person_identifier.type', 'CRO', 'CRO number', 1, 50, NULL),
  (X'00000004001380008000000000000006', 'person_identifier.type', 'NINO', 'National Insurance number', 1, 60, NULL),
  (X'00000004001380008000000000000007', 'person_identifier.type', 'NHS', 'NHS number', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001480008000000000000001', 'person_identifier.source', 'DOCUMENT', 'Seen on a document', 1, 10, NULL),
  (X'00000004001480008000000000000002', 'person_identifier.source', 'PRISON', 'Prison', 1, 20, NULL),
  (X'00000004001480008000000000000003', 'person_identifier.source', 'PROBATION', 'Probation', 1, 30, NULL),
  (X'00000004001480008000000000000004', 'person_identifier.source', 'POLICE', 'Police or court', 1, 40, NULL),
  (X'00000004001480008000000000000005', 'person_identifier.source', 'LOCAL_AUTHORITY', 'Local authority', 1, 50, NULL),
  (X'00000004001480008000000000000006', 'person_identifier.source', 'HEALTH', 'Health service', 1, 60, NULL),
  (X'00000004001480008000000000000007', 'person_identifier.source', 'SELF', 'Herself', 1, 70, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001580008000000000000001', 'custody_episode.release_type', 'CRD_LICENCE', 'Conditional release on licence', 1, 10, NULL),
  (X'00000004001580008000000000000002', 'custody_episode.release_type', 'PAROLE', 'Parole', 1, 20, NULL),
  (X'00000004001580008000000000000003', 'custody_episode.release_type', 'FTR', 'Fixed-term recall', 1, 30, NULL),
  (X'00000004001580008000000000000004', 'custody_episode.release_type', 'STD_RECALL', 'Standard recall', 1, 40, NULL),
  (X'00000004001580008000000000000005', 'custody_episode.release_type', 'HDC', 'Home detention curfew', 1, 50, NULL),
  (X'00000004001580008000000000000006', 'custody_episode.release_type', 'PSS', 'Post-sentence supervision', 1, 60, NULL),
  (X'00000004001580008000000000000007', 'custody_episode.release_type', 'REMAND', 'Remand', 1, 70, NULL),
  (X'00000004001580008000000000000008', 'custody_episode.release_type', 'ROTL', 'Release on temporary licence', 1, 80, NULL),
  (X'00000004001580008000000000000009', 'custody_episode.release_type', 'TIME_SERVED', 'Time served', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001680008000000000000001', 'custody_episode.basis', 'CONFIRMED', 'Confirmed in writing', 1, 10, NULL),
  (X'00000004001680008000000000000002', 'custody_episode.basis', 'PRISON', 'Prison', 1, 20, NULL),
  (X'00000004001680008000000000000003', 'custody_episode.basis', 'COM', 'Community offender manager', 1, 30, NULL),
  (X'00000004001680008000000000000004', 'custody_episode.basis', 'SELF_REPORT', 'Herself', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001780008000000000000001', 'contact_restriction.kind', 'NO_CONTACT', 'No contact', 1, 10, NULL),
  (X'00000004001780008000000000000002', 'contact_restriction.kind', 'WRITTEN_ONLY', 'In writing only', 1, 20, NULL),
  (X'00000004001780008000000000000003', 'contact_restriction.kind', 'MONITORED', 'Monitored', 1, 30, NULL),
  (X'00000004001780008000000000000004', 'contact_restriction.kind', 'NON_MOLESTATION', 'Non-molestation order', 1, 40, NULL),
  (X'00000004001780008000000000000005', 'contact_restriction.kind', 'RESTRAINING', 'Restraining order', 1, 50, NULL),
  (X'00000004001780008000000000000006', 'contact_restriction.kind', 'PROHIBITED_STEPS', 'Prohibited steps order', 1, 60, NULL),
  (X'00000004001780008000000000000007', 'contact_restriction.kind', 'EXCLUSION_ZONE', 'Exclusion zone', 1, 70, NULL),
  (X'00000004001780008000000000000008', 'contact_restriction.kind', 'BAN', 'Ban from visits', 1, 80, NULL),
  (X'00000004001780008000000000000009', 'contact_restriction.kind', 'CLOSED', 'Closed visits', 1, 90, NULL),
  (X'0000000400178000800000000000000A', 'contact_restriction.kind', 'NONCON', 'Non-contact visits', 1, 100, NULL),
  (X'0000000400178000800000000000000B', 'contact_restriction.kind', 'CHILD_VETTED', 'Child vetted before contact', 1, 110, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001880008000000000000001', 'risk_flag.kind', 'CHILDREN', 'To children', 1, 10, NULL),
  (X'00000004001880008000000000000002', 'risk_flag.kind', 'PUBLIC', 'To the public', 1, 20, NULL),
  (X'00000004001880008000000000000003', 'risk_flag.kind', 'KNOWN_ADULT', 'To a known adult', 1, 30, NULL),
  (X'00000004001880008000000000000004', 'risk_flag.kind', 'STAFF', 'To staff', 1, 40, NULL),
  (X'00000004001880008000000000000005', 'risk_flag.kind', 'SELF', 'To herself', 1, 50, NULL),
  (X'00000004001880008000000000000006', 'risk_flag.kind', 'MARAC', 'Discussed at a MARAC', 1, 60, NULL),
  (X'00000004001880008000000000000007', 'risk_flag.kind', 'MAPPA', 'Managed under MAPPA', 1, 70, NULL),
  (X'00000004001880008000000000000008', 'risk_flag.kind', 'ARSON', 'Arson', 1, 80, NULL),
  (X'00000004001880008000000000000009', 'risk_flag.kind', 'SCHEDULE_1', 'Schedule 1 offence', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001980008000000000000001', 'child_care_episode.legal_status', 'NONE', 'Not looked after', 1, 10, NULL),
  (X'00000004001980008000000000000002', 'child_care_episode.legal_status', 'C1', 'Interim care order', 1, 20, NULL),
  (X'00000004001980008000000000000003', 'child_care_episode.legal_status', 'C2', 'Full care order', 1, 30, NULL),
  (X'00000004001980008000000000000004', 'child_care_episode.legal_status', 'E1', 'Placement order', 1, 40, NULL),
  (X'00000004001980008000000000000005', 'child_care_episode.legal_status', 'L1', 'Police protection', 1, 50, NULL),
  (X'00000004001980008000000000000006', 'child_care_episode.legal_status', 'L2', 'Emergency protection order', 1, 60, NULL),
  (X'00000004001980008000000000000007', 'child_care_episode.legal_status', 'L3', 'Child assessment order', 1, 70, NULL),
  (X'00000004001980008000000000000008', 'child_care_episode.legal_status', 'V2', 'Section 20, single period', 1, 80, NULL),
  (X'00000004001980008000000000000009', 'child_care_episode.legal_status', 'V3', 'Short breaks, series of placements', 1, 90, NULL),
  (X'0000000400198000800000000000000A', 'child_care_episode.legal_status', 'V4', 'Short breaks, single placements', 1, 100, NULL),
  (X'0000000400198000800000000000000B', 'child_care_episode.legal_status', 'CAO_LIVES_WITH', 'Child arrangements order, lives with', 1, 110, NULL),
  (X'0000000400198000800000000000000C', 'child_care_episode.legal_status', 'SGO', 'Special guardianship order', 1, 120, NULL),
  (X'0000000400198000800000000000000D', 'child_care_episode.legal_status', 'PRIVATE_FOSTERING', 'Private fostering', 1, 130, NULL),
  (X'0000000400198000800000000000000E', 'child_care_episode.legal_status', 'ADOPTED', 'Adopted', 1, 140, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001A80008000000000000001', 'child_care_episode.placement_type', 'WITH_MOTHER', 'With the mother', 1, 10, NULL),
  (X'00000004001A80008000000000000002', 'child_care_episode.placement_type', 'INFORMAL_KINSHIP', 'With family or friends, informally', 1, 20, NULL),
  (X'00000004001A80008000000000000003', 'child_care_episode.placement_type', 'P1', 'With own parent', 1, 30, NULL),
  (X'00000004001A80008000000000000004', 'child_care_episode.placement_type', 'U1', 'Foster placement with a relative or friend, long-term', 1, 40, NULL),
  (X'00000004001A80008000000000000005', 'child_care_episode.placement_type', 'U2', 'Foster placement with a relative or friend who may adopt', 1, 50, NULL),
  (X'00000004001A80008000000000000006', 'child_care_episode.placement_type', 'U3', 'Foster placement with a relative or friend, other', 1, 60, NULL),
  (X'00000004001A80008000000000000007', 'child_care_episode.placement_type', 'U4', 'Foster placement with another carer, long-term', 1, 70, NULL),
  (X'00000004001A80008000000000000008', 'child_care_episode.placement_type', 'U5', 'Foster placement with another carer who may adopt', 1, 80, NULL),
  (X'00000004001A80008000000000000009', 'child_care_episode.placement_type', 'U6', 'Foster placement with another carer, other', 1, 90, NULL),
  (X'00000004001A8000800000000000000A', 'child_care_episode.placement_type', 'R3', 'Family centre or Mother and Baby Unit', 1, 100, NULL),
  (X'00000004001A8000800000000000000B', 'child_care_episode.placement_type', 'K1', 'Secure children''s home', 1, 110, NULL),
  (X'00000004001A8000800000000000000C', 'child_care_episode.placement_type', 'K2', 'Children''s home', 1, 120, NULL),
  (X'00000004001A8000800000000000000D', 'child_care_episode.placement_type', 'T4', 'Temporary placement', 1, 130, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001B80008000000000000001', 'child_care_episode.end_reason', 'E4A', 'Returned to a parent as the care plan says', 1, 10, NULL),
  (X'00000004001B80008000000000000002', 'child_care_episode.end_reason', 'E13', 'Returned to a parent, other', 1, 20, NULL),
  (X'00000004001B80008000000000000003', 'child_care_episode.end_reason', 'E41', 'Child arrangements order', 1, 30, NULL),
  (X'00000004001B80008000000000000004', 'child_care_episode.end_reason', 'E45', 'Special guardianship, former foster carer, relative or friend', 1, 40, NULL),
  (X'00000004001B80008000000000000005', 'child_care_episode.end_reason', 'E46', 'Special guardianship, former foster carer, other', 1, 50, NULL),
  (X'00000004001B80008000000000000006', 'child_care_episode.end_reason', 'E47', 'Special guardianship, another carer, relative or friend', 1, 60, NULL),
  (X'00000004001B80008000000000000007', 'child_care_episode.end_reason', 'E48', 'Special guardianship, another carer, other', 1, 70, NULL),
  (X'00000004001B80008000000000000008', 'child_care_episode.end_reason', 'E11', 'Adopted, application unopposed', 1, 80, NULL),
  (X'00000004001B80008000000000000009', 'child_care_episode.end_reason', 'E12', 'Adopted, consent dispensed with', 1, 90, NULL),
  (X'00000004001B8000800000000000000A', 'child_care_episode.end_reason', 'E3', 'Care taken over by another authority', 1, 100, NULL),
  (X'00000004001B8000800000000000000B', 'child_care_episode.end_reason', 'E2', 'Died', 1, 110, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001C80008000000000000001', 'visit.type', 'IN_REACH', 'In-reach', 1, 10, NULL),
  (X'00000004001C80008000000000000002', 'visit.type', 'LEGAL', 'Booked as a legal visit', 1, 20, NULL),
  (X'00000004001C80008000000000000003', 'visit.type', 'VIDEO', 'Video', 1, 30, NULL),
  (X'00000004001C80008000000000000004', 'visit.type', 'COMMUNITY', 'In the community', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001D80008000000000000001', 'visit.no_session_reason', 'PERSON_ACCEPTABLE', 'Hers, acceptable', 1, 10, NULL),
  (X'00000004001D80008000000000000002', 'visit.no_session_reason', 'PERSON_UNACCEPTABLE', 'Hers, not acceptable', 1, 20, NULL),
  (X'00000004001D80008000000000000003', 'visit.no_session_reason', 'LOGISTICS', 'Logistics: lock-down, escort, list error', 1, 30, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001E80008000000000000001', 'property.type', 'FAMILY_HOME', 'Family home', 1, 10, NULL),
  (X'00000004001E80008000000000000002', 'property.type', 'SHARED_HOUSE', 'Shared house', 1, 20, NULL),
  (X'00000004001E80008000000000000003', 'property.type', 'HOSTEL', 'Hostel', 1, 30, NULL),
  (X'00000004001E80008000000000000004', 'property.type', 'STUDIO', 'Studio', 1, 40, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004001F80008000000000000001', 'void_period.reason', 'DEEP_CLEAN', 'Deep clean', 1, 10, NULL),
  (X'00000004001F80008000000000000002', 'void_period.reason', 'NEEDLE_SWEEP', 'Needle sweep', 1, 20, NULL),
  (X'00000004001F80008000000000000003', 'void_period.reason', 'DAMAGE_REPAIRS', 'Repairs of damage', 1, 30, NULL),
  (X'00000004001F80008000000000000004', 'void_period.reason', 'MAINTENANCE', 'Maintenance: damp, infestation', 1, 40, NULL),
  (X'00000004001F80008000000000000005', 'void_period.reason', 'REPLACING_FURNITURE', 'Replacing furniture or stolen goods', 1, 50, NULL),
  (X'00000004001F80008000000000000006', 'void_period.reason', 'COOLING_OFF', 'Cooling off after an incident', 1, 60, NULL),
  (X'00000004001F80008000000000000007', 'void_period.reason', 'OCCUPANCY_REDUCED', 'Occupancy reduced', 1, 70, NULL),
  (X'00000004001F80008000000000000008', 'void_period.reason', 'PENDING_HANDBACK', 'Pending handback', 1, 80, NULL),
  (X'00000004001F80008000000000000009', 'void_period.reason', 'DEATH_COLLECTION', 'Death: collection of personal property', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004002080008000000000000001', 'drop_in_session.kind', 'LEGAL_DROP_IN', 'Legal advice', 1, 10, NULL),
  (X'00000004002080008000000000000002', 'drop_in_session.kind', 'MENTAL_HEALTH_FAST_TRACK', 'Mental health', 1, 20, NULL),
  (X'00000004002080008000000000000003', 'drop_in_session.kind', 'CRECHE', 'Creche', 1, 30, NULL),
  (X'00000004002080008000000000000004', 'drop_in_session.kind', 'COUNSELLING', 'Counselling', 1, 40, NULL),
  (X'00000004002080008000000000000005', 'drop_in_session.kind', 'DEBT', 'Debt advice', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004002880008000000000000001', 'enquiry.children_bands', 'UNBORN', 'Expected', 1, 10, NULL),
  (X'00000004002880008000000000000002', 'enquiry.children_bands', 'AGE_0_1', 'Under two', 1, 20, NULL),
  (X'00000004002880008000000000000003', 'enquiry.children_bands', 'AGE_2_4', 'Two to four', 1, 30, NULL),
  (X'00000004002880008000000000000004', 'enquiry.children_bands', 'AGE_5_10', 'Five to ten', 1, 40, NULL),
  (X'00000004002880008000000000000005', 'enquiry.children_bands', 'AGE_11_17', 'Eleven to seventeen', 1, 50, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004002980008000000000000001', 'info_request.topic', 'APPLICANT', 'About her', 1, 10, NULL),
  (X'00000004002980008000000000000002', 'info_request.topic', 'CONCERNS_TO_OTHERS', 'Concerns for others', 1, 20, NULL),
  (X'00000004002980008000000000000003', 'info_request.topic', 'CONCERNS_FROM_OTHERS', 'Concerns from others', 1, 30, NULL),
  (X'00000004002980008000000000000004', 'info_request.topic', 'HEALTH', 'Health needs', 1, 40, NULL),
  (X'00000004002980008000000000000005', 'info_request.topic', 'EXCLUSION_ZONES', 'Exclusion zones', 1, 50, NULL),
  (X'00000004002980008000000000000006', 'info_request.topic', 'FUNDING_AND_ID', 'Funding and identity papers', 1, 60, NULL),
  (X'00000004002980008000000000000007', 'info_request.topic', 'OFFENCES', 'Offences and licence', 1, 70, NULL),
  (X'00000004002980008000000000000008', 'info_request.topic', 'CHILDREN', 'Children', 1, 80, NULL),
  (X'00000004002980008000000000000009', 'info_request.topic', 'OTHER', 'Other', 1, 90, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004002A80008000000000000001', 'referral.offer_refusal', 'AREA_UNSUITABLE', 'Area not suitable', 1, 10, NULL),
  (X'00000004002A80008000000000000002', 'referral.offer_refusal', 'PROPERTY_UNSUITABLE', 'Home not suitable', 1, 20, NULL),
  (X'00000004002A80008000000000000003', 'referral.offer_refusal', 'TOO_FAR_FROM_CHILDREN', 'Too far from her children', 1, 30, NULL),
  (X'00000004002A80008000000000000004', 'referral.offer_refusal', 'UNAFFORDABLE', 'Too dear', 1, 40, NULL),
  (X'00000004002A80008000000000000005', 'referral.offer_refusal', 'CHANGE_OF_CIRCUMSTANCES', 'Circumstances changed', 1, 50, NULL),
  (X'00000004002A80008000000000000006', 'referral.offer_refusal', 'NO_RESPONSE', 'No answer', 1, 60, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004002B80008000000000000001', 'referral.return_reason', 'NON_ARRIVAL', 'She did not arrive', 1, 10, NULL),
  (X'00000004002B80008000000000000002', 'referral.return_reason', 'GATE_ARREST', 'Arrested at the gate', 1, 20, NULL),
  (X'00000004002B80008000000000000003', 'referral.return_reason', 'LICENCE_ADDRESS_REFUSED', 'Licence address refused', 1, 30, NULL),
  (X'00000004002B80008000000000000004', 'referral.return_reason', 'HOME_LOST', 'The home was lost', 1, 40, NULL),
  (X'00000004002B80008000000000000005', 'referral.return_reason', 'OFFER_REFUSED', 'She refused the offer', 1, 50, NULL),
  (X'00000004002B80008000000000000006', 'referral.return_reason', 'OTHER', 'Other', 1, 60, NULL);

INSERT INTO code_value(id, list, code, label, active, sort, parent) VALUES
  (X'00000004002C80008000000000000001', 'referral_outcome.band', 'ARRIVED', 'Arrived, first contact made', 1, 10, NULL),
  (X'00000004002C80008000000000000002', 'referral_outcome.band', 'SETTLED', 'Settled', 1, 20, NULL),
  (X'00000004002C80008000000000000003', 'referral_outcome.band', 'MOVED_ON', 'Moved on as planned', 1, 30, NULL),
  (X'00000004002C80008000000000000004', 'referral_outcome.band', 'SUPPORT_ENDED', 'Joint work ended', 1, 40, NULL),
  (X'00000004002C80008000000000000005', 'referral_outcome.band', 'NOT_SETTLED', 'Left or lost the home', 1, 50, NULL),
  (X'00000004002C80008000000000000006', 'referral_outcome.band', 'RETURNED_TO_CUSTODY', 'Returned to custody', 1, 60, NULL),
  (X'00000004002C80008000000000000007', 'referral_outcome.band', 'DIED', 'Died', 1, 70, NULL),
  (X'00000004002C80008000000000000008', 'referral_outcome.band', 'UNKNOWN', 'Not known', 1, 80, NULL);
