import ReUniteHub
import ReUniteSync
import TestSupport
import Testing

@Suite("A page of a long list keeps the list's order, and says how many there are in all")
struct LongListTests {
    private let reason = "Confirmed by telephone"

    /// Every page of a list, of two entries each.
    private func pages<Entry>(_ read: (ListPart) throws -> ListPage<Entry>) throws -> [ListPage<Entry>] {
        let first = try read(.page(1, of: 2))
        return try [first] + (1..<first.pages).map { try read(.page($0 + 1, of: 2)) }
    }

    @Test("A number before the first page is the first, and one after the last page is the last")
    func numbers() {
        func page(_ number: Int, of total: Int) -> ListPage<Int> {
            ListPart.page(number, of: 2).read(of: total) { limit in
                let words = limit.split(separator: " ").compactMap { Int($0) }
                return Array((0..<total).dropFirst(words[1]).prefix(words[0]))
            }
        }
        for number in [Int.min, -1, 0, 1] { #expect(page(number, of: 3).entries == [0, 1]) }
        for number in [2, 3, Int.max] { #expect(page(number, of: 3).entries == [2] && page(number, of: 3).number == 2) }
        #expect(page(1, of: 4).pages == 2 && page(1, of: 5).pages == 3)
        let none = page(7, of: 0)
        #expect(none.entries.isEmpty && none.total == 0 && none.pages == 1 && none.number == 1)
    }

    @Test("Conflicts: the oldest first while they wait, the last closed first afterwards, with all of their values")
    func conflicts() throws {
        let world = try ScopeWorld()
        for number in 1...5 { _ = try world.job(UInt64(number), label: "Job") }
        try world.settle()
        for (office, label) in [(world.owner, "a"), (world.guest, "b")] {
            try office.edit("UPDATE job SET label = '\(label)'")
        }
        try world.settle()
        let hub = world.hub
        let whole = try hub.conflicts()
        try #require(whole.count == 5)
        let open = try pages { try hub.conflicts(.open, $0) }
        #expect(open.map(\.entries.count) == [2, 2, 1] && open.allSatisfy { $0.total == 5 })
        #expect(open.flatMap(\.entries) == whole)
        // What came in one batch is what each of its edits says of itself.
        for conflict in whole {
            #expect(
                conflict.values.map(\.device) == ["owner", "guest"]
                    && conflict.values.allSatisfy { $0.claimedMilliseconds > 0 })
            #expect(try hub.conflict(conflict.id).conflict == conflict)
        }
        for place in [2, 0, 4, 1, 3] {
            world.time.advance(milliseconds: 1_000)
            _ = try hub.resolve(whole[place].id, .keep(1), by: "Ada", reason: reason)
        }
        let closed = try pages { try hub.conflicts(.decided, by: .newestClosed, $0) }
        #expect(closed.flatMap(\.entries).map(\.id) == [3, 1, 4, 0, 2].map { whole[$0].id })
        #expect(try hub.conflicts(.decided).map(\.id) == whole.map(\.id), "a command lists them as they were opened")
        #expect(try hub.conflicts(.open, .page(1, of: 2)).total == 0)
    }

    @Test("Edits that merged by themselves, and the audit log: the newest first")
    func newest() throws {
        let world = try ScopeWorld()
        for number in 1...3 { _ = try world.job(UInt64(number), label: "Job") }
        try world.settle()
        try world.owner.edit("UPDATE job SET label = 'a'")
        try world.guest.edit("UPDATE job SET due_ms = 1")
        try world.settle()
        let edits = try world.hub.parallelEdits()
        try #require(edits.count == 3)
        let shown = try pages { try world.hub.parallelEdits($0) }
        #expect(shown.flatMap(\.entries) == edits && shown.allSatisfy { $0.total == 3 })
        let log = try world.hub.auditEntries()
        try #require(log.count > 3)
        let entries = try pages { try world.hub.newestAuditEntries($0) }
        #expect(entries.flatMap(\.entries).map(\.index) == log.map(\.index).reversed())
        #expect(entries.allSatisfy { $0.total == log.count })
    }
}
