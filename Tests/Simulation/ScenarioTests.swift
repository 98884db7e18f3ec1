import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Promises from end to end, in one process")
struct ScenarioTests {
    private static let need: UInt16 = 14
    private static let detail: UInt8 = 3

    @Test("A case travels when its referral is accepted; before that only the referral and its pack do")
    func acceptance() throws {
        let world = try World(seed: 1)
        let shared = try world.openCase(on: world.surreyLaptop, marker: "shared-case", naming: world.gloucester)
        let other = try world.openCase(on: world.surreyLaptop, marker: "other-case", naming: world.gloucester)
        try world.settle()
        #expect(try world.surreyOffice.text("detail", of: "need", shared.need) == "shared-case need")
        #expect(try !world.gloucestershire.holds("case_file", shared.id))

        let referral = try world.refer(shared.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        let pack = try world.gloucestershire.read {
            try String.fetchOne(
                $0, sql: "SELECT items FROM referral_pack WHERE referral_id = ?", arguments: [referral.sqlBlob])
        }
        #expect(pack?.contains("shared-case") == true)
        #expect(try world.gloucestershire.text("state", of: "referral", referral) == "RECEIVED")
        #expect(try !world.gloucestershire.holds("case_file", shared.id))
        #expect(try !world.gloucestershire.holds("person", shared.person))

        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        #expect(try world.surreyOffice.text("state", of: "referral", referral) == "ACCEPTED")
        for (table, id) in [
            ("case_file", shared.id), ("person", shared.person), ("child", shared.child), ("need", shared.need),
            ("consent", shared.consent),
        ] {
            #expect(try world.gloucestershire.holds(table, id), "\(table)")
        }
        #expect(try !world.gloucestershire.holds("case_note", shared.note))
        #expect(try !world.gloucestershire.holds("case_file", other.id))
        #expect(try !fileMentions("other-case", world.gloucestershire.path))
        #expect(try fileMentions("shared-case", world.gloucestershire.path))
    }

    @Test("Two offline edits of different columns of one row both survive")
    func differentColumns() throws {
        let world = try World(seed: 2)
        let rows = try world.openCase(on: world.surreyOffice, marker: "columns", naming: world.gloucester)
        try world.settle()
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "Office")
        try world.surreyLaptop.set("nationality", of: "person", rows.person, to: "Laptop")
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("known_as", of: "person", rows.person) == "Office")
            #expect(try device.text("nationality", of: "person", rows.person) == "Laptop")
        }
        #expect(try world.reader.openConflicts().isEmpty)
    }

    @Test("Two offline edits of one reviewed column leave one conflict with both values", arguments: [false, true])
    func review(laptopFirst: Bool) throws {
        let world = try World(seed: 3)
        let rows = try world.openCase(on: world.surreyOffice, marker: "review", naming: world.gloucester)
        try world.settle()
        try world.describeApart(rows.need)
        try world.syncSurrey(laptopFirst: laptopFirst)
        try world.settle()
        let hub = world.reader
        let cell = Cell(table: Self.need, key: rows.need, group: Self.detail)
        #expect(try hub.openConflicts() == [cell])
        #expect(
            Set(try hub.siblings("need", rows.need, column: "detail")) == [
                [.text("from the office")], [.text("from the laptop")],
            ])
        for device in world.surreyDevices {
            #expect(try device.text("detail", of: "need", rows.need) == "from the laptop")
        }

        // An ordinary edit replaces the value that was shown; the other still waits for a person.
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "after that")
        try world.settle()
        #expect(try hub.openConflicts() == [cell])
        #expect(
            Set(try hub.siblings("need", rows.need, column: "detail")) == [
                [.text("from the office")], [.text("after that")],
            ])
        #expect(try world.surreyLaptop.text("detail", of: "need", rows.need) == "after that")
    }

    @Test("Typing on over a value that was never shown does not decide a conflict with it")
    func typingOn() throws {
        let world = try World(seed: 8)
        let rows = try world.openCase(on: world.surreyOffice, marker: "typing", naming: world.gloucester)
        try world.settle()
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "from the laptop")
        try world.sync(world.surreyLaptop)
        // The office types while its sync is under way: the laptop's value arrives underneath what stands there.
        var wire = Wire(faults: nil)
        var seams = 0
        wire.meanwhile = {
            seams += 1
            if seams == 3 { try world.surreyOffice.set("detail", of: "need", rows.need, to: "first words") }
        }
        wire.limit = 1
        _ = try wire.sync(world.surreyOffice.replica, with: world.hub, stoppingAfterApply: true)
        #expect(try world.surreyOffice.text("detail", of: "need", rows.need) == "first words")
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "second words")
        try world.settle()
        #expect(
            Set(try world.reader.siblings("need", rows.need, column: "detail")) == [
                [.text("from the laptop")], [.text("second words")],
            ])
        #expect(
            try world.reader.openConflicts() == [Cell(table: Self.need, key: rows.need, group: Self.detail)])
    }

    @Test("Undoing an edit of one's own words, not yet judged, changes nothing")
    func undoing() throws {
        let world = try World(seed: 11)
        let rows = try world.openCase(on: world.surreyOffice, marker: "undoing", naming: world.gloucester)
        try world.settle()
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "from the laptop")
        try world.sync(world.surreyLaptop)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "mine")
        _ = try world.surreyOffice.replica.nextRequest(after: 0, limit: 100_000)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "for a moment")
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "mine")
        try world.settle()
        let last = try #require(try world.surreyOffice.replica.log(table: "need").last)
        #expect(last.verdict == "obsolete" && last.reason == "unchanged")
        #expect(
            Set(try world.reader.siblings("need", rows.need, column: "detail")) == [
                [.text("from the laptop")], [.text("mine")],
            ])
    }

    @Test("Words typed over an edit that was undone replace the value that was shown")
    func typingOverAnUndoneEdit() throws {
        let world = try World(seed: 12)
        let rows = try world.openCase(on: world.surreyOffice, marker: "undone", naming: world.gloucester)
        try world.settle()
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "from the laptop")
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "from the office")
        try world.settle()
        let shown = try #require(try world.surreyOffice.text("detail", of: "need", rows.need))
        let other = shown == "from the laptop" ? "from the office" : "from the laptop"
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "for a moment")
        try world.surreyOffice.set("detail", of: "need", rows.need, to: shown)
        try world.surreyOffice.replica.seal()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "decided")
        try world.settle()
        #expect(
            Set(try world.reader.siblings("need", rows.need, column: "detail")) == [[.text("decided")], [.text(other)]])
    }

    @Test("A withdrawal purges the case at the receiver, and its unsent edit waits in quarantine as late")
    func withdrawal() throws {
        let world = try World(seed: 4)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Zebrawood", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        try world.gloucestershire.set("detail", of: "need", rows.need, to: "typed without a network")
        try world.withdraw(referral, on: world.surreyOffice)
        try world.settle()
        for (table, id) in [("case_file", rows.id), ("person", rows.person), ("need", rows.need)] {
            #expect(try !world.gloucestershire.holds(table, id), "\(table)")
        }
        #expect(try world.gloucestershire.text("state", of: "referral", referral) == "WITHDRAWN")
        #expect(try world.reader.quarantined() == ["late"])
        #expect(try world.gloucestershire.returned() == ["late"])
        #expect(try world.surreyOffice.text("detail", of: "need", rows.need) == "Zebrawood need")
        #expect(try !fileMentions("Zebrawood", world.gloucestershire.path))
        #expect(try hubHolds("typed without a network", world))
    }

    @Test("A partner that edits what it may only read gets it back as it was, and its edit is in the returned list")
    func readOnly() throws {
        let world = try World(seed: 5)
        let rows = try world.openCase(on: world.surreyOffice, marker: "readonly", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        try world.gloucestershire.set("known_as", of: "person", rows.person, to: "not hers to change")
        try world.gloucestershire.edit { try $0.execute(sql: "UPDATE area SET name = 'X' WHERE code = 'SRY'") }
        try world.settle()
        #expect(try world.gloucestershire.text("known_as", of: "person", rows.person) == "readonly")
        #expect(
            try world.gloucestershire.read {
                try String.fetchOne($0, sql: "SELECT name FROM area WHERE code = 'SRY'")
            } == "Surrey")
        #expect(try world.gloucestershire.returned().sorted() == ["mask", "role"])
    }

    @Test("A bad edit does not hold up the others of its batch")
    func poison() throws {
        let world = try World(seed: 6)
        let rows = try world.openCase(on: world.surreyOffice, marker: "poison", naming: world.gloucester)
        try world.settle()
        try world.surreyOffice.edit { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try database.execute(
                sql: "UPDATE person SET date_of_birth = 'soon' WHERE id = ?", arguments: [rows.person.sqlBlob])
            try database.execute(
                sql: "UPDATE person SET known_as = 'also' WHERE id = ?", arguments: [rows.person.sqlBlob])
            try database.execute(
                sql: "UPDATE case_file SET phase = 'MOVE_ON' WHERE id = ?", arguments: [rows.id.sqlBlob])
            try database.execute(
                sql: "UPDATE child SET school_area = 'Guildford' WHERE id = ?", arguments: [rows.child.sqlBlob])
            try database.execute(
                sql: "UPDATE need SET detail = 'after the bad ones' WHERE id = ?", arguments: [rows.need.sqlBlob])
        }
        try world.settle()
        let hub = world.reader
        #expect(Set(try hub.quarantined()) == ["malformed", "transition"])
        #expect(try hub.text("detail", of: "need", rows.need) == "after the bad ones")
        #expect(try hub.text("school_area", of: "child", rows.child) == "Guildford")
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("phase", of: "case_file", rows.id) == "ENQUIRY")
            #expect(try device.text("date_of_birth", of: "person", rows.person) == "1990-02-28")
            #expect(try device.text("detail", of: "need", rows.need) == "after the bad ones")
        }
    }

    @Test("An old message that arrives once more changes nothing that anybody sees")
    func staleMessage() throws {
        let world = try World(seed: 10)
        let rows = try world.openCase(on: world.surreyOffice, marker: "stale", naming: world.gloucester)
        var wire = Wire(faults: nil)
        _ = try wire.sync(world.surreyOffice.replica, with: world.hub)
        let old = try #require(wire.recorded.first)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "newer")
        try world.settle()
        let position = { try world.reader.read { try Int64.fetchOne($0, sql: "SELECT position FROM hub_clock") } }
        let before = try position()
        #expect(throws: Failure.self) { _ = try world.hub.sync(old) }
        #expect(try position() == before)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "newer")
        // The device goes on: nobody took the old message for a second copy of it.
        try world.sync(world.surreyOffice)
        try world.sync(world.surreyLaptop)
        #expect(try world.surreyLaptop.text("detail", of: "need", rows.need) == "newer")
    }

    @Test("A sync with nothing new is one exchange")
    func idle() throws {
        let world = try World(seed: 7)
        _ = try world.openCase(on: world.surreyOffice, marker: "idle", naming: world.gloucester)
        try world.settle()
        for device in world.devices {
            let outcome = try world.sync(device)
            #expect(outcome.roundTrips == 1 && outcome.pulledBytes == 0 && outcome.pushedEdits == 0)
        }
    }

    private func hubHolds(_ text: String, _ world: World) throws -> Bool {
        try world.reader.read { database in
            try Row.fetchAll(database, sql: "SELECT ops, op_count FROM hub_batch").contains { row in
                try OpCodec.decode(row.bytes("ops"), expecting: row["op_count"]).contains { op in
                    op.values.contains(.text(text))
                }
            }
        }
    }
}

/// Whether a file, or what SQLite keeps beside it, holds a word anywhere in its bytes.
func fileMentions(_ word: String, _ path: String) throws -> Bool {
    for suffix in ["", "-wal"] {
        guard let data = FileManager.default.contents(atPath: path + suffix) else { continue }
        if data.range(of: Data(word.utf8)) != nil { return true }
    }
    return false
}
