import GRDB
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteReplica

@Suite("Rows that are written together are what came")
struct ManyRowsTests {
    private static func room(_ number: UInt64) -> Identifier {
        Identifier(high: 0x4004_0000_0000_7000, low: 0x8000_0000_0000_0100 + number)
    }

    /// A book with every class of value that a column may hold; now and then a long one.
    private static func values(in room: Identifier, _ source: inout SeededGenerator) -> [Value] {
        let isLong = source.next() % 30 == 0
        let titles = ["", "a\0b", "Ünïted – 本", isLong ? String(repeating: "long ", count: 20_000) : "a title"]
        let sizes: [Value] = [.null, .integer(0), .integer(.max), .integer(.min)]
        let prices: [Value] = [.real(0), .real(-2.5), .real(.greatestFiniteMagnitude), .real(1e-300)]
        let covers: [Value] = [.null, .blob([]), .blob([0]), .blob(Array(repeating: 0xFF, count: isLong ? 70_000 : 9))]
        func one<Element>(of choices: [Element]) -> Element { choices[Int(source.next() % 4)] }
        return [
            .blob(room.bytes), .null, .text(one(of: titles)), one(of: sizes), one(of: sizes), one(of: prices),
            one(of: covers),
        ]
    }

    @Test("Whatever they hold and in whatever order, new or over what was there", arguments: 1...4)
    func written(seed: UInt64) throws {
        var source = SeededGenerator(seed: seed)
        let world = try LeavingDesk()
        let table = try #require(world.replica.schema[TinyNetwork.book])
        var books: [Identifier: RowState] = [:]
        var rooms = Set<Identifier>()
        // From too few for a statement that writes them together to more than one such statement takes.
        for count in [3, 2_400, 9, 300] {
            var rows: [Identifier: RowState] = [:]
            var events: [ScopeEvent] = []
            for _ in 0..<count {
                let old = source.next() % 3 == 0 ? books.keys.sorted().randomElement(using: &source) : nil
                let key = old ?? Identifier(high: source.next(), low: source.next())
                let room = old.flatMap { books[$0]?.scope } ?? Self.room(source.next() % 40)
                if rooms.insert(room).inserted { events.append(world.enter(room)) }
                rows[key] = world.state(TinyNetwork.book, key, in: room, Self.values(in: room, &source))
            }
            books.merge(rows) { $1 }
            try world.deliver(
                events: events, rows: rows.values.sorted { $0.key < $1.key }.shuffled(using: &source))
            try world.replica.read("Comparing") { database in
                let reader = try RowReader(database, table)
                let clocks = try ClockReader(database)
                let scopes = ScopeStore(database)
                for (key, book) in books {
                    let found = try #require(try reader.read(key))
                    #expect(zip(found, book.values).allSatisfy { $0.isIdentical(to: $1) })
                    let entry = try #require(try clocks.entry(TinyNetwork.book, key))
                    #expect(entry.clock == book.clock)
                    #expect(try scopes.entry(book.scope)?.number == entry.scope)
                }
            }
        }
    }

    @Test("Among rows that the hub tells of for the first time one may be here already: all become what came")
    func alreadyHere() throws {
        var source = SeededGenerator(seed: 5)
        let world = try LeavingDesk()
        let table = try #require(world.replica.schema[TinyNetwork.book])
        let keys = (1...300).map { Identifier(high: $0, low: 7) }
        let rows = keys.map {
            world.state(TinyNetwork.book, $0, in: Self.room(1), Self.values(in: Self.room(1), &source))
        }
        // Somebody wrote them past the triggers.
        try world.replica.database.write { database in
            let writer = try TableStatements(database, table)
            for place in [20, 21, 250] { try writer.put(keys[place], Self.values(in: Self.room(1), &source)) }
        }
        try world.deliver(events: [world.enter(Self.room(1))], rows: rows)
        try world.replica.read("Comparing") { database in
            let reader = try RowReader(database, table)
            let clocks = try ClockReader(database)
            for row in rows {
                let found = try #require(try reader.read(row.key))
                #expect(zip(found, row.values).allSatisfy { $0.isIdentical(to: $1) })
                #expect(try clocks.clock(TinyNetwork.book, row.key) == row.clock)
            }
        }
    }

    @Test(
        "Rows of few columns, of many, and of more than are read together are written",
        arguments: [15, 16, 17, 63, 64, 90])
    func wide(columns: Int) throws {
        let names = (1...columns).map { "c\($0)" }
        let network = NetworkSchema(migrations: [
            .init(
                name: "wide",
                sql: """
                    INSERT INTO ru_class(bit, code, label) VALUES (0, 'STOCK', 'Stock');
                    CREATE TABLE wide(id BLOB NOT NULL PRIMARY KEY CHECK(length(id) = 16),
                      \(names.map { "\($0) INTEGER" }.joined(separator: ", "))) STRICT;
                    INSERT INTO ru_table(number, name, scope_kind, scope_column, class, writer, append_only)
                    VALUES (9, 'wide', 'shared', NULL, 'STOCK', 'hub', 0);
                    INSERT INTO ru_column(tbl, name, grp, policy)
                    VALUES \(names.enumerated().map { "('wide', '\($1)', \($0 / 2), 'lww')" }.joined(separator: ", "));
                    """)
        ])
        let desk = try TestDesk(network: network)
        let table = try #require(desk.replica.schema[9])
        let rows = (0..<20).map { number in
            desk.state(table, row(number), (0..<Int64(columns)).map { .integer(Int64(number) * 100 + $0) })
        }
        try desk.deliver(rows: rows)
        try desk.replica.read("Comparing") { database in
            let reader = try RowReader(database, table)
            for row in rows { #expect(try reader.read(row.key) == row.values) }
        }
    }

    @Test("No two scopes get one number, also where a program entered some that kept no count of them")
    func numbers() throws {
        let world = try LeavingDesk()
        let desk = world.desk
        try world.deliver(events: [world.enter(Self.room(1))])
        #expect(try desk.replica.facts().highestScope != nil)
        // What such a program leaves: one more scope, and the checkpoint of the delivery that brought it.
        try desk.replica.database.write { database in
            let highest = try #require(try Int64.fetchOne(database, sql: "SELECT max(no) FROM ru_scope"))
            try database.execute(
                sql: "INSERT INTO ru_scope(id, no, epoch) VALUES(?, ?, 1)",
                arguments: [Self.room(2).sqlBlob, highest + 1])
            try database.execute(sql: "UPDATE ru_meta SET value = value + 1 WHERE name = 'checkpoint_tag'")
        }
        #expect(try desk.replica.facts().highestScope == nil)
        try world.deliver(events: [world.enter(Self.room(3))])
        try world.deliver(events: [world.enter(Self.room(4))])
        let twice = try desk.replica.read("Counting") { database in
            try Int.fetchOne(database, sql: "SELECT count(*) - count(DISTINCT no) FROM ru_scope")
        }
        #expect(twice == 0)
    }
}
