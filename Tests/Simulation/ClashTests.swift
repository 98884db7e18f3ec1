import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Two rows with one natural key both stay, and only the operator is told")
struct ClashTests {
    @Test("Two partners use one case reference, in either order", arguments: [false, true])
    func reference(gloucestershireFirst: Bool) throws {
        let world = try World(seed: 31)
        let here = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        let there = try world.openCase(on: world.gloucestershire, marker: "Whitethorn", naming: world.surrey)
        try world.surreyOffice.set("ref", of: "case_file", here.id, to: "SRY-26-0042-D")
        try world.gloucestershire.set("ref", of: "case_file", there.id, to: "SRY-26-0042-D")
        let order = [world.surreyOffice, world.gloucestershire]
        for device in gloucestershireFirst ? order.reversed() : order { try world.sync(device) }
        try world.settle()

        let clash = try #require(try world.hub.clashes().first)
        #expect(try world.hub.clashes().count == 1)
        #expect(clash.table == "case_file" && clash.name == "reference" && clash.value == ["ref": "SRY-26-0042-D"])
        #expect(Set(clash.rows.map(\.row)) == [here.id.description, there.id.description])
        #expect(Set(clash.rows.map(\.partner)) == ["SRY", "GLS"])
        #expect(try world.surreyOffice.text("ref", of: "case_file", here.id) == "SRY-26-0042-D")
        #expect(try world.gloucestershire.text("ref", of: "case_file", there.id) == "SRY-26-0042-D")
        #expect(try world.reader.quarantined().isEmpty && world.reader.openConflicts().isEmpty)
        for device in order {
            #expect(try device.returned().isEmpty)
            // Not even the verdict tells: it is what it would have been without the other.
            let verdicts = try device.replica.log(table: "case_file").map(\.verdict)
            #expect(verdicts.allSatisfy { $0 == "accepted" }, "\(verdicts)")
        }

        try world.surreyOffice.set("ref", of: "case_file", here.id, to: "SRY-26-0043-C")
        try world.settle()
        #expect(try world.hub.clashes().isEmpty)
    }

    @Test("A clash that was kept stays closed for its rows, and opens for a third")
    func keptBoth() throws {
        let world = try World(seed: 32)
        let rows = try ["Rowantree", "Whitethorn", "Juniper"].map {
            try world.openCase(on: world.surreyOffice, marker: $0, naming: world.gloucester)
        }
        for row in rows.prefix(2) { try world.surreyOffice.set("ref", of: "case_file", row.id, to: "SRY-26-0042-D") }
        try world.settle()
        let first = try #require(try world.hub.clashes().first)
        let short = #expect(throws: Failure.self) {
            try world.hub.keepBoth(clash: first.id, reason: "   so        ")
        }
        #expect(short?.code == .usage)
        #expect(throws: Failure.self) {
            try world.hub.keepBoth(clash: rows[0].id.description, reason: "agreed on the phone")
        }
        try world.hub.keepBoth(clash: first.id, reason: "  agreed on the phone\n")
        let kept = try world.reader.read { try String.fetchOne($0, sql: "SELECT reason FROM hub_clash") }
        #expect(kept == "agreed on the phone")
        #expect(try world.hub.clashes().isEmpty)

        try world.surreyOffice.set("ref", of: "case_file", rows[0].id, to: "SRY-26-0044-A")
        try world.settle()
        try world.surreyOffice.set("ref", of: "case_file", rows[0].id, to: "SRY-26-0042-D")
        try world.settle()
        #expect(try world.hub.clashes().isEmpty)

        try world.surreyOffice.set("ref", of: "case_file", rows[2].id, to: "SRY-26-0042-D")
        try world.settle()
        let second = try #require(try world.hub.clashes().first)
        #expect(second.id != first.id && second.rows.count == 3)
        // One goes, two still clash; then one is left.
        try world.surreyOffice.set("ref", of: "case_file", rows[2].id, to: "SRY-26-0045-Z")
        try world.settle()
        #expect(try world.hub.clashes().first?.rows.count == 2)
        try world.surreyOffice.set("ref", of: "case_file", rows[1].id, to: "SRY-26-0046-Y")
        try world.settle()
        #expect(try world.hub.clashes().isEmpty)
    }

    @Test("A row that goes takes its clash with it, and NULL clashes with nothing")
    func deletedAndEmpty() throws {
        let world = try World(seed: 33)
        let staff = [world.newID(), world.newID(), world.newID(), world.newID()]
        try world.surreyOffice.edit { database in
            for (id, login) in zip(staff, ["sam", "sam", nil, nil]) {
                try database.execute(
                    sql: "INSERT INTO staff_user(id, partner_id, login, display_name) VALUES(?, ?, ?, 'Sam')",
                    arguments: [id.sqlBlob, world.surrey.sqlBlob, login])
            }
        }
        try world.gloucestershire.edit { database in
            try database.execute(
                sql: "INSERT INTO staff_user(partner_id, login, display_name) VALUES(?, 'sam', 'Sam')",
                arguments: [world.gloucester.sqlBlob])
        }
        try world.settle()
        #expect(try world.hub.clashes().map(\.rows.count) == [2])
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM staff_user WHERE id = ?", arguments: [staff[0].sqlBlob])
        }
        try world.settle()
        #expect(try world.hub.clashes().isEmpty)
    }

    @Test("Two workers record where a child lives now: both episodes stay, and a person puts them in sequence")
    func careEpisodes() throws {
        let world = try World(seed: 34)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        try world.settle()
        let section20 = world.newID()
        let careOrder = world.newID()
        for (device, id, status) in [
            (world.surreyOffice, section20, "V2"), (world.surreyLaptop, careOrder, "C1"),
        ] {
            try device.edit {
                try $0.execute(
                    sql: """
                        INSERT INTO child_care_episode(id, case_id, child_id, from_on, legal_status)
                        VALUES(?, ?, ?, '2026-02-01', ?)
                        """, arguments: [id.sqlBlob, rows.id.sqlBlob, rows.child.sqlBlob, status])
            }
        }
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("legal_status", of: "child_care_episode", section20) == "V2")
            #expect(try device.text("legal_status", of: "child_care_episode", careOrder) == "C1")
        }
        let clash = try #require(try world.hub.clashes().first)
        #expect(clash.name == "open" && clash.rows.count == 2)
        try world.surreyOffice.set("to_on", of: "child_care_episode", section20, to: "2026-02-20")
        try world.settle()
        #expect(try world.hub.clashes().isEmpty)
    }
}
