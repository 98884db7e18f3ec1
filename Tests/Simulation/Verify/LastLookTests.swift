import ReUniteHub
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

@Suite("What was written past the triggers is kept before a delivery writes over it or takes it away")
struct LastLookTests {
    @Test("when everything is fetched anew, values that drifted are sent as edits, also a step of a state")
    func anew() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                """
                UPDATE need SET detail = 'past the log', status = 'IN_PROGRESS' WHERE id = \(literal(play.rows.need));
                UPDATE ru_meta SET value = 1 WHERE name = 'put_back'
                """)
            #expect(try await play.sync(play.office).digest == .match)
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "past the log")
            try play.expect("status", of: "need", play.rows.need, is: "IN_PROGRESS")
            try play.expect("first_name", of: "child", play.rows.child, is: "\(play.rows.marker) child")
            #expect(try play.world.hub.quarantine().isEmpty)
            #expect(try await play.check(play.office).findings.isSound)
        }
    }

    @Test("when a case is taken off a laptop and put back before it syncs, what drifted there is sent")
    func enteredAgain() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.laptop.pastTheTriggers(
                "UPDATE need SET detail = 'past the log' WHERE id = \(literal(play.rows.need))")
            try play.world.take(play.rows.id, off: play.laptop, by: play.office)
            try await play.sync(play.office)
            try play.world.put(play.rows.id, on: play.laptop, by: play.office)
            try await play.sync(play.office)
            let outcome = try await play.sync(play.laptop)
            #expect(outcome.left.isEmpty && outcome.pulledRows > 0, "it comes as a whole, over what is there")
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "past the log")
        }
    }

    @Test("a newer edit of another column comes beside a value that drifted, and the value stays")
    func besideNewer() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                """
                UPDATE need SET detail = 'past the log' WHERE id = \(literal(play.rows.need));
                UPDATE ru_meta SET value = 1 WHERE name = 'put_back'
                """)
            try play.laptop.set("status", of: "need", play.rows.need, to: "IN_PROGRESS")
            try await play.sync(play.laptop)
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "past the log")
            try play.expect("status", of: "need", play.rows.need, is: "IN_PROGRESS")
        }
    }

    @Test("an edit that the hub did not take is no drift when the hub's value comes in its place, then or again")
    func refusedIsNoDrift() async throws {
        try await Situation.play { play in
            try await play.settle()
            let office = play.gloucestershire
            try office.set("known_as", of: "person", play.rows.person, to: "not hers to write")
            try await play.settle()
            #expect(try play.world.hub.quarantine().count == 1)
            #expect(try office.text("known_as", of: "person", play.rows.person) != "not hers to write")
            try office.pastTheTriggers("UPDATE ru_meta SET value = 1 WHERE name = 'put_back'")
            #expect(try await play.sync(office).pulledRows > 0)
            try await play.settle()
            #expect(try play.world.hub.quarantine().count == 1)
            for device in play.world.devices {
                #expect(try device.replica.repairs().isEmpty, "\(device.name)")
            }
        }
    }

    @Test("a row that was inserted past the triggers into a case that leaves waits at the hub for a person")
    func unloggedOfLeft() async throws {
        try await Situation.play { play in
            try await play.settle()
            let id = play.world.newID()
            try play.gloucestershire.pastTheTriggers(
                """
                INSERT INTO child(id, case_id, first_name, lives_with)
                VALUES(\(literal(id)), \(literal(play.rows.id)), 'ZQUNLOGGED', 'an aunt')
                """)
            try play.world.consent("WITHDRAWN", in: play.rows.id, on: play.office)
            try await play.sync(play.office)
            try await play.settle()
            #expect(try play.gloucestershire.text("first_name", of: "child", id) == nil)
            let waiting = try play.world.hub.quarantine()
            #expect(waiting.count == 1, "\(waiting)")
            let edit = try play.world.hub.quarantined(try #require(waiting.first).id)
            #expect(edit.value["first_name"] == "ZQUNLOGGED", "\(edit)")
            #expect(try FileScan.find(["ZQUNLOGGED"], ofReplica: play.gloucestershire.path) == [])
        }
    }

    @Test("a replica that has only sticks keeps what drifted when everything comes anew by file")
    func byFile() throws {
        let world = try World(seed: 431)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.pastTheTriggers("UPDATE need SET detail = 'past the log' WHERE id = \(literal(rows.need))")
        try world.take(try laptop.replica.upFile(whole: true))
        #expect(try laptop.applied(try world.hub.downFile(for: laptop.id, .whole)).digestMatches)
        try world.take(try laptop.replica.upFile())
        #expect(try world.reader.text("detail", of: "need", rows.need) == "past the log")
        #expect(try laptop.applied(try world.hub.downFile(for: laptop.id)).digestMatches)
        #expect(try laptop.text("detail", of: "need", rows.need) == "past the log")
    }
}

@Suite("Repairs are counted, and too many have everything fetched anew")
struct RepairTests {
    /// Another program takes away a table's triggers, as a rebuild does, and changes a value.
    private func rebuild(_ device: Device, changing id: Identifier, to detail: String) throws {
        let result = try ForeignClient.python(
            """
            for (name,) in db.execute(
                    "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'need'").fetchall():
                db.execute('DROP TRIGGER "%s"' % name)
            db.execute("UPDATE need SET detail = '\(detail)' WHERE id = \(literal(id))")
            """, on: device.path)
        #expect(result.succeeded, "\(result.errors)")
    }

    @Test("after a table lost its triggers the next sync compares values, though no week has passed")
    func rebuilt() async throws {
        try await Situation.play { play in
            try await play.settle()
            try self.rebuild(play.office, changing: play.rows.need, to: "while nobody looked")
            let outcome = try await play.sync(play.office)
            #expect(outcome.digest == .repaired)
            #expect(outcome.mended == [try play.office.name("need", play.rows.need)])
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "while nobody looked")
            #expect(try await play.sync(play.office).roundTrips == 1, "once")
            let repairs = try play.office.replica.repairs()
            #expect(repairs.map(\.what) == [.triggers, .drifted] && repairs.allSatisfy { $0.table == "need" })
            #expect(RepairLog.incidents(repairs) == 1, "one program's one deed")
        }
    }

    @Test("an incident on two days of a week has the next sync fetch everything anew, once, and unsent edits are kept")
    func twice() async throws {
        try await Situation.play { play in
            try await play.settle()
            for day in 1...2 {
                play.world.advance(milliseconds: 30 * 3_600_000)
                try play.office.pastTheTriggers(
                    "UPDATE need SET detail = 'day \(day)' WHERE id = \(literal(play.rows.need))")
                #expect(try await play.check(play.office).findings.drifted.count == 1)
                if day == 1 { try await play.settle() }
            }
            #expect(RepairLog.incidents(try play.office.replica.repairs()) == 2)
            try play.office.set("first_name", of: "child", play.rows.child, to: "typed meanwhile")
            let rows = try play.office.replica.examine().rows
            #expect(try await play.sync(play.office).pulledRows >= rows)
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "day 2")
            try play.expect("first_name", of: "child", play.rows.child, is: "typed meanwhile")
            #expect(try await play.sync(play.office).pulledRows == 0)
            #expect(RepairLog.incidents(try play.office.replica.repairs()) == 2, "it is told for the week")
            play.world.advance(milliseconds: 8 * 86_400_000)
            #expect(try play.office.replica.repairs().isEmpty)
        }
    }
}
