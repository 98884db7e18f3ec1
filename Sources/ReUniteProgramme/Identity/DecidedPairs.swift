package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Two women about whom somebody decided whether they are one, where that still holds.
package struct DecidedPair: Hashable, Sendable {
    package let a: Candidate.Side
    package let b: Candidate.Side
    package let decision: PersonLink.Decision
}

package enum DecidedPairs {
    private static let from = """
        FROM person_link_live l JOIN person_link k ON k.id = l.id
        JOIN person a ON a.id = l.a_person_id JOIN person b ON b.id = l.b_person_id
        """
    private static let select = "SELECT l.a_person_id, l.b_person_id, l.decision \(from)"

    /// A page of the pairs that hold, the newest decision first; children are left out.
    package static func list(_ part: ListPart, in database: Database) throws -> ListPage<DecidedPair> {
        try part.read(of: Int.fetchOne(database, sql: "SELECT count(*) \(from)") ?? 0) { limit in
            try Row.fetchAll(database, sql: "\(select) ORDER BY k.entered_at DESC, l.id \(limit)")
                .compactMap { try pair($0, in: database) }
        }
    }

    /// What was decided about two women and holds; nil for nothing.
    package static func between(_ a: Identifier, _ b: Identifier, in database: Database) throws -> DecidedPair? {
        try Row.fetchOne(
            database,
            sql: "\(select) WHERE l.a_person_id IN (?1, ?2) AND l.b_person_id IN (?1, ?2) ORDER BY l.id",
            arguments: [a.sqlBlob, b.sqlBlob]
        ).flatMap { try pair($0, in: database) }
    }

    private static func pair(_ row: Row, in database: Database) throws -> DecidedPair? {
        guard let decision = PersonLink.Decision(rawValue: row["decision"]),
            let a = try WomanRecord.plain(row.identifier("a_person_id"), in: database),
            let b = try WomanRecord.plain(row.identifier("b_person_id"), in: database)
        else { return nil }
        return DecidedPair(a: Candidate.Side(a), b: Candidate.Side(b), decision: decision)
    }
}
