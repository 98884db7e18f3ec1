/// The SQL of a change journal, in the forms that were weighed against each other.
///
/// Three triggers a table write one row each into a table without constraints or indexes; what changed in an update
/// is a mask with one bit for each column group.
struct JournalSQL {
    /// How the journal takes the time.
    enum Time: String {
        case milliseconds = "CAST((julianday('now')-2440587.5)*86400000 AS INTEGER)"
        /// The Julian day as SQLite has it; whoever reads the journal converts it.
        case julianDay = "julianday('now')"
        case seconds = "unixepoch()"
        case text = "CURRENT_TIMESTAMP"
        case none = "NULL"
    }

    /// How an update finds out what changed.
    enum Mask {
        /// One expression over all columns.
        case whole
        /// The same, with a CASE in place of each shift.
        case cases
        /// So many columns at a time are first compared at once, and skipped if all are alike.
        case blocks(Int)
        /// One expression, and a WHEN clause that lets no row in where nothing changed.
        case guarded
        /// A trigger `UPDATE OF` each column.
        case perColumn
        /// A trigger `UPDATE OF` each so many columns; a WHEN clause passes those with a change.
        case perBlock(Int)
    }

    var insertTime = Time.milliseconds
    var updateTime = Time.milliseconds
    var mask = Mask.whole
    var collation = " COLLATE BINARY"
    var refusesKeyChange = true

    /// Makes the journal and the triggers of every table.
    func sql() -> String {
        "CREATE TABLE ru_journal(seq INTEGER PRIMARY KEY, tbl, key, mask, ms);\n"
            + BenchSchema.tables.map(triggers).joined()
    }

    /// Triggers that do nothing: what it costs that there is one at all.
    static func emptyTriggers() -> String {
        BenchSchema.tables.flatMap { table in
            ["INSERT", "UPDATE"].map {
                "CREATE TRIGGER empty_\(table.name)_\($0) AFTER \($0) ON \(table.name) BEGIN SELECT 1; END;\n"
            }
        }.joined()
    }

    /// The engine's guards of the scope columns, which run before an update, made to run after it.
    static func scopeGuardsAfter() -> String {
        BenchSchema.tables.filter { $0.scopeColumn != "id" }.map { table in
            """
            DROP TRIGGER ru_\(table.name)_scope;
            CREATE TRIGGER ru_\(table.name)_scope AFTER UPDATE OF \(table.scopeColumn) ON \(table.name)
            WHEN OLD.\(table.scopeColumn) IS NOT NEW.\(table.scopeColumn) BEGIN
              SELECT RAISE(ABORT, 'a row keeps its case'); END;

            """
        }.joined()
    }

    /// Drops the engine's triggers that refuse something, and leaves those that log.
    static func withoutGuards() -> String {
        BenchSchema.tables.map { table in
            ["key", "scope", "replace", "fixed", "kept"].map { "DROP TRIGGER IF EXISTS ru_\(table.name)_\($0);\n" }
                .joined()
        }.joined()
    }

    private func triggers(of table: BenchSchema.Table) -> String {
        let name = table.name
        var sql = """
            CREATE TRIGGER ru_\(name)_insert AFTER INSERT ON \(name) BEGIN
              \(log(table, "NEW", "-1", insertTime)) END;
            CREATE TRIGGER ru_\(name)_delete AFTER DELETE ON \(name) BEGIN
              \(log(table, "OLD", "-2", updateTime)) END;

            """
        if refusesKeyChange {
            sql += """
                CREATE TRIGGER ru_\(name)_key BEFORE UPDATE OF id ON \(name) WHEN NEW.id IS NOT OLD.id BEGIN
                  SELECT RAISE(ABORT, 'a row keeps its id'); END;

                """
        }
        return sql + updateTriggers(of: table)
    }

    private func updateTriggers(of table: BenchSchema.Table) -> String {
        let all = Array(table.columns.indices)
        switch mask {
        case .whole:
            return update(table, "", "", bits(table, all))
        case .cases:
            return update(
                table, "", "",
                all.map { column in
                    "(CASE WHEN \(same(table, column)) THEN 0 ELSE \(1 << column) END)"
                }.joined(separator: "|"))
        case .blocks(let size):
            return update(
                table, "", "",
                blocks(all, of: size).map { block in
                    "(CASE WHEN \(alike(table, block)) THEN 0 ELSE \(bits(table, block)) END)"
                }.joined(separator: "|"))
        case .guarded:
            return update(table, "", " WHEN NOT(\(alike(table, all)))", bits(table, all))
        case .perColumn:
            return all.map { column in
                let name = table.columns[column].name
                return update(table, "_\(column)", " WHEN NOT(\(same(table, column)))", "\(1 << column)", of: name)
            }.joined()
        case .perBlock(let size):
            return blocks(all, of: size).enumerated().map { number, block in
                let names = block.map { table.columns[$0].name }.joined(separator: ",")
                let when = " WHEN NOT(\(alike(table, block)))"
                return update(table, "_\(number)", when, bits(table, block), of: names)
            }.joined()
        }
    }

    private func blocks(_ columns: [Int], of size: Int) -> [[Int]] {
        stride(from: 0, to: columns.count, by: size).map { Array(columns[$0..<min($0 + size, columns.count)]) }
    }

    private func update(
        _ table: BenchSchema.Table, _ suffix: String, _ when: String, _ mask: String, of columns: String = ""
    ) -> String {
        let event = columns.isEmpty ? "UPDATE" : "UPDATE OF \(columns)"
        return """
            CREATE TRIGGER ru_\(table.name)_update\(suffix) AFTER \(event) ON \(table.name)\(when) BEGIN
              \(log(table, "NEW", mask, updateTime)) END;

            """
    }

    private func log(_ table: BenchSchema.Table, _ row: String, _ mask: String, _ time: Time) -> String {
        let columns = time == .none ? "tbl,key,mask" : "tbl,key,mask,ms"
        let values = time == .none ? "" : ",\(time.rawValue)"
        return "INSERT INTO ru_journal(\(columns)) VALUES(\(table.number),\(row).id,\(mask)\(values));"
    }

    private func same(_ table: BenchSchema.Table, _ column: Int) -> String {
        let name = table.columns[column].name
        return "OLD.\(name) IS NEW.\(name)\(collation)"
    }

    private func alike(_ table: BenchSchema.Table, _ columns: [Int]) -> String {
        columns.map { same(table, $0) }.joined(separator: " AND ")
    }

    private func bits(_ table: BenchSchema.Table, _ columns: [Int]) -> String {
        columns.map { column in
            let name = table.columns[column].name
            let bit = "(OLD.\(name) IS NOT NEW.\(name)\(collation))"
            // SQLite gives << and | the same rank, so each shift needs its own parentheses.
            return column == 0 ? bit : "(\(bit)<<\(column))"
        }.joined(separator: "|")
    }
}
