import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

@Suite("Rows that drift from the hub are found, kept and put right")
struct DriftTests {
    @Test("a value written past the triggers is found by comparing with the hub, sent as an edit, and everyone agrees")
    func driftIsRescued() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                "UPDATE need SET detail = 'past the log' WHERE id = \(literal(play.rows.need))")
            #expect(try await play.sync(play.office).digest == .match, "no digest covers values")

            let need = try play.office.name("need", play.rows.need)
            let check = try await play.check(play.office)
            #expect(check.findings.drifted == [need] && check.findings.missing.isEmpty && check.findings.stale.isEmpty)
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "past the log")
            #expect(try await play.check(play.office).findings.isSound)
        }
    }

    @Test("a comparison too long for one answer is made in parts, and finds the same")
    func parts() async throws {
        try await Situation.play { play in
            try await play.settle()
            let whole = try await play.check(play.office)
            try play.office.pastTheTriggers(
                """
                UPDATE need SET detail = 'past the log' WHERE id = \(literal(play.rows.need));
                DELETE FROM child WHERE id = \(literal(play.rows.child))
                """)
            var sizes = HTTPCheck.Sizes()
            (sizes.rows, sizes.scopes) = (2, 1)
            let check = try await play.check(play.office, sizes: sizes)
            #expect(check.exchanges > whole.exchanges + 3)
            #expect(check.findings.drifted == [try play.office.name("need", play.rows.need)])
            #expect(check.findings.missing == [try play.office.name("child", play.rows.child)])
            #expect(check.findings.stale.isEmpty)
            let again = try await play.check(play.office, repairs: true)
            #expect(again.findings.rows == check.findings.rows, "every row was in one part")
            try await play.settle()
            #expect(try await play.check(play.office, sizes: sizes).findings.isSound)
        }
    }

    @Test("a row that INSERT OR REPLACE wrote over another's key past the triggers keeps both: here and in the history")
    func stolenKey() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                """
                INSERT OR REPLACE INTO child(id, case_id, first_name, lives_with)
                VALUES(\(literal(play.rows.child)), \(literal(play.rows.id)), 'ZQSTOLEN', 'nobody')
                """)
            #expect(try await play.check(play.office).findings.drifted == [play.office.name("child", play.rows.child)])
            try await play.settle()
            try play.expect("first_name", of: "child", play.rows.child, is: "ZQSTOLEN")
            let log = try play.office.replica.log(table: "child", id: nil, since: nil)
            #expect(!log.isEmpty)
        }
    }

    @Test("drift that meets another's edit of the same reviewed column is a conflict, with both values")
    func driftCollides() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                "UPDATE person SET date_of_birth = '1991-01-01' WHERE id = \(literal(play.rows.person))")
            let check = try await play.check(play.office)
            #expect(check.findings.drifted.count == 1)
            try play.laptop.edit {
                try $0.execute(
                    sql: "UPDATE person SET date_of_birth = '1992-02-02' WHERE id = ?",
                    arguments: [play.rows.person.sqlBlob])
            }
            try await play.sync(play.laptop)
            try await play.settle()
            let standing = try play.standing("date_of_birth", of: "person", play.rows.person)
            let returned = try play.world.hub.quarantine()
            #expect(standing == [[.text("1991-01-01")], [.text("1992-02-02")]], "\(returned)")
        }
    }

    @Test("a drifted row that is deleted before it could be compared again waits at the hub for a person")
    func driftOfDeleted() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                "UPDATE child SET first_name = 'ZQDRIFTED' WHERE id = \(literal(play.rows.child))")
            #expect(try await play.check(play.office).findings.drifted.count == 1)
            // The line breaks; before it is there again somebody else deletes the row.
            try play.laptop.edit {
                try $0.execute(sql: "DELETE FROM child WHERE id = ?", arguments: [play.rows.child.sqlBlob])
            }
            try await play.sync(play.laptop)
            try await play.settle()
            #expect(try play.office.text("first_name", of: "child", play.rows.child) == nil)
            let waiting = try play.world.hub.quarantine()
            #expect(waiting.map(\.reason) == ["row-deleted"], "\(waiting)")
            let edit = try play.world.hub.quarantined(try #require(waiting.first).id)
            #expect(edit.value["first_name"] == "ZQDRIFTED", "\(edit)")
        }
    }

    @Test("a drifted row of a case that leaves before it could be compared again waits at the hub for a person")
    func driftOfLeft() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.gloucestershire.pastTheTriggers(
                "UPDATE need SET detail = 'ZQDRIFTED' WHERE id = \(literal(play.rows.need))")
            #expect(try await play.check(play.gloucestershire).findings.drifted.count == 1)
            try play.world.consent("WITHDRAWN", in: play.rows.id, on: play.office)
            try await play.sync(play.office)
            try await play.settle()
            #expect(try play.gloucestershire.text("detail", of: "need", play.rows.need) == nil)
            let waiting = try play.world.hub.quarantine()
            #expect(waiting.map(\.reason) == ["late"], "\(waiting)")
            let edit = try play.world.hub.quarantined(try #require(waiting.first).id)
            #expect(edit.value["detail"] == "ZQDRIFTED", "\(edit)")
        }
    }

    @Test("a row that is gone from the hub's own table is sent to nobody as empty, and holds up nobody who has it")
    func goneAtTheHub() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.world.reader.database.close()
            let hub = try DatabaseQueue(path: play.world.hubPath)
            let child = play.rows.child
            try await hub.write { try $0.execute(sql: "DELETE FROM child WHERE id = ?", arguments: [child.sqlBlob]) }
            try hub.close()
            try play.world.reopenReader()
            #expect(try await play.check(play.office).findings.stale == [play.office.name("child", play.rows.child)])
            try play.office.set("detail", of: "need", play.rows.need, to: "typed since")
            #expect(try await play.sync(play.office).digest == .match)
            try play.expect("detail", of: "need", play.rows.need, is: "typed since", on: [play.office])
            #expect(try play.office.text("first_name", of: "child", play.rows.child) != nil)
            #expect(try play.office.count("SELECT count(*) FROM ru_want") == 0)
            // Also where everything is sent anew, and where it is asked for besides.
            #expect(try await play.sync(play.laptop).digest == .match)
            #expect(try await play.check(play.laptop).asked == 1)
            try play.laptop.pastTheTriggers("UPDATE ru_meta SET value = 1 WHERE name = 'put_back'")
            #expect(try await play.sync(play.laptop).digest == .match)
            #expect(try play.laptop.text("first_name", of: "child", child) != nil)
            #expect(try play.laptop.count("SELECT count(*) FROM ru_want") == 0)
            // What is closed does not wait for it.
            try play.world.take(play.rows.id, off: play.laptop, by: play.office)
            try await play.settle()
            #expect(try !play.laptop.holds("child", child))
            #expect(try play.world.hub.purges().isEmpty)
        }
    }

    @Test("a row that was deleted past the triggers is reported, deletes nothing anywhere, and a repair brings it back")
    func missingRow() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers("DELETE FROM child WHERE id = \(literal(play.rows.child))")
            let child = try play.office.name("child", play.rows.child)
            #expect(try play.office.replica.examine().missing == [child])
            #expect(try await play.check(play.office).asked == 0)
            try await play.settle()
            #expect(try play.gloucestershire.text("first_name", of: "child", play.rows.child) != nil)
            #expect(try play.office.text("first_name", of: "child", play.rows.child) == nil)

            #expect(try await play.check(play.office, repairs: true).asked == 1)
            try await play.settle()
            try play.expect("first_name", of: "child", play.rows.child, is: "\(play.rows.marker) child")
            #expect(try play.office.replica.examine().isSound)
        }
    }

    @Test("a row that was inserted past the triggers is in the next sync once it was looked for")
    func unloggedRow() async throws {
        try await Situation.play { play in
            try await play.settle()
            let id = play.world.newID()
            try play.office.pastTheTriggers(
                """
                INSERT INTO child(id, case_id, first_name, lives_with)
                VALUES(\(literal(id)), \(literal(play.rows.id)), 'ZQUNLOGGED', 'an aunt')
                """)
            #expect(try play.office.replica.examine().unlogged == 1)
            try await play.settle()
            try play.expect("first_name", of: "child", id, is: "ZQUNLOGGED")
            #expect(try play.office.replica.examine().unlogged == 0)
        }
    }

    @Test("an edit that waits for its verdict is no drift")
    func pendingIsNoDrift() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.edit {
                try $0.execute(
                    sql: "UPDATE need SET detail = 'typed' WHERE id = ?", arguments: [play.rows.need.sqlBlob])
                try $0.execute(sql: "DELETE FROM child WHERE id = ?", arguments: [play.rows.child.sqlBlob])
            }
            #expect(try play.office.replica.examine().isSound)
            #expect(try await play.check(play.office).findings.isSound)
        }
    }

    @Test("where clocks differ only the rows in doubt are fetched, not the whole replica")
    func bisected() async throws {
        try await Situation.play { play in
            try await play.settle()
            let rows = try play.office.replica.examine().rows
            try play.office.pastTheTriggers(
                """
                DELETE FROM ru_clock WHERE substr(key, -16) = \(literal(play.rows.child));
                UPDATE ru_meta SET value = value + 1 WHERE name = 'digest_low';
                UPDATE need SET detail = 'past the log' WHERE id = \(literal(play.rows.need))
                """)
            let outcome = try await play.sync(play.office)
            #expect(outcome.digest == .repaired)
            #expect(outcome.pulledRows > 0 && outcome.pulledRows < rows / 2)
            try await play.settle()
            // What was compared on the way is kept too.
            try play.expect("detail", of: "need", play.rows.need, is: "past the log")
        }
    }

    @Test("a row of another version is fetched, and nothing of it is sent")
    func staleIsNotSent() async throws {
        try await Situation.play { play in
            try await play.settle()
            let child = literal(play.rows.child)
            try play.office.pastTheTriggers(
                """
                UPDATE ru_clock SET clock = (SELECT clock FROM ru_clock WHERE substr(key, -16) = \(literal(play.rows.need)))
                WHERE substr(key, -16) = \(child);
                UPDATE ru_meta SET value = value + 1 WHERE name = 'digest_low';
                UPDATE child SET first_name = 'ZQSTALE' WHERE id = \(child)
                """)
            #expect(try await play.sync(play.office).digest == .repaired)
            try await play.settle()
            try play.expect("first_name", of: "child", play.rows.child, is: "\(play.rows.marker) child")
        }
    }

    @Test("a drifted value and an edit of another column that waits both reach the hub")
    func driftBesideEdit() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                "UPDATE need SET detail = 'past the log' WHERE id = \(literal(play.rows.need))")
            #expect(try await play.check(play.office).findings.drifted.count == 1)
            try play.office.edit {
                try $0.execute(
                    sql: "UPDATE need SET status = 'IN_PROGRESS' WHERE id = ?", arguments: [play.rows.need.sqlBlob])
            }
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "past the log")
            try play.expect("status", of: "need", play.rows.need, is: "IN_PROGRESS")
        }
    }

    @Test("once a week a sync compares values by itself")
    func weekly() async throws {
        try await Situation.play { play in
            try await play.settle()
            try play.office.pastTheTriggers(
                "UPDATE need SET detail = 'past the log' WHERE id = \(literal(play.rows.need))")
            #expect(try await play.sync(play.office).roundTrips == 1)
            play.world.advance(milliseconds: 8 * 86_400_000)
            let found = try await play.sync(play.office)
            #expect(found.digest == .repaired)
            #expect(found.mended == [try play.office.name("need", play.rows.need)], "which 'verify' reports")
            try await play.settle()
            try play.expect("detail", of: "need", play.rows.need, is: "past the log")
            let nothing = try await play.sync(play.office)
            #expect(nothing.roundTrips == 1 && nothing.mended.isEmpty)
        }
    }

    @Test("a comparison tells of no scope that the device may not hold, and of no row of a class above its own")
    func noOracle() throws {
        let world = try World(seed: 3, withSharedCases: false)
        let rows = try world.openCase(on: world.surreyOffice, marker: "ZQCHECK", naming: world.gloucestershire.partner)
        _ = try world.sync(world.surreyOffice)
        let check = HubCheck(replica: world.gloucestershire.replica, hub: world.hub)
        let key = world.newID()
        #expect(try !check.ask([], key: key).sums.contains { $0.scope == rows.id })
        #expect(try check.ask([rows.id], key: key).rows.isEmpty)
        let own = HubCheck(replica: world.surreyOffice.replica, hub: world.hub)
        #expect(try !own.ask([rows.id], key: key).rows.isEmpty)
    }

    @Test("the hub finds a sum, a grant's sum and a row that are not as they should be, and nothing when they are")
    func hubVerifies() async throws {
        try await Situation.play { play in
            try await play.settle()
            #expect(try play.world.hub.verify().isEmpty)
            for (damage, mend, kind) in [
                (
                    "UPDATE hub_digest SET low = low + 1 WHERE live > 0",
                    "UPDATE hub_digest SET low = low - 1 WHERE live > 0",
                    HubFinding.Kind.scopeDigest
                ),
                (
                    "UPDATE hub_sub SET high = high + 1 WHERE no = 0",
                    "UPDATE hub_sub SET high = high - 1 WHERE no = 0",
                    .subscriptionDigest
                ),
                (
                    "UPDATE need SET detail = detail || ' by hand' WHERE id = \(literal(play.rows.need))",
                    "UPDATE need SET detail = replace(detail, ' by hand', '')", .value
                ),
                ("UPDATE hub_row SET life = 0 WHERE key = \(literal(play.rows.note))", "", .row),
            ] {
                _ = try ForeignClient.shell("\(damage);", on: play.world.hubPath)
                #expect(try play.world.hub.verify().contains { $0.kind == kind }, "\(damage)")
                if !mend.isEmpty {
                    _ = try ForeignClient.shell("\(mend);", on: play.world.hubPath)
                    #expect(try play.world.hub.verify().isEmpty)
                }
            }
        }
    }
}

extension Situation {
    func check(
        _ device: Device, repairs: Bool = false, sizes: HTTPCheck.Sizes = .init()
    ) async throws -> HTTPCheck.Outcome {
        let client = try HubClient(url: url)
        do {
            let outcome = try await HTTPCheck(replica: device.replica, client: client, sizes: sizes)
                .run(repairs: repairs)
            await client.close()
            return outcome
        } catch {
            await client.close()
            throw error
        }
    }
}

extension Device {
    /// What another program writes with triggers off.
    func pastTheTriggers(_ sql: String) throws {
        _ = try ForeignClient.shell(".dbconfig enable_trigger off\n\(sql);", on: path)
    }

    func name(_ table: String, _ id: Identifier) throws -> RowKey {
        RowKey(table: try #require(replica.schema.tables.first { $0.name == table }).number, key: id)
    }
}
