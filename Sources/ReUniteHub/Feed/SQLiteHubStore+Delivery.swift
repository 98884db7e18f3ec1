import GRDB
import ReUniteReplica
public import ReUniteSync

extension SQLiteHubStore {
    public func delivery(
        for device: DeviceRecord, after cursor: Position, want: [Tombstone], echoes: Bool,
        page: ([RowState]) throws -> Void
    ) throws -> DeliveryContent {
        try read("Building a delivery") { database in
            try DeliveryBuilder(database, schema: schema, device: device, cursor: cursor, scratch: folder)
                .build(want: want, echoes: echoes, page: page)
        }
    }

    /// Whether anything was put into a device's feed after a position.
    package func hasChanged(for device: DeviceRecord, since cursor: Position) throws -> Bool {
        try read("Comparing digests") { database in
            if try isBelowFloor(cursor, of: device, database) { return true }
            return try Int.fetchOne(
                database,
                sql: """
                    SELECT 1 FROM hub_feed WHERE sub = 0 AND position > ?1
                    UNION ALL SELECT 1 FROM hub_feed WHERE sub = ?2 AND position > ?1 LIMIT 1
                    """, arguments: [cursor.rawValue, device.subscription]) != nil
        }
    }

    package func newestClosing(to device: Identifier, after position: Position) throws -> Position? {
        try read("Looking for what was closed") { database in
            try Int64.fetchOne(
                database.cachedStatement(
                    sql: "SELECT max(closed) FROM hub_purge WHERE device = ? AND closed > ? AND state = 0"),
                arguments: [device.sqlBlob, position.rawValue]
            ).map { Position($0) }
        }
    }

    /// The digest of everything that a device may hold now.
    package func digest(for device: DeviceRecord) throws -> VersionDigest {
        try read("Comparing digests") { database in
            var digest = try FeedStore.digest(of: FeedStore.shared, database)
            digest.add(try FeedStore.digest(of: device.subscription, database))
            return digest
        }
    }

    public func waitingDelivery(_ id: Identifier) throws -> WaitingDelivery? {
        try read("Finding a delivery") { database in
            try Row.fetchOne(database, sql: "SELECT * FROM hub_delivery WHERE id = ?", arguments: [id.sqlBlob]).map {
                WaitingDelivery(
                    id: id, device: $0.identifier("device"), subscription: $0["sub"],
                    from: Position($0["from_position"]), to: Position($0["to_position"]), bytes: $0["bytes"],
                    madeMilliseconds: $0["made_ms"])
            }
        }
    }

    package func voidDeliveries() throws -> [Identifier] {
        try read("Listing deliveries") { database in
            try Row.fetchAll(database, sql: "SELECT id FROM hub_void").map { $0.identifier("id") }
        }
    }

    package func forget(void ids: [Identifier]) throws {
        try write("Removing void deliveries") { database in
            let forget = try EngineStatement(database, "DELETE FROM hub_void WHERE id = ?")
            for id in ids {
                forget.bind(1, id)
                try forget.run()
            }
        }
    }

    public func pruneDeliveries(before milliseconds: Int64) throws -> Set<Identifier> {
        try write("Pruning deliveries") { database in
            try database.execute(sql: "DELETE FROM hub_delivery WHERE made_ms < ?", arguments: [milliseconds])
            return Set(try Row.fetchAll(database, sql: "SELECT id FROM hub_delivery").map { $0.identifier("id") })
        }
    }
}

extension Database {
    /// Makes the deliveries that wait for a subscription void, whatever has been fetched of them.
    func voidDeliveries(to subscription: Int64) throws {
        try voidDeliveries("sub", subscription.databaseValue)
    }

    /// Makes the delivery that waits for a device void.
    func voidDeliveries(of device: Identifier) throws {
        try voidDeliveries("device", device.sqlBlob.databaseValue)
    }

    private func voidDeliveries(_ column: String, _ value: DatabaseValue) throws {
        try execute(
            sql: "INSERT OR IGNORE INTO hub_void(id) SELECT id FROM hub_delivery WHERE \(column) = ?",
            arguments: [value])
        try execute(sql: "DELETE FROM hub_delivery WHERE \(column) = ?", arguments: [value])
    }
}

