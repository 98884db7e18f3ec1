import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What was not applied can be released, refused and written again")
struct ReleaseTests {
    private static let reason = "Asked the worker by telephone"

    private func world(_ seed: UInt64) throws -> (World, CaseRows) {
        let world = try World(seed: seed, withSharedCases: true)
        try world.settle()
        return (world, try #require(world.sharedCases.first))
    }

    /// The one edit that waits.
    private func waiting(_ world: World) throws -> QuarantinedEdit {
        let edits = try world.hub.quarantine()
        try #require(edits.count == 1, "\(edits)")
        return edits[0]
    }

    private func give(_ rows: CaseRows, to partner: Identifier, in world: World) throws {
        try world.give(rows.id, to: partner)
        try world.settle()
    }

    @Test("A late edit that an operator releases reaches everyone entitled, and its author learns that it did")
    func late() throws {
        let world = try World(seed: 51)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Zebrawood", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        try world.gloucestershire.set("detail", of: "need", rows.need, to: "typed without a network")
        try world.withdraw(referral, on: world.surreyOffice)
        try world.settle()
        let edit = try waiting(world)
        #expect(edit.reason == "late")
        let detail = try world.hub.quarantined(String(edit.id.prefix(5)))
        #expect(detail.value == ["detail": "typed without a network"])
        #expect(detail.current == ["detail": "Zebrawood need"] && detail.isReleasable)
        let inbox = try world.gloucestershire.replica.inbox()
        #expect(inbox.map(\.state) == [.waiting] && inbox[0].value.isEmpty)

        let released = try world.hub.release(quarantined: edit.id, by: "Ada", reason: Self.reason)
        #expect(released.outcome == "accepted" && !released.opensConflict)
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("detail", of: "need", rows.need) == "typed without a network")
        }
        #expect(try !world.gloucestershire.holds("need", rows.need))
        #expect(try world.gloucestershire.replica.inbox().map(\.state) == [.released])
        #expect(try world.hub.quarantine().isEmpty && world.hub.conflicts().isEmpty)
        let after = try world.hub.quarantined(edit.id)
        #expect(after.edit.state == "released" && after.decidedBy == "Ada" && after.decidedWhy == Self.reason)
        expectFailure(.badData) { _ = try world.hub.release(quarantined: edit.id, by: "Ada", reason: Self.reason) }
    }

    @Test("An edit of a deleted row comes back with its row", arguments: [false, true])
    func deletedRow(editFirst: Bool) throws {
        let (world, rows) = try world(52)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "still needed")
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [rows.need.sqlBlob])
        }
        try world.syncSurrey(laptopFirst: editFirst)
        try world.settle()
        for device in world.devices { #expect(try !device.holds("need", rows.need)) }
        let edit = try waiting(world)
        #expect(edit.reason == "row-deleted")
        let released = try world.hub.release(quarantined: edit.id, by: "Ada", reason: Self.reason)
        #expect(released.outcome == "accepted" && !released.opensConflict)
        try world.settle()
        for device in world.devices {
            #expect(try device.text("detail", of: "need", rows.need) == "still needed")
            #expect(try device.text("category", of: "need", rows.need) == "HEALTH")
        }
        #expect(try world.hub.quarantine().isEmpty && world.hub.conflicts().isEmpty)
        // The row lives on like any other.
        try world.gloucestershire.set("detail", of: "need", rows.need, to: "met since")
        try world.settle()
        #expect(try world.surreyLaptop.text("detail", of: "need", rows.need) == "met since")
        #expect(try world.hub.conflicts().isEmpty)
    }

    @Test("Releasing a row releases what was written about it and waited with it")
    func dependents() throws {
        let (world, _) = try world(53)
        let (file, need) = (world.newID(), world.newID())
        try world.surreyLaptop.edit { database in
            // Nobody else's name may stand there.
            try database.execute(
                sql: "INSERT INTO case_file(id, ref, owner_partner_id) VALUES(?, 'odd', ?)",
                arguments: [file.sqlBlob, world.gloucester.sqlBlob])
            try database.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', 'first')",
                arguments: [need.sqlBlob, file.sqlBlob])
        }
        try world.surreyLaptop.replica.seal()
        try world.surreyLaptop.set("detail", of: "need", need, to: "second")
        try world.settle()
        let edits = try world.hub.quarantine()
        try #require(edits.map(\.table) == ["case_file", "need", "need"], "\(edits)")
        #expect(try world.hub.quarantined(edits[1].id).waitsFor == "case_file")
        expectFailure(.badData) { _ = try world.hub.release(quarantined: edits[2].id, by: "Ada", reason: Self.reason) }
        let released = try world.hub.release(quarantined: edits[0].id, by: "Ada", reason: Self.reason)
        #expect(released.alsoReleased == 2)
        try world.settle()
        #expect(try world.gloucestershire.text("detail", of: "need", need) == "second")
        #expect(try world.hub.quarantine().isEmpty && world.hub.conflicts().isEmpty)
        #expect(Set(try world.surreyLaptop.replica.inbox().map(\.state)) == [.released])
    }

    @Test("What its author has replaced since comes out obsolete, never as a conflict with its own later words")
    func ownSuperseded() throws {
        let (world, rows) = try world(54)
        try world.gloucestershire.set("known_as", of: "person", rows.person, to: "first")
        try world.settle()
        let edit = try waiting(world)
        #expect(edit.reason == "mask")
        try give(rows, to: world.gloucester, in: world)
        try world.gloucestershire.set("known_as", of: "person", rows.person, to: "second")
        try world.settle()
        // Somebody else's later words cover the second; the first must not come back beside them.
        try world.gloucestershire.set("known_as", of: "person", rows.person, to: "third")
        try world.settle()
        #expect(try world.hub.quarantined(edit.id).superseded == ["known_as"])
        let released = try world.hub.release(quarantined: edit.id, by: "Ada", reason: Self.reason)
        #expect(released.outcome == "obsolete" && released.reason == "covered")
        try world.settle()
        #expect(try world.gloucestershire.text("known_as", of: "person", rows.person) == "third")
        #expect(try world.reader.siblings("person", rows.person, column: "known_as").isEmpty)
    }

    @Test("A bad edit at the head of an outbox holds nothing up, and can only be refused")
    func poison() throws {
        let (world, rows) = try world(55)
        try world.surreyOffice.edit { database in
            try database.execute(sql: "PRAGMA ignore_check_constraints = ON")
            try database.execute(
                sql: "UPDATE person SET date_of_birth = 'soon' WHERE id = ?", arguments: [rows.person.sqlBlob])
        }
        try world.surreyOffice.replica.seal()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "after the bad one")
        try world.surreyLaptop.set("nationality", of: "person", rows.person, to: "pulled all the same")
        try world.sync(world.surreyLaptop)
        try world.settle()
        #expect(try world.surreyLaptop.text("detail", of: "need", rows.need) == "after the bad one")
        #expect(try world.surreyOffice.text("nationality", of: "person", rows.person) == "pulled all the same")
        let edit = try waiting(world)
        #expect(edit.reason == "malformed")
        #expect(try !world.hub.quarantined(edit.id).isReleasable)
        expectFailure(.badData) { _ = try world.hub.release(quarantined: edit.id, by: "Ada", reason: Self.reason) }
        #expect(try world.hub.refuse(quarantined: edit.id, by: "Ada", reason: Self.reason) == edit.id)
        try world.settle()
        #expect(try world.surreyOffice.replica.inbox().map(\.state) == [.refused])
        #expect(try world.hub.quarantine().isEmpty)
        #expect(try world.hub.quarantined(edit.id).edit.state == "refused")
    }

    @Test("An edit that came back can be written again, and arrives as a new one")
    func retry() throws {
        let (world, rows) = try world(56)
        try world.gloucestershire.set("known_as", of: "person", rows.person, to: "what she says")
        try world.settle()
        let returned = try #require(try world.gloucestershire.replica.inbox().first)
        #expect(returned.value == ["known_as": "what she says"] && returned.reason == "mask")
        try give(rows, to: world.gloucester, in: world)
        let replica = world.gloucestershire.replica
        try replica.retry(returned: returned.number)
        expectFailure(.badData) { try replica.retry(returned: returned.number) }
        expectFailure(.badData) { try replica.dismiss(returned: returned.number) }
        expectFailure(.noInput) { try replica.retry(returned: 99) }
        #expect(try replica.inbox().isEmpty && replica.returnedEdit(returned.number).state == .sentAgain)
        try world.settle()
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "what she says")
        #expect(try world.hub.quarantine().count == 1)
    }

    @Test("An edit that came back can be let go; the hub keeps it")
    func dismiss() throws {
        let (world, rows) = try world(57)
        try world.gloucestershire.set("known_as", of: "person", rows.person, to: "not hers to change")
        try world.settle()
        let replica = world.gloucestershire.replica
        try replica.dismiss(returned: try #require(try replica.inbox().first).number)
        #expect(try replica.inbox().isEmpty && replica.status().returned == 0)
        #expect(try world.hub.quarantine().count == 1)
    }

    @Test("A batch whose predecessor is lost waits, and stands beside what others wrote once it is released")
    func hold() throws {
        let (world, rows) = try world(58)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "lost with the stick")
        try world.surreyLaptop.replica.seal()
        // It has left the device, on a stick that will not arrive.
        try world.surreyLaptop.edit { try $0.execute(sql: "UPDATE ru_outbox SET state = 1 WHERE state = 0") }
        try world.surreyLaptop.set("nationality", of: "person", rows.person, to: "held")
        try world.surreyLaptop.replica.seal()
        try world.surreyLaptop.edit {
            try $0.execute(
                sql: "DELETE FROM ru_outbox WHERE no = (SELECT min(no) FROM ru_outbox WHERE state < 2)")
        }
        try world.sync(world.surreyLaptop)
        let held = try world.hub.holds()
        try #require(held.count == 1)
        #expect(held[0].device == "surrey-laptop" && held[0].edits == 1 && held[0].isProved)
        #expect(try world.reader.text("nationality", of: "person", rows.person) == nil)
        expectFailure(.noInput) { _ = try world.hub.release(held: "00000000") }
        let receipt = try world.hub.release(held: String(held[0].id.prefix(8)))
        #expect(receipt.exceptions.isEmpty)
        #expect(try world.hub.holds().isEmpty)
        try world.sync(world.surreyLaptop)
        try world.sync(world.surreyOffice)
        #expect(try world.surreyOffice.text("nationality", of: "person", rows.person) == "held")
        // The chain goes on from there.
        try world.surreyLaptop.set("nationality", of: "person", rows.person, to: "and on")
        try world.sync(world.surreyLaptop)
        #expect(try world.reader.text("nationality", of: "person", rows.person) == "and on")
        #expect(try world.hub.holds().isEmpty && world.hub.conflicts().isEmpty)
    }
}

