import GRDB
import ReUniteReplica
import ReUniteSync

/// What stands, or stood, in the cell of a conflict, and where each value came from.
extension SQLiteHubStore {
    static func table(_ row: Row, _ tables: SchemaDescription) -> TableDescription? {
        let number: Int64 = row["tbl"]
        return tables[UInt16(truncatingIfNeeded: number)]
    }

    static func readable(_ columns: [String], _ values: [Value]) -> [String: String?] {
        Dictionary(zip(columns, values.map(\.readable)), uniquingKeysWith: { first, _ in first })
    }

    /// The values in the order in which they became visible, which is the order of their numbers.
    ///
    /// - Parameter asOf: those that stood at this position; nil for now. Of a closed conflict, those that it was about.
    static func siblings(
        of row: Row, _ table: TableDescription, asOf: Position?, _ cells: HubCellStore, _ database: Database
    ) throws -> [CellSibling] {
        let group = UInt8(truncatingIfNeeded: row["grp"] as Int64)
        let key = row.identifier("key")
        var standing: [CellSibling] = []
        if let closed: Int64 = row["closed"] {
            standing = try cells.past(table.number, key, group: group, where: "until = ?", [closed], in: database)
        } else {
            standing = try cells.siblings(table.number, key, group: group)
            if let asOf {
                standing.removeAll { ($0.position ?? .zero) > asOf }
                standing += try cells.past(
                    table.number, key, group: group, where: "h <= ? AND until > ?", [asOf.rawValue, asOf.rawValue],
                    in: database)
            }
        }
        return standing.sorted { ($0.position ?? .zero) < ($1.position ?? .zero) }
    }

    func conflict(
        _ row: Row, _ table: TableDescription, _ siblings: [CellSibling], _ claims: inout BatchClaims,
        _ database: Database
    ) throws -> OpenConflict {
        let group: Int64 = row["grp"]
        let scope: Int64 = row["scope"]
        let key = row.identifier("key")
        let columns = table.columnNames(of: 1 << UInt64(group))
        let held = try HubRowStore(database).row(table.number, key)
        let shown = held?.clock.siblings.first { Int64($0.group) == group }?.op
        let isOpen = (row["closed"] as Int64?) == nil
        let isWithheld = try SecretRows(database).contain(held, of: table)
        return OpenConflict(
            id: row.identifier("id").description, table: table.name, row: key.description, columns: columns,
            scope: try SQLiteHubStore.scopeID(scope, database)?.description ?? "?",
            openedMilliseconds: row["opened_ms"], state: isOpen ? "open" : row["how"] ?? "edit",
            closedMilliseconds: row["closed_ms"],
            values: try siblings.enumerated().map { place, sibling in
                var value = try candidate(
                    place + 1, sibling, columns: columns, isShown: isOpen && sibling.name == shown, &claims, database)
                if isWithheld { value.value = SecretRows.withheld(columns) }
                return value
            }, isWithheld: isWithheld)
    }

