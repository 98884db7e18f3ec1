import Foundation
import Testing

@Suite("A replica whose keys or witness are gone or damaged still shows what was typed")
struct LostKeysTests {
    private func empty(_ path: String) throws {
        #expect(FileManager.default.fileExists(atPath: path))
        try Data().write(to: URL(fileURLWithPath: path))
    }

    @Test("a witness that is damaged costs one delivery and no edit")
    func witness() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let mate = try await network.desk("SRY", role: "field")
            let written = try await desk.writeCase("ZQWITNESS")
            try await network.put(written.hex, on: mate, by: desk)
            try await desk.sql("UPDATE need SET detail = 'typed before the damage'")
            try empty(desk.file + ".device/witness")
            let status = try await desk.json("status")
            #expect(status["unsent"]["edits"].int == 1 && status["put_back"] == .bool(true), "\(status)")
            try await desk.synced()
            #expect(try await network.atHub("SELECT detail FROM need") == "typed before the damage")
            #expect(try await desk.json("status")["put_back"] == .bool(false))
            // It is the device that it was: nobody takes it for a copy.
            try await desk.sql("UPDATE need SET detail = 'typed after it'")
            try await desk.synced()
            try await mate.synced()
            #expect(try await mate.sql("SELECT detail FROM need") == "typed after it")
        }
    }

    @Test(
        "without its keys a replica shows what it holds and what is unsent, and says what to do",
        arguments: [true, false])
    func keys(areGone: Bool) async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let written = try await desk.writeCase("ZQKEYLESS")
            let unsent = try await desk.unsent()
            // It seals what was written.
            #expect(try await desk.run("log").status == 0)
            if areGone {
                try FileManager.default.removeItem(atPath: desk.file + ".device")
            } else {
                try empty(desk.file + ".device/keys")
            }
            let status = try await desk.json("status")
            #expect(status["unsent"]["edits"].int == unsent && status["keys_here"] == .bool(false), "\(status)")
            #expect(status["safe_to_wipe"] == .bool(false))
            #expect(try await desk.run("status").out.contains("KEYS ARE GONE"))
            #expect(try await !desk.json("log")["log"].items.isEmpty)
            #expect(try await desk.json("inbox")["inbox"].items.isEmpty)
            #expect(try await desk.json("case", "list")["cases"].items.count == 1)
            let file = network.folder + "/notes.csv"
            #expect(try await desk.run("export", "case_note", file).status == 0)
            #expect(try String(contentsOfFile: file, encoding: .utf8).contains("ZQKEYLESS-note"))
            let doctor = try await desk.json("doctor", "--offline", status: 1)
            #expect(doctor["checks"].items.contains { $0["check"].text == "keys" && $0["state"].text == "attention" })
            // Typing goes on, and what needs the keys says how much waits.
            try await desk.sql("UPDATE need SET detail = 'typed without keys'")
            let refused = try await desk.run("sync", "--json")
            expectRefusal(refused, areGone ? 77 : 65)
            #expect(refused.err.contains("not been sent") && refused.err.contains("folder"), "\(refused)")
            #expect(
                try await desk.sql("SELECT body FROM case_note WHERE case_id = x'\(written.hex)'") == "ZQKEYLESS-note")
        }
    }
}
