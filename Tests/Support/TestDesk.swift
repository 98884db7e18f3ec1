package import ReUniteReplica
package import ReUniteSync

/// One desk of the lending library: a device with a replica, in a folder of its own, and the hub that it believes.
package struct TestDesk: Sendable {
    package static let device = Identifier(high: 0xDE51_0000_0000_7000, low: 0x8000_0000_0000_0001)
    /// The room whose rows this desk holds.
    package static let room = Identifier(high: 0x4004_0000_0000_7000, low: 0x8000_0000_0000_0001)
    /// The same as an SQL literal.
    package static let roomLiteral = "x'\(hex(room))'"

    package let folder: TemporaryFolder
    package let hub: TestHub
    package let time: ScriptedTime
    package let randomness: ScriptedRandomness
    package let keys: DeviceKeys
    package let replica: Replica

    package var path: String { replica.path }

    package init(network: NetworkSchema = TinyNetwork.network, seed: UInt64 = 1) throws {
        folder = try TemporaryFolder()
        hub = TestHub()
        time = ScriptedTime()
        randomness = ScriptedRandomness(seed: seed)
        keys = DeviceKeys.generate()
        replica = try makeReplica(
            at: folder.file("library.sqlite"), network: network, hub: hub, keys: keys, time: time,
            randomness: randomness)
    }

    /// Opens the file once more, as the next start of the programme would.
    package func reopened(network: NetworkSchema = TinyNetwork.network) throws -> Replica {
        try Replica.open(path: path, network: network, time: time, randomness: randomness.identifier)
    }

    // MARK: What other programs do

    /// Runs SQL in the `sqlite3` shell.
    @discardableResult
    package func shell(_ script: String) throws -> ForeignClient.Result {
        try ForeignClient.shell(script, on: path)
    }

    @discardableResult
    package func python(_ programme: String) throws -> ForeignClient.Result {
        try ForeignClient.python(programme, on: path)
    }

    // MARK: What the hub does

    /// The hub accepts everything that is in the outbox: the replica then holds it as decided.
    ///
    /// - Parameter terms: what it promises with that.
    package func accept(terms: DeviceTerms = DeviceTerms()) throws {
        try replica.seal()
        let sealed = try sealedBatches(of: replica).filter { !$0.isJudged }
        var touched: [Row] = []
        var receipts: [Receipt] = []
        for batch in sealed {
            let first = hub.advance()
            for _ in batch.ops.dropFirst() { _ = hub.advance() }
            receipts.append(
                Receipt(
                    batch: batch.signed.id, firstPosition: first, opCount: UInt32(batch.ops.count), exceptions: []))
            for op in batch.ops where !touched.contains(Row(op)) { touched.append(Row(op)) }
        }
        var rows: [RowState] = []
        var tombstones: [Tombstone] = []
        try replica.read("Reading") { database in
            for row in touched {
                guard let table = replica.schema[row.table] else { continue }
                if let values = try RowReader(database, table).read(row.key) {
                    rows.append(state(table, row.key, values))
                } else {
                    tombstones.append(Tombstone(table: row.table, key: row.key))
                }
            }
        }
        try deliver(rows: rows, tombstones: tombstones, receipts: receipts, terms: terms)
    }

    /// The hub sends these rows.
    ///
    /// - Parameter layout: the hub's tables, where they are others than the replica's.
    package func deliver(
        rows: [RowState], tombstones: [Tombstone] = [], receipts: [Receipt] = [], terms: DeviceTerms = DeviceTerms(),
        layout: SchemaDescription? = nil
    ) throws {
        let delivery = Delivery(
            from: try replica.facts().cursor, checkpoint: try hub.checkpoint(for: TestDesk.device, terms: terms),
            receipts: receipts, rows: rows, tombstones: tombstones)
        _ = try replica.apply(
            try delivery.encoded(layout: layout ?? replica.schema), hubMilliseconds: time.wallMilliseconds)
    }

    /// A whole row as the hub would send it, at a new position.
    package func state(_ table: TableDescription, _ key: Identifier, _ values: [Value]) -> RowState {
        RowState(
            table: table.number, key: key, scope: table.scopeColumn == nil ? .zero : TestDesk.room,
            clock: RowClock(stamp: hub.advance()), groups: table.allGroups, echoed: 0, values: values)
    }

    private struct Row: Hashable {
        let table: UInt16
        let key: Identifier

        init(_ op: Op) {
            table = op.table
            key = op.key
        }
    }
}

/// Makes a replica for a device that a hub has just taken in, with keys and a first checkpoint that are real.
package func makeReplica(
    at path: String, network: NetworkSchema, hub: TestHub, keys: DeviceKeys, time: ScriptedTime,
    randomness: ScriptedRandomness
) throws -> Replica {
    try Replica.create(
        path: path, network: network, answer: try hub.answer(device: TestDesk.device, partner: TestDesk.room),
        deviceName: "desk", hubURL: "https://hub.example", keys: keys, time: time,
        randomness: randomness.identifier)
}

/// Thirty-two hexadecimal digits.
package func hex(_ identifier: Identifier) -> String {
    identifier.description.filter { $0 != "-" }
}

/// An identifier for the tests' rows, and its SQL literal.
package func row(_ number: UInt64) -> Identifier {
    Identifier(high: 0x0194_0000_0000_7000, low: 0x8000_0000_0000_0000 + number)
}

package func literal(_ identifier: Identifier) -> String { "x'\(hex(identifier))'" }
