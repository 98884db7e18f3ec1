import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A batch means the same however it comes, and whatever came before it.
@Suite("Sticks and networks carry the same batches")
struct CarrierTests {
    @Test("Batches that arrive last first wait, and are judged as if they had come in order")
    func reversed() throws {
        let world = try World(seed: 120)
        let laptop = world.surreyLaptop
        let rows = try world.openCase(on: world.surreyOffice, marker: "stick", naming: world.gloucester)
        try world.settle()
        // Each batch has another base, as if the laptop had pulled and never pushed in between.
        var items: [Stick.Item] = []
        for number in 1...3 {
            try laptop.set("detail", of: "need", rows.need, to: "words \(number)")
            items.append(try #require(try Stick(from: laptop).items.last))
            try world.surreyOffice.set("known_as", of: "person", rows.person, to: "name \(number)")
            try world.sync(world.surreyOffice)
            try pull(laptop, world)
        }
        var outcomes: [AcceptOutcome] = []
        for item in items.reversed() {
            outcomes.append(
                try Stick.deliver(item, to: world.hub, atMilliseconds: world.hubTime.wallMilliseconds))
        }
        #expect(outcomes[0] == .held && outcomes[1] == .held)
        #expect(try world.reader.quarantined().isEmpty)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "words 3")
        #expect(try world.reader.openConflicts().isEmpty)
        let held = try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_hold") }
        #expect(held == 0)
        try world.settle()
        #expect(try laptop.unjudgedOps().isEmpty)
    }

    @Test("A copy is told what the other copy wrote over its words, though both are one device to the hub")
    func echoOfATwin() throws {
        let world = try World(seed: 121)
        let rows = try world.openCase(on: world.surreyOffice, marker: "echo", naming: world.gloucester)
        try world.settle()
        let twin = try world.clone(world.surreyLaptop)
        // The twin's words arrive, and it never hears so.
        try twin.set("known_as", of: "person", rows.person, to: "from the twin")
        try Stick(from: twin).deliver(to: world)
        // The laptop sees them and writes over them.
        try world.sync(world.surreyLaptop)
        #expect(try world.surreyLaptop.text("known_as", of: "person", rows.person) == "from the twin")
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "over the twin's")
        try world.sync(world.surreyLaptop)
        try world.readmit(twin)
        try world.sync(twin)
        #expect(try twin.text("known_as", of: "person", rows.person) == "over the twin's")
    }

    /// The device hears what is new, and the hub hears nothing of what the device wrote.
    private func pull(_ device: Device, _ world: World) throws {
        let facts = try device.replica.facts()
        let request = try device.replica.nextRequest(after: UInt64(Int64.max), limit: 1).request
        #expect(request.batches.isEmpty)
        let sealed = try device.replica.seal(request)
        let signed = Hub.SignedRequest(
            device: sealed.device, keyNumber: facts.keyNumber, ticket: try device.replica.ticket(), body: sealed.body)
        guard case .answer(let bytes) = try world.hub.sync(signed) else {
            Issue.record("the hub asked for another ticket")
            return
        }
        let answer = try device.replica.open(answer: bytes, to: sealed)
        try device.replica.keep(ticket: answer.ticket)
        guard case .delivery(let delivery) = answer.body else {
            Issue.record("nothing was new")
            return
        }
        _ = try device.replica.apply(delivery, hubMilliseconds: answer.hubMilliseconds)
    }
}
