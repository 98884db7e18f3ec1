import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Stored clocks: what the hub decided is kept, in few bytes")
struct ClockFormTests {
    @Test("Keys keep tables apart, and rows in the order of table and id")
    func keyOrder() {
        let tables: [UInt16] = [1, 2, 127, 128, 254, 255, 256, 511, 512, 65_535]
        let ids = [
            Identifier.zero, Identifier(high: 0, low: 1), Identifier(high: 1, low: 0),
            Identifier(high: .max, low: .max),
        ]
        let keys = tables.flatMap { table in ids.map { ClockForm.key(table, $0) } }
        for (left, right) in zip(keys, keys.dropFirst()) { #expect(left.lexicographicallyPrecedes(right)) }
    }

    @Test(
        "Bytes that are no clock are refused",
        arguments: [[], [0x80], [1], [1, 0x80], [1, 5, 1], [UInt8](repeating: 0xFF, count: 12)])
    func hostile(bytes: [UInt8]) {
        #expect(throws: FormatError.self) { try bytes.withUnsafeBytes { try ClockForm.read($0) } }
    }

    @Test("After any deliveries the clocks are the hub's, and the list of open rows is exact", arguments: UInt64(0)..<8)
    func kept(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let desk = try TestDesk()
        let tables = desk.replica.schema.tables
        var expected: [[UInt8]: RowClock] = [:]
        var open: [[UInt8]: UInt64] = [:]
        for _ in 0..<12 {
            var rows: [RowState] = []
            var gone: [Tombstone] = []
            // Each row at most once, as the hub sends them.
            for number in UInt64(0)..<10 where Bool.random(using: &random) {
                let table = tables[Int(number) % tables.count]
                let key = ClockForm.key(table.number, row(number))
                if Int.random(in: 0..<5, using: &random) == 0 {
                    gone.append(Tombstone(table: table.number, key: row(number)))
                    expected[key] = nil
                    open[key] = nil
                    continue
                }
                var state = desk.state(table, row(number), values(of: table, using: &random))
                state.clock = clock(using: &random)
                rows.append(state)
                expected[key] = state.clock
                open[key] = state.clock.siblings.reduce(UInt64(0)) { $0 | 1 << UInt64($1.group) }
            }
            try desk.deliver(rows: rows, tombstones: gone)
            let stored = try desk.replica.read("Reading") { database in
                try Row.fetchAll(database, sql: "SELECT key, clock FROM ru_clock").map {
                    ($0.bytes("key"), try $0.bytes("clock").withUnsafeBytes { try ClockForm.read($0).clock })
                }
            }
            #expect(Dictionary(uniqueKeysWithValues: stored) == expected, "seed \(seed)")
            let listed = try desk.replica.read("Reading") { database in
                try Row.fetchAll(database, sql: "SELECT tbl, key, groups FROM ru_open").map {
                    (
                        ClockForm.key(UInt16(truncatingIfNeeded: $0["tbl"] as Int64), $0.identifier("key")),
                        UInt64(bitPattern: $0["groups"])
                    )
                }
            }
            #expect(Dictionary(uniqueKeysWithValues: listed) == open.filter { $0.value != 0 }, "seed \(seed)")
        }
        #expect(!expected.isEmpty)
    }

    private func clock(using random: inout SeededGenerator) -> RowClock {
        var clock = RowClock(stamp: Position(Int64(random.next() >> (1 + random.next() % 63))))
        guard random.next() % 3 == 0 else { return clock }
        clock.set(UInt8(random.next() % 62), to: Position(Int64(random.next() % 1_000_000)))
        for _ in 0..<(random.next() % 3) {
            let op = OpID(
                batch: Identifier(high: random.next(), low: random.next()), index: UInt32(random.next() % 2_000))
            clock.siblings.append(SiblingName(group: UInt8(random.next() % 62), op: op))
        }
        return clock
    }

    private func values(of table: TableDescription, using random: inout SeededGenerator) -> [Value] {
        table.columns.map { column in
            switch column.type {
            case .integer: .integer(1)
            case .real: .real(1)
            case .blob: .blob(TestDesk.room.bytes)
            case .text: .text(column.name == "state" ? "ASKED" : "x")
            }
        }
    }
}
