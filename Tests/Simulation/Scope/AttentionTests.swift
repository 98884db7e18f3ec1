import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Two entries that are each right and do not fit together: nothing is thrown away, and a person is told.
@Suite("What does not fit together is flagged")
struct AttentionTests {
    private let world: World
    private let rows: CaseRows

    init() throws {
        world = try World(seed: 616)
        rows = try world.openCase(on: world.surreyOffice, marker: "moved", naming: world.gloucester)
        try world.settle()
    }

    private var surrey: [Device] { [world.surreyOffice, world.surreyLaptop] }

    private func milliseconds(_ device: Device) -> Int64 { device.time.wallMilliseconds }

    /// The columns that name the case, filled in.
    private func insert(_ table: String, _ columns: String, _ values: String, on device: Device) throws -> Identifier {
        let id = world.newID()
        try device.edit {
            try $0.execute(
                sql: "INSERT INTO \(table)(id, case_id, \(columns)) VALUES(?, ?, \(values))",
                arguments: [id.sqlBlob, rows.id.sqlBlob])
        }
        return id
    }

    // MARK: Situation 16

    @Test(
        "A visit was planned at the prison that she has just left: it is flagged, and the file says who works in the new",
        arguments: [false, true])
    func prisonTransfer(laptopFirst: Bool) throws {
        try world.hub.insert("Writing who works where") { database, _ in
            try database.execute(
                sql: "INSERT INTO inreach_coverage(partner_id, prison, state) VALUES(?, 'DHI', 'ACTIVE')",
                arguments: [world.gloucester.sqlBlob])
        }
        _ = try insert("custody_episode", "prison, received_on", "'EWI', '2026-01-10'", on: world.surreyOffice)
        try world.settle()

        let moved = try insert("custody_episode", "prison, received_on", "'DHI', '2026-03-01'", on: world.surreyOffice)
        let visit = try insert("visit", "prison, planned_at", "'EWI', 1772452800000", on: world.surreyLaptop)
        for device in laptopFirst ? surrey.reversed() : surrey { try world.sync(device) }
        try world.settle()

        for device in surrey {
            #expect(try device.text("flag", of: "visit", visit) == "PRISON_CHANGED", "\(device.name)")
            #expect(try device.text("prison", of: "visit", visit) == "EWI", "the plan itself is the planner's")
            #expect(
                try device.text("hex(inreach_partner_id)", of: "custody_episode", moved)
                    == world.gloucester.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
                    .uppercased())
        }
        #expect(try world.gloucestershire.holds("case_file", rows.id) == false)
        #expect(
            try world.reader.text("hex(owner_partner_id)", of: "case_file", rows.id)
                == world.reader.text("hex(id)", of: "partner", world.surrey))

        try world.surreyLaptop.set("prison", of: "visit", visit, to: "DHI")
        try world.settle()
        for device in surrey { #expect(try device.text("flag", of: "visit", visit) == nil, "\(device.name)") }
    }

    // MARK: Situation 17

    @Test(
        "A good visit to a woman whose case was closed meanwhile is kept, and the closed case says that she was seen",
        arguments: [false, true])
    func seenAfterClosing(laptopFirst: Bool) throws {
        try world.surreyOffice.edit {
            try $0.execute(
                sql: """
                    UPDATE case_file SET phase = 'CLOSED', closed_on = '2026-03-01', close_reason = 'NOT_ENGAGED'
                    WHERE id = ?
                    """, arguments: [rows.id.sqlBlob])
        }
        world.advance(milliseconds: 3 * 3_600_000)
        let visit = try insert(
            "visit", "prison, attended, minutes, recorded_for_at",
            "'EWI', 'YES', 40, \(milliseconds(world.surreyLaptop))", on: world.surreyLaptop)
        for device in laptopFirst ? surrey.reversed() : surrey { try world.sync(device) }
        try world.settle()

        for device in surrey {
            #expect(try device.text("attended", of: "visit", visit) == "YES", "\(device.name)")
            #expect(try device.text("phase", of: "case_file", rows.id) == "CLOSED", "\(device.name)")
            #expect(try device.text("flag", of: "case_file", rows.id) == "SEEN_AFTER_CLOSING", "\(device.name)")
        }

        try world.surreyOffice.set("phase", of: "case_file", rows.id, to: "PRE_RELEASE")
        try world.settle()
        for device in surrey {
            #expect(try device.text("flag", of: "case_file", rows.id) == nil, "\(device.name)")
        }
    }
}
