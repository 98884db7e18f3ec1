import GRDB
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite("A visit bundle opens on one device, in its prisons, until it expires")
struct VisitBundleTests {
    private static let hour: Int64 = 3_600_000
    private static let schema = NetworkSchema(migrations: Schemas.network.map { .init(name: $0.name, sql: $0.sql) })

    private let desk: TestDesk
    private let start: Int64

    init() throws {
        desk = try TestDesk(network: Self.schema)
        start = desk.time.wallMilliseconds
        let (maya, prison, laptop) = (literal(row(1)), literal(row(2)), literal(TestDesk.device))
        try desk.replica.edit(
            "INSERT INTO prison(id, code, name, place, postcode) VALUES(\(prison), 'BZI', 'B', '', '')")
        try desk.replica.edit("INSERT INTO case_file(id, owner_partner_id) VALUES(\(maya), \(TestDesk.roomLiteral))")
        try desk.replica.edit("INSERT INTO person(case_id, known_as) VALUES(\(maya), 'ZQMAYA')")
        try desk.replica.edit(
            "INSERT INTO visit(case_id, prison, planned_at) VALUES(\(maya), 'BZI', \(start + 24 * Self.hour))")
        try desk.replica.edit(
            """
            INSERT INTO prison_authorisation(partner_id, device_id, prison, governor_ref, valid_to)
            VALUES(\(TestDesk.roomLiteral), \(laptop), 'BZI', 'G-17', '2026-03-31')
            """)
    }

    private func packed() throws -> [UInt8] {
        let packing = VisitPacking(
            day: "2026-03-02", device: TestDesk.device, now: try desk.replica.knownTime().now)
        let sheet = try desk.replica.read("Packing") { try packing.pack(in: $0).sheet }
        return try desk.replica.seal(visit: try sheet.encoded(), to: desk.replica.publicKeys).bytes
    }

    private func open(_ bytes: [UInt8], prison: String = "BZI", on desk: TestDesk? = nil) throws -> VisitSheet {
        let replica = (desk ?? self.desk).replica
        let time = try replica.knownTime()
        let content = try replica.open(visit: bytes) { _ in [] }
        return try replica.read("Opening") {
            try VisitGate.pass(try VisitSheet(decoding: content), prison: prison, at: time, in: $0)
        }
    }

    private func expectRefused(
        _ code: Failure.Code, _ location: SourceLocation = #_sourceLocation, _ body: () throws -> VisitSheet
    ) {
        #expect(sourceLocation: location) { try body() } throws: { ($0 as? Failure)?.code == code }
    }

    @Test("It opens for its prison on its device, in any case of letters, and for no other")
    func place() throws {
        let bytes = try packed()
        #expect(try open(bytes, prison: "bzi").visits.map(\.woman.knownAs) == ["ZQMAYA"])
        expectRefused(.notPermitted) { try open(bytes, prison: "EWI") }
        let other = try TestDesk(network: Self.schema, seed: 2)
        expectRefused(.badData) { try open(bytes, on: other) }
        #expect(String(decoding: bytes, as: UTF8.self).contains("ZQMAYA") == false)
    }

    @Test("From its last hour on it does not open, and not again when the clock is put back")
    func expiry() throws {
        let bytes = try packed()
        desk.time.advance(milliseconds: 48 * Self.hour - 1)
        #expect(try open(bytes).counts.women == 1)
        desk.time.advance(milliseconds: 1)
        expectRefused(.notPermitted) { try open(bytes) }
        desk.time.set(wall: start + Self.hour)
        expectRefused(.notPermitted) { try open(bytes) }
        // The same after a new start of the program.
        let reopened = try desk.reopened(network: Self.schema)
        #expect(try reopened.knownTime().now >= start + 48 * Self.hour)
        // And whoever packs meanwhile does not get a day back either.
        #expect(try reopened.knownTime().isPutBack)
    }

    @Test("A clock that is put back without anybody having tried after the hour is found out by the other clocks")
    func putBack() throws {
        let bytes = try packed()
        #expect(try open(bytes).counts.women == 1)
        desk.time.advance(milliseconds: 60 * Self.hour)
        desk.time.set(wall: start + 2 * Self.hour)
        expectRefused(.notPermitted) { try open(bytes) }
    }

