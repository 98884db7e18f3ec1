import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Random writing against the simplest reader of the ops: whoever plays them in order has the tables.
@Suite("Whoever plays the sealed ops in order has the replica's tables")
struct CaptureHistoryTests {
    /// What a hub with one device holds: rows by table and key.
    private struct Reader {
        struct Row: Hashable {
            let table: UInt16
            let key: Identifier
        }

        let schema: SchemaDescription
        var rows: [Row: [Value]] = [:]

        mutating func play(_ op: Op) throws {
            let row = Row(table: op.table, key: op.key)
            let table = try #require(schema[op.table])
            let columns = table.columnIndexes(of: op.groups)
            switch op.kind {
            case .create:
                #expect(rows[row] == nil, "created twice")
                #expect(op.groups == table.allGroups)
                rows[row] = op.values
            case .delete:
                #expect(rows[row] != nil, "deleted without having been there")
                rows[row] = nil
            case .set, .transit:
                #expect(rows[row] != nil, "changed without being there")
                #expect(columns.count == op.values.count)
                for (column, value) in zip(columns, op.values) {
                    if op.kind == .transit { #expect(rows[row]?[column] == op.from, "the step leaves another state") }
                    rows[row]?[column] = value
                }
            case .increment, .resolve, .reopen, .erase: Issue.record("an op of a kind that no write makes")
            }
        }
    }

    /// One random statement on a few rows. A loan's id is never used again.
    private func statement(_ generator: inout SeededGenerator, nextLoan: inout UInt64) -> String {
        let book = UInt64.random(in: 1...6, using: &generator)
        nextLoan += 1
        let loan = nextLoan
        let number = Int.random(in: 0...3, using: &generator)
        let state = ["ASKED", "LENT", "BACK", "LOST"][number]
        return switch Int.random(in: 0..<13, using: &generator) {
        case 0, 1:
            "INSERT OR IGNORE INTO book(id, room_id, title) VALUES(\(literal(row(book))), \(TestDesk.roomLiteral), 'n');"
        case 2:
            "REPLACE INTO book(id, room_id, title) VALUES(\(literal(row(book))), \(TestDesk.roomLiteral), 'r\(number)');"
        case 3: "UPDATE book SET title = 't\(number)' \(at(book));"
        case 4: "UPDATE book SET width = \(number), price = \(number) \(at(book));"
        case 5: "UPDATE book SET cover = randomblob(\(number)) \(at(book));"
        case 6: "UPDATE book SET price = price + \(number);"
        case 7: "DELETE FROM book \(at(book));"
        case 8, 9:
            """
            INSERT INTO loan(id, room_id, book_id) SELECT \(literal(row(loan))), room_id, id FROM book \(at(book));
            """
        case 10: "UPDATE loan SET state = '\(state)' WHERE book_id = \(literal(row(book)));"
        case 11: "UPDATE loan SET reader = 'r\(number)', state = '\(state)' WHERE abs(random()) % 2;"
        default: "INSERT INTO remark(room_id, book_id, said) VALUES(\(TestDesk.roomLiteral), NULL, '\(number)');"
        }
    }

    @Test("Random writes, seals, rollbacks and verdicts leave nothing out", arguments: Array(UInt64(1)...12))
    func history(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let desk = try TestDesk(seed: seed)
        var played = 0
        var loan: UInt64 = 10
        for _ in 0..<12 {
            let recursive = Bool.random(using: &generator)
            var script = "PRAGMA foreign_keys = ON; PRAGMA recursive_triggers = \(recursive ? "ON" : "OFF");\n"
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let undone = Int.random(in: 0..<5, using: &generator) == 0
                let line = statement(&generator, nextLoan: &loan)
                script += undone ? "SAVEPOINT s; \(line) ROLLBACK TO s; RELEASE s;\n" : line + "\n"
            }
            let result = try desk.shell(script)
            #expect(result.succeeded, "seed \(seed): \(result.errors)")
            try desk.replica.seal()
            // From the beginning: what has not left the device may be sealed once more, in other batches.
            var reader = Reader(schema: desk.replica.schema)
            let ops = try sealedBatches(of: desk.replica).flatMap(\.ops)
            for op in ops { try reader.play(op) }
            played = ops.count
            for table in desk.replica.schema.tables {
                let there = reader.rows.filter { $0.key.table == table.number }
                #expect(
                    try desk.value("SELECT count(*) FROM \(table.name)") == .integer(Int64(there.count)), "seed \(seed)"
                )
                for (row, values) in there {
                    let shown = try desk.replica.read("Reading") { try RowReader($0, table).read(row.key) }
                    #expect(shown == values, "seed \(seed), \(table.name)")
                }
            }
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: try desk.accept()
            case 1: _ = try desk.replica.nextRequest(after: 0, limit: 1)
            case 2: _ = try desk.replica.nextRequest(after: 0, limit: 1_000_000)
            default: continue
            }
        }
        #expect(played > 10, "seed \(seed) wrote too little to prove anything")
    }
}
