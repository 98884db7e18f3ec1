import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// What closes goes first, however much else there is to fetch.
@Suite("Closings come before a large delivery")
struct UrgentTests {
    /// Gloucestershire has two cases; one is taken away while much is written in the other.
    private static func closing(seed: UInt64) throws -> (world: World, kept: CaseRows, lost: CaseRows) {
        let world = try World(seed: seed)
        let kept = try world.openCase(on: world.surreyOffice, marker: "kept", naming: world.gloucester)
        let lost = try world.openCase(on: world.surreyOffice, marker: "Planted-urgent", naming: world.gloucester)
        var referrals: [Identifier] = []
        for rows in [kept, lost] {
            referrals.append(try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester))
        }
        try world.settle()
        for referral in referrals { try world.accept(referral, on: world.gloucestershire) }
        try world.settle()
        #expect(try world.gloucestershire.holds("need", kept.need) && world.gloucestershire.holds("need", lost.need))
        try world.surreyOffice.writeMuch(in: kept, seed: seed)
        try world.withdraw(referrals[1], on: world.surreyOffice)
        try world.sync(world.surreyOffice)
        return (world, kept, lost)
    }

    @Test("the line breaks at the first page: what was closed is gone already, and nothing else has moved")
    func brokenLine() throws {
        let (world, kept, lost) = try UrgentTests.closing(seed: 641)
        let desk = world.gloucestershire
        let before = try desk.replica.facts()
        try desk.set("detail", of: "need", kept.need, to: "typed meanwhile")
        var wire = Wire(faults: nil)
        wire.crash = .page
        #expect(try wire.sync(desk.replica, with: world.hub) == .crashed)
        try desk.restart()
        #expect(try !desk.holds("need", lost.need))
        #expect(try desk.holds("need", kept.need))
        #expect(try desk.replica.facts().cursor == before.cursor)
        #expect(try desk.replica.status().purgesOwed == 0, "the file is cleaned at once")
        #expect(try FileScan.find(["Planted-urgent"], ofReplica: desk.path) == [])

        #expect(try world.sync(desk).digest == .match)
        #expect(try desk.text("detail", of: "need", kept.need) == "typed meanwhile")
        #expect(try desk.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM need WHERE category = 'OTHER'") } == 8)
        try world.settle()
        #expect(try world.hub.purges().filter { $0.device == desk.id.description }.isEmpty)
    }

    @Test("a desk that is still sending part after part is told before its next part, once")
    func whileSending() throws {
        let (world, kept, lost) = try UrgentTests.closing(seed: 644)
        let desk = world.gloucestershire
        let cursor = try desk.replica.facts().cursor
        for word in 0..<5 {
            try desk.set("detail", of: "need", kept.need, to: "part \(word)")
            // What may have left is not sealed anew with what follows.
            _ = try desk.replica.nextRequest(after: 0, limit: 1 << 20)
        }
        var wire = Wire(faults: nil)
        wire.limit = 1
        var requests = 0
        var goneAt: Int?
        wire.tamper = { _ in
            if goneAt == nil, try !desk.holds("need", lost.need) { goneAt = requests }
            requests += 1
        }
        var told = 0
        wire.tamperAnswer = { bytes, sealed in
            if case .closings = try desk.replica.open(answer: bytes, to: sealed).body { told += 1 }
        }
        guard case .finished(let outcome) = try wire.sync(desk.replica, with: world.hub) else {
            Issue.record("it was not served")
            return
        }
        #expect(goneAt == 1, "before the second part, of \(requests) requests")
        #expect(requests > 2)
        #expect(told == 1)
        #expect(outcome.left == [lost.id] && outcome.digest == .match)
        #expect(try desk.replica.facts().cursor > cursor)
        #expect(try world.reader.text("detail", of: "need", kept.need) == "part 4")
        try world.settle()
    }

    @Test("by file too: it applies alone and any number of times, and an old one takes nothing away again")
    func byFile() throws {
        let (world, _, lost) = try UrgentTests.closing(seed: 642)
        let desk = world.gloucestershire
        let cursor = try desk.replica.facts().cursor
        let file = try world.hub.downFile(for: desk.id, .closings)
        #expect(file.label.kind == .urgent)
        for round in 0..<3 {
            guard case .applied(let effect) = try desk.replica.take(file: file.bytes) else {
                Issue.record("the file was not applied")
                return
            }
            #expect(effect.left == (round == 0 ? [lost.id] : []))
            #expect(try desk.replica.facts().cursor == cursor)
        }
        #expect(try !desk.holds("need", lost.need))
        #expect(try world.sync(desk).digest == .match)
        // She is referred once more: the old file says nothing of that.
        let again = try world.refer(lost.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(again, on: desk)
        try world.settle()
        #expect(try desk.holds("need", lost.need))
        #expect(try desk.replica.take(file: file.bytes) == .old)
        #expect(try desk.holds("need", lost.need))
        #expect(try world.sync(desk).digest == .match)
    }

    @Test("a row that is gone goes first too, and an edit of it still reaches the hub")
    func tombstone() throws {
        let world = try World(seed: 643)
        let rows = try world.openCase(on: world.surreyOffice, marker: "rows", naming: world.gloucester)
        try world.settle()
        let laptop = world.surreyLaptop
        try world.surreyOffice.writeMuch(in: rows, seed: 643)
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM child WHERE id = ?", arguments: [rows.child.sqlBlob])
        }
        try world.sync(world.surreyOffice)
        try laptop.set("first_name", of: "child", rows.child, to: "typed meanwhile")
        var wire = Wire(faults: nil)
        wire.crash = .page
        #expect(try wire.sync(laptop.replica, with: world.hub) == .crashed)
        try laptop.restart()
        #expect(try !laptop.holds("child", rows.child))
        #expect(try world.sync(laptop).digest == .match)
        #expect(try world.hub.quarantine().map(\.reason) == ["row-deleted"])
    }
}

extension Device {
    /// Writes more than fits into one answer, of which nothing can be compressed away.
    func writeMuch(in rows: CaseRows, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        try edit { database in
            for _ in 0..<8 {
                let words = (0..<550).map { _ in String(generator.next() >> 32, radix: 36) }.joined()
                try database.execute(
                    sql: "INSERT INTO need(case_id, category, detail) VALUES(?, 'OTHER', ?)",
                    arguments: [rows.id.sqlBlob, String(words.prefix(3_600))])
            }
        }
    }
}
