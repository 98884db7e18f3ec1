import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Cases that leave a partner")
struct LeavingScenarioTests {
    private static let because = "Asked the worker by telephone"

    /// G5.
    @Test("A referral is withdrawn while a worker writes in prison: nothing stays on the laptop, nothing is lost")
    func withdrawn() throws {
        let leaving = try LeavingWorld(seed: 201)
        let (world, rows, worker) = (leaving.world, leaving.rows, leaving.worker)
        // An edit that was judged, and a conflict that is open.
        try worker.set("detail", of: "need", rows.need, to: "judged-words")
        try world.settle()
        try leaving.office.set("detail", of: "need", rows.need, to: "office-words")
        world.advance(milliseconds: 60_000)
        try worker.set("detail", of: "need", rows.need, to: "conflict-words")
        try world.settle()
        #expect(try world.reader.openConflicts().count == 1)
        // Without a network.
        let made = world.newID()
        try worker.set("detail", of: "need", rows.need, to: "prison-words")
        try worker.edit {
            try $0.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', 'made-words')",
                arguments: [made.sqlBlob, rows.id.sqlBlob])
        }
        let words = [
            LeavingWorld.marker, "judged-words", "conflict-words", "prison-words", "made-words", "late-words",
        ]
        try leaving.withdraw()
        #expect(try leaving.purges() == ["gloucestershire-office owed"])
        for word in words.dropLast() { #expect(try leaving.found([word], on: worker) != [], "\(word)") }
        // The laptop finds a network, and she goes on typing until the answer is there.
        let ending = try leaving.sync(worker) { try worker.set("section", of: "need", rows.need, to: "late-words") }
        guard case .finished(let outcome) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(outcome.left.contains(rows.id) && outcome.digest == .match)
        #expect(try leaving.found(words, on: worker) == [])
        #expect(try worker.replica.status().purgesOwed == 0 && worker.replica.status().unsentEdits == 0)

        #expect(try world.reader.quarantined().allSatisfy { $0 == "late" })
        let waiting = try leaving.quarantined()
        for word in ["prison-words", "late-words"] { #expect(waiting.contains(word), "\(word)") }
        // What she added may be taken, since she was entitled when she wrote it; it is at the hub either way.
        #expect(try waiting.contains("made-words") || world.reader.text("detail", of: "need", made) == "made-words")
        #expect(try leaving.purges(all: true) == ["gloucestershire-office purged"])
        let receipt = try #require(try world.hub.purges(all: true).first { $0.scope == rows.id.description })
        #expect(receipt.isClean == true && (receipt.rows ?? 0) >= 5)

        let edit = try #require(
            try world.hub.quarantine().first { try world.hub.quarantined($0.id).value["detail"] == "prison-words" })
        _ = try world.hub.release(quarantined: edit.id, by: "Ada", reason: Self.because)
        try world.settle()
        let inbox = try worker.replica.inbox()
        #expect(inbox.filter { $0.state == .released }.count == 1)
        #expect(inbox.allSatisfy { $0.isWithheld && $0.value.isEmpty && $0.columns.isEmpty })
        #expect(try leaving.found(words, on: worker) == [])
        for device in world.devices { #expect(try world.sync(device).digest == .match) }
    }

    /// G7.
    @Test("A class leaves while an edit of it waits to be sent: the edit is at the hub, and in no byte of the laptop")
    func loweredMask() throws {
        let leaving = try LeavingWorld(seed: 202)
        let (world, rows, worker) = (leaving.world, leaving.rows, leaving.worker)
        let (address, made) = (world.newID(), world.newID())
        func add(_ id: Identifier, _ lines: String, on device: Device) throws {
            try device.edit {
                try $0.execute(
                    sql: "INSERT INTO address(id, case_id, lines) VALUES(?, ?, ?)",
                    arguments: [id.sqlBlob, rows.id.sqlBlob, lines])
            }
        }
        try add(address, "held-address", on: leaving.office)
        try world.settle()
        #expect(try !worker.holds("address", address))
        // Its owner for a while, as after a transfer; then again the receiver of a referral that shows less.
        try leaving.give(to: world.gloucester)
        try world.settle()
        #expect(try worker.holds("address", address))
        try worker.set("lines", of: "address", address, to: "typed-address")
        try add(made, "made-address", on: worker)
        try leaving.give(to: world.surrey)
        for word in ["held-address", "typed-address", "made-address"] {
            #expect(try leaving.found([word], on: worker) != [], "\(word)")
        }
        #expect(try leaving.purges() == ["gloucestershire-office owed"])
        try world.settle()
        #expect(try worker.holds("need", rows.need))
        #expect(try !worker.holds("address", address) && !worker.holds("address", made))
        #expect(try leaving.found(["held-address", "typed-address", "made-address"], on: worker) == [])
        #expect(try leaving.purges() == [] && leaving.purges(all: true).contains("gloucestershire-office purged"))
        // What it says is withheld in lists, for it is an address that could endanger her.
        #expect(
            try world.hub.quarantine().contains { $0.table == "address" && $0.row == address.description })
        #expect(try world.reader.text("lines", of: "address", address) == "held-address")
        for device in world.devices { #expect(try world.sync(device).digest == .match) }
    }

    /// G9.
    @Test("Whoever closes her own access by her own edit is rid of the case in the same session")
    func ownEdit() throws {
        let leaving = try LeavingWorld(seed: 203)
        let (world, rows, worker) = (leaving.world, leaving.rows, leaving.worker)
        try worker.set("detail", of: "need", rows.need, to: "last-words")
        try leaving.step(to: "RETURNED", by: worker)
        let outcome = try world.sync(worker)
        #expect(outcome.left == [rows.id] && outcome.digest == .match)
        #expect(try !worker.holds("case_file", rows.id))
        #expect(try leaving.found(["\(LeavingWorld.marker) child", "last-words"], on: worker) == [])
        #expect(try leaving.purges(all: true) == ["gloucestershire-office purged"])
        #expect(try world.reader.text("detail", of: "need", rows.need) == "last-words")
    }

    @Test("A case that comes and goes a hundred times leaves nothing behind, and comes back whole")
    func backAndForth() throws {
        let leaving = try LeavingWorld(seed: 204)
        let (world, rows, worker) = (leaving.world, leaving.rows, leaving.worker)
        try leaving.withdraw()
        try world.sync(worker)
        for round in 1...100 {
            try leaving.give(to: world.gloucester)
            #expect(try world.sync(worker).digest == .match)
            #expect(try worker.holds("case_note", rows.note))
            try worker.set("detail", of: "need", rows.need, to: "words-\(round)")
            if round % 2 == 0 { try world.sync(worker) }
            try leaving.give(to: world.surrey)
            #expect(try world.sync(worker).digest == .match)
            if round % 10 == 0 {
                #expect(try leaving.found([LeavingWorld.marker, "words-"], on: worker) == [])
            }
        }
        #expect(try leaving.purges() == [])
        try world.settle()
        let waiting = try leaving.quarantined()
        #expect(waiting.filter { $0.hasPrefix("words-") }.count == 50)
    }

    /// B22.
    @Test("A closing makes a half-fetched delivery void: its file goes, and the client asks anew")
    func voidDelivery() throws {
        let leaving = try LeavingWorld(seed: 205)
        let (world, rows, worker) = (leaving.world, leaving.rows, leaving.worker)
        var generator = SeededGenerator(seed: 205)
        try leaving.office.edit { database in
            for _ in 0..<320 {
                let text = String(
                    decoding: (0..<2_000).map { _ in UInt8.random(in: 33...122, using: &generator) }, as: UTF8.self)
                try database.execute(
                    sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', ?)",
                    arguments: [world.newID().sqlBlob, rows.id.sqlBlob, text])
            }
        }
        try world.sync(leaving.office)
        let folder = world.folder.file("hub/deliveries")
        func files() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: folder).count }
        world.advance(milliseconds: 1_000)
        var wire = Wire(faults: nil)
        var pages = 0
        wire.afterPage = {
            pages += 1
            #expect(try files() == 1)
            try leaving.withdraw()
            #expect(try files() == 0)
        }
        let ending = try wire.sync(worker.replica, with: world.hub)
        guard case .finished(let outcome) = ending else {
            Issue.record("\(ending)")
            return
        }
        #expect(pages == 1 && outcome.digest == .match && outcome.left.contains(rows.id))
        #expect(try leaving.found(["\(LeavingWorld.marker) need"], on: worker) == [])
    }

    @Test("A sealed batch that does not open is not taken, and keeps nobody from receiving")
    func damagedSeal() throws {
        let leaving = try LeavingWorld(seed: 206)
        let (world, rows, worker) = (leaving.world, leaving.rows, leaving.worker)
        try leaving.withdraw()
        world.advance(milliseconds: 1_000)
        var wire = Wire(faults: nil)
        wire.beforeApply = { try worker.set("detail", of: "need", rows.need, to: "late-words") }
        wire.crash = .applied
        #expect(try wire.sync(worker.replica, with: world.hub) == .crashed)
        try worker.edit {
            try $0.execute(
                sql: "UPDATE ru_outbox SET sealed = zeroblob(length(sealed)) WHERE sealed IS NOT NULL AND state < 2")
        }
        let own = try world.openCase(on: leaving.office, marker: "Rowan", naming: world.gloucester)
        let referral = try world.refer(own.id, on: leaving.office, to: world.gloucester)
        try world.sync(leaving.office)
        #expect(try world.sync(worker).digest == .match)
        #expect(try worker.holds("referral", referral))
        #expect(try worker.replica.status().unsentEdits == 1)
        #expect(try world.hub.quarantine().isEmpty)
    }
}
