import GRDB
import ReUniteReplica
import ReUniteSync

/// Compares the open grants with those that there would be. Whoever began the transaction rolls it back.
///
/// The scopes are those that the engine would look at again if the rows were written, and the grants those that it
/// would then give: to a partner's offices, and to each of its field devices by its caseload.
struct AccessComparison {
    private let transaction: HubTransaction
    private var database: Database { transaction.database }

    /// A device that asks, and may not be told all of it: of other partners only what happens to those that hold the
    /// row it asks about, in scopes that the device holds or would hold itself, and there only rows of classes that it
    /// may read before the step or after it. A count of the others would say that there is such a row.
    struct Viewer {
        var device: DeviceRecord
        /// The number of the scope of that row.
        var scope: Int64
    }

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    private struct Change {
        var before: UInt64 = 0
        var after: UInt64 = 0

        var isHeld: Bool { before | after != 0 }
        var gained: UInt64 { after & ~before }
        var lost: UInt64 { before & ~after }

        func within(_ classes: UInt64) -> Change {
            Change(before: before & classes, after: after & classes)
        }
    }

    func run(_ rows: [ProposedRow], for viewer: Viewer?) throws -> AccessPreview {
        var scopes = Set<Identifier>()
        for row in rows { scopes.formUnion(try write(row)) }
        // What the hub would see to next, because something moved in these scopes: there too grants may move.
        scopes.formUnion(try DutyReach(database, transaction.schema).subjects(of: scopes))
        var changes: [Int64: [Int64: Change]] = [:]
        for scope in scopes {
            let number = try transaction.scope(scope)
            changes[number] = try compare(scope, number)
        }
        return AccessPreview(partners: try partners(changes, viewer))
    }

    // MARK: What would be

    /// Writes a row as it would be, and says which scopes it may move: by what it said before, and says now.
    private func write(_ row: ProposedRow) throws -> Set<Identifier> {
        guard let table = transaction.schema.tables.tables.first(where: { $0.name == row.table }) else { return [] }
        let columns = row.cells.map { quoted($0.column) }
        guard let key = row.key else {
            let insert = try EngineStatement(
                database,
                """
                INSERT INTO \(quoted(table.name))(\(columns.joined(separator: ", ")))
                VALUES(\(columns.map { _ in "?" }.joined(separator: ", "))) RETURNING id
                """)
            for (index, cell) in row.cells.enumerated() { insert.bind(Int32(index + 1), cell.value) }
            guard try insert.step(), let made = insert.identifier(0) else { return [] }
            insert.reset()
            return try transaction.grantScopes(table, made, scopeID: .zero)
        }
        guard let held = try transaction.rows.row(table.number, key), held.isAlive else { return [] }
        let scope = try transaction.scopeID(held.scope)
        let before = try transaction.grantScopes(table, key, scopeID: scope)
        let update = try EngineStatement(
            database,
            """
            UPDATE \(quoted(table.name)) SET \(columns.map { "\($0) = ?" }.joined(separator: ", ")) WHERE id = ?
            """)
        for (index, cell) in row.cells.enumerated() { update.bind(Int32(index + 1), cell.value) }
        update.bind(Int32(row.cells.count + 1), key)
        try update.run()
        return try before.union(transaction.grantScopes(table, key, scopeID: scope))
    }

    /// What each subscription may read of a scope, and might.
    private func compare(_ scope: Identifier, _ number: Int64) throws -> [Int64: Change] {
        var changes: [Int64: Change] = [:]
        for row in try Row.fetchAll(
            database, sql: "SELECT sub, read_mask FROM hub_grant WHERE scope = ? AND closed IS NULL",
            arguments: [number])
        {
            changes[row["sub"], default: Change()].before = UInt64(bitPattern: row["read_mask"])
        }
        for (subscription, wish) in try Wishes(transaction, of: scope).bySubscription() {
            changes[subscription, default: Change()].after = wish.readMask
        }
        return changes
    }

    // MARK: Counting

