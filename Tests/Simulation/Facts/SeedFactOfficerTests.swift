import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import Testing

/// The replication officer's days are a partner's record, and what waits at the hub is told by them.
@Suite("The replication officer's days come to the hub's queue by a sync")
struct SeedFactOfficerTests {
    /// Saturday, 21 November 2026, noon.
    private static let saturday: Int64 = 1_795_262_400_000
    private static let day: Int64 = 86_400_000

    private func clocks(in world: World) throws -> [SeedFactAnswers.Reader: OfficerClock] {
        func read(_ database: Database) throws -> OfficerClock { try OfficerClock(in: database, now: Self.saturday) }
        return [
            .hub: try world.reader.read(read), .office: try world.surreyOffice.read(read),
            .laptop: try world.surreyLaptop.read(read), .other: try world.gloucestershire.read(read),
        ]
    }

    @Test("Next in on Monday, Leeds; what came on Thursday has waited none of her days, and a bank holiday is none")
    func nextIn() throws {
        let world = try World(seed: 606)
        let officer = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: """
                    INSERT INTO staff_user(id, partner_id, display_name, role, working_days, based_in)
                    VALUES(?, ?, 'Robin', 'NETWORK_OFFICER', 3, 'Leeds')
                    """, arguments: [officer.sqlBlob, world.surrey.sqlBlob])
        }
        #expect(try clocks(in: world)[.hub]?.officers == [])
        try world.settle()
        let line = "The network officer, Leeds, is next in on Monday 23 November 2026."
        for (reader, clock) in try clocks(in: world) {
            #expect(clock.officers.map(\.words) == (reader == .other ? [] : [line]), "at \(reader)")
            #expect(clock.waited(since: Self.saturday - 2 * Self.day) == (reader == .other ? nil : 0))
            #expect(clock.waited(since: Self.saturday - 6 * Self.day) == (reader == .other ? nil : 2))
        }
        // Of the days after Christmas, Monday is kept for Boxing Day, and Tuesday alone is hers.
        let later = try world.reader.read { try OfficerClock(in: $0, now: Self.saturday + 39 * Self.day) }
        #expect(later.waited(since: Self.saturday + 35 * Self.day) == 1)

        try world.surreyLaptop.edit {
            try $0.execute(
                sql: "UPDATE staff_user SET working_days = 12 WHERE id = ?", arguments: [officer.sqlBlob])
        }
        try world.settle()
        #expect(try clocks(in: world)[.hub]?.officers.map(\.workingDays) == ["Wed, Thu"])
    }
}
