import TestSupport
import Testing

@Suite("Those who wrote the values of a conflict are asked, each alone, and answer from their desks")
struct ConflictQuestionTests {
    /// Surrey's case, which Gloucestershire works on too; both write the same field, and neither has seen the other's.
    private struct Disputed {
        let surrey: Desk
        let gloucestershire: Desk
        let written: WrittenCase
        let referral: String
        let conflict: String

        init(_ network: Network) async throws {
            surrey = try await network.desk("SRY")
            gloucestershire = try await network.desk("GLS")
            written = try await surrey.writeCase("ZQMAYA")
            referral = try await surrey.refer(written, to: "GLS")
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            try await gloucestershire.json("referral", "assess", referral, "--assessor", "Housing worker")
            try await gloucestershire.json("referral", "accept", referral)
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            try await gloucestershire.sql("UPDATE need SET detail = 'ZQGLOUCESTER'")
            try await surrey.sql("UPDATE need SET detail = 'ZQSURREY'")
            try await gloucestershire.synced()
            try await surrey.synced(status: 1)
            let open = try await network.hub("conflicts", "list", "--json").json()["conflicts"].items
            let first = try #require(open.first)
            #expect(first["asked"].int == 0 && first["answered"].int == 0)
            conflict = try first.requireText("id")
        }
    }

    private func questions(_ desk: Desk) async throws -> [JSON] {
        try await desk.json("inbox", "questions")["questions"].items
    }

    @Test("both are asked, one answers and then the other, the decision closes the questions, and all is on record")
    func bothAnswer() async throws {
        try await Network.run { network in
            let disputed = try await Disputed(network)
            let (surrey, gloucestershire, conflict) = (disputed.surrey, disputed.gloucestershire, disputed.conflict)
            func ask(_ words: [String]) async throws -> Ran {
                let all = ["hub", "conflicts", "ask", conflict] + words + ["--hub-dir", network.hubFolder, "--json"]
                return try await Running(network.program, all, in: network.folder).finish()
            }
            expectRefusal(try await ask(["--question", "Which?"]), 64)
            expectRefusal(try await ask(["--question", "Is it zqsurrey, as they say?"]), 65)
            expectRefusal(try await ask(["--question", "Where did you hear of it?", "--to", "DBY"]), 64)
            #expect(try await questions(surrey).isEmpty)
            let asked = try await ask(["--question", "Where did you hear of it?"])
            try #require(asked.status == 0, "\(asked)")
            #expect(try asked.json()["questions"].items.compactMap { $0["partner"].text }.sorted() == ["GLS", "SRY"])

            try await surrey.synced(status: 1)
            try await gloucestershire.synced(status: 1)
            let mine = try #require(try await questions(surrey).first)
            #expect(mine["field"].text == "Need: Detail" && mine["question"].text == "Where did you hear of it?")
            #expect(mine["state"].text == "OPEN" && mine["case"].text == disputed.written.id)
            let id = try mine.requireText("id")
            expectRefusal(try await surrey.run("inbox", "answer", id, " ", "--json"), 65)
            expectRefusal(try await surrey.run("inbox", "answer", "ffffffff", "Nowhere", "--json"), 66)
            try await surrey.json("inbox", "answer", id, "ZQTOLD by her sister")
            try await surrey.synced(status: 1)

            let list = try await network.hub("conflicts", "list", "--json").json()["conflicts"].items
            #expect(list.first?["asked"].int == 2 && list.first?["answered"].int == 1)
            let show = try await network.hub("conflicts", "show", conflict, "--json").json()
            let seen = try await network.hub("audit", "list", "--kind", "viewed", "--json")
            #expect(try seen.json()["entries"].items.count == 1, "\(seen)")
            let answer = try #require(
                show["questions"].items.first { $0["partner"].text == "SRY" }?["answers"].items.first)
            #expect(answer["text"].text == "ZQTOLD by her sister" && answer["at"].text != nil)

            let theirs = try await questions(gloucestershire)
            try #require(theirs.count == 1)
            try await gloucestershire.json("inbox", "answer", try theirs[0].requireText("id"), "From the prison")
            try await gloucestershire.synced(status: 1)
            #expect(
                try await network.hub("conflicts", "list", "--json").json()["conflicts"].items.first?["answered"].int
                    == 2)
            #expect(try !gloucestershire.holds("ZQTOLD"))

            let decided = try await network.hub(
                "conflicts", "resolve", conflict, "--keep", "1", "--reason", "The prison should know", "--json")
            #expect(decided.status == 0, "\(decided)")
            for desk in [surrey, gloucestershire] {
                try await desk.synced()
                let left = try await questions(desk)
                #expect(left.map { $0["state"].text } == ["CLOSED"])
                let late = try await desk.run("inbox", "answer", try left[0].requireText("id"), "Too late", "--json")
                expectRefusal(late, 65)
            }
            expectRefusal(try await ask(["--question", "Was that right after all?"]), 65)
            let entries = try await network.hub("audit", "list", "--kind", "written", "--json").json()["entries"].items
            #expect(entries.contains { "\($0)".contains("conflict-asked") })
            #expect(try await network.hub("audit", "verify", "--json").json()["consistent"] == .bool(true))
            #expect(try await network.hub("verify").status == 0)
        }
    }

    @Test("who was asked holds no byte of the other's value, question or answer, also where the case has left it")
    func nothingOfTheOther() async throws {
        try await Network.run { network in
            let disputed = try await Disputed(network)
            let (surrey, gloucestershire, conflict) = (disputed.surrey, disputed.gloucestershire, disputed.conflict)
            try await surrey.json("referral", "withdraw", disputed.referral, "--reason", "MOVED_OUT_OF_AREA")
            try await surrey.synced(status: 1)
            for (partner, words) in [("SRY", "ZQASKSURREY, who told you?"), ("GLS", "ZQASKGLOUCESTER, who told you?")] {
                let asked = try await network.hub(
                    "conflicts", "ask", conflict, "--question", words, "--to", partner, "--json")
                try #require(asked.status == 0, "\(asked)")
            }
            try await gloucestershire.synced()
            try await surrey.synced(status: 1)
            // The case has left Gloucestershire; the question has not.
            #expect(try await gloucestershire.count("case_file") == 0)
            let question = try #require(try await questions(gloucestershire).first)
            #expect(question["question"].text == "ZQASKGLOUCESTER, who told you?" && question["ref"].text == nil)
            try await gloucestershire.json("inbox", "answer", try question.requireText("id"), "ZQGUARD at the gate")
            try await gloucestershire.synced()
            #expect(try await gloucestershire.json("status")["returned"].int == 0)
            try await surrey.json(
                "inbox", "answer", try #require(try await questions(surrey).first).requireText("id"), "ZQSISTER")
            for desk in [surrey, gloucestershire, surrey, gloucestershire] {
                _ = try await desk.run("sync", "--json")
            }
            #expect(
                try FileScan.find(["ZQSURREY", "ZQASKSURREY", "ZQSISTER"], ofReplica: gloucestershire.file) == [])
            #expect(try FileScan.find(["ZQASKGLOUCESTER", "ZQGUARD"], ofReplica: surrey.file) == [])
            #expect(
                try FileScan.find(["ZQGUARD", "ZQSISTER"], ofHub: network.hubFolder).count >= 2, "the hub has both")
            let show = try await network.hub("conflicts", "show", conflict, "--json").json()
            #expect(show["questions"].items.count == 2)
        }
    }
}
