import Foundation
import Testing

@Suite("The operator's work-list, with the real program")
struct WorkListTests {
    @Test("the oldest conflict is found, shown, decided and taken back, and both devices agree each time")
    func decideAndUndo() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let written = try await office.writeCase("ZQLEDGER")
            try await office.json(
                "staff", "add", "--login", "robin", "--name", "Robin", "--role", "NETWORK_OFFICER", "--days", "Tue",
                "--based-in", "Leeds")
            try await network.put(written.hex, on: laptop, by: office)
            try await laptop.synced()
            try await office.sql("UPDATE person SET date_of_birth = '1991-04-03'")
            try await laptop.sql("UPDATE person SET date_of_birth = '1991-05-02'")
            try await office.synced()
            try await laptop.synced(status: 1)

            let list = try await network.hub("conflicts", "list", "--json").json()
            let oldest = try #require(list["conflicts"].items.first)
            #expect(list["officers"].items.map { $0["based_in"].text } == ["Leeds"])
            #expect(oldest["working_days_waited"].int == 0)
            let printed = try await network.hub("conflicts", "list").out
            #expect(printed.hasPrefix("The network officer, Leeds, is next in on Tuesday "), "\(printed)")
            #expect(printed.contains(", 0 working"), "\(printed)")
            #expect(list["oldest"].text == oldest["opened"].text)
            let id = try oldest.requireText("id")
            let status = try await network.hub("status", "--json").json()
            #expect(status["oldest_conflict"].text == oldest["opened"].text)

            let show = try await network.hub("conflicts", "show", String(id.prefix(4)), "--json").json()
            #expect(show["table_label"].text == "Woman")
            #expect(show["column_labels"] == .list([.text("Date of birth")]))
            #expect(show["base"]["date_of_birth"].text == "1991-04-02")
            #expect(show["told"] == .list([.text("SRY")]))
            let values = show["values"].items
            try #require(values.count == 2)
            let words = try await network.hub("conflicts", "show", id)
            #expect(words.out.contains("Which") || words.out.contains("which"))
            #expect(words.out.contains("hub conflicts resolve"))
            let chosen = try #require(values.first { $0["value"]["date_of_birth"].text == "1991-04-03" })
            let number = try #require(chosen["number"].int)
            let asOf = try #require(show["as_of"].int)

            expectRefusal(
                try await network.hub("conflicts", "resolve", id, "--keep", "1", "--reason", "because", "--json"), 64)
            expectRefusal(
                try await network.hub(
                    "conflicts", "resolve", id, "--value", "17", "--reason", "A number is no date", "--json"), 65)
            expectRefusal(try await network.hub("conflicts", "show", "ffffffff", "--json"), 66)
            let decided = try await network.hub(
                "conflicts", "resolve", id, "--keep", String(number), "--as-of", String(asOf), "--reason",
                "Seen on the birth certificate", "--json")
            #expect(decided.status == 0, "\(decided)")
            #expect(try decided.json()["is_open"] == .bool(false))
            try await agree(office, laptop, network, on: "1991-04-03", conflicts: 0)

            let reopened = try await network.hub(
                "conflicts", "reopen", id, "--reason", "That certificate was another's", "--json")
            #expect(reopened.status == 0, "\(reopened)")
            let shown = try #require(values.first { $0["shown"] == .bool(true) })
            let text = try shown["value"].requireText("date_of_birth")
            try await agree(office, laptop, network, on: text, conflicts: 1)
            let open = try await network.hub("conflicts", "list", "--json").json()["conflicts"].items
            #expect(open.map { $0["id"].text } == [id])
        }
    }

    @Test("an edit that came back is shown, refused by the operator, and let go by its author")
    func returned() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let gloucestershire = try await network.desk("GLS")
            let referral = try await surrey.refer(try await surrey.writeCase("ZQINBOX"), to: "GLS")
            try await gloucestershire.synced()
            try await gloucestershire.json("referral", "accept", referral)
            try await gloucestershire.synced()
            try await gloucestershire.sql("UPDATE person SET known_as = 'ZQTYPED'")
            try await gloucestershire.synced(status: 1)
            let item = try #require(try await gloucestershire.json("inbox")["inbox"].items.first)
            #expect(item["value"]["known_as"].text == "ZQTYPED" && item["state"].text == "waiting")
            let number = String(try #require(item["number"].int))
            expectRefusal(try await gloucestershire.run("inbox", "retry", "77", "--json"), 66)

            let kept = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            let id = try #require(kept.first).requireText("id")
            let show = try await network.hub("quarantine", "show", id, "--json").json()
            #expect(show["value"]["known_as"].text == "ZQTYPED" && show["reason"].text == "mask")
            let refused = try await network.hub(
                "quarantine", "refuse", id, "--reason", "Only her own worker may change it", "--json")
            #expect(refused.status == 0, "\(refused)")
            expectRefusal(
                try await network.hub("quarantine", "release", id, "--reason", "On second thoughts", "--json"), 65)
            try await gloucestershire.synced()
            let told = try await gloucestershire.json("inbox", "show", number)
            #expect(told["state"].text == "refused")
            #expect(told["decided_why"].text == "Only her own worker may change it")
            expectRefusal(try await gloucestershire.run("inbox", "retry", number, "--json"), 65)
            try await gloucestershire.json("inbox", "dismiss", number)
            #expect(try await gloucestershire.json("inbox")["inbox"].items.isEmpty)
            #expect(try await network.hub("hold", "list", "--json").json()["held"].items.isEmpty)
        }
    }

    private func agree(
        _ office: Desk, _ laptop: Desk, _ network: Network, on value: String, conflicts: Int
    ) async throws {
        let select = "SELECT date_of_birth FROM person"
        for desk in [office, laptop] {
            try await desk.synced(status: conflicts > 0 ? 1 : 0)
            #expect(try await desk.sql(select) == value)
            #expect(try await desk.json("status")["conflicts"].int == conflicts)
        }
        #expect(try await network.atHub(select) == value)
    }
}
