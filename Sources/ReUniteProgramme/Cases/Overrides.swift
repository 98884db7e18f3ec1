package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Sharing without her consent: for a reason that the law knows, in a manager's name, reviewed within a week.
package struct NewOverride: Hashable, Sendable {
    /// The code of the partner with whom.
    package var partner: String
    /// A code of `referral_pack.override_basis`.
    package var basis: String
    /// Who answers for it.
    package var manager: String
    /// At least ten characters.
    package var rationale: String

    package init(partner: String, basis: String, manager: String, rationale: String) {
        self.partner = partner
        self.basis = basis
        self.manager = manager
        self.rationale = rationale
    }
}

/// What was recorded.
package struct OverrideSummary: Hashable, Sendable, Encodable {
    package let id: String
    package let caseID: String
    package let partner: String?
    package let basis: String
    /// Until when it counts, if nobody reviews it; nil where a review ended it.
    package let countsUntil: String?

    private enum CodingKeys: String, CodingKey {
        case id, partner, basis
        case caseID = "case_id"
        case countsUntil = "counts_until"
    }
}

/// Everything here that says whether a case may be shared.
package struct ConsentSheet: Hashable, Sendable, Encodable {
    package let consents: [Record]
    package let overrides: [Record]
    /// The ids of the consents that count now.
    package let inForce: [String]

    private enum CodingKeys: String, CodingKey {
        case consents, overrides
        case inForce = "in_force"
    }
}

extension Consents {
    /// Records that a case is shared without consent.
    @discardableResult
    package static func override(
        _ new: NewOverride, for text: String, by partner: Identifier, in database: Database, now: Int64
    ) throws -> OverrideSummary {
        let what = "Recording the decision"
        let id = try Lookup.caseFile(text, in: database)
        try Referrals.requireOwner(of: id, partner, what: what, in: database)
        try Codes.check(new.basis, list: "referral_pack.override_basis", what: what, in: database)
        let named = try Partners.find(code: new.partner, in: database)
        return try database.whole {
            let row = try add(
                id, partner: named.id, basis: new.basis, manager: new.manager, rationale: new.rationale, reviews: nil,
                verdict: nil, what: what, in: database, now: now)
            return try summary(of: row, in: database)
        }
    }

    /// Reviews such a decision: upheld it counts for 28 days more, otherwise it ends.
    ///
    /// - Parameter text: the decision's id, or enough of it.
    @discardableResult
    package static func review(
        override text: String, isUpheld: Bool, manager: String, rationale: String, by partner: Identifier,
        in database: Database, now: Int64
    ) throws -> OverrideSummary {
        let what = "Reviewing the decision"
        let first = try Lookup.row(text, table: "consent_override", what: what, in: database)
        guard
            let row = try Row.fetchOne(
                database,
                sql: "SELECT case_id, partner_id, basis FROM consent_override WHERE id = ? AND verdict IS NULL",
                arguments: [first.sqlBlob])
        else {
            throw Failure(.badData, what: what, why: "that row is a review", remedy: "Name the decision it reviews")
        }
        try Referrals.requireOwner(of: row.identifier("case_id"), partner, what: what, in: database)
        return try database.whole {
            _ = try add(
                row.identifier("case_id"), partner: row.identifier("partner_id"), basis: row["basis"], manager: manager,
                rationale: rationale, reviews: first, verdict: isUpheld ? "UPHELD" : "ENDED", what: what, in: database,
                now: now)
            return try summary(of: first, in: database)
        }
    }

    /// What she decided and what was decided without her, in the order in which it was recorded.
    package static func list(for text: String, in database: Database) throws -> ConsentSheet {
        let id = try Lookup.caseFile(text, in: database)
        let codes = try Partners.codes(in: database)
        return ConsentSheet(
            consents: try Record.fetch("consent", where: "case_id", is: id, codes: codes, in: database),
            overrides: try Record.fetch("consent_override", where: "case_id", is: id, codes: codes, in: database),
            inForce: try Row.fetchAll(
                database,
                sql: """
                    SELECT k.id FROM consent_in_force k, ru_now n
                    WHERE k.case_id = ? AND (k.until_ms IS NULL OR k.until_ms > n.ms) ORDER BY k.id
                    """, arguments: [id.sqlBlob]
            ).map { $0.identifier("id").description })
    }

    private static func add(
        _ id: Identifier, partner: Identifier, basis: String, manager: String, rationale: String,
        reviews: Identifier?, verdict: String?, what: String, in database: Database, now: Int64
    ) throws -> Identifier {
        let manager = TypedText.trimmed(manager)
        guard !manager.isEmpty, manager.unicodeScalars.count <= 100 else {
            throw Failure(.badData, what: what, why: "no manager is named", remedy: "Name who answers for it")
        }
        let rationale = try TypedText.reason(rationale, what)
        try Guards.setClock(now, in: database)
        return try database.add(
            "consent_override",
            [
                "case_id": id.sqlBlob, "partner_id": partner.sqlBlob, "basis": basis, "manager": manager,
                "rationale": rationale, "reviews_id": reviews?.sqlBlob, "verdict": verdict, "recorded_for_at": now,
                "entered_at": now,
            ])
    }

    private static func summary(of id: Identifier, in database: Database) throws -> OverrideSummary {
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT o.case_id, o.partner_id, o.basis, f.until_ms FROM consent_override o
                LEFT JOIN override_in_force f ON f.id = o.id WHERE o.id = ?
                """, arguments: [id.sqlBlob])
        guard let row else {
            throw Failure(
                .internalFault, what: "Recording the decision", why: "it is not there", remedy: "Report this as a fault"
            )
        }
        let until: Int64? = row["until_ms"]
        return OverrideSummary(
            id: id.description, caseID: row.identifier("case_id").description,
            partner: try Partners.codes(in: database)[row.identifier("partner_id")], basis: row["basis"],
            countsUntil: until.map { CivilTime.instant(milliseconds: $0) })
    }
}
