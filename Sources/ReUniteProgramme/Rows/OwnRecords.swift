package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// What an organisation keeps about itself: its homes, services, people, leave to enter prisons. Any table whose scope
/// is the organisation, so that a new table is shown without new code.
package enum OwnRecords {
    /// A kind of record.
    package struct Kind: Hashable, Sendable {
        package let table: String
        package let label: String
        package let help: String
        /// How many there are.
        package let count: Int
        package let mayAdd: Bool
    }

    /// What belongs together.
    package struct Group: Hashable, Sendable {
        package let title: String
        package let kinds: [Kind]
    }

    /// So many of one kind are shown, the newest.
    package static let most = 200

    /// In this order; what is named nowhere comes last.
    private static let together: [(title: String, tables: [String])] = [
        ("Homes", ["property", "unit", "void_period", "housing_agreement"]),
        ("Services and drop-ins", ["service_agreement", "service_place", "drop_in_session", "event_attendance"]),
        ("Prisons", ["prison_authorisation", "liaison_log"]),
        ("People", ["staff_user", "staff_check", "volunteer_mentor"]),
        ("Contract and money", ["contract_period", "funding_grant", "funding_spend"]),
    ]

    /// What a command writes down by itself.
    private static let made: Set<String> = ["data_export"]

    /// Whether a table's rows are kept by hand for the organisation itself.
    static func holds(_ table: RecordTables.Table) -> Bool {
        table.scopeKind == "partner" && !made.contains(table.name)
    }

    /// Every kind, with how many there are.
    ///
    /// - Parameter partner: whose replica this is.
    package static func groups(of partner: Identifier, in database: Database) throws -> [Group] {
        let tables = try RecordTables(database, scopeKind: "partner")
        let labels = try Labels(database)
        let access = try RowAccess(partner, in: database)
        var left = tables.names.compactMap { tables[$0] }.filter(holds)
        func kind(_ table: RecordTables.Table) throws -> Kind {
            let words = labels.table(table.name)
            let count = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM \(quoted(table.name)) WHERE \(quoted(table.scopeColumn)) = ?",
                arguments: [partner.sqlBlob])
            return Kind(
                table: table.name, label: words.label, help: words.help, count: count ?? 0,
                mayAdd: access.mayWrite(table.name))
        }
        var groups = try together.map { group in
            let named = group.tables.compactMap { name in left.first { $0.name == name } }
            left.removeAll { table in group.tables.contains(table.name) }
            return Group(title: group.title, kinds: try named.map(kind))
        }
        groups.append(Group(title: "More", kinds: try left.map(kind)))
        return groups.filter { !$0.kinds.isEmpty }
    }

    /// The rows of one kind, the newest first, ``most`` at most.
    ///
    /// - Throws: ``Failure`` (noInput) for a table that is none of these.
    package static func section(
        _ name: String, of partner: Identifier, _ attention: [RowAttention], in database: Database
    ) throws -> CaseSheet.Section {
        guard let table = try RecordTables(database, only: name)[name], holds(table) else {
            throw Failure(
                .noInput, what: "Showing the records", why: "there is nothing of that kind here",
                remedy: "Go back to what is kept about this organisation")
        }
        let reader = SheetReader(
            id: partner, database: database, labels: try Labels(database), codes: try Partners.codes(in: database),
            marks: Dictionary(attention.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first }),
            access: try RowAccess(partner, in: database))
        let isEvidence = try Bool.fetchOne(
            database,
            sql: """
                SELECT append_only OR EXISTS (SELECT 1 FROM ru_column WHERE tbl = ?1 AND policy = 'set')
                FROM ru_table WHERE name = ?1
                """, arguments: [name])
        return try reader.section(of: table, most: most, isEvidence: isEvidence ?? false)
    }
}
