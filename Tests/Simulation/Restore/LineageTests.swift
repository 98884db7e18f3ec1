import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Which life of the hub follows which (decision 62): replicas believe only its signature, and the hub believes its own.
@Suite("A hub's lives follow each other by signed records")
struct LineageTests {
    private static func backedUp(seed: UInt64) throws -> (world: World, rows: CaseRows) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "lives", naming: world.gloucester)
        try world.settle()
        return (world, rows)
    }

    @Test("a laptop that missed three restores follows all of them, and nothing of its own is lost")
    func missed() throws {
        let (world, rows) = try LineageTests.backedUp(seed: 631)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "first life")
        try world.sync(world.surreyLaptop)
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "typed meanwhile")
        for life in 2...4 {
            let backup = try world.backUpHub()
            try world.surreyOffice.set("known_as", of: "person", rows.person, to: "life \(life)")
            try world.sync(world.surreyOffice)
            try world.restoreHub(from: backup)
            try world.sync(world.surreyOffice)
        }
        #expect(world.hub.epoch.number == 4)
        #expect(try world.sync(world.surreyLaptop).digest != .mismatch)
        #expect(try world.surreyLaptop.replica.facts().epoch == world.hub.epoch)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "first life")
        try world.settle()
        let names = try world.reader.siblings("person", rows.person, column: "known_as").flatMap(\.self)
        #expect(Set(names) == [.text("life 4"), .text("typed meanwhile")] || names.contains(.text("typed meanwhile")))
    }

    @Test("the same backup is restored twice: whoever followed the life in between follows the next one too")
    func twice() throws {
        let (world, rows) = try LineageTests.backedUp(seed: 632)
        let backup = try world.backUpHub()
        try world.restoreHub(from: backup)
        let lost = world.hub.epoch
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "in the second life")
        try world.settle()
        #expect(try world.surreyOffice.replica.facts().epoch == lost)
        try world.restoreHub(from: backup)
        let present = world.hub.epoch
        #expect(present.number == 3 && present != lost)
        #expect(try world.sync(world.surreyOffice).digest != .mismatch)
        #expect(world.hub.epoch == present, "a life that lies before the present one begins no other")
        #expect(try world.reader.text("detail", of: "need", rows.need) == "in the second life")
        try world.settle()
        for device in world.devices { #expect(try device.replica.facts().epoch == present) }
    }

    @Test("a hub that is shown its own signature above its own position begins a new life, and opens nothing in it")
    func ownSignature() throws {
        let (world, rows) = try LineageTests.backedUp(seed: 633)
        let backup = try world.backUpHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "judged and lost")
        try world.settle()
        try world.putBackByHand(backup)
        #expect(world.hub.epoch.number == 1, "nothing tells it yet")

        #expect(try world.sync(world.surreyOffice).digest != .mismatch)
        #expect(world.hub.epoch.number == 2)
        let state = try world.hub.recovery()
        #expect(!state.isOpen && state.epoch == 2)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "judged and lost")
        try world.settle()
        #expect(try world.hub.openRestored(by: "Operator", reason: "Everybody is back") >= 0)
        try world.settle()
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    @Test("a position or a life that nobody signed for begins nothing, and is served nothing")
    func claims() throws {
        let (world, _) = try LineageTests.backedUp(seed: 634)
        let laptop = world.surreyLaptop
        for invented in [
            HubEpoch(number: 1, salt: world.newID()), HubEpoch(number: 9, salt: world.newID()), world.hub.epoch,
        ] {
            var request = try laptop.replica.nextRequest(after: 0, limit: 1_000).request
            request.epoch = invented
            if invented == world.hub.epoch { request.cursor = Position(1 << 40) }
            // The proof that it has is of another life, or below what it claims.
            request.checkpoints = [try laptop.replica.facts().checkpoint]
            let sealed = try laptop.replica.seal(request)
            let signed = Hub.SignedRequest(
                device: sealed.device, keyNumber: sealed.keyNumber, ticket: try laptop.replica.ticket(),
                body: sealed.body)
            guard case .answer(let bytes) = try world.hub.sync(signed) else {
                Issue.record("another ticket was asked for")
                continue
            }
            #expect(try laptop.replica.open(answer: bytes, to: sealed).body == .unproven)
        }
        #expect(world.hub.epoch.number == 1)
        #expect(try world.sync(laptop).digest == .match)
    }
}
