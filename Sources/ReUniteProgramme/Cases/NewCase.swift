/// What a worker knows when she opens a case. Dates are `YYYY-MM-DD`; everything may be missing.
package struct NewCase: Hashable, Sendable {
    package struct Person: Hashable, Sendable {
        package var legalFirst: String?
        package var legalLast: String?
        package var knownAs: String?
        package var dateOfBirth: String?
        package var sex: String?
        package var ethnicity: String?
        package var nationality: String?
        package var language: String?
        package var needsInterpreter = false

        package init(
            legalFirst: String? = nil, legalLast: String? = nil, knownAs: String? = nil, dateOfBirth: String? = nil
        ) {
            self.legalFirst = legalFirst
            self.legalLast = legalLast
            self.knownAs = knownAs
            self.dateOfBirth = dateOfBirth
        }
    }

    /// Born or expected.
    package struct Child: Hashable, Sendable {
        package var firstName: String?
        package var lastName: String?
        package var dateOfBirth: String?
        package var expectedOn: String?
        package var sex: String?
        package var parentalResponsibility: String?
        /// The relation, never an address.
        package var livesWith: String?
        package var schoolArea: String?

        package init(
            firstName: String? = nil, lastName: String? = nil, dateOfBirth: String? = nil, expectedOn: String? = nil,
            livesWith: String? = nil
        ) {
            self.firstName = firstName
            self.lastName = lastName
            self.dateOfBirth = dateOfBirth
            self.expectedOn = expectedOn
            self.livesWith = livesWith
        }
    }

    package var person: Person
    package var children: [Child]
    package var needs: [NewNeed]
    /// A code of `case_file.cohort`.
    package var cohort: String
    /// A case that began on paper may enter at any phase.
    package var phase: String
    /// Three letters; nil for the partner's own area.
    package var area: String?
    /// Nil for today.
    package var openedOn: String?

    package init(
        person: Person, children: [Child] = [], needs: [NewNeed] = [], cohort: String = "PRISON_LEAVER",
        phase: String = "ENQUIRY", area: String? = nil, openedOn: String? = nil
    ) {
        self.person = person
        self.children = children
        self.needs = needs
        self.cohort = cohort
        self.phase = phase
        self.area = area
        self.openedOn = openedOn
    }
}

/// A line of a list of cases. What this replica may not see is missing.
package struct CaseSummary: Hashable, Sendable, Encodable {
    package let id: String
    package let ref: String?
    package let phase: String
    /// The owner's code.
    package let owner: String?
    package let knownAs: String?
    /// What she is known as, or else her name as on papers. For people: programs have `known_as`.
    package let called: String?
    package let children: Int
    package let openedOn: String?

    private enum CodingKeys: String, CodingKey {
        case id, ref, phase, owner, children
        case knownAs = "known_as"
        case openedOn = "opened_on"
    }
}

/// All that this replica holds of one case.
package struct CaseDetail: Hashable, Sendable, Encodable {
    package let caseFile: Record
    package let person: Record?
    package let children: [Record]
    package let consents: [Record]
    package let needs: [Record]
    package let notes: [Record]
    /// Of this replica's partner alone.
    package let ownNotes: [Record]
    package let referrals: [ReferralSummary]

    private enum CodingKeys: String, CodingKey {
        case person, children, consents, needs, notes, referrals
        case caseFile = "case"
        case ownNotes = "own_notes"
    }
}
