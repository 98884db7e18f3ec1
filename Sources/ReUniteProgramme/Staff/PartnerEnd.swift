package import GRDB
import ReUniteReplica
package import ReUniteSync

extension Partners {
    /// What the network's rows say of a partner's membership now.
    package struct Membership {
        let partner: Identifier
        let isActive: Bool
        let standings: [Standing]
        /// How many cases it owns.
        package let casesOwned: Int

        /// In one area, without an end.
        struct Standing {
            let id: Identifier
            let area: String
            let from: String
        }

        /// Whether it has ended in the rows too.
        package var isOver: Bool { !isActive && standings.isEmpty }
    }

    /// - Throws: ``Failure`` (noInput) where the partner has no row.
    package static func membership(of id: Identifier, in database: Database) throws -> Membership {
        guard let partner = try find(id, in: database) else {
            throw Failure(
                .noInput, what: "Ending the partner", why: "it has no row",
                remedy: "Look at the partners with 'hub partner list'")
        }
        return Membership(
            partner: id, isActive: partner.isActive,
            standings: try Row.fetchAll(
                database,
                sql: """
                    SELECT id, area, from_on FROM area_membership
                    WHERE partner_id = ? AND to_on IS NULL AND status <> 'LEFT' ORDER BY id
                    """, arguments: [id.sqlBlob]
            ).map { Membership.Standing(id: $0.identifier("id"), area: $0["area"], from: $0["from_on"]) },
            casesOwned: try Int.fetchOne(
                database, sql: "SELECT count(*) FROM case_file WHERE owner_partner_id = ?", arguments: [id.sqlBlob])
                ?? 0)
    }

    /// What ends it in the rows: the partner is active no more, and its standing in each area has a last day.
    package static func changes(
        ending membership: Membership, on day: String
    ) -> [(table: String, key: Identifier, values: [String: Value])] {
        var changes: [(table: String, key: Identifier, values: [String: Value])] = [
            (table: "partner", key: membership.partner, values: ["active": .integer(0)])
        ]
        for standing in membership.standings {
            changes.append(
                (table: "area_membership", key: standing.id, values: ["to_on": .text(max(standing.from, day))]))
        }
        return changes
    }

    /// From the day after it has left each of them: a standing of its own.
    package static func leave(_ membership: Membership, after day: String, in database: Database) throws {
        for standing in membership.standings {
            try database.execute(
                sql: """
                    INSERT INTO area_membership(area, partner_id, status, from_on) VALUES(?, ?, 'LEFT', date(?, '+1 day'))
                    """, arguments: [standing.area, membership.partner.sqlBlob, max(standing.from, day)])
        }
    }
}
