import ReUniteReplica
import ReUniteSync

/// As much of a hub as a replica can see: keys, signed checkpoints, positions of rows.
///
/// It holds the bulk load: row number `i` of it was decided at position `i + 1`.
struct BenchHub {
    static let id = Identifier(high: 0x4855_4200_0000_7000, low: 0x8000_0000_0000_0001)
    static let device = Identifier(high: 0xDE51_0000_0000_7000, low: 0x8000_0000_0000_0001)
    static let partner = Identifier(high: 0x4004_0000_0000_7000, low: 0x8000_0000_0000_0001)
    static let epoch = HubEpoch(number: 1, salt: Identifier(high: 0x5A17, low: 0x5A17))
    static let keys = DeviceKeys.generate()
    static let deviceKeys = DeviceKeys.generate()

    /// Where a row stands before a delta: its clock's position, and the case that it belongs to.
    struct Standing {
        var stamp: Position
        var scope: Identifier
    }

    private(set) var standings: [Key: Standing] = [:]
    /// Every case, in the order in which they were made.
    private(set) var scopes: [Identifier] = []
    let head: Position
    private(set) var digest = VersionDigest()

    init(holding inserts: [Change]) {
        head = Position(Int64(inserts.count))
        standings.reserveCapacity(inserts.count)
        for (index, change) in inserts.enumerated() {
            let stamp = Position(Int64(index) + 1)
            let standing = Standing(stamp: stamp, scope: Self.scope(of: change))
            if change.table == BenchSchema.cases { scopes.append(standing.scope) }
            standings[change.key] = standing
            digest.add(RowClock(stamp: stamp).leaf(table: Self.table(change.table), key: change.key.identifier))
        }
    }

    private static func table(_ index: Int) -> UInt16 { UInt16(BenchSchema.tables[index].number) }

    /// The case of a new row.
    private static func scope(of change: Change) -> Identifier {
        guard change.table != BenchSchema.cases, case .insert(let fields) = change.content,
            case .key(let key)? = fields.first
        else { return change.key.identifier }
        return key.identifier
    }

    // MARK: What it says

    static func checkpoint(at position: Position, digest: VersionDigest) throws -> SignedCheckpoint {
        try Checkpoint(
            hub: id, epoch: epoch, device: device, position: position, issuedMilliseconds: BenchTime.noon,
            digest: digest
        ).signed(with: keys)
    }

    /// What the hub says when it takes the device in.
    static func answer() throws -> EnrolAnswer {
        let ticketKey = try TicketKey(bytes: Array(repeating: 9, count: 32))
        return EnrolAnswer(
            device: device, partner: partner, partnerCode: "BENCH", partnerName: "Benchmarks", role: "office", hub: id,
            hubName: "Bench hub", hubEpoch: epoch, hubKeys: keys.publicKeys,
            firstTicket: Ticket(number: 1, device: device, keyNumber: 1, key: ticketKey),
            firstCheckpoint: try checkpoint(at: .zero, digest: VersionDigest()).bytes)
    }

    /// The whole bulk load, as a new replica gets it.
    func firstDelivery(of inserts: [Change]) throws -> Delivery {
        let events = scopes.map {
            ScopeEvent(kind: .enter, scope: $0, epoch: Position(1), readMask: 1, writeMask: 1)
        }
        let rows = inserts.map { change in
            let standing = standings[change.key] ?? Standing(stamp: head, scope: .zero)
            let clock = RowClock(stamp: standing.stamp)
            return DeltaRow(change).state(table: Self.table(change.table), standing, clock: clock)
        }
        return Delivery(
            from: .zero, checkpoint: try Self.checkpoint(at: head, digest: digest), events: events, rows: rows)
    }

    /// What others wrote after the bulk load. Cases that are new are entered.
    func delivery(of rows: [DeltaRow]) throws -> Delivery {
        var digest = digest
        var position = head
        var events: [ScopeEvent] = []
        var fresh: [Key: Standing] = [:]
        let states = rows.map { row in
            position = position.next
            let table = Self.table(row.table)
            let key = row.key.identifier
            if row.isNew {
                let standing = Standing(stamp: position, scope: row.scope ?? key)
                fresh[row.key] = standing
                let clock = RowClock(stamp: position)
                digest.add(clock.leaf(table: table, key: key))
                if row.table == BenchSchema.cases {
                    events.append(ScopeEvent(kind: .enter, scope: key, epoch: position, readMask: 1, writeMask: 1))
                }
                return row.state(table: table, standing, clock: clock)
            }
            let standing = standings[row.key] ?? Standing(stamp: head, scope: .zero)
            var clock = RowClock(stamp: standing.stamp)
            digest.remove(clock.leaf(table: table, key: key))
            for cell in row.cells { clock.set(UInt8(cell.column), to: position) }
            digest.add(clock.leaf(table: table, key: key))
            return row.state(table: table, standing, clock: clock)
        }
        return Delivery(
            from: head, checkpoint: try Self.checkpoint(at: position, digest: digest), events: events, rows: states)
    }
}

/// A clock that stands still.
struct BenchTime: TimeSource {
    /// Noon on 1 March 2026.
    static let noon: Int64 = 1_772_366_400_000

    var wallMilliseconds: Int64 { Self.noon }
    var monotonicMilliseconds: Int64 { 1_000 }
    var boot: Identifier { Identifier(high: 1, low: 1) }
}
