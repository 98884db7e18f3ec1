import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Who reads is answered as of now, whenever the file was last written")
struct ToldTimeTests {
    private static let day: Int64 = 86_400_000
    private let desk: TestDesk

    /// A desk whose rules know the time, and nobody has written anything since yesterday.
    init() throws {
        desk = try TestDesk()
        try desk.accept()
        #expect(try told() == desk.time.wallMilliseconds)
        desk.time.advance(milliseconds: Self.day)
    }

    /// The time that the rules go by when somebody reads.
    private func told(_ replica: Replica? = nil) throws -> Int64 {
        let ms = try (replica ?? desk.replica).read("Reading") { try Int64.fetchOne($0, sql: "SELECT ms FROM ru_now") }
        return try #require(ms)
    }

    @Test("A day later the rules know it, without anybody's writing")
    func nextDay() throws {
        #expect(try told(desk.reopened()) == desk.time.wallMilliseconds)
        #expect(try desk.replica.facts().lastSyncMilliseconds == desk.time.wallMilliseconds - Self.day)
    }

    @Test("The clock of the device is put right by what the hub said of it")
    func skewed() throws {
        // An hour fast: the hub's clock stands at what the desk's stood at an hour ago.
        try desk.replica.database.immediately {
            try $0.execute(sql: "UPDATE ru_meta SET value = 3600000 WHERE name = 'skew_ms'")
        }
        #expect(try told() == desk.time.wallMilliseconds - 3_600_000)
    }

    @Test("A clock that was set back is believed, as by whatever writes")
    func setBack() throws {
        desk.time.set(wall: desk.time.wallMilliseconds - 3 * Self.day)
        #expect(try told() == desk.time.wallMilliseconds)
    }

    @Test("Reads soon after one another write once; a new day is told at once")
    func once() throws {
        let first = try told()
        desk.time.advance(milliseconds: 59_000)
        #expect(try told() == first)
        let midnight = (first / Self.day + 1) * Self.day
        desk.time.set(wall: midnight - 1_000)
        #expect(try told() == midnight - 1_000)
        desk.time.set(wall: midnight)
        #expect(try told() == midnight)
    }

    @Test("While another program writes, reading goes on by the time that the rules have")
    func locked() throws {
        let before = desk.time.wallMilliseconds - Self.day
        let other = try EngineDatabase.open(path: desk.path, role: .application, label: "other")
        let meanwhile = try other.immediately { _ in try told() }
        #expect(meanwhile == before)
        #expect(try told() == desk.time.wallMilliseconds)
        // The patience of whatever writes is as it was.
        let patience = try desk.replica.database.writeWithoutTransaction {
            try Int.fetchOne($0, sql: "PRAGMA busy_timeout")
        }
        #expect(patience == 5_000)
    }

    @Test("A file that is read only is read")
    func readOnly() throws {
        try desk.replica.database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA query_only = ON") }
        #expect(try told() == desk.time.wallMilliseconds - Self.day)
    }
}
