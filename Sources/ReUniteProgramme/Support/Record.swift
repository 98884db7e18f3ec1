import GRDB
import ReUniteReplica
package import ReUniteSync

/// One row of a synced table, for showing: its columns by name.
///
/// As JSON its ids are UUIDs, its `*_at` columns times, its `*partner_id` columns codes as well (`partner`), and
/// empty columns are left out.
package struct Record: Hashable, Sendable {
    package let id: Identifier
    /// Without the key and without empty columns.
    package let values: [String: Value]
    /// The codes of the partners that the row names, by column without `_id`.
    package let partners: [String: String]

    /// The text in a column; nil where there is none.
    package subscript(_ column: String) -> String? {
        guard case .text(let text)? = values[column] else { return nil }
        return text
    }
}

extension Record {
    /// The rows of a table whose column has this id, in the order in which they were made.
    static func fetch(
        _ table: String, where column: String, is id: Identifier, codes: [Identifier: String], in database: Database
    ) throws -> [Record] {
        try fetch(table, where: column, is: id, "ORDER BY substr(id, 1, 6), rowid", codes: codes, in: database)
    }

    /// The same, the newest first.
    static func newest(
        _ table: String, where column: String, is id: Identifier, most: Int, codes: [Identifier: String],
        in database: Database
    ) throws -> [Record] {
        try fetch(
            table, where: column, is: id, "ORDER BY substr(id, 1, 6) DESC, rowid DESC LIMIT \(most)", codes: codes,
            in: database)
    }

    private static func fetch(
        _ table: String, where column: String, is id: Identifier, _ order: String, codes: [Identifier: String],
        in database: Database
    ) throws -> [Record] {
        let columns = try String.fetchAll(
            database, sql: "SELECT name FROM ru_column WHERE tbl = ? ORDER BY rowid", arguments: [table])
        let fields = (["id"] + columns).map(quoted).joined(separator: ", ")
        return try Row.fetchAll(
            database,
            sql: "SELECT \(fields) FROM \(quoted(table)) WHERE \(quoted(column)) = ? \(order)",
            arguments: [id.sqlBlob]
        ).map { row in
            var values: [String: Value] = [:]
            var partners: [String: String] = [:]
            for name in columns {
                let value = Value(row[name] as DatabaseValue)
                guard value != .null else { continue }
                values[name] = value
                guard name.hasSuffix("partner_id"), let code = codes[row.identifier(name)] else { continue }
                partners[String(name.dropLast(3))] = code
            }
            return Record(id: row.identifier("id"), values: values, partners: partners)
        }
    }
}

extension [UInt8] {
    /// A UUID for 16 bytes, hexadecimal for any other length.
    var shown: String {
        if let identifier = Identifier(bytes: self) { return identifier.description }
        return map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Record: Encodable {
    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(_ name: String) { stringValue = name }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(id.description, forKey: Key("id"))
        for (name, value) in values {
            switch value {
            case .null: continue
            case .integer(let number) where name.hasSuffix("_at"):
                try container.encode(CivilTime.instant(milliseconds: number), forKey: Key(name))
            case .integer(let number): try container.encode(number, forKey: Key(name))
            case .real(let number): try container.encode(number, forKey: Key(name))
            case .text(let text): try container.encode(text, forKey: Key(name))
            case .blob(let bytes): try container.encode(bytes.shown, forKey: Key(name))
            }
        }
        for (name, code) in partners { try container.encode(code, forKey: Key(name)) }
    }
}
