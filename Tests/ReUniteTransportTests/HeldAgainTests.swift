import GRDB
import ReUniteReplica
import ReUniteSync
import TestLine
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("What the hub holds is sent once, and again only where the hub has lost it", .serialized)
struct HeldAgainTests {
    private static let edits = 200

    /// Writes what waits: the hub has forgotten what came before, as one that was restored without its ledger has.
    ///
    /// - Returns: how many notes came before.
    @discardableResult
    private static func writeAfterLoss(_ world: LineWorld) async throws -> Int {
        try world.writer.writeCase(bytes: 1)
        for _ in 0..<2 { try await world.writer.sync() }
        try run("UPDATE hub_batch SET id = randomblob(32); UPDATE hub_branch SET head = randomblob(32)", at: world)
        let notes = try world.writer.count("case_note")
        try world.writer.writeCase(bytes: 60 * edits, note: 60)
        return notes
    }

    private static func run(_ sql: String, at world: LineWorld) throws {
        try database(world).write { try $0.execute(sql: sql) }
    }

    private static func notes(at world: LineWorld) throws -> Int? {
        try database(world).read { try Int.fetchOne($0, sql: "SELECT count(*) FROM case_note") }
    }

    /// What programs did after each sync before there was more to believe.
    private static func forgetWords(_ office: Office) throws {
        try office.replica.database.write { try $0.execute(sql: "UPDATE ru_outbox SET taken = NULL") }
    }

    private static func database(_ world: LineWorld) throws -> DatabaseQueue {
        try DatabaseQueue(path: world.folder.file("hub/hub.sqlite"))
    }

    /// One sync, with what went up the line in it.
    private static func sync(
        _ world: LineWorld, _ proxy: FaultProxy
    ) async throws -> (outcome: SyncOutcome, up: Int) {
        proxy.reset()
        let outcome = try await world.writer.sync(via: proxy.url)
        return (outcome, proxy.count.up)
    }

    @Test("200 edits that wait for a batch before them go over the line once, and arrive when a person releases them")
    func once() async throws {
        try await LineWorld.run { world in
            let notes = try await Self.writeAfterLoss(world)
            let proxy = try world.proxy()
            defer { proxy.close() }
            let first = try await Self.sync(world, proxy)
            #expect(first.outcome.pushedEdits == Self.edits && first.outcome.heldEdits == Self.edits)
            #expect(first.outcome.pushedBytes > 8_000, "\(first)")
            for number in 2...4 {
                // Each in a program of its own, as at night.
                try world.writer.restart()
                let later = try await Self.sync(world, proxy)
                #expect(later.outcome.heldEdits == Self.edits && later.outcome.digest == .match, "\(number): \(later)")
                #expect(later.outcome.pushedBytes == 0, "\(number): \(later)")
                // Two requests without batches, with their heads.
                #expect(later.up < 1_600, "\(number): \(later), the first took \(first.up)")
            }
            // Sent, and safe nowhere.
            let status = try world.writer.replica.status()
            #expect(status.unsentEdits == 0)
            #expect(status.wipeWaitsFor == "the hub's word on \(Self.edits) edits that it was sent")
            // What is written next waits with it, and goes alone.
            try world.writer.writeCase(bytes: 1, note: 60)
            let next = try await Self.sync(world, proxy)
            #expect(next.outcome.pushedEdits == 1 && next.outcome.heldEdits == Self.edits + 1)
            #expect(try world.hub.holds().count == 2)
            #expect(try await Self.sync(world, proxy).outcome.pushedBytes == 0)

            let held = try #require(try world.hub.holds().first { $0.edits == Self.edits })
            _ = try world.hub.release(held: held.id, name: "Ada", reason: "What was before is lost")
            let released = try await Self.sync(world, proxy)
            #expect(released.outcome.heldEdits == 0 && released.outcome.digest == .match)
            #expect(try world.hub.holds().isEmpty)
            #expect(try Self.notes(at: world) == notes + Self.edits + 1)
        }
    }

    @Test("A hub that has lost what it held gets it again, whether it knows of the loss or not")
    func lost() async throws {
        try await LineWorld.run { world in
            try await Self.writeAfterLoss(world)
            let proxy = try world.proxy()
            defer { proxy.close() }
            for _ in 0..<2 { _ = try await Self.sync(world, proxy) }
            // It was put back to a copy of before that, and nobody noticed.
            try Self.run("DELETE FROM hub_hold", at: world)
            #expect(
                try await Self.sync(world, proxy).outcome.pushedBytes == 0, "it says nothing, and so is not believed")
            #expect(try world.writer.replica.status().unsentEdits == Self.edits)
            let again = try await Self.sync(world, proxy)
            #expect(again.outcome.pushedEdits == Self.edits && again.outcome.heldEdits == Self.edits)
            #expect(try world.hub.holds().map(\.edits) == [Self.edits])
            #expect(try await Self.sync(world, proxy).outcome.pushedBytes == 0)
            // To a copy in which it was told already, in a sync that is over.
            try Self.run("UPDATE hub_hold SET told = 1", at: world)
            for _ in 0..<3 { _ = try await Self.sync(world, proxy) }
            #expect(try await Self.sync(world, proxy).outcome.pushedBytes == 0)
            #expect(try world.hub.holds().map(\.edits) == [Self.edits])
        }
    }

    @Test("A device that goes on by stick alone hands in everything anew where it asks for everything")
    func byStick() async throws {
        try await LineWorld.run { world in
            try await Self.writeAfterLoss(world)
            for _ in 0..<2 { try await world.writer.sync() }
            try Self.run("DELETE FROM hub_hold", at: world)
            let office = world.writer.replica
            #expect(try office.upFile().batches == 0, "the hub said that it has them")
            let file = try office.upFile(whole: true)
            #expect(file.edits == Self.edits && file.left == 0)
            let report = try world.hub.take(upFile: BundleSource(try file.parcel.bytes()))
            #expect(report.held == file.batches && report.batches == file.batches)
            #expect(try world.hub.holds().map(\.edits) == [Self.edits])
            // Said once more, they are known.
            #expect(try await world.writer.sync().heldEdits == Self.edits)
        }
    }

    @Test("An older program that forgets what it was told sends it again, as ever, and comes to an end")
    func older() async throws {
        try await LineWorld.run { world in
            try await Self.writeAfterLoss(world)
            for _ in 0..<3 {
                let outcome = try await world.writer.sync()
                #expect(outcome.pushedEdits == Self.edits && outcome.roundTrips < 10, "\(outcome)")
                try Self.forgetWords(world.writer)
            }
            #expect(try world.hub.holds().map(\.edits) == [Self.edits])
        }
    }
}
