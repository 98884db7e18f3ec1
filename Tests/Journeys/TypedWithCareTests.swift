import Foundation
import Testing

@Suite("What is typed at the command line")
struct TypedWithCareTests {
    private func said(_ answer: JSON) -> [String] {
        answer["doubts"].items.map { "\($0["column"].text ?? ""): \($0["why"].text ?? "")" }.sorted()
    }

    @Test("what cannot be is refused with the name of its option, and nothing is written")
    func refused() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let id = try await office.json("case", "create", "--known-as", "Maya").requireText("id")
            try await office.json("consent", "give", id, "--partner", "GLS")
            let long = String(repeating: "x", count: 101)
            let lines: [(option: String, [String])] = [
                ("--born", ["case", "create", "--born", "1850-01-01"]),
                ("--born", ["case", "create", "--born", "1990-02-30"]),
                ("--born", ["case", "create", "--born", "2199-01-01"]),
                ("--known-as", ["case", "create", "--known-as", "Zoe\u{1B}[31m"]),
                ("--known-as", ["case", "create", "--known-as", "Zoe\u{202E}eoZ"]),
                ("--known-as: it is too long by 1", ["case", "create", "--known-as", long]),
                ("--first", ["case", "create", "--first", "a\u{7F}"]),
                ("--last", ["case", "create", "--last", long]),
                ("--child", ["case", "create", "--known-as", "A", "--child", "Kid\u{9B}"]),
                ("--child", ["case", "create", "--known-as", "A", "--child", "Kid:2199-01-01"]),
                ("--child", ["case", "create", "--known-as", "A", "--child", ":"]),
                ("--evidence", ["consent", "give", id, "--partner", "GLS", "--evidence", "file\u{1B}"]),
                ("--when", ["consent", "give", id, "--partner", "GLS", "--when", "1800-01-01"]),
                ("--when", ["consent", "withdraw", id, "--when", "2199-01-01"]),
                ("--expires", ["consent", "give", id, "--partner", "GLS", "--expires", "2026-13-01"]),
                ("--needed-from", ["referral", "create", id, "--to", "GLS", "--needed-from", "1800-01-01"]),
                ("--release-date", ["referral", "create", id, "--to", "GLS", "--release-date", "1799-01-01"]),
                ("--reason", ["referral", "create", id, "--to", "GLS", "--reason", "here\u{2066}"]),
            ]
            let staff = ["staff", "add", "--role", "MENTOR", "--login", "zoe"]
            let more: [(option: String, [String])] = [
                ("--name: there is a control character", staff + ["--name", "Zoe\u{1B}[31m"]),
                ("--name: there is a control character", staff + ["--name=Zoe\u{202E}"]),
                ("--based-in: it is too long by 1", staff + ["--name", "Zoe", "--based-in", long]),
                ("--days", staff + ["--name", "Zoe", "--days", "Sometimes"]),
                ("--question", ["referral", "ask", id, "--topic", "HEALTH", "--question", "how\u{7}"]),
                ("argument 3", ["inbox", "answer", "ask\u{9B}", "Yes"]),
            ]
            let rows =
                "SELECT (SELECT count(*) FROM person) || ' ' || (SELECT count(*) FROM consent) || ' '"
                + " || (SELECT count(*) FROM staff_user)"
            let before = try await Shell.run(rows, file: office.file, in: network.folder)
            for (option, line) in lines + more {
                let ran = try await network.running(
                    network.program, line + ["--replica", office.file, "--json"]
                ).finish()
                expectRefusal(ran, 65)
                #expect(ran.err.contains(option), "\(line): \(ran.err)")
                #expect(!ran.err.contains("length("), "\(ran.err)")
            }
            #expect(try await Shell.run(rows, file: office.file, in: network.folder) == before)
        }
    }

    @Test("what is doubtful is written and said, and the command ends with 1")
    func doubtful() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let age = "date_of_birth: she would be younger than fifteen or older than ninety-nine"
            let mother = "date_of_birth: the child would be older than the mother, or born before she was twelve"
            let grown = "date_of_birth: the child was eighteen when the case was opened"
            let nameless = "known_as: nobody says what she is called"
            let six = try await office.json("case", "create", "--known-as", "A", "--born", "2020-01-01", status: 1)
            #expect(said(six) == [age])
            let older = try await office.json(
                "case", "create", "--known-as", "B", "--born", "2000-01-01", "--child", "Kid:1999-01-01", status: 1)
            #expect(said(older) == [mother, grown].sorted())
            let known = try await office.json(
                "case", "create", "--known-as", "C", "--child", "Kid:2005-01-01", status: 1)
            #expect(said(known) == [grown])
            let unnamed = try await office.json("case", "create", "--child", ":2019-01-01", status: 1)
            #expect(said(unnamed) == [nameless])
            let child = try await office.json("case", "show", unnamed.requireText("id"))["children"].items.first
            #expect(child?["first_name"] == .null && child?["date_of_birth"].text == "2019-01-01")

            let whole = try await office.json(
                "case", "create", "--known-as", "D", "--born", "1991-04-02", "--child", "Ella:2019-06-30")
            #expect(said(whole) == [] && whole["doubts"] != .null)
            let id = try whole.requireText("id")
            let early = try await office.json(
                "consent", "give", id, "--partner", "GLS", "--when", "1990-01-01", status: 1)
            #expect(said(early) == ["recorded_for_at: it would have happened before she was born"])
            try await office.json("consent", "give", id, "--partner", "GLS")
            let old = try await office.json(
                "referral", "create", id, "--to", "GLS", "--release-date", "1999-01-01", status: 1)
            #expect(said(old) == ["release_date: the day is more than a year before her case was opened"])

            let ran = try await office.run("case", "create", "--known-as", "A", "--born", "2020-01-01")
            #expect(ran.status == 1)
            #expect(ran.out.contains("Look at this") && ran.out.contains("Date of birth: she would be younger"))
        }
    }
}
