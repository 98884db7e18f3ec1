import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A home that is held for one woman is not given to another")
struct HomeHoldTests {
    private let leaving: LeavingWorld
    private var world: World { leaving.world }
    private var worker: Device { leaving.worker }

    init() throws {
        leaving = try LeavingWorld(seed: 231)
    }

    /// Asks for a home by the referral. Returns the request.
    private func hold(_ unit: Identifier, from: String = "2026-04-01", to: String = "2026-06-01") throws -> Identifier {
        let id = world.newID()
        try worker.edit {
            try $0.execute(
                sql: "INSERT INTO unit_hold(id, referral_id, unit_id, from_on, to_on) VALUES(?, ?, ?, ?, ?)",
                arguments: [id.sqlBlob, leaving.referral.sqlBlob, unit.sqlBlob, from, to])
        }
        return id
    }

    /// Asks for a home in a case. Returns the request.
    private func live(
        in rows: CaseRows, _ unit: Identifier, from: String = "2026-05-01", to: String = "2026-07-01"
    ) throws -> Identifier {
        let id = world.newID()
        try worker.edit {
            try $0.execute(
                sql: "INSERT INTO occupancy(id, case_id, unit_id, arrive_on, depart_on) VALUES(?, ?, ?, ?, ?)",
                arguments: [id.sqlBlob, rows.id.sqlBlob, unit.sqlBlob, from, to])
        }
        return id
    }

    private func status(_ table: String, _ id: Identifier) throws -> String? {
        try world.reader.text("status", of: table, id)
    }

    @Test("What a referral holds, no other case gets for those days, and the other way round")
    func others() throws {
        let other = try world.openCase(on: worker, marker: "Whitethorn", naming: world.surrey)
        let (first, second) = (world.newID(), world.newID())
        let held = try hold(first)
        let refused = try live(in: other, first, to: "2026-06-01")
        let later = try live(in: other, first, from: "2026-06-01")
        let lived = try live(in: other, second)
        let late = try hold(second)
        try world.settle()
        #expect(try status("unit_hold", held) == "HELD")
        #expect(try status("occupancy", refused) == "REFUSED")
        #expect(try status("occupancy", later) == "CONFIRMED", "one may begin where the other ends")
        #expect(try status("occupancy", lived) == "CONFIRMED")
        #expect(try status("unit_hold", late) == "REFUSED")
        #expect(try worker.returned() == ["allocation", "allocation"])
        // Given back, it is free.
        try worker.set("status", of: "unit_hold", held, to: "RELEASED")
        try world.settle()
        try worker.set("status", of: "occupancy", refused, to: "REQUESTED")
        try world.settle()
        #expect(try status("occupancy", refused) == "CONFIRMED")
    }

    @Test("What is held for her is in nobody's way in her own case, whichever was first")
    func own() throws {
        let (first, second) = (world.newID(), world.newID())
        let held = try hold(first)
        let lived = try live(in: leaving.rows, first)
        let before = try live(in: leaving.rows, second)
        let after = try hold(second)
        try world.settle()
        for id in [held, after] { #expect(try status("unit_hold", id) == "HELD") }
        for id in [lived, before] { #expect(try status("occupancy", id) == "CONFIRMED") }
        #expect(try worker.returned().isEmpty)
    }
}