    @Test("The hub's clock at the last sync counts, and after a sync it alone")
    func hubTime() throws {
        let desk = try TestDesk(network: Self.schema, seed: 3)
        func hours(_ count: Int64) -> Int64 { start + count * Self.hour }
        desk.time.set(wall: hours(60))
        try desk.deliver(rows: [])
        desk.time.set(wall: hours(2))
        #expect(try desk.replica.knownTime() == KnownTime(wall: hours(2), earliest: hours(60)))
        #expect(try desk.replica.knownTime().isPutBack)
        // A clock that was days fast, until the hub said so: it locks nothing for good.
        desk.time.set(wall: hours(300))
        #expect(try desk.replica.knownTime().now == hours(300))
        desk.time.set(wall: hours(61))
        #expect(try desk.replica.knownTime().isPutBack)
        try desk.deliver(rows: [])
        #expect(try desk.replica.knownTime() == KnownTime(wall: hours(61), earliest: hours(61)))
    }

    @Test("The newest change that was sealed counts: nobody wrote it in the future")
    func newestChange() throws {
        let bytes = try packed()
        try desk.replica.seal()
        let newest = try desk.replica.facts().clock.milliseconds
        desk.time.set(wall: newest - Self.hour)
        let time = try desk.replica.knownTime()
        #expect(time.isPutBack && time.earliest >= newest)
        expectRefused(.notPermitted) { try open(bytes) }
    }

    @Test("A clock that stands before the packing is not believed")
    func beforePacking() throws {
        let bytes = try packed()
        let content = try desk.replica.open(visit: bytes) { _ in [] }
        let sheet = try VisitSheet(decoding: content)
        expectRefused(.notPermitted) {
            try desk.replica.read("Opening") {
                try VisitGate.pass(
                    sheet, prison: "BZI", at: KnownTime(wall: start - 20 * 60_000, earliest: 0), in: $0)
            }
        }
    }

    @Test("An authorisation that ran out or was withdrawn closes the bundle before its hour")
    func authorisation() throws {
        let bytes = try packed()
        try desk.replica.edit("UPDATE prison_authorisation SET state = 'WITHDRAWN'")
        expectRefused(.notPermitted) { try open(bytes) }
        // A device that does not hold the row goes by what the bundle says.
        try desk.replica.edit("DELETE FROM prison_authorisation")
        #expect(try open(bytes).counts.women == 1)
        var sheet = try VisitSheet(decoding: try desk.replica.open(visit: bytes) { _ in [] })
        sheet.prisons[0].validTo = "2026-02-28"
        let (old, time) = (sheet, try desk.replica.knownTime())
        expectRefused(.notPermitted) {
            try desk.replica.read("Opening") { try VisitGate.pass(old, prison: "BZI", at: time, in: $0) }
        }
    }

    @Test("With any one byte changed, or cut at any length, or longer, nothing of it is shown")
    func damaged() throws {
        let bytes = try packed()
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1 << UInt8(place % 8)
            #expect("byte \(place)") { try desk.replica.open(visit: changed) { _ in [] } } throws: {
                ($0 as? Failure)?.code == .badData
            }
        }
        for length in 0..<bytes.count {
            #expect("\(length) bytes") { try desk.replica.open(visit: Array(bytes[..<length])) { _ in [] } } throws: {
                ($0 as? Failure)?.code == .badData
            }
        }
        expectRefused(.badData) { try open(bytes + [0]) }
        #expect(try open(bytes).counts.women == 1)
    }

    @Test("A bundle of a newer program, and one that does not count what it says, are told apart")
    func content() throws {
        let sheet = try VisitSheet(decoding: try desk.replica.open(visit: try packed()) { _ in [] })
        var newer = sheet
        newer.version = 2
        #expect { try VisitSheet(decoding: try newer.encoded()) } throws: { ($0 as? Failure)?.code == .configuration }
        var fewer = sheet
        fewer.visits = []
        #expect { try VisitSheet(decoding: try fewer.encoded()) } throws: { ($0 as? Failure)?.code == .badData }
        #expect { try VisitSheet(decoding: Array("[]".utf8)) } throws: { ($0 as? Failure)?.code == .badData }
    }
}
