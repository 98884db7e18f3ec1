import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A laptop was copied or stolen with its keys, and its owner has made new ones (decision 60).
@Suite("Keys that others have taken the place of open nothing, and shut nobody out")
struct ReplacedKeyTests {
    /// The referral's sender with new keys, and a copy of its folder of before.
    private func stolen(seed: UInt64) throws -> (preview: PreviewWorld, thief: Device) {
        let preview = try PreviewWorld(seed: seed)
        let thief = try preview.world.clone(preview.surrey)
        try preview.surrey.replica.rotateKeys()
        #expect(try preview.world.sync(preview.surrey).digest == .match)
        return (preview, thief)
    }

    private func refused(_ body: () throws -> Hub.Admission, _ comment: Comment) {
        #expect(comment) { _ = try body() } throws: { ($0 as? Failure)?.code == .tryLater }
    }

    @Test("Neither a ticket nor an answer about a step, nor about rows; and the device itself goes on")
    func questions() throws {
        let (preview, thief) = try stolen(seed: 931)
        let hub = preview.world.hub
        let question = try preview.question("WITHDRAWN")
        for ticket in [try thief.replica.ticket(), Ticket.none] {
            for _ in 0..<4 {
                let sealed = try thief.replica.seal(question)
                let signed = Hub.SignedRequest(
                    device: thief.id, keyNumber: sealed.keyNumber, ticket: ticket, body: sealed.body)
                refused({ try hub.preview(signed) }, "a step")
                refused({ try hub.check(signed) }, "rows")
                refused({ try hub.history(signed) }, "a record's past")
            }
        }
        #expect(try preview.world.sync(preview.surrey).digest == .match)
        #expect(try hub.devices().allSatisfy { $0.state == "enrolled" })
        guard case .moves = try preview.ask(preview.surrey, question).body else {
            Issue.record("the device itself is not told")
            return
        }
    }

    @Test("No page of a delivery that waits for the device")
    func pages() throws {
        let world = try World(seed: 932)
        let rows = try world.openCase(on: world.surreyOffice, marker: "keys", naming: world.gloucester)
        try world.settle()
        let laptop = world.surreyLaptop
        try world.surreyOffice.writeMuch(in: rows, seed: 932)
        try world.sync(world.surreyOffice)
        try laptop.replica.rotateKeys()
        var wire = Wire(faults: nil)
        wire.crash = .page
        #expect(try wire.sync(laptop.replica, with: world.hub) == .crashed)
        try laptop.restart()
        let row = try world.reader.read {
            try Row.fetchOne(
                $0, sql: "SELECT id FROM hub_delivery WHERE device = ?", arguments: [laptop.id.sqlBlob])
        }
        let delivery = try #require(row).identifier("id")
        #expect(try world.hub.page(of: delivery, from: 0, for: laptop.id, keyNumber: 1) == nil)
        #expect(try world.hub.page(of: delivery, from: 0, for: laptop.id, keyNumber: 2) != nil)
        #expect(try world.sync(laptop).digest == .match)
    }
}
