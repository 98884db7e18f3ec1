package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A case that is shared without her consent now, as the hub's operator is told of it: who decided it and why stays with
/// the case, for such rows are safeguarding.
package struct OverrideInForce: Hashable, Sendable, Encodable {
    package let id: String
    /// The case's reference, or its id where it has none.
    package let caseName: String
    package let owner: String?
    package let partner: String?
    package let basis: String
    package let recorded: String
    /// Until when it counts, if nobody reviews it.
    package let countsUntil: String
    /// How often it was reviewed and upheld.
    package let reviews: Int

    private enum CodingKeys: String, CodingKey {
        case id, owner, partner, basis, recorded, reviews
        case caseName = "case"
        case countsUntil = "counts_until"
    }
}

extension Consents {
    /// The decisions to share without consent that count at a time, the one that ends first before all others.
    ///
    /// - Parameter now: milliseconds since 1970.
    package static func overridesInForce(in database: Database, now: Int64) throws -> [OverrideInForce] {
        try overridesInForce(.whole, in: database, now: now).entries
    }

    /// A page of them.
    package static func overridesInForce(
        _ part: ListPart, in database: Database, now: Int64
    ) throws -> ListPage<OverrideInForce> {
        let total = try Int.fetchOne(
            database, sql: "SELECT count(*) FROM override_in_force WHERE until_ms > ?", arguments: [now])
        return try part.read(of: total ?? 0) { try overrides(in: database, now: now, $0) }
    }

    private static func overrides(in database: Database, now: Int64, _ limit: String) throws -> [OverrideInForce] {
        let codes = try Partners.codes(in: database)
        return try Row.fetchAll(
            database,
            sql: """
                SELECT f.id, f.case_id, f.partner_id, f.basis, f.until_ms, o.entered_at, c.ref, c.owner_partner_id,
                  (SELECT count(*) FROM consent_override v WHERE v.reviews_id = f.id) AS reviews
                FROM override_in_force f CROSS JOIN consent_override o ON o.id = f.id
                LEFT JOIN case_file c ON c.id = f.case_id
                WHERE f.until_ms > ? ORDER BY f.until_ms, f.id \(limit)
                """, arguments: [now]
        ).map { row in
            OverrideInForce(
                id: row.identifier("id").description, caseName: row["ref"] ?? row.identifier("case_id").description,
                owner: codes[row.identifier("owner_partner_id")], partner: codes[row.identifier("partner_id")],
                basis: row["basis"], recorded: CivilTime.instant(milliseconds: row["entered_at"]),
                countsUntil: CivilTime.instant(milliseconds: row["until_ms"]), reviews: row["reviews"])
        }
    }
}
