import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("The hub names a partner's devices, and puts on a laptop's caseload what the laptop opened")
struct DeviceDutyTests {
    @Test("Each partner reads the names of its own devices, and of nobody else's")
    func names() throws {
        let world = try World(seed: 61)
        try world.settle()
        let names = try world.surreyOffice.read {
            try String.fetchAll($0, sql: "SELECT name || ' ' || role FROM device ORDER BY name")
        }
        #expect(names == ["surrey-laptop field", "surrey-office office"])
        let others = try world.gloucestershire.read { try String.fetchAll($0, sql: "SELECT name FROM device") }
        #expect(others == ["gloucestershire-office"])
    }

    @Test("A case that a laptop opened is on its caseload, and referrals about it come along")
    func opened() throws {
        let world = try World(seed: 62)
        let rows = try world.openCase(on: world.surreyLaptop, marker: "Mistletoe", naming: world.gloucester)
        try world.settle()
        let loads = try world.surreyOffice.read {
            try Row.fetchAll(
                $0, sql: "SELECT status, device_id FROM caseload WHERE case_id = ?", arguments: [rows.id.sqlBlob])
        }
        #expect(loads.map { $0["status"] as String } == ["ON"])
        #expect(loads.first?.identifier("device_id") == world.surreyLaptop.id)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        #expect(try world.surreyLaptop.holds("referral", referral))
        // Taken off, it stays off.
        try world.take(rows.id, off: world.surreyLaptop, by: world.surreyOffice)
        try world.settle()
        #expect(try !world.surreyLaptop.holds("case_file", rows.id) && !world.surreyLaptop.holds("referral", referral))
        try world.settle()
        #expect(try world.surreyOffice.text("status", of: "caseload", world.caseload(of: rows.id)) == "OFF")
    }
}

extension World {
    /// The one line that names a case.
    fileprivate func caseload(of id: Identifier) throws -> Identifier {
        try reader.read {
            try Row.fetchOne($0, sql: "SELECT id FROM caseload WHERE case_id = ?", arguments: [id.sqlBlob])
        }?.identifier("id") ?? .zero
    }
}
