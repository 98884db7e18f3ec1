import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

struct HubReport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Reports from the hub's own records.",
        subcommands: [
            Disclosures.self, Overrides.self, Outcomes.self, Publish.self, Published.self, SocialReturns.self,
            Extract.self, Quality.self, List.self,
        ])

    struct Outcomes: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The network's figures, fit to be published: small numbers hidden.",
            discussion: """
                As at the end of a quarter; without --as-at, of the last one. Counts from 1 to 4 are 'c', and so are others \
                that would give them away; the rest is rounded to the nearest 5. docs/outcomes.md says what is counted. \
                A quarter that was published is shown as it was published; others are counted now, and are no \
                publication.

                Example: reunite-sync hub report outcomes --as-at 2026-09-30 --csv
                """)

        @OptionGroup var hub: HubOptions
        @OptionGroup var day: OutcomeDay

        func run() throws {
            try day.check(isQuarter: true)
            let quarter = day.asAt ?? OutcomeReport.quarter(before: OutcomeDay.today)
            let opened = try hub.open()
            let (report, isPublished) = try opened.read("Making the report") {
                (try Publication.report(of: quarter, in: $0), try !Publication.all(of: quarter, in: $0).isEmpty)
            }
            try opened.noteExport(
                "outcomes", rows: report.figures.count, by: DecisionOptions.user, reason: "hub report outcomes")
            if !isPublished {
                // Two nights of it may differ by one woman: only what is published is held against itself.
                Output.note(
                    "Not published: counted now, and not for passing on. 'hub report publish' puts it on record.")
            }
            try day.show(report, as: hub.json)
        }
    }

    struct Disclosures: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show who was shown what of a case, when, and under which referral.",
            discussion: """
                Answers a subject access request: every row that left the hub for a device, of the case and of its \
                referrals. Values are not in it; what a partner wrote itself was not shown to it.

                Example: reunite-sync hub report disclosures --case SRY-26-0042-K --csv
                """)

        @OptionGroup var hub: HubOptions
        @Option(
            name: [.customLong("case"), .customLong("person")], help: "The case's reference or id, or the woman's id.")
        var name: String
        @Flag(help: "Print the lines as CSV.") var csv = false

        func run() throws {
            let opened = try hub.open()
            let report = try DisclosureReport(name, at: opened)
            try opened.noteExport(
                "disclosures", rows: report.lines.count, by: DecisionOptions.user, reason: "hub report disclosures",
                about: report.erased ? nil : Identifier(report.caseID))
            if csv { return report.printCSV() }
            try Output.show(report, as: hub.json) { report.show() }
        }
    }
}

/// Who was shown what of a case.
struct DisclosureReport: Encodable {
    struct Partner: Encodable {
        var partner: String
        var organisation: String
        var first: String
        var last: String
        var deliveries: Int
        /// Different rows, and showings of any of them.
        var rows: Int
        var shown: Int
        var devices: [String]
        /// Whether it may still see any of it.
        var open: Bool
    }

    struct Line: Encodable {
        var entry: Int64
        var at: String
        var partner: String
        var device: String
        var deviceID: String
        var scope: String
        @OrNull var referral: String?
        @OrNull var parties: String?
        var relations: String
        var why: String
        @OrNull var table: String?
        @OrNull var row: String?
        @OrNull var version: Int64?
    }

    var caseID: String
    @OrNull var reference: String?
    var erased: Bool
    /// False when a line is not as it was written.
    var intact: Bool
    var partners: [Partner]
    var lines: [Line]

    private enum CodingKeys: String, CodingKey {
        case caseID = "case"
        case reference, erased, intact, partners, lines
    }

