import Foundation
import Testing

/// The invented network as somebody makes it, and the reports as they are asked for there.
@Suite("An invented network, its figures, and what goes out of the hub")
struct PeopleJourneyTests {
    @Test("Made with one command, it is published, corrected by nobody's whim, extracted without a name, and on record")
    func people() async throws {
        let program = try Program.path()
        let folder = try Network.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        func run(_ arguments: String..., status: Int32 = 0) async throws -> Ran {
            let ran = try await Running(program, arguments, in: folder).finish(within: 600)
            try #require(ran.status == status, "\(ran)")
            return ran
        }
        let people = folder + "/people"
        let made = try await run(
            "demo", "--people", "--families", "20", "--seed", "3", "--dir", people, "--json"
        ).json()
        #expect(made["offices"].items.count == 10 && made["stuck"].items.isEmpty)
        #expect(made["offices"].items.allSatisfy { $0["agrees"] == .bool(true) })
        let (hub, office) = (people + "/hub", people + "/bhm-office.sqlite")
        _ = try await run("demo", "--people", "--dir", people, "--json", status: 73)

        // The network's figures: published once, and not again for nothing.
        expectRefusal(try await run("hub", "report", "published", "--hub-dir", hub, "--json", status: 66), 66)
        // A small number goes out when somebody says who allows it and why, and where it tells no other.
        let person = "R. Quill, data protection officer"
        let because = "Agreed by the board on 3 October"
        let publish = ["hub", "report", "publish", "--hub-dir", hub, "--json", "--by", person]
        _ = try await run("hub", "report", "publish", "--waive", "recall", "--hub-dir", hub, "--json", status: 64)
        // The history is of two years up to now: which number is small depends on the day.
        let last = try await run("hub", "report", "publish", "--dry-run", "--hub-dir", hub, "--json").json()
        var letOut: [String] = []
        search: for quarter in Self.quarters(before: last["quarter"].text ?? "") {
            for measure in ["reunited", "sustained-6", "planned-move-on", "recall", "ete", "settled-3-months"] {
                let words = ["--as-at", quarter, "--waive", measure, "--reason", because]
                let tried = try await Running(program, publish + words + ["--dry-run"], in: folder).finish(within: 600)
                if tried.status == 0 { letOut = words } else { expectRefusal(tried, 65) }
                if !letOut.isEmpty { break search }
            }
        }
        try #require(!letOut.isEmpty, "of no measure a small number could be let out")
        let out = try await Running(program, publish + letOut, in: folder).finish(within: 600)
        #expect(out.status == 0, "\(out)")
        let words = try await run("hub", "report", "published", "--as-at", letOut[1], "--hub-dir", hub).out
        #expect(words.contains("Shown though it is small: all areas. Allowed by \(person)") && words.contains(because))
        let waived = try await run(
            "hub", "audit", "list", "--kind", "small-number-waived", "--json", "--hub-dir", hub
        ).out
        #expect(waived.contains(letOut[3]) && !waived.contains("Quill"))
        let published = try await run("hub", "report", "publish", "--hub-dir", hub, "--json").json()
        #expect(published["revision"].int == 1 && published["sha256"].text?.count == 64)
        let again = try await run(
            "hub", "report", "publish", "--reason", "To see what happens", "--hub-dir", hub, "--json", status: 65)
        expectRefusal(again, 65)
        let picture = folder + "/figures.svg"
        let shown = try await run(
            "hub", "report", "published", "--svg", picture, "--hub-dir", hub, "--json"
        ).json()
        #expect(shown["intact"] == .bool(true) && shown["sha256"] == published["sha256"])
        let svg = try String(contentsOfFile: picture, encoding: .utf8)
        #expect(svg.hasPrefix("<svg ") && svg.contains("<title id=\"chart-title\">") && !svg.contains("<script"))
        let csv = try await run("hub", "report", "outcomes", "--csv", "--hub-dir", hub).out
        #expect(csv.hasPrefix("measure,label,as_at,area,yes,of,percent,unknown"))

        // What an evaluator gets.
        let file = folder + "/extract.csv"
        let reason = "Yearly evaluation, agreed by the board"
        let extract = try await run(
            "hub", "report", "extract", "--study", "Outcomes", "--to", file, "--reason", reason, "--hub-dir", hub,
            "--json"
        ).json()
        let text = try String(contentsOfFile: file, encoding: .utf8)
        // Without the mark a spreadsheet takes the file for another encoding's.
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)).starts(with: [0xEF, 0xBB, 0xBF]))
        let alone = extract["alone"].int ?? -1
        #expect(alone > 0 && alone <= extract["rows"].int ?? 0)
        #expect((extract["rows"].int ?? 0) > 3 && text.hasPrefix("pseudonym,area,age_band,"))
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let same = try await run(
            "hub", "report", "extract", "--study", "Outcomes", "--to", file, "--reason", reason, "--hub-dir", hub,
            "--json", status: 73)
        expectRefusal(same, 73)
        let worked = try await run("hub", "report", "sroi", "--hub-dir", hub).out
        #expect(worked.contains("£5.83") && worked.contains("one year is assumed"))
        expectRefusal(
            try await run("hub", "report", "sroi", "--study", "NOPE", "--hub-dir", hub, "--json", status: 66), 66)
        _ = try await run("hub", "report", "sroi", "--spent", "£20,000", "--hub-dir", hub)
        for spent in ["0", "£0.00", "£12,50"] {
            _ = try await run("hub", "report", "sroi", "--spent", spent, "--hub-dir", hub, status: 64)
        }
        _ = try await run("hub", "report", "overrides", "--hub-dir", hub)
        let audit = try await run("hub", "audit", "list", "--kind", "exported", "--json", "--hub-dir", hub).out
        for word in ["extract", "outcomes", "published", "sroi", "overrides"] {
            #expect(audit.contains(word), "\(word) is not on the audit log")
        }
        #expect(!audit.contains("Yearly evaluation"))
        _ = try await run("hub", "audit", "verify", "--hub-dir", hub)

        // An office's own figures are exact, and studies are quoted.
        let own = try await run("report", "outcomes", "--json", "--replica", office).json()
        #expect(own["small_numbers_hidden"] == .bool(false) && own["times"].items.count == 3)
        let returns = try await run("report", "sroi", "--replica", office).out
        #expect(returns.contains("£5.83") && returns.contains("£8.09"))
        #expect(own["declined"]["measure"].text == "declined" && own["declined"]["lines"].items.count >= 1)
        let quality = try await run("report", "quality", "--json", "--replica", office).json()
        #expect(quality["unsent_48h"].int == 0)
        let hubs = try await run("hub", "report", "quality", "--json", "--hub-dir", hub).json()
        #expect((hubs["delays"]["received"].int ?? 0) > 0 && hubs["decisions"]["decided"].int == 0)
        #expect(hubs["looking"]["decided"].int == 0 && hubs["looking"]["median_minutes"] == .null)
        expectRefusal(try await run("report", "published", "--json", "--replica", office, status: 66), 66)
        // Each is a row of the office's own, which goes to the hub with its next sync.
        let log = try await run("log", "data_export", "--json", "--replica", office).out
        #expect(log.components(separatedBy: "\"data_export\"").count - 1 == 4)
    }

    /// Six ends of quarters, the newest first.
    private static func quarters(before day: String) -> [String] {
        let ends = ["03-31", "06-30", "09-30", "12-31"]
        guard let year = Int(day.prefix(4)), let place = ends.firstIndex(of: String(day.suffix(5))) else { return [] }
        return (1...6).map { ago in
            let number = 4 * year + place - ago
            return "\(number / 4)-\(ends[number % 4])"
        }
    }
}