/// Collects what a device must be told, in one read transaction, so that nothing that moves meanwhile is missed.
private final class DeliveryBuilder {
    private let database: Database
    private let schema: HubSchema
    private let device: DeviceRecord
    private let cursor: Position
    private let rows: HubRowStore
    private var readers: [UInt16: RowReader] = [:]
    private var scopes: [Int64: Identifier] = [:]
    private var masks: [Int64: UInt64] = [:]
    private var content: DeliveryContent
    private var shown: DisclosureDraft
    /// The folder for what is too long for memory.
    private let scratch: String
    /// The rows of the tombstones.
    private var gone = Set<RowKey>()

    init(
        _ database: Database, schema: HubSchema, device: DeviceRecord, cursor: Position, scratch: String
    ) throws {
        self.database = database
        self.scratch = scratch
        shown = DisclosureDraft(scratch: scratch)
        self.schema = schema
        self.device = device
        self.cursor = cursor
        rows = try HubRowStore(database)
        let position = try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0
        var digest = try FeedStore.digest(of: FeedStore.shared, database)
        digest.add(try FeedStore.digest(of: device.subscription, database))
        content = DeliveryContent(position: Position(position), digest: digest)
    }

    /// The positions of one batch of the device's own.
    private struct OwnBatch {
        let positions: ClosedRange<Int64>
        /// The tables as its author knew them; nil where they are as they are now.
        let tables: SchemaDescription?

        /// Whether its author can have written a group.
        func knows(_ group: UInt8, of table: UInt16) -> Bool {
            guard let tables else { return true }
            return tables[table].map { $0.allGroups & (1 << UInt64(group)) != 0 } ?? false
        }
    }

    /// A page ends where its values come to about this many bytes.
    private static let bytesPerPage = 2 << 20

    func build(want: [Tombstone], echoes: Bool, page: ([RowState]) throws -> Void) throws -> DeliveryContent {
        let entered = try collectScopes()
        let (forced, own) = try collectReceipts()
        let whole = Set(want.map { RowKey(table: $0.table, key: $0.key) })
        // The rows that the device is told of, by stamp: in the order in which they were made, so that tables fill as they
        // did at their authors'. Values are read when a row's page is made.
        let places = RowList(folder: scratch)
        func take(_ key: RowKey) throws {
            guard let stamp = try stamp(of: key, entered: entered, isWhole: whole.contains(key)) else { return }
            try places.add(key, group: stamp.rawValue)
        }
        try eachChangedRow(take)
        for key in whole.sorted() { try take(key) }
        for key in forced.keys.sorted() { try take(key) }
        var rows: [RowState] = []
        var bytes = 0
        try places.walk { place, _ in
            let row = try state(
                of: place.row, entered: entered, forced: forced[place.row] ?? 0, isWhole: whole.contains(place.row),
                echo: echoes ? own : [])
            bytes += DeliveryBuilder.size(of: row)
            rows.append(row)
            content.rowCount += 1
            if rows.count == Delivery.rowsPerPage || bytes > DeliveryBuilder.bytesPerPage {
                try page(rows)
                rows.removeAll(keepingCapacity: true)
                bytes = 0
            }
        }
        if !rows.isEmpty { try page(rows) }
        content.disclosures = try shown.finished(for: device.subscription, database)
        return content
    }

    private static func size(of row: RowState) -> Int {
        row.values.reduce(0) { sum, value in
            switch value {
            case .text(let text): sum + text.utf8.count
            case .blob(let bytes): sum + bytes.count
            case .null, .integer, .real: sum
            }
        }
    }

    // MARK: Scopes

