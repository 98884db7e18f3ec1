import Testing

@Suite("Verifying, with the real program")
struct VerifyJourneyTests {
    @Test("what somebody wrote past the change log is found, repaired without a loss, and the hub verifies itself")
    func verifyAndRepair() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            try await surrey.writeCase("ZQVERIFY")
            try await surrey.synced()
            let sound = try await surrey.json("verify")
            #expect(sound["digest"].text == "match" && sound["compared_with_hub"] == .bool(true))
            #expect((sound["rows"].int ?? 0) > 0)

            _ = try await Shell.run(
                "UPDATE need SET detail = 'ZQDRIFT'; DELETE FROM case_note", file: surrey.file, in: network.folder,
                options: ["-cmd", ".dbconfig enable_trigger off"])
            let alone = try await surrey.json("verify", "--offline", status: 1)
            #expect(alone["missing"].items.map { $0["table"].text } == ["case_note"])
            #expect(alone["drifted"].items.isEmpty, "nothing in the file says what the hub has")
            let found = try await surrey.json("verify", status: 1)
            #expect(found["digest"].text == "mismatch")
            #expect(found["drifted"].items.map { $0["table"].text } == ["need"])

            let repaired = try await surrey.json("verify", "--repair")
            #expect(repaired["digest"].text == "repaired" || repaired["digest"].text == "match")
            try await surrey.synced()
            #expect(try await surrey.sql("SELECT detail FROM need") == "ZQDRIFT")
            #expect(try await network.atHub("SELECT detail FROM need") == "ZQDRIFT")
            #expect(try await surrey.count("case_note") == 1)
            #expect(try await surrey.json("verify")["digest"].text == "match")

            let hub = try await network.hub("verify", "--json")
            #expect(hub.status == 0)
            #expect(try hub.json()["digest"].text == "match")
            #expect(try hub.json()["devices"].items.map { $0["digest"].text } == ["match"])
            expectRefusal(try await surrey.run("verify", "--repair", "--offline"), 64)
        }
    }
}
