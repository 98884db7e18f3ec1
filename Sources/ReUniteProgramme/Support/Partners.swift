package import GRDB
import ReUniteReplica
package import ReUniteSync

/// An organisation in the network, as everyone sees it.
package struct PartnerSummary: Hashable, Sendable, Encodable {
    package let id: Identifier
    package let code: String
    package let name: String
    package let area: String?
    package let isActive: Bool

    private enum CodingKeys: String, CodingKey {
        case id, code, name, area
        case isActive = "active"
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(id.description, forKey: .id)
        try container.encode(code, forKey: .code)
        try container.encode(name, forKey: .name)
        try container.encodeIfPresent(area, forKey: .area)
        try container.encode(isActive, forKey: .isActive)
    }
}

/// The partners that this replica knows of: shared rows from the hub.
package enum Partners {
    /// How many characters a partner's code has.
    package static let codeLength = 2...20

    package static func list(in database: Database) throws -> [PartnerSummary] {
        try Row.fetchAll(database, sql: "SELECT id, code, name, area, active FROM partner ORDER BY code").map(summary)
    }

    /// The active partner with this code, in any case of letters.
    ///
    /// - Throws: ``Failure`` (noInput) when there is none; (badData) when two have it.
    package static func find(code: String, in database: Database) throws -> PartnerSummary {
        let found = try list(in: database).filter { $0.isActive && $0.code.uppercased() == code.uppercased() }
        guard let partner = found.first else {
            throw Failure(
                .noInput, what: "Finding the partner", why: "no active partner has that code here",
                remedy: "Check the code, or sync: partners arrive from the hub")
        }
        guard found.count == 1 else {
            throw Failure(
                .badData, what: "Finding the partner", why: "\(found.count) partners have that code",
                remedy: "Ask the hub's operator to mend it")
        }
        return partner
    }

    /// Puts in a partner's row. Only the hub's operator does; replicas receive it.
    ///
    /// - Throws: ``Failure`` (badData) for an area or type that the network does not have, or a code that is none.
    package static func add(
        id: Identifier, code: String, name: String, area: String, type: String?, in database: Database
    ) throws {
        let what = "Adding the partner"
        let code = try TypedText.name(code, what, of: "partner's code", codeLength)
        let name = try TypedText.name(name, what, of: "partner's name")
        let areas = try String.fetchAll(database, sql: "SELECT code FROM area ORDER BY code")
        guard areas.contains(area) else {
            throw Failure(
                .badData, what: what, why: "there is no area with the code \(area)",
                remedy: "Use one of \(areas.joined(separator: ", "))")
        }
        if let type {
            let types = try Codes.active("partner.org_type", in: database)
            guard types.contains(type) else {
                throw Failure(
                    .badData, what: what, why: "there is no such type of organisation",
                    remedy: "Use one of \(types.sorted().joined(separator: ", "))")
            }
        }
        try database.execute(
            sql: "INSERT INTO partner(id, code, name, area, org_type) VALUES(?, ?, ?, ?, ?)",
            arguments: [id.sqlBlob, code, name, area, type])
    }

    static func find(_ id: Identifier, in database: Database) throws -> PartnerSummary? {
        try Row.fetchOne(
            database, sql: "SELECT id, code, name, area, active FROM partner WHERE id = ?", arguments: [id.sqlBlob]
        ).map(summary)
    }

    static func codes(in database: Database) throws -> [Identifier: String] {
        Dictionary(try list(in: database).map { ($0.id, $0.code) }, uniquingKeysWith: { first, _ in first })
    }

    private static func summary(_ row: Row) -> PartnerSummary {
        PartnerSummary(
            id: row.identifier("id"), code: row["code"], name: row["name"], area: row["area"],
            isActive: row["active"] == 1)
    }
}
