import GRDB
import ReUniteSync

/// Compares what this replica holds of some scopes with what the hub says of their rows.
struct RowComparison {
    private let database: Database
    private let schema: SchemaDescription
    private let common: CommonColumns
    private let check: ValueCheck
    private let cursor: Position

    init(
        _ database: Database, _ schema: SchemaDescription, common: CommonColumns, key: Identifier, cursor: Position
    ) {
        self.database = database
        self.schema = schema
        self.common = common
        check = ValueCheck(key: key)
        self.cursor = cursor
    }

    /// Rows on which something waits are compared by their version alone; rows that changed at the hub since are left to the
    /// next delivery.
    func run(_ answer: CheckAnswer, scopes: [Identifier], share: IdentifierShare) throws -> VerifyFindings {
        var findings = VerifyFindings()
        var theirs: [RowKey: RowCheck] = [:]
        for row in answer.rows { theirs[RowKey(table: row.table, key: row.key)] = row }
        let store = ScopeStore(database)
        let numbers = Set(try scopes.compactMap { try store.entry($0)?.number })
        let rows = KnownRows(database, schema)
        let pending = try rows.pending()
        func isAsked(_ scope: Int64, _ key: Identifier) -> Bool { numbers.contains(scope) && share.contains(key) }
        try rows.each(reading: isAsked) { row in
            findings.rows += 1
            guard let their = theirs.removeValue(forKey: row.name) else {
                // Gone at the hub since, or it never was there: only of the moment in which nothing moved can one say.
                if answer.position == cursor { findings.stale.append(row.name) }
                return
            }
            let leaf = row.clock.leaf(table: row.name.table, key: row.name.key)
            if their.version != leaf.high {
                if !their.isNewer { findings.stale.append(row.name) }
                return
            }
            // Of a table that this program does not know there is nothing that anybody could have written to.
            guard row.table != nil, try !pending(row.name) else { return }
            guard row.values != nil else {
                findings.missing.append(row.name)
                return
            }
            guard let values = row.common(common) else { return }
            if check.of(table: row.name.table, key: row.name.key, values: values) != their.value {
                findings.drifted.append(row.name)
            }
        }
        findings.stale += theirs.filter { !$0.value.isNewer }.keys.sorted()
        return findings
    }
}

extension KnownRows.Row {
    /// The values that can be compared with the other side's; nil where there are none.
    func common(_ columns: CommonColumns) -> [Value]? {
        guard let table, let values else { return nil }
        return columns.values(values, of: table)
    }
}
