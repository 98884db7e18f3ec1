/// What a referral asks for. Facts about the woman travel in its pack, never here.
package struct NewReferral: Hashable, Sendable {
    /// The receiver's code.
    package var to: String
    /// A code of `referral.kind`.
    package var kind: String
    /// A code of `referral.urgency`.
    package var urgency: String
    /// `YYYY-MM-DD`, on the day of release or later.
    package var neededFrom: String?
    package var releaseDate: String?
    /// A code of `referral.household_band`.
    package var householdBand: String?
    /// A code of `referral.source`.
    package var source: String?
    /// Stays readable to both partners when the referral closes: no names.
    package var reasonForArea: String?
    /// The anonymous enquiry that came before: its id, or enough of it.
    package var enquiry: String?

    package init(
        to: String, kind: String = "REFER_HOUSE", urgency: String = "ROUTINE", neededFrom: String? = nil,
        releaseDate: String? = nil, householdBand: String? = nil, source: String? = nil, reasonForArea: String? = nil,
        enquiry: String? = nil
    ) {
        self.to = to
        self.kind = kind
        self.urgency = urgency
        self.neededFrom = neededFrom
        self.releaseDate = releaseDate
        self.householdBand = householdBand
        self.source = source
        self.reasonForArea = reasonForArea
        self.enquiry = enquiry
    }
}

/// A line of a list of referrals.
package struct ReferralSummary: Hashable, Sendable, Encodable {
    package let id: String
    package let caseID: String
    /// The case's reference, where the case or a pack is here.
    package let caseRef: String?
    /// What she is called, where the case or a pack is here. For pages: no list prints it.
    package let called: String?
    package let kind: String
    /// Codes of the partners.
    package let from: String?
    package let to: String?
    /// SENDER or RECEIVER; nil for neither.
    package let side: String?
    package let state: String
    package let stateLabel: String
    package let isOpen: Bool
    package let urgency: String
    package let neededFrom: String?
    package let releaseDate: String?

    private enum CodingKeys: String, CodingKey {
        case id, kind, from, to, side, state, urgency
        case caseID = "case_id"
        case caseRef = "case_ref"
        case stateLabel = "state_label"
        case isOpen = "open"
        case neededFrom = "needed_from"
        case releaseDate = "release_date"
    }
}

/// A step that this partner may take now.
package struct OpenStep: Hashable, Sendable, Encodable {
    package let state: String
    package let label: String
    /// What stands against it still, in words; empty when nothing does.
    package let waitsFor: [String]

    private enum CodingKeys: String, CodingKey {
        case state, label
        case waitsFor = "waits_for"
    }
}

/// What was disclosed with a referral.
package struct PackSummary: Hashable, Sendable, Encodable {
    package let id: String
    package let tier: String
    /// JSON, exactly as it was frozen.
    package let items: String
    /// Hexadecimal.
    package let sha256: String
    /// Whether the hash fits the items.
    package let isIntact: Bool
    package let consentID: String?
    package let frozenAt: String

    private enum CodingKeys: String, CodingKey {
        case id, tier, items, sha256
        case isIntact = "intact"
        case consentID = "consent_id"
        case frozenAt = "frozen_at"
    }
}

/// All that this replica holds of one referral.
package struct ReferralDetail: Hashable, Sendable, Encodable {
    package let summary: ReferralSummary
    package let referral: Record
    package let packs: [PackSummary]
    package let events: [Record]
    package let questions: [Record]
    package let holds: [Record]
    package let signatures: [Record]
    package let outcomes: [Record]
    package let openSteps: [OpenStep]

    private enum CodingKeys: String, CodingKey {
        case summary, referral, packs, events, questions, holds, signatures, outcomes
        case openSteps = "open_steps"
    }
}