@Suite("States and revoked devices on the operator's work-list")
struct SpecialCaseTests {
    @Test("A decision between two states stands, even for the one that would have lost", arguments: [false, true])
    func states(laptopFirst: Bool) throws {
        let world = try World(seed: 61, withSharedCases: true)
        let rows = try #require(world.sharedCases.first)
        try world.settle()
        try world.surreyOffice.set("status", of: "need", rows.need, to: "MET")
        try world.surreyLaptop.set("status", of: "need", rows.need, to: "DECLINED")
        try world.syncSurrey(laptopFirst: laptopFirst)
        try world.settle()
        let conflict = try #require(try world.hub.conflicts().first)
        #expect(try world.gloucestershire.text("status", of: "need", rows.need) == "DECLINED")
        expectFailure(.badData) {
            _ = try world.hub.resolve(
                conflict.id, .value(json: "\"PERHAPS\""), by: "Ada", reason: "Not one of the states")
        }
        let met = try #require(conflict.values.first { $0.value["status"] == "MET" })
        _ = try world.hub.resolve(conflict.id, .keep(met.number), by: "Ada", reason: "She signed for the flat")
        try world.settle()
        for device in world.devices { #expect(try device.text("status", of: "need", rows.need) == "MET") }
        _ = try world.hub.reopen(conflict.id, by: "Ada", reason: "That was another flat")
        try world.settle()
        for device in world.devices { #expect(try device.text("status", of: "need", rows.need) == "DECLINED") }
        #expect(try world.hub.conflicts().map(\.id) == [conflict.id])
    }

    @Test("What a revoked device still sends waits for a person, and it is served nothing")
    func revoked() throws {
        let world = try World(seed: 62, withSharedCases: true)
        let rows = try #require(world.sharedCases.first)
        try world.settle()
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "written before it knew")
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "news")
        try world.sync(world.surreyOffice)
        let device = try world.surreyLaptop.replica.facts().device
        _ = try world.hub.revoke(device: device.description)
        for _ in 0..<2 { expectFailure(.notPermitted) { try world.sync(world.surreyLaptop) } }
        #expect(try world.surreyLaptop.text("known_as", of: "person", rows.person) != "news")
        let edits = try world.hub.quarantine()
        try #require(edits.map(\.reason) == ["device-revoked"])
        _ = try world.hub.release(quarantined: edits[0].id, by: "Ada", reason: "Written the day before")
        try world.sync(world.surreyOffice)
        #expect(try world.surreyOffice.text("detail", of: "need", rows.need) == "written before it knew")
        #expect(try world.hub.conflicts().isEmpty)
    }
}
