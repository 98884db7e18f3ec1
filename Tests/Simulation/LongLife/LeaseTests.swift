import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A lease closes what is shown, never what was written")
struct LeaseTests {
    private static let day: Int64 = 86_400_000

    /// A world whose devices may stay away for thirty days, and have all been at the hub.
    private static func leased(seed: UInt64) throws -> (world: World, rows: CaseRows) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "leased", naming: world.gloucester)
        try world.hub.set(leaseDays: 30, by: "Operator", reason: "The board decided so")
        try world.settle()
        return (world, rows)
    }

    private static func isRefused(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return false
        } catch {
            return (error as? Failure)?.code == .notPermitted
        }
    }

    private static func state(of device: Device, in world: World) throws -> String? {
        try world.hub.devices().first { $0.id == device.id.description }?.state
    }

    @Test("a laptop that was away for 400 days brings all it wrote, judged by its base, and is shown nothing")
    func yearOld() throws {
        let (world, rows) = try LeaseTests.leased(seed: 531)
        let laptop = world.surreyLaptop
        try laptop.set("detail", of: "need", rows.need, to: "by the laptop")
        try laptop.set("first_name", of: "child", rows.child, to: "by the laptop alone")
        for _ in 0..<20 {
            world.advance(milliseconds: 20 * LeaseTests.day)
            try world.sync(world.surreyOffice)
        }
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "by the office")
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "news")
        try world.sync(world.surreyOffice)
        #expect(try LeaseTests.state(of: laptop, in: world) == "expired")
        #expect(try LeaseTests.state(of: world.surreyOffice, in: world) == "enrolled", "who comes is never away")

        #expect(LeaseTests.isRefused { try world.sync(laptop) })
        #expect(try world.reader.text("first_name", of: "child", rows.child) == "by the laptop alone")
        #expect(try world.hub.conflicts().count == 1, "two wrote beside each other, and a person is asked as ever")
        #expect(try world.hub.quarantine().isEmpty && world.hub.holds().isEmpty)
        #expect(try laptop.text("known_as", of: "person", rows.person) == "leased", "nothing was shown to it")
        #expect(LeaseTests.isRefused { try laptop.replica.checkLease("Showing the case") })

        let renewed = try world.hub.renew(
            device: laptop.id.description, days: nil, by: "Ada", reason: "Telephoned her")
        #expect(renewed.state == "enrolled")
        #expect(try world.sync(laptop).digest == .match)
        #expect(try laptop.text("known_as", of: "person", rows.person) == "news")
        #expect(try laptop.unjudgedOps().isEmpty && laptop.replica.inbox().isEmpty)
        try laptop.replica.checkLease("Showing the case")
    }

    @Test("what is typed on a device after its lease is kept, and goes out")
    func typedAfterwards() throws {
        let (world, rows) = try LeaseTests.leased(seed: 532)
        let laptop = world.surreyLaptop
        world.advance(milliseconds: 31 * LeaseTests.day)
        try laptop.set("detail", of: "need", rows.need, to: "typed in the dark")
        #expect(try laptop.replica.status().lease?.isOver == true)
        #expect(try laptop.replica.status().unsentEdits == 1)
        #expect(LeaseTests.isRefused { try world.sync(laptop) })
        #expect(try world.reader.text("detail", of: "need", rows.need) == "typed in the dark")
        _ = try world.hub.renew(device: laptop.id.description, days: 200, by: "Ada", reason: "Half a year abroad")
        try world.sync(laptop)
        world.advance(milliseconds: 150 * LeaseTests.day)
        #expect(try world.sync(laptop).digest == .match, "a contact does not shorten a longer lease")
    }

    @Test("a clock that is put back wins nothing; one that ran ahead ends the lease until the next sync")
    func clocks() throws {
        let (world, rows) = try LeaseTests.leased(seed: 533)
        let laptop = world.surreyLaptop
        let right = laptop.time.wallMilliseconds
        #expect(try laptop.replica.lease()?.isOver == false)
        laptop.time.set(wall: right + 40 * LeaseTests.day)
        #expect(try laptop.replica.lease()?.isOver == true)
        laptop.time.set(wall: right - 400 * LeaseTests.day)
        #expect(try laptop.replica.lease()?.isOver == true, "it is known to have been later")
        try laptop.set("detail", of: "need", rows.need, to: "typed meanwhile")
        #expect(try world.sync(laptop).digest == .match, "the hub goes by its own clock")
        #expect(try laptop.replica.lease()?.isOver == false)
        laptop.time.advance(milliseconds: 31 * LeaseTests.day)
        #expect(try laptop.replica.lease()?.isOver == true, "a clock that is wrong runs on all the same")
    }

    @Test(
        "an edit typed while the clock was ahead, by a year or an hour, locks nothing once the clock is right and the hub was asked",
        arguments: [400 * 24, 1] as [Int64])
    func typedAhead(hours: Int64) throws {
        let (world, rows) = try LeaseTests.leased(seed: 537)
        let laptop = world.surreyLaptop
        let right = laptop.time.wallMilliseconds
        laptop.time.set(wall: right + hours * 3_600_000)
        try laptop.set("detail", of: "need", rows.need, to: "typed in the future")
        try laptop.replica.seal()
        laptop.time.set(wall: right)
        #expect(try laptop.replica.knownTime().isPutBack, "until the hub is asked, it may be that late")
        #expect(try world.sync(laptop).digest == .match)
        #expect(try !laptop.replica.knownTime().isPutBack && laptop.replica.lease()?.isOver == false)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "typed in the future")
        // What is sealed from then on counts as ever.
        try laptop.set("detail", of: "need", rows.need, to: "typed now")
        try laptop.replica.seal()
        #expect(try !laptop.replica.knownTime().isPutBack && laptop.replica.lease()?.isOver == false)
        laptop.time.set(wall: right + 2 * 3_600_000)
        try laptop.set("detail", of: "need", rows.need, to: "typed two hours later")
        try laptop.replica.seal()
        laptop.time.set(wall: right)
        #expect(try laptop.replica.knownTime().isPutBack, "the newest change is known to have been later")
    }

    @Test("the same for a device that only ever uses sticks, once the hub says that it has the edit")
    func typedAheadByStick() throws {
        let (world, rows) = try LeaseTests.leased(seed: 538)
        let laptop = world.surreyLaptop
        let right = laptop.time.wallMilliseconds
        laptop.time.set(wall: right + 400 * LeaseTests.day)
        try laptop.set("detail", of: "need", rows.need, to: "typed in the future")
        try laptop.replica.seal()
        laptop.time.set(wall: right)
        world.advance(milliseconds: 60_000)
        let before = try world.hub.downFile(for: laptop.id).bytes
        let up = try laptop.replica.upFile().bytes
        _ = try laptop.replica.take(file: before)
        #expect(try laptop.replica.lease()?.isOver == true, "that file says nothing of the edit")
        world.advance(milliseconds: 60_000)
        _ = try world.hub.take(upFile: up)
        _ = try laptop.replica.take(file: try world.hub.downFile(for: laptop.id).bytes)
        #expect(try laptop.replica.lease()?.isOver == false)
    }

    @Test("by stick its edits are taken too, and it is handed nothing but receipts")
    func byStick() throws {
        let (world, rows) = try LeaseTests.leased(seed: 534)
        let laptop = world.surreyLaptop
        world.advance(milliseconds: 31 * LeaseTests.day)
        try laptop.set("detail", of: "need", rows.need, to: "on a stick")
        let report = try world.hub.take(upFile: try laptop.replica.upFile().bytes)
        #expect(report.taken == 1)
        #expect(try LeaseTests.state(of: laptop, in: world) == "expired", "nobody knows how old a file is")
        #expect(LeaseTests.isRefused { _ = try world.hub.downFile(for: laptop.id) })
        #expect(try world.hub.downFile(for: laptop.id, .receipts).receipts > 0)
        _ = try world.hub.renew(device: laptop.id.description, days: nil, by: "Ada", reason: "She is back")
        _ = try laptop.replica.take(file: try world.hub.downFile(for: laptop.id).bytes)
        #expect(try laptop.replica.lease()?.isOver == false, "the file brings the lease along")
        #expect(try laptop.text("detail", of: "need", rows.need) == "on a stick")
    }

    @Test("a hub that is restored gives those another lease that had one, and not those whose lease had ended")
    func restored() throws {
        let (world, rows) = try LeaseTests.leased(seed: 535)
        world.advance(milliseconds: 31 * LeaseTests.day)
        _ = try world.hub.renew(
            device: world.surreyOffice.id.description, days: nil, by: "Ada", reason: "It is in use every day")
        try world.sync(world.surreyOffice)
        let backup = try world.backUpHub()
        world.advance(milliseconds: 29 * LeaseTests.day)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "later")
        try world.sync(world.surreyOffice)
        world.advance(milliseconds: 20 * LeaseTests.day)
        try world.restoreHub(from: backup)
        #expect(try LeaseTests.state(of: world.surreyLaptop, in: world) == "expired")
        #expect(try world.sync(world.surreyOffice).digest == .match, "it had come on the 29th day, which was forgotten")
        #expect(LeaseTests.isRefused { try world.sync(world.surreyLaptop) }, "it begins anew with the hub all the same")
    }

    @Test("without leases nothing ends, however long somebody is away")
    func none() throws {
        let (world, rows) = try LeaseTests.leased(seed: 536)
        try world.hub.set(leaseDays: nil, by: "Operator", reason: "The board decided otherwise")
        try world.settle()
        let laptop = world.surreyLaptop
        try laptop.set("detail", of: "need", rows.need, to: "typed long ago")
        world.advance(milliseconds: 400 * LeaseTests.day)
        #expect(try laptop.replica.lease() == nil)
        #expect(try world.sync(laptop).digest == .match)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "typed long ago")
        #expect {
            try world.hub.renew(device: laptop.id.description, days: nil, by: "Ada", reason: "There is none to renew")
        } throws: {
            ($0 as? Failure)?.code == .badData
        }
    }
}
