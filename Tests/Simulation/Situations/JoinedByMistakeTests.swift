import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situation 18 of the catalogue of conflicts.
@Suite("Two women of one name, joined by mistake")
struct JoinedByMistakeTests {
    private static let because = "Both say that they are Maya from Woking"

    private func decide(_ a: Identifier, _ b: Identifier, isDifferent: Bool, in world: World) throws {
        let row = try world.hub.read("Testing") {
            try PersonLinks.decide(
                a.description, b.description, isDifferent: isDifferent, isVerified: true, reason: Self.because, in: $0)
        }
        try world.hub.insert("Testing") { try row.insert(into: $0, now: $1) }
    }

    private func note(_ body: String, in rows: CaseRows, on device: Device, _ world: World) throws {
        let id = world.newID()
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO case_note(id, case_id, body) VALUES(?, ?, ?)",
                arguments: [id.sqlBlob, rows.id.sqlBlob, body])
        }
    }

    private func notes(of rows: CaseRows, _ read: ((Database) throws -> Set<String>) throws -> Set<String>) throws
        -> Set<String>
    {
        try read {
            try String.fetchSet(
                $0, sql: "SELECT body FROM case_note WHERE case_id = ? AND body LIKE 'After%'",
                arguments: [rows.id.sqlBlob])
        }
    }

    @Test("18: notes written after the joining are sorted as they were written, and nothing joins the two again")
    func unjoined() throws {
        let world = try World(seed: 181)
        let here = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let there = try world.openCase(on: world.gloucestershire, marker: "Whitethorn", naming: world.surrey)
        for (device, rows) in [(world.surreyOffice, here), (world.gloucestershire, there)] {
            try device.edit {
                try $0.execute(
                    sql: """
                        UPDATE person SET legal_first = 'Maya', legal_last = 'Examplewick', known_as = 'Maya',
                          date_of_birth = '1991-04-02' WHERE id = ?
                        """, arguments: [rows.person.sqlBlob])
            }
        }
        try world.settle()
        func suggested() throws -> Bool {
            try world.hub.read("Testing") { database in
                try Duplicates.find(in: database, now: World.start).candidates.contains {
                    Set($0.sides.map(\.person)) == Set([here.person, there.person])
                }
            }
        }
        #expect(try suggested(), "one name and one day of birth: the hub asks")
        try decide(here.person, there.person, isDifferent: false, in: world)
        try world.settle()

        // Both go on writing about the one woman that they take her for, one of them offline.
        try note("After: she starts at the laundry", in: here, on: world.surreyOffice, world)
        try note("After: her son has begun school", in: there, on: world.gloucestershire, world)
        try note("After: seen in prison, she is well", in: here, on: world.surreyLaptop, world)
        try world.sync(world.surreyOffice)
        try world.sync(world.gloucestershire)

        // It was two women: the joining is taken back, and they are kept apart.
        let rows = try world.hub.read("Testing") {
            try PersonLinks.undo(
                here.person.description, there.person.description, reason: "One of them was born in Leeds", in: $0)
        }
        try world.hub.insert("Testing") { database, now in
            for row in rows { try row.insert(into: database, now: now) }
        }
        try decide(here.person, there.person, isDifferent: true, in: world)
        try world.settle()

        // Every note is with the woman about whom its author wrote it, wherever one looks; there is nothing left to sort.
        let hers: Set = ["After: she starts at the laundry", "After: seen in prison, she is well"]
        #expect(try notes(of: here, world.reader.read) == hers)
        #expect(try notes(of: here, world.surreyOffice.read) == hers)
        #expect(try notes(of: here, world.surreyLaptop.read) == hers)
        #expect(try notes(of: there, world.reader.read) == ["After: her son has begun school"])
        #expect(try notes(of: there, world.gloucestershire.read) == ["After: her son has begun school"])
        #expect(try notes(of: there, world.surreyOffice.read).isEmpty)
        #expect(
            try world.reader.read {
                try Int.fetchOne($0, sql: "SELECT count(DISTINCT identity_id) FROM person_identity")
            }
                == 2)

        // Neither the suggestions nor a person's slip join them again.
        #expect(try !suggested())
        let failure = #expect(throws: Failure.self) {
            try decide(here.person, there.person, isDifferent: false, in: world)
        }
        #expect(failure?.code == .badData)
        #expect(try world.reader.openConflicts().isEmpty && world.reader.quarantined().isEmpty)
    }
}
