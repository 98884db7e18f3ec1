import Foundation
import Testing

@Suite struct OfflineEditTests {
    @Test("offline edits of different columns of one row by two organisations both survive, everywhere")
    func differentColumns() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let gloucestershire = try await network.desk("GLS")
            let written = try await surrey.writeCase("ZQSHARED")
            let referral = try await surrey.refer(written, to: "GLS")
            try await gloucestershire.synced()
            try await gloucestershire.json("referral", "accept", referral)
            try await gloucestershire.synced()
            try await surrey.synced()

            try await surrey.sql("UPDATE need SET detail = 'two bedrooms'")
            try await gloucestershire.sql("UPDATE need SET status = 'IN_PROGRESS'")
            try await surrey.synced()
            try await gloucestershire.synced()
            try await surrey.synced()

            let select = "SELECT detail, status FROM need"
            #expect(try await surrey.sql(select) == "two bedrooms|IN_PROGRESS")
            #expect(try await gloucestershire.sql(select) == "two bedrooms|IN_PROGRESS")
            #expect(try await network.atHub(select) == "two bedrooms|IN_PROGRESS")
            let conflicts = try await network.hub("conflicts", "list", "--json")
            #expect(try conflicts.json()["conflicts"].items.isEmpty)
        }
    }

    @Test("two offline values of one reviewed column both stay, one is shown to all, and a person is asked")
    func sameColumn() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let written = try await office.writeCase("ZQBIRTH")
            try await network.put(written.hex, on: laptop, by: office)
            try await laptop.synced()
            try await holdsCase(laptop, written)

            try await office.sql("UPDATE person SET date_of_birth = '1991-04-03'")
            try await laptop.sql("UPDATE person SET date_of_birth = '1991-05-02'")
            try await office.synced()
            let second = try await laptop.synced(status: 1)
            #expect(second["conflicts"].int == 1)
            let third = try await office.synced(status: 1)
            #expect(third["conflicts"].int == 1)

            let list = try await network.hub("conflicts", "list", "--json")
            #expect(list.status == 0)
            let open = try list.json()["conflicts"].items
            try #require(open.count == 1, "\(list)")
            #expect(open[0]["table"].text == "person")
            #expect(open[0]["columns"] == .list([.text("date_of_birth")]))

            let show = try await network.hub("conflicts", "show", try open[0].requireText("id"), "--json")
            #expect(show.status == 0)
            let values = try show.json()["values"].items
            #expect(Set(values.map { $0["value"]["date_of_birth"].text }) == ["1991-04-03", "1991-05-02"])
            #expect(Set(values.map { $0["device"].text }).count == 2)
            let shown = values.filter { $0["shown"] == .bool(true) }
            try #require(shown.count == 1, "\(show)")

            let value = shown[0]["value"]["date_of_birth"].text
            let select = "SELECT date_of_birth FROM person"
            #expect(try await office.sql(select) == value)
            #expect(try await laptop.sql(select) == value)
            #expect(try await network.atHub(select) == value)
            #expect(try await office.json("status")["conflicts"].int == 1)
            #expect(try await laptop.json("status")["conflicts"].int == 1)
        }
    }

    @Test("an edit that may not be made comes back with its reason, is undone here and kept for the operator")
    func returnedEdit() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let gloucestershire = try await network.desk("GLS")
            let referral = try await surrey.refer(try await surrey.writeCase("ZQRETURN"), to: "GLS")
            try await gloucestershire.synced()
            try await gloucestershire.json("referral", "accept", referral)
            try await gloucestershire.synced()

            // It reads who she is, and writes her needs only.
            try await gloucestershire.sql("UPDATE person SET known_as = 'ZQOVERREACH'")
            let report = try await gloucestershire.synced(status: 1)
            #expect(report["returned"].int == 1)
            #expect(try await gloucestershire.sql("SELECT known_as FROM person") == "ZQRETURN-known")
            #expect(try await network.atHub("SELECT known_as FROM person") == "ZQRETURN-known")
            let inbox = try await gloucestershire.json("inbox")["inbox"].items
            try #require(inbox.count == 1)
            #expect(inbox[0]["table"].text == "person")
            #expect(inbox[0]["columns"] == .list([.text("known_as")]))
            let kept = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            #expect(kept.count == 1)
            try await surrey.synced()
        }
    }

    private func holdsCase(_ desk: Desk, _ written: WrittenCase) async throws {
        #expect(try await desk.count("case_file WHERE id = x'\(written.hex)'") == 1)
    }
}
