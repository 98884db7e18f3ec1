import GRDB
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteReplica

@Suite("A long journal is sealed in steps, and comes to the same")
struct LongJournalTests {
    /// What somebody does at a desk, some of it before the hub took what was there and some of it after.
    private func busyDesk(_ source: inout SeededGenerator) throws -> TestDesk {
        let desk = try TestDesk()
        for round in 0..<3 {
            var sql = "PRAGMA foreign_keys = OFF; BEGIN;"
            for _ in 0..<25 {
                let book = 1 + source.next() % 12
                let loan = 101 + source.next() % 12
                let step =
                    switch source.next() % 9 {
                    case 0, 1: insertBook(book).replacing("INSERT", with: "INSERT OR IGNORE", maxReplacements: 1)
                    case 2:
                        insertLoan(loan, of: book).replacing("INSERT", with: "INSERT OR IGNORE", maxReplacements: 1)
                    case 3: "UPDATE book SET price = \(source.next() % 90) \(at(book));"
                    case 4: "UPDATE book SET title = 'title \(source.next() % 9)', cover = x'00FF' \(at(book));"
                    case 5: "UPDATE loan SET state = 'LENT' \(at(loan)) AND state = 'ASKED';"
                    case 6: "UPDATE loan SET state = 'BACK' \(at(loan)) AND state = 'LENT';"
                    case 7: "DELETE FROM loan \(at(loan));"
                    default: "DELETE FROM book \(at(book)); \(insertBook(book, title: "again"))"
                    }
                sql += step
            }
            try desk.shell(sql + "COMMIT;")
            switch (round, source.next() % 3) {
            case (2, _), (_, 0): break
            case (_, 1): try desk.replica.seal()
            default: try desk.accept()
            }
        }
        return desk
    }

    @Test("Op by op, and with the same clock", arguments: 1...20)
    func same(seed: UInt64) throws {
        var source = SeededGenerator(seed: seed)
        let desk = try busyDesk(&source)
        try desk.replica.read("Folding") { database in
            let facts = try ReplicaFacts(database)
            let schema = desk.replica.schema
            let fold = try JournalFold(database, schema: schema, clock: HybridClock(last: facts.clock))
            let short = try OpBuilder(database, schema: schema)
                .ops(from: fold, base: facts.cursor, isClockSuspect: false)
            let journal = try LongJournal(
                database, schema: schema, clock: HybridClock(last: facts.clock), lastBatch: facts.chainNumber,
                base: facts.cursor, isClockSuspect: false, folder: desk.folder.path)
            var long: [Op] = []
            try journal.forEachOp { long.append($0) }
            #expect(short == long)
            #expect(fold.clock.last == journal.clock.last)
            for row in fold.entries.keys {
                #expect(
                    try journal.ops(of: row) == long.filter { $0.table == row.table && $0.key == row.key })
            }
            #expect(try journal.ops(of: JournalFold.Row(table: 6, key: row(999))) == nil)
        }
    }

    private struct Undo: Error {}

    /// The ops of the batches that a seal makes, and the bytes in each; nothing stays.
    private func sealed(_ desk: TestDesk, marks: Int) throws -> [[Op]] {
        var batches: [[Op]] = []
        #expect(throws: Failure.self) {
            try desk.replica.transaction("Sealing") { database in
                var facts = try ReplicaFacts(database)
                var seal = Seal(
                    schema: desk.replica.schema, keys: desk.keys, time: desk.time, scratch: desk.folder.path)
                seal.marks = marks
                _ = try seal.run(database, facts: &facts, salt: desk.randomness.identifier)
                let rows = try EngineStatement(database, "SELECT ops, op_count FROM ru_outbox ORDER BY no")
                while try rows.step() { batches.append(try OpCodec.decode(rows.blob(0), expecting: rows.int(1))) }
                throw Undo()
            }
        }
        return batches
    }

    @Test("In the same batches: by number of ops, by bytes, and halved where one does not fit")
    func batches() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000)
            INSERT INTO book(room_id, title) SELECT \(TestDesk.roomLiteral), 'n' || i FROM n;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8)
            INSERT INTO book(room_id, title, cover) SELECT \(TestDesk.roomLiteral), 'c' || i, randomblob(400000) FROM n;
            """)
        let short = try sealed(desk, marks: .max)
        let long = try sealed(desk, marks: 0)
        #expect(short.map(\.count) == long.map(\.count))
        #expect(short == long)
        #expect(long.count > 5)
        #expect(try desk.replica.seal() == 9_008)
    }

    @Test("Many rows that the hub knows are read together, each its own: changed, deleted, and new beside them")
    func manyKnown() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
            INSERT INTO book(room_id, title) SELECT \(TestDesk.roomLiteral), 'n' || i FROM n;
            """)
        try desk.accept()
        try desk.shell(
            """
            UPDATE book SET title = title || '!';
            DELETE FROM book WHERE rowid % 50 = 0;
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
            INSERT INTO book(room_id, title) SELECT \(TestDesk.roomLiteral), 'm' || i FROM n;
            """)
        let short = try sealed(desk, marks: .max)
        #expect(try sealed(desk, marks: 0) == short)
        // Behind what the hub has accepted.
        let ops = short.flatMap { $0 }.dropFirst(3_000)
        #expect(ops.count { $0.kind == .delete } == 60)
        #expect(ops.count { $0.kind == .set } == 2_940)
        #expect(ops.count { $0.kind == .create } == 700)
        try desk.replica.read("Comparing") { database in
            let table = try #require(desk.replica.schema[TinyNetwork.book])
            let reader = try RowReader(database, table)
            for op in ops where op.kind != .delete {
                let row = try #require(try reader.read(op.key))
                let written = table.columnIndexes(of: op.groups).map { row[$0] }
                #expect(zip(op.values, written).allSatisfy { $0.isIdentical(to: $1) })
            }
        }
    }

    @Test("So are many rows that a hub writes, which has no replica")
    func hubsOwn() throws {
        let ops = try ScratchCapture.ops(network: TinyNetwork.network) { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 700)
                    INSERT INTO book(room_id, title) SELECT \(TestDesk.roomLiteral), 'n' || i FROM n;
                    """)
        }
        #expect(ops.map { $0.values[2] } == (1...700).map { .text("n\($0)") })
    }

    @Test("More than fits into memory is sealed in steps, however few rows it is")
    func bytes() throws {
        let desk = try TestDesk()
        try desk.shell(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 12)
            INSERT INTO book(room_id, title, cover) SELECT \(TestDesk.roomLiteral), 'c' || i, zeroblob(900000) FROM n;
            """)
        try desk.replica.read("Folding") { database in
            let fold = try JournalFold(database, schema: desk.replica.schema, clock: HybridClock())
            #expect(
                try OpBuilder(database, schema: desk.replica.schema)
                    .ops(from: fold, isClockSuspect: false, limit: Seal.bytesInMemory) == nil)
        }
        #expect(try desk.replica.seal() == 12)
        #expect(try sealedBatches(of: desk.replica).allSatisfy { $0.ops.count == 1 })
    }
}
