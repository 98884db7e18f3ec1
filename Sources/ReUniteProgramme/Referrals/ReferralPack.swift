import Crypto
package import GRDB
import ReUniteReplica
package import ReUniteSync

/// The facts that a tier names, frozen: what the receiver is shown before the case is theirs to see.
package struct ReferralPack: Hashable, Sendable {
    package let tier: String
    /// Canonical JSON: `facts` by table, each a list of rows in the order of their ids; empty columns are left out.
    package let items: String
    /// Of the UTF-8 bytes of ``items``.
    package let sha256: [UInt8]

    /// The limit of the column, in characters.
    private static let longest = 100_000

    /// Collects the rows of a case whose class is in the tier.
    ///
    /// Which tables those are, the schema says: a table that a later migration adds is in when its class is. Of
    /// consents only those that name this receiver, or nobody: whom else she trusts is not the receiver's business.
    ///
    /// - Throws: ``Failure`` (badData) when that is more than a pack holds, or when the tier has addresses, what a child
    ///   said or safeguarding in it: those travel item by item.
    package static func build(
        for id: Identifier, tier: String, receiver: Identifier, in database: Database
    ) throws -> ReferralPack {
        let facts = try facts(for: id, tier: tier, receiver: receiver, in: database)
        let pack = pack(facts, tier: tier, part: nil)
        guard pack.items.unicodeScalars.count <= longest else { throw tooLarge }
        return pack
    }

    /// The same, in as many packs as it takes where the sender freezes the whole case to keep it. What a receiver is
    /// to read before it accepts has to fit into one.
    package static func parts(
        for id: Identifier, tier: String, receiver: Identifier, in database: Database
    ) throws -> [ReferralPack] {
        let facts = try facts(for: id, tier: tier, receiver: receiver, in: database)
        let whole = pack(facts, tier: tier, part: nil)
        if whole.items.unicodeScalars.count <= longest { return [whole] }
        guard tier == "T4" else { throw tooLarge }
        var parts: [[Fact]] = [[]]
        var length = 0
        for fact in facts {
            // The table's name, commas and brackets besides.
            let size = fact.row.text.unicodeScalars.count + fact.table.utf8.count + 8
            if length + size > longest - 200, length > 0 {
                parts.append([])
                length = 0
            }
            parts[parts.count - 1].append(fact)
            length += size
        }
        return parts.enumerated().map { pack($0.element, tier: tier, part: ($0.offset + 1, parts.count)) }
    }

    private struct Fact {
        let table: String
        let row: CanonicalJSON
    }

    private static var tooLarge: Failure {
        Failure(
            .badData, what: "Freezing the pack", why: "the case holds more than a pack may (\(longest) characters)",
            remedy: "Shorten long entries and try again")
    }

    private static func pack(_ facts: [Fact], tier: String, part: (number: Int, of: Int)?) -> ReferralPack {
        let byTable = Dictionary(grouping: facts, by: \.table).mapValues { CanonicalJSON.array($0.map(\.row)) }
        var content: [String: CanonicalJSON] = [
            "facts": .object(byTable), "tier": .text(tier), "version": .integer(1),
        ]
        if let part {
            content["part"] = .integer(Int64(part.number))
            content["parts"] = .integer(Int64(part.of))
        }
        let items = CanonicalJSON.object(content).text
        return ReferralPack(tier: tier, items: items, sha256: hash(items))
    }

    private static func facts(
        for id: Identifier, tier: String, receiver: Identifier, in database: Database
    ) throws -> [Fact] {
        guard ["T2", "T3", "T4"].contains(tier) else {
            throw Failure(
                .badData, what: "Freezing the pack", why: "no pack holds what is confidential",
                remedy: "Tell it to the person who needs it")
        }
        let tables = try Row.fetchAll(
            database,
            sql: """
                SELECT t.name, t.scope_column FROM ru_table t JOIN tier_class k ON k.class = t.class
                WHERE t.scope_kind = 'case' AND k.tier = ? ORDER BY t.number
                """, arguments: [tier])
        return try tables.flatMap { table in
            let name: String = table["name"]
            return try rows(of: name, scope: table["scope_column"], id: id, receiver: receiver, in: database)
                .map { Fact(table: name, row: $0) }
        }
    }

    static func hash(_ items: String) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: Array(items.utf8))
        return Array(hash.finalize())
    }

    private static func rows(
        of table: String, scope: String, id: Identifier, receiver: Identifier, in database: Database
    ) throws -> [CanonicalJSON] {
        let columns =
            ["id"]
            + (try String.fetchAll(
                database, sql: "SELECT name FROM ru_column WHERE tbl = ? ORDER BY name", arguments: [table]))
        var sql = """
            SELECT \(columns.map(quoted).joined(separator: ", ")) FROM \(quoted(table)) WHERE \(quoted(scope)) = ?
            """
        var arguments: StatementArguments = [id.sqlBlob]
        if table == "consent" {
            sql += " AND (partner_id IS NULL OR partner_id = ?)"
            arguments += [receiver.sqlBlob]
        }
        return try Row.fetchAll(database, sql: sql + " ORDER BY id", arguments: arguments).map { row in
            var members: [String: CanonicalJSON] = [:]
            for name in columns {
                switch Value(row[name] as DatabaseValue) {
                case .null: continue
                case .integer(let value): members[name] = .integer(value)
                case .real(let value): members[name] = .real(value)
                case .text(let value): members[name] = .text(value)
                case .blob(let value): members[name] = .text(value.shown)
                }
            }
            return .object(members)
        }
    }
}
