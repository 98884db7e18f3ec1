package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What a woman decided about one purpose, as evidence.
package struct NewConsent: Hashable, Sendable {
    /// A code of `consent.purpose`.
    package var purpose: String
    /// The code of the partner that she named; `SHARE_WITH_PARTNER` needs one.
    package var partner: String?
    /// A code of `consent.method`.
    package var method: String?
    /// Where the signed form is kept.
    package var evidence: String?
    /// The last day on which it counts; nil for no end.
    package var expiresOn: String?
    /// When she decided, milliseconds since 1970; nil for now.
    package var recordedFor: Int64?

    package init(
        purpose: String, partner: String? = nil, method: String? = nil, evidence: String? = nil,
        expiresOn: String? = nil, recordedFor: Int64? = nil
    ) {
        self.purpose = purpose
        self.partner = partner
        self.method = method
        self.evidence = evidence
        self.expiresOn = expiresOn
        self.recordedFor = recordedFor
    }
}

/// What was recorded, and the referrals that it closed.
package struct ConsentSummary: Hashable, Sendable, Encodable {
    package let id: String
    package let caseID: String
    package let purpose: String
    package let decision: String
    package let partner: String?
    package let closedReferrals: [String]

    private enum CodingKeys: String, CodingKey {
        case id, purpose, decision, partner
        case caseID = "case_id"
        case closedReferrals = "closed_referrals"
    }
}

/// Consent: a change of mind is a new row, and the latest counts, by when it happened.
package enum Consents {
    static let sharing = "SHARE_WITH_PARTNER"

    @discardableResult
    package static func give(
        _ consent: NewConsent, for text: String, in database: Database, now: Int64
    ) throws -> ConsentSummary {
        try record(consent, "GIVEN", for: text, by: nil, in: database, now: now)
    }

    @discardableResult
    package static func refuse(
        _ consent: NewConsent, for text: String, in database: Database, now: Int64
    ) throws -> ConsentSummary {
        try record(consent, "REFUSED", for: text, by: nil, in: database, now: now)
    }

    /// Records that she took consent back and, where it was consent to share with a partner, closes the open
    /// referrals of her case to that partner in the same transaction.
    @discardableResult
    package static func withdraw(
        _ consent: NewConsent, for text: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> ConsentSummary {
        try record(consent, "WITHDRAWN", for: text, by: partner, in: database, now: now)
    }

    /// The consent that lets a case be shared with a partner now, if there is one: the schema says which counts
    /// (`consent_in_force`).
    package static func live(
        for id: Identifier, naming partner: Identifier, in database: Database, now: Int64
    ) throws -> Identifier? {
        try Guards.setClock(now, in: database)
        return try Row.fetchOne(
            database,
            sql: """
                SELECT id FROM disclosure_basis WHERE case_id = ? AND partner_id = ? AND kind = 'CONSENT'
                """, arguments: [id.sqlBlob, partner.sqlBlob])?.identifier("id")
    }

    /// Whether what was just recorded lets the case be shared where it says that it may be; true for all else.
    package static func counts(_ consent: ConsentSummary, in database: Database, now: Int64) throws -> Bool {
        guard consent.decision == "GIVEN", consent.purpose == sharing, let code = consent.partner,
            let id = Identifier(consent.caseID)
        else { return true }
        return try live(for: id, naming: Partners.find(code: code, in: database).id, in: database, now: now) != nil
    }

    private static func record(
        _ consent: NewConsent, _ decision: String, for text: String, by actor: Identifier?, in database: Database,
        now: Int64
    ) throws -> ConsentSummary {
        let what = "Recording the consent"
        let id = try Lookup.caseFile(text, in: database)
        try Codes.check(consent.purpose, list: "consent.purpose", what: what, in: database)
        if let method = consent.method { try Codes.check(method, list: "consent.method", what: what, in: database) }
        try Typed.date(consent.expiresOn, name: "last day", what: what)
        try Typed.past(consent.recordedFor, now: now, what: what)
        // The latest gift counts: one that never did would end the one before it.
        if let last = consent.expiresOn, last < CivilTime.londonDate(milliseconds: consent.recordedFor ?? now) {
            throw Failure(
                .badData, what: what, why: "its last day is before the day on which she gave it",
                remedy: "Correct the last day; to end a consent, record that she withdraws it")
        }
        if let actor { try Referrals.requireOwner(of: id, actor, what: what, in: database) }
        // A withdrawal may name nobody: then it is from everyone.
        guard consent.purpose != sharing || consent.partner != nil || decision != "GIVEN" else {
            throw Failure(
                .badData, what: what, why: "consent to share names a partner, and none was given",
                remedy: "Give the partner's code")
        }
        let named = try consent.partner.map { try Partners.find(code: $0, in: database) }
        return try database.whole {
            let row = try database.add(
                "consent",
                [
                    "case_id": id.sqlBlob, "purpose": consent.purpose, "decision": decision,
                    "partner_id": named?.id.sqlBlob, "method": consent.method, "evidence_ref": consent.evidence,
                    "expires_on": consent.expiresOn, "recorded_for_at": consent.recordedFor ?? now, "entered_at": now,
                ])
            var closed: [Identifier] = []
            if let actor, consent.purpose == sharing {
                // A withdrawal that was typed late may be older than a new gift: what counts is what holds now.
                try Guards.setClock(now, in: database)
                closed = try Referrals.closeForConsent(
                    case: id, to: named?.id, at: consent.recordedFor ?? now, by: actor, in: database, now: now)
            }
            return ConsentSummary(
                id: row.description, caseID: id.description, purpose: consent.purpose, decision: decision,
                partner: named?.code, closedReferrals: closed.map(\.description))
        }
    }
}
