package import GRDB
package import ReUniteSync

/// Reads what a database says of its own synced tables.
package enum ManifestReader {
    /// - Throws: ``Failure`` (configuration) when the manifest and the tables disagree.
    package static func read(_ database: Database) throws -> SchemaDescription {
        let version = try Int.fetchOne(database, sql: "SELECT coalesce(max(version), 0) FROM ru_migration") ?? 0
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT t.*, c.bit AS bit FROM ru_table t JOIN ru_class c ON c.code = t.class ORDER BY t.number
                """)
        let numbers = Dictionary(
            rows.map { ($0["name"] as String, UInt16(truncatingIfNeeded: $0["number"] as Int64)) },
            uniquingKeysWith: { first, _ in first })
        let allocations = try AllocationReader.read(database)
        let found = try Found(database)
        let tables = try rows.map { try table(from: $0, numbers: numbers, allocations: allocations, found) }
        if let circle = circle(in: tables) {
            throw unusable(circle[0], "its references lead back to it (\(circle.joined(separator: " → ")))")
        }
        return SchemaDescription(version: version, tables: tables)
    }

    /// Tables whose references lead from one to the next and back to the first; nil where there are none. No order of their
    /// rows would put each behind what it refers to. A table may refer to itself.
    private static func circle(in tables: [TableDescription]) -> [String]? {
        var left = tables
        while true {
            let numbers = Set(left.map(\.number))
            let rest = left.filter { table in
                table.references.contains { $0.table != table.number && numbers.contains($0.table) }
            }
            if rest.count == left.count { break }
            left = rest
        }
        guard var table = left.first else { return nil }
        // Each of those that are left leads to another of them.
        var path: [TableDescription] = []
        while !path.contains(table) {
            path.append(table)
            let next = left.first { other in
                other.number != table.number && table.references.contains { $0.table == other.number }
            }
            guard let next else { return nil }
            table = next
        }
        return (path.drop { $0 != table } + [table]).map(\.name)
    }

    /// What the manifest and SQLite say of all tables, by table: every opening of a file asks, so it asks once for all.
    private struct Found {
        let declared: [String: [Row]]
        let columns: [String: [Row]]
        let references: [String: [Row]]

        init(_ database: Database) throws {
            func rows(_ sql: String) throws -> [String: [Row]] {
                Dictionary(grouping: try Row.fetchAll(database, sql: sql)) { $0["tbl"] as String }
            }
            declared = try rows("SELECT tbl, name, grp, policy FROM ru_column ORDER BY rowid")
            columns = try rows(
                """
                SELECT t.name AS tbl, x.name, x.type, x.hidden FROM ru_table t JOIN pragma_table_xinfo(t.name) x
                ORDER BY t.number, x.cid
                """)
            references = try rows(
                """
                SELECT t.name AS tbl, f."table", f."from" FROM ru_table t JOIN pragma_foreign_key_list(t.name) f
                ORDER BY t.number, f.id, f.seq
                """)
        }
    }

    private static func table(
        from row: Row, numbers: [String: UInt16], allocations: [String: Allocation], _ found: Found
    ) throws -> TableDescription {
        let name: String = row["name"]
        guard let kind = ScopeKind(rawValue: row["scope_kind"]), let writer = TableWriter(rawValue: row["writer"]),
            let number = numbers[name]
        else { throw unusable(name, "its manifest row is not understood") }
        let declared = found.declared[name] ?? []
        let byName = Dictionary(declared.map { ($0["name"] as String, $0) }, uniquingKeysWith: { first, _ in first })
        var columns: [ColumnDescription] = []
        var policies: [UInt8: MergePolicy] = [:]
        for info in found.columns[name] ?? [] {
            let column: String = info["name"]
            // Generated columns are derived anew on every replica; a column without a manifest row is local to this
            // file, and does not travel.
            guard info["hidden"] == 0, column != "id", let entry = byName[column] else { continue }
            guard let type = ColumnType(rawValue: info["type"]), let policy = MergePolicy(rawValue: entry["policy"])
            else { throw unusable(name, "column \(column) has a type or policy that is not understood") }
            let group = UInt8(truncatingIfNeeded: entry["grp"] as Int64)
            guard policies[group] ?? policy == policy else {
                throw unusable(name, "the columns of group \(group) have different policies")
            }
            policies[group] = policy
            columns.append(ColumnDescription(name: column, type: type, group: group))
        }
        guard columns.count == declared.count else {
            throw unusable(name, "its manifest names a column that the table does not have")
        }
        guard !columns.isEmpty else { throw unusable(name, "none of its columns is synced") }
        let groups = policies.sorted { $0.key < $1.key }.map { number, policy in
            GroupDescription(
                number: number,
                name: columns.filter { $0.group == number }.map(\.name).joined(separator: "+"), policy: policy)
        }
        let classColumn: String? = row["class_column"]
        if let classColumn {
            let group = columns.first { $0.name == classColumn }?.group
            guard kind != .shared, group.flatMap({ policies[$0] }) == .mostProtective else {
                throw unusable(name, "a column that decides a row's class is most-protective, in a scope of its own")
            }
        }
        if let why = misuse(of: groups, columns: columns, allocation: allocations[name]) { throw unusable(name, why) }
        return TableDescription(
            number: number, name: name, scopeKind: kind, scopeColumn: row["scope_column"],
            disclosureClass: UInt8(truncatingIfNeeded: row["bit"] as Int64), classColumn: classColumn,
            writer: writer, isAppendOnly: row["append_only"] == 1, columns: columns, groups: groups,
            references: references(found.references[name] ?? [], columns: columns, numbers: numbers),
            allocation: allocations[name])
    }

    /// Why the policies of a table cannot be kept; nil when they can.
    private static func misuse(
        of groups: [GroupDescription], columns: [ColumnDescription], allocation: Allocation?
    ) -> String? {
        for group in groups {
            let members = columns.filter { $0.group == group.number }
            switch group.policy {
            case .counter where members.count != 1 || members.first?.type != .integer:
                return "a counter is one INTEGER column, alone in its group"
            case .set where groups.contains { $0.policy != .set }:
                return "in a table whose rows are a set every column has the policy set"
            case .alloc:
                guard let allocation, allocation.group == group.number else {
                    return "group \(group.number) allocates, and ru_allocation does not say how"
                }
                let named = [allocation.unit, allocation.from, allocation.to, allocation.status]
                guard Set(named) == Set(members.map(\.name)), Set(named).count == 4 else {
                    return "the columns that ru_allocation names are not the four of group \(group.number)"
                }
                guard [Allocation.Kind.request, .holds, .refused].allSatisfy({ !allocation.values(of: $0).isEmpty })
                else { return "ru_allocation_state lacks a status to request, to hold or to refuse" }
            default: continue
            }
        }
        return nil
    }

    private static func references(
        _ rows: [Row], columns: [ColumnDescription], numbers: [String: UInt16]
    ) -> [TableDescription.Reference] {
        rows.compactMap { row in
            let from: String = row["from"]
            guard let parent = numbers[row["table"]] else { return nil }
            if from == "id" { return .init(column: nil, table: parent) }
            guard let index = columns.firstIndex(where: { $0.name == from }) else { return nil }
            return .init(column: index, table: parent)
        }
    }

    package static func unusable(_ table: String, _ why: String) -> Failure {
        Failure(
            .configuration, what: "Reading the schema", why: "table \(table): \(why)",
            remedy: "Use the version of reunite-sync that made this file")
    }
}
