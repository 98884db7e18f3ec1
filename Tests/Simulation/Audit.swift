import GRDB
import ReUniteReplica
import ReUniteSync

/// What lies in every file of a world that has come to rest, for the invariants to look at. It trusts none of the
/// engine's own accounts: it reads the files, the signed batches and what people remember.
struct Audit {
    /// A batch as the hub keeps it.
    struct Batch {
        let number: Int64
        let id: BatchID
        let device: Identifier
        let branch: Int64
        let header: BatchHeader
        let signed: SignedBatch
        let firstSequence: Int64
        let receivedMilliseconds: Int64
        let receiptBytes: [UInt8]
        let receipt: Receipt
    }

    /// One op as a device sealed it and the hub judged it.
    struct Judged {
        let device: Identifier
        let batch: BatchID
        let batchNumber: Int64
        let index: Int
        /// The position that its verdict took.
        let position: Int64
        /// Where it stood or stands: more than one if it came back, another if it was released.
        let positions: [Int64]
        let op: Op
        /// Nil when all of it was accepted.
        let exception: Receipt.OpException?

        /// The groups that were accepted as they were written.
        var accepted: UInt64 {
            guard let exception else { return op.groups }
            return op.groups & ~exception.groups
        }

        /// Whether it says anything about the values of its row's cells.
        var writes: Bool { op.kind != .delete && op.kind != .reopen && op.kind != .erase }

        var isWhollyQuarantined: Bool {
            exception?.verdict == .quarantined && exception?.groups == op.groups
        }

        /// The values that it wrote into one group.
        func values(of group: UInt8, _ table: TableDescription) -> [Value] { op.values(of: group, table) }
    }

    let simulation: Simulation
    let hub: HubReader
    let schema: SchemaDescription
    let batches: [Batch]
    let judged: [Judged]
    var world: World { simulation.world }
    /// Devices that take part: their copies that were put away do not.
    var active: [Device] { world.devices.filter { !$0.isRetired } }

    init(_ simulation: Simulation) throws {
        self.simulation = simulation
        let hub = simulation.world.reader
        self.hub = hub
        schema = try hub.read { try ManifestReader.read($0) }
        batches = try hub.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hub_batch ORDER BY no").map { row in
                let signed = SignedBatch(
                    header: row.bytes("header"), ops: row.bytes("ops"), signature: row.bytes("signature"))
                return Batch(
                    number: row["no"], id: try Audit.batchID(row.bytes("id")), device: row.identifier("device"),
                    branch: row["branch"], header: try signed.verifiedHeader(), signed: signed,
                    firstSequence: row["first_sequence"], receivedMilliseconds: row["received_ms"],
                    receiptBytes: row.bytes("receipt"), receipt: try Receipt(decoding: row.bytes("receipt")))
            }
        }
        let stood = try hub.read {
            Dictionary(grouping: try Row.fetchAll($0, sql: "SELECT h, batch, idx FROM hub_op")) {
                [$0["batch"] as Int64, $0["idx"] as Int64]
            }
        }
        judged = try batches.flatMap { batch in
            let exceptions = Dictionary(
                batch.receipt.exceptions.map { (Int($0.index), $0) }, uniquingKeysWith: { first, _ in first })
            let ops = try OpCodec.decode(batch.signed.ops, expecting: Int(batch.receipt.opCount))
            return ops.enumerated().map { index, op in
                Judged(
                    device: batch.device, batch: batch.receipt.batch, batchNumber: batch.number, index: index,
                    position: batch.receipt.firstPosition.rawValue + Int64(index),
                    positions: stood[[batch.number, Int64(index)]]?.map { $0["h"] } ?? [], op: op,
                    exception: exceptions[index])
            }
        }
    }

    static func batchID(_ bytes: [UInt8]) throws -> BatchID {
        guard let id = BatchID(bytes: bytes) else {
            throw Failure(.badData, what: "Auditing", why: "a batch has no id", remedy: "Look at the hub's file")
        }
        return id
    }

    /// Everything that is wrong, each line with the invariant that says so.
    func complaints() throws -> [String] {
        try Checker.all.flatMap { try $0.complaints(self) }
    }

    /// The values of one cell as the hub's tables show it; nil when there is no such row.
    func shown(_ cell: Cell, _ table: TableDescription, _ database: Database) throws -> [Value]? {
        let row = try Row.fetchOne(
            database, sql: "SELECT * FROM \(table.name) WHERE id = ?", arguments: [cell.key.sqlBlob])
        guard let row else { return nil }
        return table.columnIndexes(of: 1 << UInt64(cell.group)).map { row.plain(table.columns[$0].name) }
    }

    /// The values that the hub accepted, by cell.
    func acceptedValues() -> [Cell: Set<[Value]>] {
        var accepted: [Cell: Set<[Value]>] = [:]
        for entry in judged where entry.writes && !entry.isWhollyQuarantined {
            guard let table = schema[entry.op.table] else { continue }
            for group in table.groups where entry.accepted & (1 << UInt64(group.number)) != 0 {
                let cell = Cell(table: table.number, key: entry.op.key, group: group.number)
                accepted[cell, default: []].insert(entry.values(of: group.number, table))
            }
        }
        return accepted
    }
}
