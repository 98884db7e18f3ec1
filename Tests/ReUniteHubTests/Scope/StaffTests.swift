import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Edits name the staff member who was signed in")
struct StaffTests {
    private static let worker = row(77)

    private func remark(_ said: String, in world: ScopeWorld) throws {
        try world.guest.replica.edit("Writing") { database in
            try database.execute(
                sql: "INSERT INTO remark(centre_id, said) VALUES(?, ?)",
                arguments: [world.centre.sqlBlob, said])
            try database.execute(sql: "UPDATE ru_journal SET ms = ?", arguments: [world.time.wallMilliseconds])
        }
    }

    @Test("20: what a leaver wrote before is taken, what was written after waits, whatever hour it arrives")
    func leaver() throws {
        let world = try ScopeWorld()
        try world.guest.replica.sign(in: Self.worker)
        try remark("at eight", in: world)
        try world.guest.replica.seal()
        world.time.advance(milliseconds: 3_600_000)
        let left = world.time.wallMilliseconds
        world.time.advance(milliseconds: 3_600_000)
        try remark("at ten", in: world)
        try world.hub.insert("Recording that she left") { database, _ in
            try database.execute(
                sql: "INSERT INTO leaver(id, left_at) VALUES(?, ?)", arguments: [Self.worker.sqlBlob, left])
        }
        try world.settle()
        #expect(
            try world.hub.read("Reading") { try String.fetchAll($0, sql: "SELECT said FROM remark") } == ["at eight"])
        let waiting = try world.hub.quarantine()
        #expect(waiting.map(\.reason) == ["author-left"])
        let detail = try world.hub.quarantined(try #require(waiting.first?.id))
        #expect(detail.author == Self.worker.description && detail.organisation == "GST")
        _ = try world.hub.release(
            quarantined: try #require(waiting.first?.id), by: "Ada", reason: "A colleague used her laptop")
        #expect(try world.count("remark") == 2)
    }

    @Test("What was written before somebody signs in is not theirs, and batches of two authors are not joined")
    func turns() throws {
        let world = try ScopeWorld()
        try remark("by whoever holds it", in: world)
        try world.guest.replica.sign(in: Self.worker)
        #expect(try world.guest.replica.signedIn() == Self.worker)
        try remark("by her", in: world)
        try world.guest.replica.sign(in: nil)
        try remark("by nobody in particular", in: world)
        try world.guest.replica.seal()
        let authors = try world.guest.replica.read("Reading") {
            try Row.fetchAll($0, sql: "SELECT header FROM ru_outbox ORDER BY no").map {
                try BatchHeader(decoding: $0.bytes("header")).author
            }
        }
        #expect(authors == [.zero, Self.worker, .zero])
        try world.settle()
        #expect(try world.count("remark") == 3)
    }
}