    /// Scopes that came or went. From the beginning, all that are open.
    private func collectScopes() throws -> NumberSet {
        var entered = NumberSet()
        let marks = try Row.fetchCursor(
            database,
            sql: """
                SELECT s.no, s.id, g.opened, g.read_mask, g.write_mask FROM hub_feed f
                JOIN hub_scope s ON s.id = f.key
                LEFT JOIN hub_grant g ON g.sub = f.sub AND g.scope = s.no AND g.closed IS NULL AND g.read_mask <> 0
                WHERE f.sub = ? AND f.position > ? AND f.kind = 1 ORDER BY f.position
                """, arguments: [device.subscription, cursor.rawValue])
        while let row = try marks.next() {
            let id = row.identifier("id")
            if let opened = row["opened"] as Int64? {
                entered.insert(row["no"])
                content.events.append(
                    ScopeEvent(
                        kind: .enter, scope: id, epoch: Position(opened),
                        readMask: UInt64(bitPattern: row["read_mask"]),
                        writeMask: UInt64(bitPattern: row["write_mask"]) & UInt64(bitPattern: row["read_mask"])))
            } else if cursor > .zero {
                content.events.append(
                    ScopeEvent(kind: .leave, scope: id, epoch: .zero, readMask: 0, writeMask: 0))
            }
        }
        return entered
    }

    // MARK: Receipts

    /// The device's receipts since its cursor: groups whose values it must be told, and the positions of its own ops,
    /// whose values it need not be told.
    private func collectReceipts() throws -> (forced: [RowKey: UInt64], echo: [OwnBatch]) {
        var forced: [RowKey: UInt64] = [:]
        var own: [OwnBatch] = []
        // One at a time: the batches of a first import are as large as the replica.
        let stored = try Row.fetchCursor(
            database,
            sql: """
                SELECT receipt, header, ops FROM hub_batch WHERE device = ? AND receipt_position > ? ORDER BY receipt_position
                """, arguments: [device.id.sqlBlob, cursor.rawValue])
        while let row = try stored.next() {
            let receipt = try Receipt(decoding: row.bytes("receipt"))
            content.receipts.append(receipt)
            let first = receipt.firstPosition.rawValue
            let version = Int(try BatchHeader(decoding: row.bytes("header")).schemaVersion)
            own.append(
                OwnBatch(
                    positions: first...max(first, first + Int64(receipt.opCount) - 1),
                    tables: version < schema.tables.version ? try schema.history.tables(at: version) : nil))
            guard !receipt.exceptions.isEmpty else { continue }
            // What cannot be decoded was quarantined whole; the device finds its rows on its own list.
            let ops = (try? OpCodec.decode(row.bytes("ops"), expecting: Int(receipt.opCount))) ?? []
            for exception in receipt.exceptions where Int(exception.index) < ops.count {
                let op = ops[Int(exception.index)]
                let groups = op.kind == .delete || op.kind == .create ? UInt64.max : exception.groups
                forced[op.row, default: 0] |= groups
            }
        }
        // A receipt that was amended comes later than its batch did.
        return (forced, own.sorted { $0.positions.lowerBound < $1.positions.lowerBound })
    }

    // MARK: Rows

    private func eachChangedRow(_ body: (RowKey) throws -> Void) throws {
        let statement = try EngineStatement(
            database,
            """
            SELECT tbl, key FROM hub_feed WHERE sub = ? AND position > ? AND kind = 0 ORDER BY position, tbl, key
            """)
        for subscription in [FeedStore.shared, device.subscription] {
            statement.bind(1, subscription)
            statement.bind(2, cursor.rawValue)
            while try statement.step() {
                guard let key = statement.identifier(1) else { continue }
                try body(RowKey(table: UInt16(truncatingIfNeeded: statement.int64(0)), key: key))
            }
        }
    }

    /// Where a row of which the device must be told stands among the others; nil, and a tombstone, where it must hear
    /// that there is none.
    private func stamp(of key: RowKey, entered: NumberSet, isWhole: Bool) throws -> Position? {
        guard let table = schema.tables[key.table] else { return nil }
        // Not where it may have been made there and is judged only now: such a row has no clock to be swept by.
        if !isWhole, content.receipts.isEmpty, try isSweptAnyway(key, table, entered) { return nil }
        guard let row = try rows.row(key.table, key.key), row.isAlive, try mayHold(row, table) else {
            // Dead, hidden, elsewhere, or never here: one answer for all of them.
            if gone.insert(key).inserted { content.tombstones.append(Tombstone(table: key.table, key: key.key)) }
            return nil
        }
        return row.clock.stamp
    }

