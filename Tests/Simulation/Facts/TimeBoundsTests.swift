import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync
import TestSupport
import Testing

@Suite("A time that nobody can mean is refused, and what was typed with it is kept")
struct TimeBoundsTests {
    private let world: World
    private let rows: CaseRows

    init() throws {
        world = try World(seed: 991)
        rows = try world.openCase(on: world.surreyOffice, marker: "Larch", naming: world.gloucester)
        try world.settle()
    }

    /// 1 January 1900 and 1 January 2200, in milliseconds since 1970.
    private static let least: Int64 = -2_208_988_800_000
    private static let end: Int64 = 7_258_118_400_000

    private func note(at milliseconds: Int64) throws -> Identifier {
        let id = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: """
                    INSERT INTO case_note(id, case_id, body, recorded_for_at, entered_at) VALUES(?, ?, 'She rang', ?, ?)
                    """, arguments: [id.sqlBlob, rows.id.sqlBlob, milliseconds, milliseconds])
        }
        return id
    }

    @Test(
        "outside of the years 1900 to 2199 it waits for a person",
        arguments: [Int64.min, TimeBoundsTests.least - 1, TimeBoundsTests.end, Int64.max])
    func outside(milliseconds: Int64) throws {
        let id = try note(at: milliseconds)
        try world.settle()
        let waiting = try #require(try world.hub.quarantine().first)
        #expect(waiting.reason == "malformed" && waiting.row == id.description)
        #expect(try world.hub.quarantined(waiting.id).value["body"] == "She rang")
        let back = try #require(try world.surreyOffice.replica.inbox().first)
        #expect(back.reason == "malformed" && back.value["body"] == "She rang")
        #expect(try world.reader.text("body", of: "case_note", id) == nil)
    }

    @Test(
        "inside it is taken, also from a clock that begins in 1970",
        arguments: [TimeBoundsTests.least, 0, TimeBoundsTests.end - 1])
    func inside(milliseconds: Int64) throws {
        let id = try note(at: milliseconds)
        try world.settle()
        #expect(try world.hub.quarantine().isEmpty)
        #expect(try world.reader.text("body", of: "case_note", id) == "She rang")
    }
}