    /// The batch, device and partner that an op at a position came from.
    static func source(of position: Position, _ database: Database) throws -> Row? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT o.batch, b.received_ms, b.issued_ms, d.name AS device_name, d.role AS device_role, p.code,
                  p.name AS partner_name,
                  EXISTS(SELECT 1 FROM hub_decision x WHERE x.position = o.h AND x.kind = 'resolve') AS decision
                FROM hub_op o JOIN hub_batch b ON b.no = o.batch
                LEFT JOIN hub_device d ON d.id = b.device LEFT JOIN hub_partner p ON p.id = d.partner WHERE o.h = ?
                """, arguments: [position.rawValue])
    }

    private func candidate(
        _ number: Int, _ sibling: CellSibling, columns: [String], isShown: Bool, _ claims: inout BatchClaims,
        _ database: Database
    ) throws -> OpenConflict.Candidate {
        let source = try SQLiteHubStore.source(of: sibling.position ?? .zero, database)
        let claim = try source.map { try claims.claim(of: $0["batch"], database) }
        let index = Int(sibling.name.index)
        let received: Int64 = source?["received_ms"] ?? 0
        let issued: Int64? = source?["issued_ms"]
        return OpenConflict.Candidate(
            number: number, value: SQLiteHubStore.readable(columns, sibling.values), partner: source?["code"] ?? "hub",
            device: source?["device_name"] ?? "hub", writtenMilliseconds: sibling.stamp.milliseconds,
            receivedMilliseconds: received, shown: isShown, organisation: source?["partner_name"] ?? "the hub",
            role: source?["device_role"] ?? "hub",
            author: claim?.author?.description,
            authorRole: try claim?.author.flatMap { try authorRole($0, database) },
            claimedMilliseconds: claim?.milliseconds(ofOp: index) ?? 0,
            isClockSuspect: sibling.isClockSuspect, offlineMilliseconds: issued.map { max(0, received - $0) },
            isDecision: source?["decision"] ?? false)
    }

    // MARK: What else an operator should know

    static func happened(
        _ labels: TableLabels, _ table: TableDescription, _ key: Identifier, _ database: Database
    ) throws -> Int64? {
        guard let column = labels.happened, table.columns.contains(where: { $0.name == column }) else { return nil }
        return try Int64.fetchOne(
            database, sql: "SELECT \(quoted(column)) FROM \(quoted(table.name)) WHERE id = ?",
            arguments: [key.sqlBlob])
    }

    /// Rows that refer to a row, by foreign keys; and rows that name it or its scope in what the network says in
    /// `ru_dependent`.
    func dependents(
        on key: Identifier, in scope: Identifier, of table: TableDescription, _ columns: [String],
        _ database: Database
    ) throws -> [ConflictDetail.Dependents] {
        struct Reference: Hashable {
            let table: String
            let column: String
        }
        var references = schema.children(of: table).map { Reference(table: $0.table.name, column: $0.column) }
        let declares = try Int.fetchOne(
            database, sql: "SELECT 1 FROM sqlite_schema WHERE type IN ('view', 'table') AND name = 'ru_dependent'")
        if declares != nil {
            let known = Set(tables.tables.map(\.name))
            references += try Row.fetchAll(
                database, sql: "SELECT col, child_tbl, child_col FROM ru_dependent WHERE tbl = ?",
                arguments: [table.name]
            ).compactMap { row in
                let column: String? = row["col"]
                let child: String = row["child_tbl"]
                guard known.contains(child), column.map({ columns.contains($0) }) ?? true else { return nil }
                return Reference(table: child, column: row["child_col"])
            }
        }
        var counts: [String: Int] = [:]
        for reference in Set(references) {
            counts[reference.table, default: 0] +=
                try Int.fetchOne(
                    database,
                    sql: "SELECT count(*) FROM \(quoted(reference.table)) WHERE \(quoted(reference.column)) IN (?, ?)",
                    arguments: [key.sqlBlob, scope.sqlBlob]) ?? 0
        }
        return try counts.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
            ConflictDetail.Dependents(table: $0.key, label: try TableLabels(database, $0.key).table, count: $0.value)
        }
    }

    /// The codes of the partners that may read a row.
    static func readers(of key: Identifier, _ table: TableDescription, _ database: Database) throws -> [String] {
        if table.scopeKind == .shared {
            return try String.fetchAll(
                database, sql: "SELECT code FROM hub_partner WHERE ended_ms IS NULL ORDER BY code")
        }
        return try String.fetchAll(
            database,
            sql: """
                SELECT DISTINCT p.code FROM hub_row r
                JOIN hub_grant g ON g.scope = r.scope AND g.closed IS NULL AND g.read_mask & (1 << r.class) <> 0
                JOIN hub_partner p ON p.sub = g.sub WHERE r.tbl = ? AND r.key = ? ORDER BY p.code
                """, arguments: [Int64(table.number), key.sqlBlob])
    }

    static func decisions(on conflict: Identifier, _ database: Database) throws -> [ConflictDetail.Decision] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT x.*, b.id AS batch_id, o.idx FROM hub_decision x JOIN hub_op o ON o.h = x.position
                JOIN hub_batch b ON b.no = o.batch WHERE x.conflict = ? ORDER BY x.position
                """, arguments: [conflict.sqlBlob]
        ).map { row in
            let undone: Int64? = row["undone"]
            let index: Int64 = row["idx"]
            return ConflictDetail.Decision(
                kind: row["kind"], atMilliseconds: row["at_ms"], by: row["decided_by"], reason: row["reason"],
                op: "\(BatchID(bytes: row.bytes("batch_id"))?.short.description ?? "?")/\(index)",
                isUndone: undone != nil)
        }
    }
}
