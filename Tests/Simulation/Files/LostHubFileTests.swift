import ReUniteHub
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteReplica

/// A device that only ever sends files is the one that shows a hub how far it had come.
@Suite("A hub that was put back to an earlier copy of itself notices by a file")
struct LostHubFileTests {
    /// The laptop has reached a position that the hub has lost since.
    private static func lost(seed: UInt64) throws -> (world: World, rows: CaseRows) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "put back", naming: world.gloucester)
        try world.settle()
        let backup = try world.backUpHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "judged and lost")
        try world.settle()
        try world.putBackByHand(backup)
        return (world, rows)
    }

    @Test("a file without an edit shows where its device stands: the hub begins a new life, and nobody misses anything")
    func shown() throws {
        let (world, rows) = try Self.lost(seed: 441)
        let laptop = world.surreyLaptop
        let file = try laptop.replica.upFile()
        #expect(file.batches == 0)
        #expect { try world.take(file) } throws: { ($0 as? Failure)?.code == .badData }
        #expect(world.hub.epoch.number == 2)
        // What the office had sent comes again, and the laptop has it after one sync.
        #expect(try world.sync(world.surreyOffice).digest != .mismatch)
        #expect(try world.sync(laptop).digest != .mismatch)
        try world.settle()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "judged and lost")
        #expect(try laptop.text("detail", of: "need", rows.need) == "judged and lost")
        #expect(try world.take(try laptop.replica.upFile()).isWhole)
    }

    @Test("a file of an older program that says it has come further than the hub, and shows no proof, is not believed")
    func unproved() throws {
        let (world, _) = try Self.lost(seed: 442)
        let laptop = world.surreyLaptop
        var request = try laptop.replica.upFile().request
        request.checkpoints = []
        let bytes = try laptop.replica.parcel(of: request, batches: []).bytes()
        let before = try world.hub.devices()
        #expect { try world.hub.take(upFile: bytes) } throws: { ($0 as? Failure)?.code == .badData }
        #expect(try world.hub.devices() == before)
        #expect(world.hub.epoch.number == 1)
    }
}