    /// Live rows of a scope by class.
    private func counts(of scope: Int64) throws -> [Int64: Int] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT class, count(*) AS rows FROM hub_row WHERE scope = ? AND life = 1 GROUP BY class",
            arguments: [scope])
        return Dictionary(
            rows.map { ($0["class"] as Int64, $0["rows"] as Int) }, uniquingKeysWith: { first, _ in first })
    }

    /// What one subscription gains and loses, by class, and which devices may hold what it loses.
    private struct Tally {
        var gains: [Int64: Int] = [:]
        var loses: [Int64: Int] = [:]
        /// Rows that would leave, by device.
        var held: [Identifier: Int] = [:]

        var isEmpty: Bool { gains.isEmpty && loses.isEmpty }
    }

    private func tally(
        _ subscription: Int64, _ changes: [Int64: [Int64: Change]], _ rows: [Int64: [Int64: Int]]
    ) throws -> Tally {
        var tally = Tally()
        for (scope, bySubscription) in changes {
            guard let change = bySubscription[subscription] else { continue }
            var leaving = 0
            for (bit, count) in rows[scope] ?? [:] {
                let mask = UInt64(1) << UInt64(bit)
                if change.gained & mask != 0 { tally.gains[bit, default: 0] += count }
                if change.lost & mask != 0 {
                    tally.loses[bit, default: 0] += count
                    leaving += count
                }
            }
            guard leaving > 0 else { continue }
            let holders = try PurgeStore(transaction).holders(of: subscription, scope: scope, lost: change.lost)
            for device in holders { tally.held[device, default: 0] += leaving }
        }
        return tally
    }

    private func partners(
        _ changes: [Int64: [Int64: Change]], _ viewer: Viewer?
    ) throws -> [AccessPreview.Partner] {
        let rows = try Dictionary(
            uniqueKeysWithValues: changes.keys.map { scope in (scope, try counts(of: scope)) })
        let visible = viewer.map { viewer in
            changes.compactMapValues { bySubscription -> [Int64: Change]? in
                guard let own = bySubscription[viewer.device.subscription], own.isHeld else { return nil }
                return bySubscription.mapValues { $0.within(own.before | own.after) }
            }
        }
        return try Row.fetchAll(database, sql: "SELECT id, code, sub FROM hub_partner ORDER BY code").compactMap {
            row in
            let partner = row.identifier("id")
            var told = changes
            if let viewer, let visible, partner != viewer.device.partner {
                guard visible[viewer.scope]?[row["sub"]]?.isHeld == true else { return nil }
                told = visible
            }
            let devices = try self.devices(of: partner, told, rows)
            let whole = try tally(row["sub"], told, rows)
            guard !devices.isEmpty || !whole.isEmpty else { return nil }
            return AccessPreview.Partner(
                id: partner, code: row["code"], gains: try named(whole.gains), loses: try named(whole.loses),
                devices: devices)
        }
    }

    private func devices(
        of partner: Identifier, _ changes: [Int64: [Int64: Change]], _ rows: [Int64: [Int64: Int]]
    ) throws -> [AccessPreview.Device] {
        let position = transaction.position.rawValue
        return try Row.fetchAll(
            database,
            sql: "SELECT * FROM hub_device WHERE partner = ? AND state = 1 AND clone_ms IS NULL ORDER BY name, id",
            arguments: [partner.sqlBlob]
        ).compactMap { device in
            let id = device.identifier("id")
            let tally = try self.tally(device["sub"], changes, rows)
            let gains = tally.gains.values.reduce(0, +)
            let loses = tally.held[id] ?? 0
            guard gains + loses > 0 else { return nil }
            let cursor: Int64 = device["cursor"]
            return AccessPreview.Device(
                id: id, name: device["name"], role: device["role"], gains: gains, loses: loses,
                lastSeenMilliseconds: device["last_seen_ms"], behind: position - cursor, unsent: device["unsent"])
        }
    }

    private func named(_ counts: [Int64: Int]) throws -> [AccessPreview.ClassCount] {
        let codes = try ClassCodes(database)
        return counts.sorted { $0.key < $1.key }.map {
            AccessPreview.ClassCount(code: codes.code(of: $0.key) ?? "?", rows: $0.value)
        }
    }
}
