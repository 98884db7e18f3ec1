import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situation 23 of the catalogue of conflicts.
@Suite("A service for so many women and no more")
struct QuotaTests {
    /// A woman for whom the last place is asked.
    private struct Request {
        let device: Device
        let id: Identifier
        let caseID: Identifier
    }

    private static let ask = """
        INSERT INTO service_place_use(id, case_id, place_id, from_on, urgency) VALUES(?, ?, ?, '2026-03-01', 'URGENT')
        """

    @Test(
        "23: a thirteenth woman is told no, waits for a person, and has the place when it is given back",
        arguments: [false, true])
    func thirteenth(laptopFirst: Bool) throws {
        let world = try World(seed: 631)
        let (agreement, place) = (world.newID(), world.newID())
        var requests: [Request] = []
        for (device, marker) in [(world.surreyOffice, "Rowantree"), (world.surreyLaptop, "Whitethorn")] {
            let rows = try world.openCase(on: world.surreyOffice, marker: marker, naming: world.gloucester)
            requests.append(Request(device: device, id: world.newID(), caseID: rows.id))
        }
        try world.surreyOffice.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO service_agreement(id, partner_id, kind, quota, from_on)
                    VALUES(?, ?, 'MENTAL_HEALTH_FAST_TRACK', 12, '2026-01-01')
                    """, arguments: [agreement.sqlBlob, world.surrey.sqlBlob])
            try database.execute(
                sql: "INSERT INTO service_place(id, partner_id, agreement_id, number) VALUES(?, ?, ?, 12)",
                arguments: [place.sqlBlob, world.surrey.sqlBlob, agreement.sqlBlob])
        }
        try world.settle()
        for request in requests {
            try request.device.edit {
                try $0.execute(
                    sql: Self.ask, arguments: [request.id.sqlBlob, request.caseID.sqlBlob, place.sqlBlob])
            }
        }
        if laptopFirst { requests.reverse() }
        for request in requests { try world.sync(request.device) }
        try world.settle()
        let (first, second) = (requests[0], requests[1])
        #expect(try second.device.text("status", of: "service_place_use", first.id) == "GIVEN")
        #expect(try first.device.text("status", of: "service_place_use", second.id) == "REFUSED")
        #expect(try second.device.returned() == ["allocation"])
        let waiting = try #require(try world.hub.quarantine().first)
        #expect(waiting.reason == "allocation")

        try first.device.set("status", of: "service_place_use", first.id, to: "GIVEN_BACK")
        try world.settle()
        _ = try world.hub.release(
            quarantined: waiting.id, by: "operator", reason: "The first woman has finished her treatment")
        try world.settle()
        #expect(try second.device.text("status", of: "service_place_use", second.id) == "GIVEN")
    }
}