    init(_ text: String, at hub: Hub) throws {
        let found: CaseScopes?
        let scopes: [Identifier]
        do {
            let live = try hub.read("Finding the case") { try CaseScopes.find(text, in: $0) }
            found = live
            scopes = live.all
        } catch let failure as Failure where failure.code == .noInput {
            // Of a person who was erased the ids of the scopes remain.
            guard let id = Identifier(text),
                let erasure = try hub.erasures().first(where: { $0.state == .executed && $0.scopes.contains(id) })
            else { throw failure }
            found = nil
            scopes = erasure.scopes
        }
        let entries = try hub.disclosures(of: scopes)
        caseID = scopes.first?.description ?? ""
        reference = found?.reference
        erased = found == nil
        intact = entries.allSatisfy { $0.isIntact ?? true }
        partners = DisclosureReport.summaries(entries)
        lines = entries.flatMap { DisclosureReport.lines($0, found) }
    }

    private static func summaries(_ entries: [Disclosure]) -> [Partner] {
        Dictionary(grouping: entries, by: \.partner).sorted { $0.key < $1.key }.compactMap { code, mine in
            guard let first = mine.first, let last = mine.last else { return nil }
            return Partner(
                partner: code, organisation: first.organisation, first: Output.time(first.atMilliseconds),
                last: Output.time(last.atMilliseconds), deliveries: Set(mine.map(\.position)).count,
                rows: Set(mine.flatMap { ($0.rows ?? []).map { "\($0.table.name) \($0.row)" } }).count,
                shown: mine.reduce(0) { $0 + $1.count }, devices: Set(mine.map(\.deviceName)).sorted(),
                open: mine.contains(where: \.isOpen))
        }
    }

    /// A line for each row; one without a row for what was erased.
    private static func lines(_ entry: Disclosure, _ scopes: CaseScopes?) -> [Line] {
        // A grant on the case itself came of the referral between the two sides; on a referral's scope, of that one.
        let referral =
            scopes?.referrals.first { $0.id.description == entry.scope }
            ?? (entry.relations.split(separator: ",").contains("OWNER")
                ? nil : scopes?.referrals.last { [$0.from, $0.to].contains(entry.partner) })
        let line = Line(
            entry: entry.sequence, at: Output.time(entry.atMilliseconds), partner: entry.partner,
            device: entry.deviceName, deviceID: entry.device, scope: entry.scope,
            referral: referral?.id.description, parties: referral.map { "\($0.from ?? "?") → \($0.to ?? "?")" },
            relations: entry.relations, why: entry.why, table: nil, row: nil, version: nil)
        guard let rows = entry.rows else { return [line] }
        return rows.map { row in
            var line = line
            line.table = row.table.label
            line.row = row.row
            line.version = row.version
            return line
        }
    }

    func show() {
        say("Case \(reference ?? caseID)\(erased ? " (erased: what was shown is no longer on record)" : "")")
        if !intact { say("WARNING: a line of the ledger is not as it was written.") }
        say("")
        Output.table(
            ["PARTNER", "FIRST", "LAST", "DELIVERIES", "ROWS", "DEVICES", "NOW"],
            partners.map {
                [
                    "\($0.organisation) (\($0.partner))", $0.first, $0.last, String($0.deliveries), String($0.rows),
                    $0.devices.joined(separator: ", "), $0.open ? "may see it" : "no longer",
                ]
            })
        say("")
        Output.table(
            ["AT", "PARTNER", "DEVICE", "UNDER", "WHAT", "ROW", "VERSION"],
            lines.map {
                [
                    $0.at, $0.partner, $0.device, $0.parties ?? $0.why, $0.table ?? "(erased)", $0.row ?? "",
                    $0.version.map(String.init) ?? "",
                ]
            })
    }

    func printCSV() {
        say("entry,at,partner,device,device_id,scope,referral,relations,why,table,row,version")
        for line in lines {
            let fields = [
                String(line.entry), line.at, line.partner, line.device, line.deviceID, line.scope, line.referral ?? "",
                line.relations, line.why, line.table ?? "", line.row ?? "", line.version.map(String.init) ?? "",
            ]
            Output.exact(fields.map { CSVText.cell($0) }.joined(separator: ",") + "\n")
        }
    }
}
