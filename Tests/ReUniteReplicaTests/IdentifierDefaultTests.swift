import ReUniteSync
import TestSupport
import Testing

@Suite("Rows inserted without an id get a version 7 UUID")
struct IdentifierDefaultTests {
    private func keys(_ desk: TestDesk) throws -> [Identifier] {
        try desk.sealed().map(\.key)
    }

    private func milliseconds(_ key: Identifier) -> UInt64 { key.high >> 16 }

    @Test("Version and variant are those of RFC 9562, and the rest of the bits vary", arguments: Client.allCases)
    func form(by client: Client) throws {
        let desk = try TestDesk()
        try client.run(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
            INSERT INTO book(room_id, title) SELECT \(TestDesk.roomLiteral), i FROM n;
            """, at: desk)
        let keys = try keys(desk)
        #expect(Set(keys).count == 400)
        #expect(keys.allSatisfy { $0.high >> 12 & 0xF == 7 })
        #expect(keys.allSatisfy { $0.low >> 62 == 2 })
        let ones = keys.reduce((high: UInt64(0), low: UInt64(0))) { ($0.high | $1.high, $0.low | $1.low) }
        let zeros = keys.reduce((high: UInt64.max, low: UInt64.max)) { ($0.high & $1.high, $0.low & $1.low) }
        #expect(ones.high & 0xFFF == 0xFFF && zeros.high & 0xFFF == 0)
        // The four bits after the variant stay zero: 70 bits are left, which is plenty for one millisecond.
        let random: UInt64 = 0x30FF_FFFF_FFFF_FFFF
        #expect(ones.low & random == random && zeros.low & random == 0)
    }

    @Test("The id begins with the time of the insert")
    func time() throws {
        let desk = try TestDesk()
        let result = try desk.python(
            """
            before = int(time.time() * 1000)
            db.execute("INSERT INTO book(room_id, title) VALUES(randomblob(16), 'x')")
            after = int(time.time() * 1000)
            ms = int.from_bytes(db.execute('SELECT id FROM book').fetchone()[0][:6], 'big')
            print(before - 2 <= ms <= after + 2, ms - before)
            """)
        #expect(result.output.hasPrefix("True"), "\(result.output) \(result.errors)")
    }

    @Test("Ids of rows inserted one after the other are in increasing order", arguments: Client.allCases)
    func increasing(by client: Client) throws {
        let desk = try TestDesk()
        let insert = "INSERT INTO book(room_id, title) VALUES(\(TestDesk.roomLiteral), 'x');"
        for _ in 0..<4 { try client.run(insert, at: desk) }
        let stored = try desk.sealed().sorted { $0.stamp < $1.stamp }.map(\.key)
        #expect(stored.count == 4)
        #expect(zip(stored, stored.dropFirst()).allSatisfy { milliseconds($0) < milliseconds($1) && $0 < $1 })
    }
}