    /// What the device is told of a row that has its place.
    private func state(
        of key: RowKey, entered: NumberSet, forced: UInt64, isWhole: Bool, echo: [OwnBatch]
    ) throws -> RowState {
        guard let table = schema.tables[key.table], let row = try rows.row(key.table, key.key) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a row went while it was being read")
        }
        var groups =
            isWhole || entered.contains(row.scope) || cursor == .zero || row.classed > cursor
            ? table.allGroups : row.clock.groups(after: cursor, of: table.allGroups)
        groups |= forced & table.allGroups
        var echoed: UInt64 = 0
        if !isWhole {
            // What the hub works out is never what was sent to it.
            for group in table.groups
            where !group.policy.isDecidedByHub && groups & ~forced & (1 << UInt64(group.number)) != 0 {
                let at = row.clock.position(of: group.number).rawValue
                if !row.clock.siblings.contains(where: { $0.group == group.number }),
                    DeliveryBuilder.batch(at: at, in: echo)?.knows(group.number, of: key.table) == true
                {
                    echoed |= 1 << UInt64(group.number)
                }
            }
        }
        groups &= ~echoed
        var values: [Value] = []
        if groups != 0 {
            if let all = try self.values(of: table, key.key) {
                values = table.columnIndexes(of: groups).map { all.indices.contains($0) ? all[$0] : .null }
            } else {
                // Somebody took it from the table past the hub. Whoever holds it may have the last copy, and must neither
                // sweep it away nor empty it: the row is named, with nothing of it.
                groups = 0
            }
        }
        try shown.note(row, table, groups: groups)
        return RowState(
            table: key.table, key: key.key, scope: try scopeID(row.scope), clock: row.clock, groups: groups,
            echoed: echoed, values: values)
    }

    /// Whether a row is hidden from the device, and the device will sweep it away with all that this delivery does not
    /// name: then it need not even hear that there is such a row.
    private func isSweptAnyway(_ key: RowKey, _ table: TableDescription, _ entered: NumberSet) throws -> Bool {
        guard table.classColumn != nil, let row = try rows.row(key.table, key.key), row.isAlive else { return false }
        return try (cursor == .zero || entered.contains(row.scope)) && !mayHold(row, table)
    }

    /// The batch that took a position, among batches in the order of theirs.
    private static func batch(at position: Int64, in batches: [OwnBatch]) -> OwnBatch? {
        var low = 0
        var high = batches.count
        while low < high {
            let middle = (low + high) / 2
            if batches[middle].positions.upperBound < position { low = middle + 1 } else { high = middle }
        }
        return low < batches.count && batches[low].positions.contains(position) ? batches[low] : nil
    }

    private func mayHold(_ row: HubRow, _ table: TableDescription) throws -> Bool {
        if table.scopeKind == .shared { return true }
        return try readMask(on: row.scope) & (1 << UInt64(row.disclosureClass)) != 0
    }

    private func readMask(on scope: Int64) throws -> UInt64 {
        if let mask = masks[scope] { return mask }
        if masks.count > DeliveryBuilder.scopesInMemory { masks.removeAll(keepingCapacity: true) }
        let mask = try Int64.fetchOne(
            database, sql: "SELECT read_mask FROM hub_grant WHERE sub = ? AND scope = ? AND closed IS NULL",
            arguments: [device.subscription, scope])
        masks[scope] = UInt64(bitPattern: mask ?? 0)
        return masks[scope] ?? 0
    }

    /// Of so many scopes what was found is kept: rows that were made together are often of one scope.
    private static let scopesInMemory = 4_096

    /// What a row shows; nil where it is not in its table.
    private func values(of table: TableDescription, _ key: Identifier) throws -> [Value]? {
        if let reader = readers[table.number] { return try reader.read(key) }
        let reader = try RowReader(database, table)
        readers[table.number] = reader
        return try reader.read(key)
    }

    /// To send nothing in its place would empty it wherever it is.
    private func scopeID(_ number: Int64) throws -> Identifier {
        if let id = scopes[number] { return id }
        if scopes.count > DeliveryBuilder.scopesInMemory { scopes.removeAll(keepingCapacity: true) }
        let row = try Row.fetchOne(database, sql: "SELECT id FROM hub_scope WHERE no = ?", arguments: [number])
        let id = row?.identifier("id") ?? .zero
        scopes[number] = id
        return id
    }
}
