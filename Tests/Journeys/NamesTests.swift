import Foundation
import Testing

@Suite("What things are called")
struct NamesTests {
    @Test("a name that none may have is refused with a reason, before anything is made of it")
    func refused() async throws {
        try await Network.run { network in
            let before = try await network.hubFingerprint()
            let long = String(repeating: "x", count: 201)
            for (code, name) in [("", "n"), ("X", "n"), ("ABC", ""), ("ABC", long), ("ABC", "two\nlines")] {
                let ran = try await network.hub("partner", "add", code, "--name", name, "--area", "SRY", "--json")
                expectRefusal(ran, 65)
            }
            for name in ["", " ", long, "Surrey\u{1B}[31m laptop", "Surrey\u{200B} laptop"] {
                expectRefusal(
                    try await network.hub("device", "enrol", "SRY", "--name", name, "--role", "office", "--json"), 65)
            }
            let operators = try await network.hub("operator", "add", "", "--json")
            expectRefusal(operators, 64)
            #expect(!operators.err.contains("--by"), "nothing of that name was asked for")
            #expect(try await network.hubFingerprint() == before)
        }
    }

    @Test("a hub that has such a name from before heals when the device is renamed; devices go by name everywhere")
    func renamed() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let id = try await office.json("status").requireText("device")
            // As an earlier program took it.
            _ = try await Shell.run("UPDATE hub_device SET name = ''", file: network.hubFile, in: network.folder)
            #expect(try await network.hub("tend").status == 1)
            expectRefusal(try await network.hub("device", "rename", id, "", "--by", "Operator", "--json"), 65)
            let renamed = try await network.hub(
                "device", "rename", id, "Surrey, upstairs", "--by", "Operator", "--json")
            #expect(try renamed.json()["name"].text == "Surrey, upstairs")
            #expect(try await network.hub("tend").status == 0)
            #expect(try await network.hub("audit", "verify").status == 0)
            try await office.synced()
            #expect(try await office.json("status").requireText("device_name") == "Surrey, upstairs")

            expectRefusal(try await network.hub("device", "revoke", "Surrey, downstairs", "--json"), 66)
            let revoked = try await network.hub("device", "revoke", "Surrey, upstairs", "--json")
            #expect(try revoked.json()["device"].text == id)
            #expect(try await office.json("status")["refused"] == .null, "it was not told yet")
            #expect(try await office.run("sync").status == 77)
            let told = try await office.json("status")
            #expect(told["refused"]["why"].text == "revoked" && told["safe_to_wipe"] == .bool(true))
            let text = try await office.run("status").out
            #expect(text.contains("REVOKED") && !text.contains("Lease"))
            try await office.writeCase("ZQLATE")
            #expect(try await office.run("sync").status == 77)
            #expect(try await office.json("status")["safe_to_wipe"] == .bool(false), "the hub gave no word on it")
            let writtenOff = try await network.hub(
                "purge", "write-off", "Surrey, upstairs", "--reason", "Shredded, certificate 114", "--json")
            #expect(try writtenOff.json()["written_off"].int != nil)
        }
    }

    @Test("what somebody typed never steers a terminal nor passes for another line; JSON has it exactly")
    func printable() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let typed = "Zoe\u{1B}[31m\nSRY-26-0001-X"
            try await office.json("case", "create", "--known-as", "Zoe")
            // As any other program writes the file: the command line refuses it.
            expectRefusal(try await office.run("case", "create", "--known-as", typed, "--json"), 65)
            _ = try await Shell.run(
                "UPDATE person SET known_as = 'Zoe' || char(27) || '[31m' || char(10) || 'SRY-26-0001-X'",
                file: office.file, in: network.folder)
            let list = try await office.run("case", "list")
            #expect(list.status == 0 && list.out.split(separator: "\n").count == 2, "\(list)")
            #expect(!list.out.contains("\u{1B}") && list.out.contains("Zoe\\u{1B}[31m\\nSRY-26-0001-X"))
            #expect(try await office.json("case", "list")["cases"].items.first?["known_as"].text == typed)
        }
    }
}
