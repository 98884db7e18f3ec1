package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// One line of the list of cases, in words, with what needs its reader's eye.
package struct CaseLine: Hashable, Sendable {
    package let id: Identifier
    /// Nil for a case that has no reference yet.
    package let reference: String?
    /// What she is known as, or else her name as on papers; empty where neither is here.
    package let knownAs: String
    package let phase: String
    /// The owner's code; empty while the hub has not said it.
    package let owner: String
    package let children: Int
    /// `YYYY-MM-DD`; empty where none is known.
    package let release: String
    package let marks: Set<CaseMark>
}

/// What a case's reader should know before opening it.
package enum CaseMark: String, Hashable, Sendable, CaseIterable {
    /// Something that was written here waits for the hub.
    case unsent
    /// Two edits met, and a person decides.
    case conflict
    /// An edit of hers came back.
    case returned
    /// The hub asks about a conflict, and nobody has answered.
    case asked
    /// A referral brings her to this organisation.
    case arriving
    /// A referral takes her to another.
    case leaving
}

/// Which cases are marked with what: worked out from the few rows that wait, not from all cases.
package struct CaseMarks: Sendable {
    private let marked: [Identifier: Set<CaseMark>]

    /// - Parameters:
    ///   - attention: the rows that wait for the hub or for a decision.
    ///   - partner: whose replica this is.
    package init(_ attention: [RowAttention], partner: Identifier, in database: Database) throws {
        var marked: [Identifier: Set<CaseMark>] = [:]
        func mark(_ scope: Identifier, _ what: CaseMark) { marked[scope, default: []].insert(what) }
        for row in attention {
            if row.isUnsent { mark(row.scope, .unsent) }
            if !row.conflicts.isEmpty { mark(row.scope, .conflict) }
        }
        for row in try Row.fetchAll(
            database,
            sql: """
                SELECT t.name, coalesce(t.scope_column, 'id') AS scope_column, r.key
                FROM ru_returned r JOIN ru_table t ON t.number = r.tbl WHERE r.state IN (0, 3, 4)
                """)
        {
            let name: String = row["name"]
            let column: String = row["scope_column"]
            let scope = try Row.fetchOne(
                database, sql: "SELECT \(quoted(column)) AS scope FROM \(quoted(name)) WHERE id = ?",
                arguments: [row.bytes("key").sqlBlob])
            if let scope, scope["scope"] != nil { mark(scope.identifier("scope"), .returned) }
        }
        // A referral is a scope of its own, so are a partner's own notes, and the case's reader should know of them.
        for scope in Array(marked.keys) {
            let ids = try Row.fetchAll(
                database,
                sql: "SELECT case_id FROM referral WHERE id = ?1 UNION ALL SELECT case_id FROM own_file WHERE id = ?1",
                arguments: [scope.sqlBlob])
            for id in ids { marked[id.identifier("case_id"), default: []].formUnion(marked[scope] ?? []) }
        }
        for row in try Row.fetchAll(
            database,
            sql: """
                SELECT DISTINCT f.case_id FROM conflict_question q JOIN own_file f ON f.id = q.own_file_id
                WHERE q.state = 'OPEN' AND NOT EXISTS (SELECT 1 FROM conflict_answer a WHERE a.question_id = q.id)
                """)
        { mark(row.identifier("case_id"), .asked) }
        for row in try Row.fetchAll(
            database,
            sql: """
                SELECT r.case_id, r.from_partner_id, r.to_partner_id FROM ru_state s CROSS JOIN referral r
                  ON r.state = s.value
                WHERE s.tbl = 'referral' AND s.col = 'state' AND s.closed = 0 AND s.value <> 'DRAFT'
                  AND s.value NOT LIKE 'PRE\\_CHECK%' ESCAPE '\\'
                """)
        {
            let from = row["from_partner_id"] == nil ? partner : row.identifier("from_partner_id")
            if from == partner { mark(row.identifier("case_id"), .leaving) }
            if row.identifier("to_partner_id") == partner { mark(row.identifier("case_id"), .arriving) }
        }
        self.marked = marked
    }

    package subscript(_ id: Identifier) -> Set<CaseMark> { marked[id] ?? [] }

    /// The marked cases, or other scopes, the newest first.
    package func all(_ mark: CaseMark) -> [Identifier] {
        marked.filter { $0.value.contains(mark) }.keys.sorted(by: >)
    }
}

/// A page of the list of cases.
package struct CasePage: Hashable, Sendable {
    package let lines: [CaseLine]
    /// How many cases there are, on all pages; so many at least where counting stopped.
    package let total: Int
    /// Whether there are more than ``total``.
    package var isOpenEnded = false
    /// From 1.
    package let number: Int
    package static let size = 50

    package var pages: Int { max(1, (total + CasePage.size - 1) / CasePage.size) }
}

