import GRDB
import ReUniteSync

/// Columns that should tell the rows of a table apart, as the network's schema declares them (`ru_natural_key`).
///
/// Nothing enforces it: two offices may each be right to have used a number, and neither may learn of the other by an
/// error. Both rows stay, and the operator is asked.
struct NaturalKey: Hashable, Sendable {
    let name: String
    let columns: [String]
    /// The groups whose change can make a clash or end one: all of them where a column is computed.
    let groups: UInt64

    static func byTable(_ rows: [Row], _ schema: SchemaDescription) throws -> [UInt16: [NaturalKey]] {
        var keys: [UInt16: [NaturalKey]] = [:]
        for row in rows {
            let name: String = row["tbl"]
            guard let table = schema.tables.first(where: { $0.name == name }) else {
                throw Failure(
                    .configuration, what: "Reading the schema", why: "a natural key names a table that is not synced",
                    remedy: "Use the version of reunite-sync that made this hub")
            }
            let columns = (row["cols"] as String).split(separator: ",").map { String($0.filter { $0 != " " }) }
            var groups: UInt64 = 0
            for column in columns {
                let declared = table.columns.first { $0.name == column }
                groups |= declared.map { 1 << UInt64($0.group) } ?? table.allGroups
            }
            keys[table.number, default: []].append(NaturalKey(name: row["name"], columns: columns, groups: groups))
        }
        return keys
    }
}
