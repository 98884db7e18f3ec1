import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// The golden scenarios of the design that need nothing but a hub, devices and sticks. G3 has a file of its own.
@Suite("Golden scenarios")
struct GoldenScenarioTests {
    private func cell(_ need: Identifier) -> Cell { Cell(table: 14, key: need, group: 3) }
    private func nickname(_ person: Identifier) -> Cell { Cell(table: 11, key: person, group: 2) }

    /// G1.
    @Test(
        "Two laptops edit one field offline: one conflict with both values, and a decision closes it everywhere",
        arguments: [false, true])
    func bothOrders(laptopFirst: Bool) throws {
        let world = try World(seed: 101)
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        try world.settle()
        try world.describeApart(rows.need)
        try world.syncSurrey(laptopFirst: laptopFirst)
        try world.settle()
        #expect(try world.reader.openConflicts() == [cell(rows.need)])
        #expect(try standing(world, rows.need) == ["from the office", "from the laptop"])

        try world.resolve(cell(rows.need), to: "both agreed")
        try world.settle()
        #expect(try world.reader.openConflicts().isEmpty)
        #expect(try standing(world, rows.need) == ["both agreed"])
        for device in world.surreyDevices {
            #expect(try device.text("detail", of: "need", rows.need) == "both agreed")
            #expect(try world.sync(device).digest == .match)
        }
    }