extension CaseFiles {
    /// A page of the cases that this replica holds, the newest first.
    ///
    /// - Parameter only: cases with this mark; nil for all.
    package static func page(
        _ number: Int, only mark: CaseMark? = nil, _ marks: CaseMarks, in database: Database
    ) throws -> CasePage {
        let number = max(1, min(number, 1_000_000))
        let first = (number - 1) * CasePage.size
        let ids: [Identifier]
        let total: Int
        if let mark {
            let held = try marks.all(mark).filter { try isHeld($0, in: database) }
            total = held.count
            ids = Array(held.dropFirst(first).prefix(CasePage.size))
        } else {
            total = try Int.fetchOne(database, sql: "SELECT count(*) FROM case_file") ?? 0
            ids = try pageIDs(number, in: database)
        }
        return CasePage(lines: try lines(ids, marks, in: database), total: total, number: number)
    }

    /// The lines of some cases, in their order; those that are not here are left out.
    package static func lines(
        _ ids: [Identifier], _ marks: CaseMarks, in database: Database
    ) throws -> [CaseLine] {
        let words = Dictionary(
            try Row.fetchAll(
                database, sql: "SELECT value, label FROM ru_state WHERE tbl = 'case_file' AND col = 'phase'"
            ).map { ($0[0] as String, $0[1] as String) }, uniquingKeysWith: { first, _ in first })
        let statement = try database.makeStatement(
            sql: """
                SELECT c.id, c.ref, c.phase, p.code AS owner,
                  \(called) AS called,
                  (SELECT count(*) FROM child k WHERE k.case_id = c.id) AS children,
                  (SELECT max(release_date) FROM custody_episode e WHERE e.case_id = c.id) AS release
                FROM case_file c LEFT JOIN partner p ON p.id = c.owner_partner_id WHERE c.id = ?
                """)
        return try ids.compactMap { id in
            guard let row = try Row.fetchOne(statement, arguments: [id.sqlBlob]) else { return nil }
            let phase: String = row["phase"]
            return CaseLine(
                id: id, reference: row["ref"], knownAs: row["called"] ?? "", phase: words[phase] ?? phase,
                owner: row["owner"] ?? "", children: row["children"], release: row["release"] ?? "", marks: marks[id])
        }
    }

    /// A page of the unsent cases where so much waits that only the newest are looked at, until the page is full.
    ///
    /// - Parameter marks: the marks of some cases.
    package static func unsentPage(
        _ number: Int, in database: Database, marks: ([Identifier]) throws -> CaseMarks
    ) throws -> CasePage {
        let number = max(1, min(number, 1_000_000))
        var found: [(Identifier, CaseMarks)] = []
        // No id sorts behind it.
        var end = [UInt8](repeating: 0xFF, count: 17)
        while found.count <= number * CasePage.size {
            let ids = try Row.fetchAll(
                database, sql: "SELECT id FROM case_file WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [end.sqlBlob, CasePage.size * 4]
            ).map { $0.identifier("id") }
            guard let last = ids.last else { break }
            end = last.bytes
            let some = try marks(ids)
            found += ids.filter { some[$0].contains(.unsent) }.map { ($0, some) }
        }
        let page = found.dropFirst((number - 1) * CasePage.size).prefix(CasePage.size)
        return CasePage(
            lines: try page.flatMap { try lines([$0.0], $0.1, in: database) },
            total: min(found.count, number * CasePage.size + 1),
            isOpenEnded: found.count > number * CasePage.size, number: number)
    }

    /// The cases of one page of all, the newest first.
    package static func pageIDs(_ number: Int, in database: Database) throws -> [Identifier] {
        let number = max(1, min(number, 1_000_000))
        return try Row.fetchAll(
            database, sql: "SELECT id FROM case_file ORDER BY id DESC LIMIT ? OFFSET ?",
            arguments: [CasePage.size, (number - 1) * CasePage.size]
        ).map { $0.identifier("id") }
    }

    /// Those scopes besides the cases themselves whose rows mark a case: its referrals and a partner's own notes.
    package static func scopes(of ids: [Identifier], in database: Database) throws -> [Identifier] {
        let find = try database.makeStatement(
            sql: "SELECT id FROM referral WHERE case_id = ?1 UNION ALL SELECT id FROM own_file WHERE case_id = ?1")
        return try ids
            + ids.flatMap { id in
                try Row.fetchAll(find, arguments: [id.sqlBlob]).map { $0.identifier("id") }
            }
    }

    private static func isHeld(_ id: Identifier, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM case_file WHERE id = ?)", arguments: [id.sqlBlob]) ?? false
    }
}
