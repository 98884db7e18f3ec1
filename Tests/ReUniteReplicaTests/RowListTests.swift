import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A list of rows that grows leaves memory, and says the same")
struct RowListTests {
    @Test("What it holds, and in which order, does not depend on where it lies", arguments: 1...10)
    func same(seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var source = SeededGenerator(seed: seed)
        let short = RowList(folder: folder.path)
        let long = RowList(folder: folder.path, limit: 20)
        #expect(long.isEmpty)
        var keys: [RowKey] = []
        for _ in 0..<300 {
            let row = RowKey(
                table: UInt16(3 + source.next() % 3),
                key: Identifier(high: source.next(), low: source.next()))
            keys.append(row)
            let again = keys.randomElement(using: &source) ?? row
            for row in [row, again] {
                let groups: [Int64] = [.min, -1, 0, 5]
                let group = groups.randomElement(using: &source) ?? 0
                let bits = Int64(bitPattern: source.next())
                try short.add(row, group: group, bits: bits)
                try long.add(row, group: group, bits: bits)
            }
        }
        #expect(!long.isEmpty)
        #expect(try content(of: short) == content(of: long))
        for row in keys {
            #expect(try short.bits(of: row) == long.bits(of: row))
            #expect(try short.contains(row) == long.contains(row))
        }
        #expect(try !long.contains(RowKey(table: 3, key: .zero)))
        #expect(try folder.names().isEmpty, "the file has a name")
    }

    private struct Entry: Equatable {
        let place: RowList.Place
        let bits: Int64
    }

    private func content(of list: RowList) throws -> [Entry] {
        var all: [Entry] = []
        try list.walk { all.append(Entry(place: $0, bits: $1)) }
        return all
    }
}
