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

    @Test(
        "what had to be put right is counted: status tells it, doctor asks for a person the second time, a sync fetches all",
        .enabled(if: MovedClock.library != nil))
    func counted() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            try await desk.writeCase("ZQCOUNT")
            try await desk.synced()
            func alarm() async throws -> String? {
                let checks = try await desk.run("doctor", "--offline", "--json").json()["checks"].items
                return checks.first { $0["check"].text == "repairs" }?["state"].text
            }
            for day in 1...2 {
                try await desk.pastTheLog("UPDATE need SET detail = 'ZQDAY\(day)'")
                _ = try await desk.json("verify", status: 1)
                let status = try await desk.json("status")
                #expect(status["repair_incidents"].int == day, "\(status)")
                let repairs = status["repairs"].items
                #expect(repairs.allSatisfy { $0["what"].text == "drifted" && $0["table"].text == "need" })
                #expect(try await alarm() == (day == 1 ? "good" : "attention"))
                let synced = try await desk.json("sync")
                #expect((synced["pulled"]["rows"].int ?? 0 > 5) == (day == 2), "\(synced)")
                try await desk.synced()
                #expect(try await network.atHub("SELECT detail FROM need") == "ZQDAY\(day)")
                if day == 1 { try await network.pass(days: 2) }
            }
            #expect(try await desk.synced()["pulled"]["rows"].int == 0, "once")
            #expect(try await desk.run("status").out.contains("Put right here in the last 7 days: values in need"))
        }
    }
}
