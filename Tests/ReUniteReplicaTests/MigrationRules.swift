import GRDB
import ReUniteReplica
import ReUniteSync

/// What a migration may never do, because devices with other versions are in use at the same time
/// (`Schemas/README.md`, "What a migration may never do").
///
/// Each migration runs on a database with a row in every table, and what the schema and the rows were before is compared
/// with what they are.
struct MigrationRules {
    let network: NetworkSchema

    /// Every breach, in a sentence each.
    func breaches() throws -> [String] {
        let database = try DatabaseQueue()
        try database.write { try EngineTables.replica.install(in: $0) }
        var found: [String] = []
        var usedGroups: [String: Set<UInt8>] = [:]
        var before = try database.read(Snapshot.init)
        for (index, migration) in network.migrations.enumerated() {
            let then = NetworkSchema(migrations: Array(network.migrations.prefix(index + 1)))
            try database.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
                try SchemaInstaller.migrate(database, to: then, atMilliseconds: 0)
            }
            let after = try database.read(Snapshot.init)
            found += before.breaches(by: after, usedGroups: usedGroups).map { "\(migration.name): \($0)" }
            for table in after.schema.tables {
                usedGroups[table.name, default: []].formUnion(table.groups.map(\.number))
                guard before.schema[table.number] == nil else { continue }
                try database.writeWithoutTransaction { try MigrationRules.fill(table, $0) }
            }
            before = try database.read(Snapshot.init)
        }
        return found
    }

    /// Puts a row into a table, whatever its checks say.
    private static func fill(_ table: TableDescription, _ database: Database) throws {
        let values = table.columns.map { column in
            switch column.type {
            case .integer: "0"
            case .real: "0.5"
            case .text: "'x'"
            case .blob: "zeroblob(16)"
            }
        }
        let names = table.columns.map { quoted($0.name) }
        try database.execute(
            sql: """
                INSERT INTO \(quoted(table.name))(\((["id"] + names).joined(separator: ", ")))
                VALUES(\((["randomblob(16)"] + values).joined(separator: ", ")))
                """)
    }

    /// A schema and its rows at one moment.
    private struct Snapshot {
        let schema: SchemaDescription
        let classes: [Int64: String]
        /// How each table was declared.
        let statements: [String: String]
        let rows: [String: [[DatabaseValue]]]

        init(_ database: Database) throws {
            let schema = try ManifestReader.read(database)
            self.schema = schema
            classes = Dictionary(
                try Row.fetchAll(database, sql: "SELECT bit, code FROM ru_class").map { ($0["bit"], $0["code"]) },
                uniquingKeysWith: { first, _ in first })
            statements = Dictionary(
                try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'table'")
                    .map { ($0["name"], $0["sql"]) }, uniquingKeysWith: { first, _ in first })
            var rows: [String: [[DatabaseValue]]] = [:]
            for table in schema.tables {
                rows[table.name] = try Row.fetchAll(
                    database, sql: "SELECT * FROM \(quoted(table.name)) ORDER BY id"
                ).map { Array($0.databaseValues) }
            }
            self.rows = rows
        }

        func breaches(by after: Snapshot, usedGroups: [String: Set<UInt8>]) -> [String] {
            var found: [String] = []
            for (bit, code) in classes where after.classes[bit] != code {
                found.append("class \(code) is gone, or has another bit")
            }
            for table in schema.tables {
                guard let now = after.schema[table.number], now.name == table.name else {
                    found.append("table \(table.name) is gone, or has another name or number")
                    continue
                }
                found += table.breaches(by: now, usedGroups: usedGroups[table.name] ?? [])
                if !Snapshot.isExtended(statements[table.name] ?? "", to: after.statements[table.name] ?? "") {
                    found.append("\(table.name) is declared otherwise")
                }
                let columns = rows[table.name]?.first?.count ?? 0
                if after.rows[table.name]?.map({ Array($0.prefix(columns)) }) != rows[table.name] {
                    found.append("rows of \(table.name) are others than before")
                }
            }
            return found
        }

        /// Whether a declaration is another one with columns added, which SQLite puts after the last column and before
        /// what is said of the whole table.
        private static func isExtended(_ old: String, to new: String) -> Bool {
            if old == new { return true }
            let (before, after) = (Array(old.utf8), Array(new.utf8))
            let same = zip(before, after).prefix { $0 == $1 }.count
            // The comma that follows may be the old one or that of the new column.
            return after.count > before.count
                && (0...same).contains { kept in
                    let added = after[kept..<(kept + after.count - before.count)]
                    let first = added.first { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
                    return after.suffix(before.count - kept) == before.suffix(before.count - kept)
                        && first == UInt8(ascii: ",")
                }
        }
    }
}

extension TableDescription {
    fileprivate func breaches(by now: TableDescription, usedGroups: Set<UInt8>) -> [String] {
        var found: [String] = []
        if Array(now.columns.prefix(columns.count)) != columns {
            found.append("columns of \(name) are gone, or have another name, type, group or place")
        }
        for column in now.columns.dropFirst(columns.count) where usedGroups.contains(column.group) {
            found.append("\(name).\(column.name) joins group \(column.group), which is or was another's")
        }
        for group in groups where now.policy(of: group.number) != group.policy {
            found.append("group \(group.number) of \(name) has another policy")
        }
        if now.scopeKind != scopeKind || now.scopeColumn != scopeColumn { found.append("\(name) has another scope") }
        if now.disclosureClass != disclosureClass || now.classColumn != classColumn {
            found.append("\(name) has another class")
        }
        if now.writer != writer || now.isAppendOnly != isAppendOnly || now.isSet != isSet {
            found.append("\(name) is written by others, or in another way")
        }
        return found
    }
}