    /// G1, its second half: what was not named in the decision is not decided by it.
    @Test("A value that arrives after a decision that did not name it opens the conflict again")
    func lateArrival() throws {
        let world = try World(seed: 102)
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        try world.settle()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "first")
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "second")
        world.surreyLaptop.time.advance(milliseconds: 1_000)
        try world.sync(world.surreyOffice)
        let stick = try Stick(from: world.surreyLaptop)
        let twin = try world.clone(world.surreyOffice)
        try twin.set("detail", of: "need", rows.need, to: "third")
        try stick.deliver(to: world)
        try world.resolve(cell(rows.need), to: "decided")
        #expect(try world.reader.openConflicts().isEmpty)
        try world.sync(twin)
        #expect(try world.reader.openConflicts() == [cell(rows.need)])
        #expect(try standing(world, rows.need) == ["decided", "third"])
    }

    /// Found in a random world.
    @Test("An edit that was undone while the conflict was being decided elsewhere changes nothing")
    func undoneBeneathADecision() throws {
        let world = try World(seed: 110)
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        try world.settle()
        // What is shown was written last and arrived first.
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "arrived last")
        world.advance(milliseconds: 60_000)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "shown")
        try world.sync(world.surreyOffice)
        try world.settle()
        #expect(try world.surreyLaptop.text("detail", of: "need", rows.need) == "shown")
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "for a moment")
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "shown")
        try world.resolve(cell(rows.need), to: "decided")
        try world.settle()
        #expect(try standing(world, rows.need) == ["decided"])
        #expect(try world.reader.openConflicts().isEmpty)
    }

    /// G2.
    @Test("An ordinary edit while a conflict is open replaces the value that was shown, and no other")
    func ordinaryEdit() throws {
        let world = try World(seed: 103)
        let rows = try conflict(in: world, on: world.surreyOffice)
        let shown = try #require(try world.surreyOffice.text("detail", of: "need", rows.need))
        let other = shown == "from the office" ? "from the laptop" : "from the office"
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "new")
        try world.settle()
        #expect(try world.reader.openConflicts() == [cell(rows.need)])
        #expect(try standing(world, rows.need) == ["new", other])
    }

    /// G2, its second half.
    @Test("Somebody from a third partner, who was shown one value alone, does not decide by editing it")
    func strangersEdit() throws {
        let world = try World(seed: 104, shape: .third)
        let rows = try conflict(in: world, on: world.surreyOffice)
        try world.consent(to: world.derby.partner, in: rows.id, on: world.surreyOffice)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.derby.partner)
        try world.settle()
        try world.accept(referral, on: world.derby)
        try world.settle()
        let shown = try #require(try world.derby.text("detail", of: "need", rows.need))
        let other = shown == "from the office" ? "from the laptop" : "from the office"
        try world.derby.set("detail", of: "need", rows.need, to: "from a stranger")
        try world.settle()
        #expect(try world.reader.openConflicts() == [cell(rows.need)])
        #expect(try standing(world, rows.need) == ["from a stranger", other])
    }

    /// G4.
    @Test(
        "A laptop is put back from an image, and its other future arrives on a stick: two branches, nothing lost",
        arguments: [false, true])
    func image(stickFirst: Bool) throws {
        let world = try World(seed: 105)
        let laptop = world.surreyLaptop
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        try world.settle()
        try laptop.set("detail", of: "need", rows.need, to: "before the image")
        try world.sync(laptop)
        let image = world.folder.file("image")
        try laptop.image(at: image)

        // Two batches of the future that will be lost with the disk go onto a stick.
        try laptop.set("detail", of: "need", rows.need, to: "on the stick")
        _ = try Stick(from: laptop)
        try laptop.set("known_as", of: "person", rows.person, to: "also on the stick")
        let stick = try Stick(from: laptop)
        #expect(stick.items.count == 2)
        try laptop.restore(from: image)
        #expect(try laptop.text("detail", of: "need", rows.need) == "before the image")

        world.advance(milliseconds: 60_000)
        try laptop.set("detail", of: "need", rows.need, to: "after the image")
        if stickFirst { try stick.deliver(to: world) }
        try world.sync(laptop)
        if !stickFirst { try stick.deliver(to: world) }
        try world.settle()
        let branches = try world.reader.read {
            try Int.fetchOne(
                $0, sql: "SELECT count(*) FROM hub_branch WHERE device = ?", arguments: [laptop.id.sqlBlob])
        }
        #expect(branches == 2)
        #expect(try standing(world, rows.need) == ["on the stick", "after the image"])
        #expect(try world.reader.openConflicts() == [cell(rows.need)])
        for device in [world.surreyOffice, laptop] {
            #expect(try device.text("known_as", of: "person", rows.person) == "also on the stick")
            #expect(try world.sync(device).digest == .match)
        }
    }

    /// G4, with the copy that goes on: a machine was cloned and both speak for one device.
    @Test("Both copies of a cloned laptop are heard: the second is shut out, let in again, and nothing is lost")
    func clone() throws {
        let world = try World(seed: 106)
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        try world.settle()
        let twin = try world.clone(world.surreyLaptop)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "from the laptop")
        try twin.set("detail", of: "need", rows.need, to: "from its twin")
        try world.sync(world.surreyLaptop)
        #expect(throws: Failure.self) { try world.sync(twin) }
        // Shut out, it keeps what it has, and shows it; the hub keeps it too, and applies it when the operator says so.
        #expect(try world.reader.quarantined() == ["clone"])
        #expect(try standing(world, rows.need) == ["from the laptop"])
        #expect(try twin.unjudgedOps().count == 1)
        #expect(try twin.text("detail", of: "need", rows.need) == "from its twin")
        try world.readmit(twin)
        try world.sync(twin)
        #expect(try standing(world, rows.need) == ["from the laptop", "from its twin"])
        #expect(try twin.unjudgedOps().isEmpty)
    }

    /// G8.
    @Test("A laptop in 1970 and one in 2038 edit one field: somebody is asked, and neither wins by its clock")
    func clocks() throws {
        let world = try World(seed: 107)
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        try world.settle()
        let from = world.hubTime.wallMilliseconds
        world.surreyOffice.time.set(wall: 0)
        world.surreyLaptop.time.set(wall: 2_147_483_647_000)
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "in 1970")
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "in 2038")
        world.advance(milliseconds: 3_600_000)
        try world.settle()
        #expect(try world.reader.openConflicts() == [nickname(rows.person)])
        #expect(
            Set(try world.reader.siblings("person", rows.person, column: "known_as")) == [
                [.text("in 1970")], [.text("in 2038")],
            ])
        let times = try world.reader.read {
            try Int64.fetchAll(
                $0, sql: "SELECT o.stamp FROM hub_sibling s JOIN hub_op o ON o.h = s.h WHERE s.key = ?",
                arguments: [rows.person.sqlBlob])
        }.map { HybridTime(rawValue: UInt64(bitPattern: $0)).milliseconds }
        #expect(times.count == 2)
        for time in times { #expect((from - 60_000...world.hubTime.wallMilliseconds).contains(time)) }
    }

    /// G17.
    @Test("A laptop that was away for 400 days is judged by what it had seen, and holds what the others hold")
    func away() throws {
        let world = try World(seed: 108)
        let laptop = world.surreyLaptop
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        let gone = try world.openCase(on: world.surreyOffice, marker: "gone", naming: world.gloucester)
        try world.settle()
        try laptop.set("detail", of: "need", rows.need, to: "a year ago")
        try laptop.set("known_as", of: "person", rows.person, to: "nobody else touched it")
        try laptop.set("detail", of: "need", gone.need, to: "of a row that went")
        for day in 1...400 {
            world.advance(milliseconds: 86_400_000)
            guard day % 100 == 0 else { continue }
            try world.surreyOffice.set("detail", of: "need", rows.need, to: "day \(day)")
            try world.sync(world.surreyOffice)
        }
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [gone.need.sqlBlob])
        }
        try world.settle()
        #expect(try standing(world, rows.need) == ["a year ago", "day 400"])
        #expect(try world.reader.openConflicts() == [cell(rows.need)])
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "nobody else touched it")
        #expect(try world.reader.quarantined() == ["row-deleted"])
        #expect(try laptop.returned() == ["row-deleted"])
        #expect(try !laptop.holds("need", gone.need))
        for device in [world.surreyOffice, laptop] { #expect(try world.sync(device).digest == .match) }
    }

    /// G18.
    @Test("A bad edit that is first in the outbox holds up neither the others nor what comes down")
    func poisonFirst() throws {
        let world = try World(seed: 109)
        let laptop = world.surreyLaptop
        let rows = try world.openCase(on: world.surreyOffice, marker: "golden", naming: world.gloucester)
        try world.settle()
        try laptop.edit { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try database.execute(
                sql: "UPDATE case_file SET phase = 'NO_SUCH_PHASE' WHERE id = ?", arguments: [rows.id.sqlBlob])
            try database.execute(sql: "PRAGMA ignore_check_constraints = OFF")
        }
        _ = try Stick(from: laptop)
        try laptop.set("detail", of: "need", rows.need, to: "after it")
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "from above")
        try world.sync(world.surreyOffice)
        try world.sync(laptop)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "after it")
        #expect(try laptop.text("known_as", of: "person", rows.person) == "from above")
        #expect(try laptop.text("phase", of: "case_file", rows.id) == "ENQUIRY")
        #expect(try world.reader.quarantined().count == 1)
        #expect(try laptop.returned().count == 1)
        #expect(try world.sync(laptop).digest == .match)
    }

    // MARK: What they begin with

    private func standing(_ world: World, _ need: Identifier) throws -> Set<String> {
        let siblings = try world.reader.siblings("need", need, column: "detail")
        guard siblings.isEmpty else {
            return Set(
                siblings.compactMap {
                    if case .text(let text)? = $0.first { text } else { nil }
                })
        }
        return Set([try world.reader.text("detail", of: "need", need)].compactMap { $0 })
    }

    /// A case with an open conflict between the office and the laptop.
    private func conflict(in world: World, on device: Device) throws -> CaseRows {
        let rows = try world.openCase(on: device, marker: "golden", naming: world.gloucester)
        try world.settle()
        try world.describeApart(rows.need)
        try world.settle()
        return rows
    }
}
