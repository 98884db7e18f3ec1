import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Who wrote a field last, as far as a device knows without the hub")
struct LastWriterTests {
    private func writer(of column: String, _ past: PastWorld, on device: Device) throws -> String {
        let edits = try device.replica.history(of: past.rows.need, in: "need")
        switch try device.replica.lastWriters(of: past.rows.need, in: "need", edits)[column] {
        case .here(let place):
            return "here, \(edits[place].state): \(edits[place].values[column].flatMap { $0 } ?? "NULL")"
        case .elsewhere: return "elsewhere"
        case nil: return "unknown"
        }
    }

    @Test("This device's own edit, judged or not; else somebody else's, whoever that was")
    func lastWriter() throws {
        let past = try PastWorld(seed: 971)
        let (office, other) = (past.world.surreyOffice, past.world.gloucestershire)
        #expect(try writer(of: "detail", past, on: office) == "here, judged: ZQold again")
        #expect(try writer(of: "category", past, on: office) == "here, judged: HEALTH")
        #expect(try writer(of: "detail", past, on: other) == "elsewhere")
        try past.write("theirs", on: other)
        #expect(try writer(of: "detail", past, on: office) == "elsewhere")
        #expect(try writer(of: "category", past, on: office) == "here, judged: HEALTH")
        #expect(try writer(of: "detail", past, on: other) == "here, judged: theirs")
        try office.set("detail", of: "need", past.rows.need, to: "not sent")
        #expect(try writer(of: "detail", past, on: office) == "here, sealed: not sent")
        try past.world.settle()
        #expect(try writer(of: "detail", past, on: office) == "here, judged: not sent")
        #expect(try writer(of: "detail", past, on: other) == "elsewhere")
    }

    @Test("Where several values stand, whoever wrote the one that is shown")
    func conflict() throws {
        let past = try PastWorld(seed: 972)
        let (office, other) = (past.world.surreyOffice, past.world.gloucestershire)
        try office.set("detail", of: "need", past.rows.need, to: "one")
        past.world.advance(milliseconds: 60_000)
        try other.set("detail", of: "need", past.rows.need, to: "two")
        try past.world.settle()
        let shown = try #require(try office.text("detail", of: "need", past.rows.need))
        #expect(shown == "two", "the later of them")
        #expect(try writer(of: "detail", past, on: office) == "elsewhere")
        #expect(try writer(of: "detail", past, on: other) == "here, judged: two")
        let conflict = try #require(try past.world.hub.conflicts().first)
        _ = try past.world.hub.resolve(
            conflict.id, .value(json: "\"three\""), by: "Ada", reason: "Seen on the paper file")
        try past.world.settle()
        for device in [office, other] { #expect(try writer(of: "detail", past, on: device) == "elsewhere") }
    }
}
