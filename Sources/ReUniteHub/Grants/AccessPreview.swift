import GRDB
import ReUniteReplica
public import ReUniteSync

/// What a change of some cells would open and close, computed without changing anything.
public struct AccessPreview: Hashable, Sendable {
    public var partners: [Partner]

    /// One partner that would gain or lose rows.
    public struct Partner: Hashable, Sendable {
        public var id: Identifier
        public var code: String
        /// Rows that its offices would gain and lose, by class.
        public var gains: [ClassCount]
        public var loses: [ClassCount]
        /// Devices that hold the rows, or would.
        public var devices: [Device]
    }

    public struct ClassCount: Hashable, Sendable, Encodable {
        /// The class's code.
        public var code: String
        public var rows: Int
    }

    public struct Device: Hashable, Sendable {
        public var id: Identifier
        public var name: String
        public var role: String
        public var gains: Int
        public var loses: Int
        public var lastSeenMilliseconds: Int64?
        /// How many positions of the hub's order it has not seen.
        public var behind: Int64
        /// Edits that it last said it had not sent.
        public var unsent: Int64
    }
}

/// A cell that would have another value.
package struct ProposedCell: Hashable, Sendable {
    package var table: String
    package var key: Identifier
    package var column: String
    package var value: Value

    package init(table: String, key: Identifier, column: String, value: Value) {
        self.table = table
        self.key = key
        self.column = column
        self.value = value
    }
}

extension Hub {
    /// What the grants on some scopes would be if some cells were these.
    package func preview(_ cells: [ProposedCell], of scopes: [Identifier]) throws -> AccessPreview {
        try store.preview(cells, of: scopes, atMilliseconds: now)
    }
}

extension SQLiteHubStore {
    package func preview(
        _ cells: [ProposedCell], of scopes: [Identifier], atMilliseconds now: Int64
    ) throws -> AccessPreview {
        do {
            return try database.writeWithoutTransaction { database in
                var result = AccessPreview(partners: [])
                try database.inTransaction(.immediate) {
                    result = try AccessComparison(database, schema: schema, at: now).run(cells, scopes)
                    // Whatever was tried is taken back.
                    return .rollback
                }
                return result
            }
        } catch {
            throw Failure(sqlite: error, what: "Previewing the step", file: "hub.sqlite")
        }
    }
}

/// Compares the open grants with those that there would be, in a transaction that is rolled back.
private struct AccessComparison {
    private let transaction: HubTransaction
    private var database: Database { transaction.database }

    init(_ database: Database, schema: HubSchema, at now: Int64) throws {
        transaction = try HubTransaction(database, schema: schema, at: now)
    }

    private struct Change {
        var gains: [Int64: Int] = [:]
        var loses: [Int64: Int] = [:]
    }

    func run(_ cells: [ProposedCell], _ scopes: [Identifier]) throws -> AccessPreview {
        for cell in cells {
            let set = try EngineStatement(
                database, "UPDATE \(quoted(cell.table)) SET \(quoted(cell.column)) = ? WHERE id = ?")
            set.bind(1, cell.value)
            set.bind(2, cell.key)
            try set.run()
        }
        var changes: [Int64: Change] = [:]
        for scope in scopes {
            let number = try transaction.scope(scope)
            let wishes = try Wishes(transaction, of: scope).bySubscription()
            var masks: [Int64: UInt64] = [:]
            for row in try Row.fetchAll(
                database, sql: "SELECT sub, read_mask FROM hub_grant WHERE scope = ? AND closed IS NULL",
                arguments: [number])
            {
                masks[row["sub"]] = UInt64(bitPattern: row["read_mask"])
            }
            let rows = try counts(of: number)
            for subscription in Set(masks.keys).union(wishes.keys) {
                let before = masks[subscription] ?? 0
                let after = wishes[subscription]?.readMask ?? 0
                for (bit, count) in rows {
                    let mask = UInt64(1) << UInt64(bit)
                    if before & mask == 0 && after & mask != 0 {
                        changes[subscription, default: Change()].gains[bit, default: 0] += count
                    } else if before & mask != 0 && after & mask == 0 {
                        changes[subscription, default: Change()].loses[bit, default: 0] += count
                    }
                }
            }
        }
        return AccessPreview(partners: try partners(changes))
    }

    /// Live rows of a scope by class.
    private func counts(of scope: Int64) throws -> [Int64: Int] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT class, count(*) AS rows FROM hub_row WHERE scope = ? AND life = 1 GROUP BY class",
            arguments: [scope])
        return Dictionary(
            rows.map { ($0["class"] as Int64, $0["rows"] as Int) }, uniquingKeysWith: { first, _ in first })
    }

    private func partners(_ changes: [Int64: Change]) throws -> [AccessPreview.Partner] {
        let classes = try ClassCodes(database)
        func list(_ counts: [Int64: Int]) -> [AccessPreview.ClassCount] {
            counts.sorted { $0.key < $1.key }.map {
                AccessPreview.ClassCount(code: classes.code(of: $0.key) ?? "?", rows: $0.value)
            }
        }
        let position = transaction.position.rawValue
        return try Row.fetchAll(database, sql: "SELECT id, code, sub FROM hub_partner ORDER BY code").compactMap {
            row in
            let partner = row.identifier("id")
            let devices = try Row.fetchAll(
                database,
                sql: "SELECT * FROM hub_device WHERE partner = ? AND state = 1 ORDER BY name, id",
                arguments: [partner.sqlBlob]
            ).compactMap { device -> AccessPreview.Device? in
                guard let change = changes[device["sub"]] else { return nil }
                let cursor: Int64 = device["cursor"]
                return AccessPreview.Device(
                    id: device.identifier("id"), name: device["name"], role: device["role"],
                    gains: change.gains.values.reduce(0, +), loses: change.loses.values.reduce(0, +),
                    lastSeenMilliseconds: device["last_seen_ms"], behind: position - cursor, unsent: device["unsent"])
            }
            let change = changes[row["sub"]] ?? Change()
            guard !devices.isEmpty || !change.gains.isEmpty || !change.loses.isEmpty else { return nil }
            return AccessPreview.Partner(
                id: partner, code: row["code"], gains: list(change.gains), loses: list(change.loses), devices: devices)
        }
    }
}
