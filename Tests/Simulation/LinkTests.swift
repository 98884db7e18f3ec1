import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("The same woman twice, from end to end")
struct LinkTests {
    private static let because = "Wintergreen: one prison number"

    @Test(
        "Two partners register one woman; linked and unlinked, all rows are as before and neither learned of the other")
    func linkAndUnlink() throws {
        let world = try World(seed: 16)
        let here = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let there = try world.openCase(on: world.gloucestershire, marker: "Whitethorn", naming: world.surrey)
        try world.settle()
        let before = try rows(of: world)

        try link(here.person, there.person, in: world)
        try world.settle()
        #expect(try identities(of: world, here.person, there.person).count == 1)
        #expect(try rows(of: world) == before)
        try expectIgnorance(of: world, here, there)

        try unlink(here.person, there.person, in: world)
        try world.settle()
        #expect(try identities(of: world, here.person, there.person).count == 2)
        #expect(try rows(of: world) == before)
        try expectIgnorance(of: world, here, there)
        // The operator's chain remembers both.
        #expect(
            try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM person_link") } == 2)
        #expect(try world.reader.openConflicts().isEmpty && world.reader.quarantined().isEmpty)
    }

    @Test("A partner that owns both cases is told, until one of them changes hands")
    func ownerOfBoth() throws {
        let world = try World(seed: 17)
        let first = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let second = try world.openCase(on: world.surreyOffice, marker: "Whitethorn", naming: world.gloucester)
        try world.settle()
        try link(first.person, second.person, in: world)
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] { #expect(try links(on: device) == 1) }
        #expect(try links(on: world.gloucestershire) == 0)

        try world.give(second.id, to: world.gloucester)
        try world.settle()
        for device in world.devices {
            #expect(try links(on: device) == 0, "\(device.name)")
            #expect(try !fileMentions("Wintergreen", device.path), "\(device.name)")
        }
        try world.give(second.id, to: world.surrey)
        try world.settle()
        #expect(try links(on: world.surreyOffice) == 1 && links(on: world.gloucestershire) == 0)
    }

    @Test("A device cannot link anyone: only the hub says who is who")
    func onlyTheHub() throws {
        let world = try World(seed: 18)
        let first = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let second = try world.openCase(on: world.surreyOffice, marker: "Whitethorn", naming: world.gloucester)
        try world.surreyOffice.edit { database in
            try PersonLinks.decide(
                first.person.description, second.person.description, isDifferent: false, isVerified: true,
                reason: Self.because, in: database
            ).insert(into: database, now: world.surreyOffice.time.wallMilliseconds)
        }
        try world.settle()
        #expect(try world.surreyOffice.returned() == ["role"])
        #expect(try links(on: world.surreyOffice) == 0)
        #expect(
            try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM person_link") } == 0)
    }

    @Test("Asking who may read a link walks no table")
    func indexed() throws {
        let world = try World(seed: 19)
        for sql in [
            "SELECT * FROM ru_grant_source WHERE scope = x'00' AND partner = x'01'",
            "SELECT * FROM ru_grant_source WHERE scope = x'00'",
            "SELECT scope FROM ru_grant_reach WHERE tbl = 'case_file' AND key = x'00'",
        ] {
            let plan = try world.reader.read {
                try Row.fetchAll($0, sql: "EXPLAIN QUERY PLAN " + sql).map { $0["detail"] as String }
            }
            // Classes and tiers are a handful of rows; the tables that grow are searched.
            let walked = plan.filter { line in
                ["l", "a", "b", "c", "r", "person_link", "case_file", "referral"].contains { line == "SCAN \($0)" }
            }
            #expect(!plan.isEmpty && walked.isEmpty, "\(plan)")
        }
    }

    // MARK: Helpers

    private func link(_ a: Identifier, _ b: Identifier, in world: World) throws {
        let row = try world.hub.read("Testing") {
            try PersonLinks.decide(
                a.description, b.description, isDifferent: false, isVerified: true, reason: Self.because, in: $0)
        }
        try world.hub.insert("Testing") { try row.insert(into: $0, now: $1) }
    }

    private func unlink(_ a: Identifier, _ b: Identifier, in world: World) throws {
        let rows = try world.hub.read("Testing") {
            try PersonLinks.undo(a.description, b.description, reason: "Wintergreen: two sisters", in: $0)
        }
        try world.hub.insert("Testing") { database, now in
            for row in rows { try row.insert(into: database, now: now) }
        }
    }

    private func links(on device: Device) throws -> Int {
        try device.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM person_link") ?? -1 }
    }

    private func identities(of world: World, _ people: Identifier...) throws -> Set<Identifier> {
        let classes = IdentityClasses(try world.hub.read("Testing") { try PersonLinks.live(in: $0) })
        return Set(people.map { classes.identity(of: $0) })
    }

    /// Every row of every case table, at the hub and on each device.
    private func rows(of world: World) throws -> [[String]] {
        func dump(_ database: Database) throws -> [String] {
            try ["case_file", "person", "child", "need", "case_note", "consent"].flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(table) ORDER BY id").map { "\(table) \($0)" }
            }
        }
        return try [world.reader.read(dump)] + world.devices.map { try $0.read(dump) }
    }

    private func expectIgnorance(of world: World, _ here: CaseRows, _ there: CaseRows) throws {
        for (device, strange) in [
            (world.surreyOffice, there), (world.surreyLaptop, there), (world.gloucestershire, here),
        ] {
            #expect(try links(on: device) == 0)
            for word in [strange.marker, "Wintergreen"] {
                #expect(try !fileMentions(word, device.path), "\(device.name) has \(word)")
            }
            for id in [strange.id, strange.person, strange.child] {
                #expect(try !fileHolds(id.bytes, device.path), "\(device.name) has an id of the other's")
            }
        }
    }

    private func fileHolds(_ bytes: [UInt8], _ path: String) throws -> Bool {
        ["", "-wal"].contains { suffix in
            FileManager.default.contents(atPath: path + suffix)?.range(of: Data(bytes)) != nil
        }
    }
}
