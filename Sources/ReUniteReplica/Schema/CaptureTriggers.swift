package import GRDB
package import ReUniteSync

/// The triggers that write the change log: plain SQL that every client has, generated from the manifest.
///
/// The triggers log what happened; values are read from the tables when the log is sealed. There is no function
/// beyond the clock in them: each would cost every write (`docs/change-log.md`).
package enum CaptureTriggers {
    /// Counts up whenever the triggers, or the text views beside them, are written differently.
    static let form = 3
    static let milliseconds = "CAST((julianday('now')-2440587.5)*86400000 AS INTEGER)"

    /// Every trigger of a table, by name.
    package static func statements(for table: TableDescription) -> [(name: String, sql: String)] {
        let name = quoted(table.name)
        func trigger(_ suffix: String, _ head: String, _ body: String) -> (name: String, sql: String) {
            let trigger = "ru_\(table.name)_\(suffix)"
            return (trigger, "CREATE TRIGGER \(quoted(trigger)) \(head) BEGIN \(body); END")
        }
        func log(_ row: String, _ mask: String) -> String {
            """
            INSERT INTO ru_journal(tbl, key, mask, ms) VALUES(\(table.number), \(row).id, \(mask), \(milliseconds))
            """
        }
        var all = [
            trigger("insert", "AFTER INSERT ON \(name)", log("NEW", "-1")),
            trigger("delete", "AFTER DELETE ON \(name)", log("OLD", "-2")),
            trigger(
                "key", "BEFORE UPDATE OF id ON \(name) WHEN OLD.id IS NOT NEW.id",
                refuse("the id of a row cannot be changed: insert a new row instead")),
        ]
        for (index, block) in blocks(of: table).enumerated() {
            let fields = table.columns.filter { column in block.contains { $0.number == column.group } }
                .map { quoted($0.name) }.joined(separator: ", ")
            let changed = block.map { differs($0, table) }.joined(separator: " OR ")
            all.append(
                trigger(
                    "update_\(index)", "AFTER UPDATE OF \(fields) ON \(name) WHEN \(changed)",
                    log("NEW", mask(of: block, table))))
        }
        if let scope = table.scopeColumn, table.columns.contains(where: { $0.name == scope }) {
            all.append(
                trigger(
                    "scope",
                    "BEFORE UPDATE OF \(quoted(scope)) ON \(name) WHEN OLD.\(quoted(scope)) IS NOT NEW.\(quoted(scope))",
                    refuse("\(scope) cannot be changed: insert a new row instead")))
        }
        for group in table.groups where group.policy.keepsSteps {
            for column in table.columns where column.group == group.number {
                let field = quoted(column.name)
                all.append(
                    trigger(
                        "step_\(group.number)",
                        "AFTER UPDATE OF \(field) ON \(name) WHEN OLD.\(field) IS NOT NEW.\(field)",
                        """
                        INSERT INTO ru_values(tbl, key, grp, ms, old, new) VALUES(\(table.number), NEW.id, \
                        \(group.number), \(milliseconds), OLD.\(field), NEW.\(field))
                        """))
                guard group.policy == .counter else { continue }
                // So that a row which is deleted and inserted again counts from what it showed before.
                all.append(
                    trigger(
                        "end_\(group.number)", "AFTER DELETE ON \(name)",
                        """
                        INSERT INTO ru_values(tbl, key, grp, ms, old, new) VALUES(\(table.number), OLD.id, \
                        \(JournalFold.endMark + Int(group.number)), \(milliseconds), OLD.\(field), NULL)
                        """))
            }
        }
        if table.isAppendOnly || table.isSet || table.steppedGroups != 0 {
            all.append(
                trigger(
                    "replace", "BEFORE INSERT ON \(name) WHEN EXISTS (SELECT 1 FROM \(name) WHERE id = NEW.id)",
                    refuse("a row of \(table.name) cannot be replaced")))
        }
        if table.isAppendOnly {
            all.append(
                trigger(
                    "fixed", "BEFORE UPDATE ON \(name)",
                    refuse("rows of \(table.name) are added, never changed")))
            all.append(
                trigger(
                    "kept", "BEFORE DELETE ON \(name)",
                    refuse("rows of \(table.name) are added, never deleted")))
        }
        if table.isSet {
            all.append(
                trigger(
                    "fixed", "BEFORE UPDATE ON \(name)",
                    refuse("rows of \(table.name) are added and removed, never changed")))
        }
        if let allocation = table.allocation {
            for (suffix, event, condition) in confirmations(allocation, table) {
                all.append(
                    trigger(
                        suffix, "BEFORE \(event) ON \(name) WHEN \(condition)",
                        refuse("only the hub confirms: write \(allocation.values(of: .request).first ?? "a request")")))
            }
        }
        return all
    }

    /// When a write would decide what only the hub can decide. A held row keeps its status while nothing else of its
    /// booking changes; another time is another request.
    private static func confirmations(
        _ allocation: Allocation, _ table: TableDescription
    ) -> [(suffix: String, event: String, condition: String)] {
        let decided = (allocation.values(of: .holds) + allocation.values(of: .refused)).map(literal)
        let isDecided = "NEW.\(quoted(allocation.status)) IN (\(decided.joined(separator: ", ")))"
        let fields = [allocation.unit, allocation.from, allocation.to, allocation.status].map(quoted)
        let moves = fields.map { "OLD.\($0) IS NOT NEW.\($0)" }.joined(separator: " OR ")
        return [
            ("confirm_insert", "INSERT", isDecided),
            ("confirm_update", "UPDATE OF \(fields.joined(separator: ", "))", "\(isDecided) AND (\(moves))"),
        ]
    }

    /// Installs whatever is missing or different. Returns the tables that were not fully guarded.
    @discardableResult
    package static func install(_ schema: SchemaDescription, in database: Database) throws -> [TableDescription] {
        let existing = try Row.fetchAll(
            database,
            sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'ru\\_%' ESCAPE '\\'")
        let texts = Dictionary(
            existing.map { ($0["name"] as String, $0["sql"] as String) }, uniquingKeysWith: { first, _ in first })
        var mended: [TableDescription] = []
        for table in schema.tables {
            var complete = true
            for (name, sql) in statements(for: table) where texts[name] != sql {
                complete = false
                if texts[name] != nil { try database.execute(sql: "DROP TRIGGER \(quoted(name))") }
                try database.execute(sql: sql)
            }
            if !complete { mended.append(table) }
        }
        return mended
    }

    /// A few groups to a trigger: SQLite leaves out the triggers whose columns a statement does not set, so narrow
    /// updates compare few columns, and updates of whole rows still log few times (`docs/benchmarks.md`).
    static let groupsPerTrigger = 4

    private static func blocks(of table: TableDescription) -> [[GroupDescription]] {
        stride(from: 0, to: table.groups.count, by: groupsPerTrigger).map {
            Array(table.groups[$0..<min($0 + groupsPerTrigger, table.groups.count)])
        }
    }

    /// Whether a group changed, compared byte by byte.
    private static func differs(_ group: GroupDescription, _ table: TableDescription) -> String {
        let terms = table.columns.filter { $0.group == group.number }
            .map { "OLD.\(quoted($0.name)) IS NOT NEW.\(quoted($0.name)) COLLATE BINARY" }
        return "(" + terms.joined(separator: " OR ") + ")"
    }

    /// One bit for each group that changed. SQLite reads `<<` and `|` from left to right, so each term stands in
    /// parentheses of its own.
    private static func mask(of block: [GroupDescription], _ table: TableDescription) -> String {
        block.map { "(\(differs($0, table))<<\($0.number))" }.joined(separator: "|")
    }

    private static func refuse(_ message: String) -> String {
        "SELECT RAISE(ABORT, \(literal(message)))"
    }

    /// A text as SQL.
    private static func literal(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }
}

/// An SQL identifier in quotes.
package func quoted(_ name: String) -> String {
    guard name.utf8.contains(UInt8(ascii: "\"")) else { return "\"\(name)\"" }
    return "\"" + name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
}
