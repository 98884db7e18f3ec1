import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

extension HubReport {
    struct Publish: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Publish a quarter's figures: they stay as they are, for everyone.",
            discussion: """
                Without --as-at the last quarter that is over. Rows that arrive later change nothing of it; what was wrong \
                is published once more with --reason, held against what was published before. docs/outcomes.md says how.

                --waive lets a number from 1 to 4 out as a bound, such as "under 3 %" for 1 of 35: of all areas, or of one \
                as MEASURE:AREA. Who allows it (--by) and why (--reason) stands beside it for everyone. It is refused where \
                it would tell another hidden number.

                Example: reunite-sync hub report publish --as-at 2026-09-30
                Example: reunite-sync hub report publish --waive reoffending --by "R. Quill, data protection officer" \
                --reason "Agreed by the board on 3 October"
                """)

        @OptionGroup var hub: HubOptions
        @Option(help: "The quarter's last day, YYYY-MM-DD.") var asAt: String?
        @Option(help: "Why it is published once more or a number let out, in at least 10 characters.") var reason = ""
        @Option(help: "Who publishes, and allows --waive; without that the user of this machine.") var by: String?
        @Option(help: "Let a small number out: MEASURE or MEASURE:AREA. May be given several times.")
        var waive: [String] = []
        @Flag(help: "Show what would be published, and publish nothing.") var dryRun = false

        private struct Answer: Encodable {
            let quarter: String
            let revision: Int
            let sha256: String
            let dryRun: Bool
            let report: OutcomeReport
        }

        func validate() throws {
            if !waive.isEmpty && (by ?? "").isEmpty {
                throw ValidationError("--waive needs --by: who allows it stands beside the figure.")
            }
        }

        func run() throws {
            let opened = try hub.open()
            let quarter = asAt ?? OutcomeReport.quarter(before: OutcomeDay.today)
            let now = opened.now
            let draft = try opened.read("Publishing figures") {
                try Publication.draft(
                    quarter, reason: reason, lettingOut: waive.map { Publication.SmallNumber(typed: $0) }, by: by ?? "",
                    in: $0, now: now)
            }
            if !dryRun {
                let noted = draft.noted(by: by ?? DecisionOptions.user)
                try opened.insert("Publishing figures", noting: HubAction(noted.written, waived: noted.waived)) {
                    try draft.insert(into: $0, now: $1)
                }
            }
            let answer = Answer(
                quarter: draft.quarter, revision: draft.revision, sha256: hexadecimal(draft.hash), dryRun: dryRun,
                report: draft.report)
            try Output.show(answer, as: hub.json) {
                OutcomeDay.describe(draft.report)
                say("")
                say(
                    dryRun
                        ? "Nothing was published."
                        : "Published as revision \(draft.revision) of \(draft.quarter). Partners receive it when they sync."
                )
            }
        }

        private func hexadecimal(_ bytes: [UInt8]) -> String {
            bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    struct Published: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show figures as they were published.",
            discussion: """
                The newest quarter unless --as-at names one. Example: reunite-sync hub report published --svg figures.svg
                """)

        @OptionGroup var hub: HubOptions
        @OptionGroup var day: OutcomeDay

        func run() throws {
            try day.check()
            let opened = try hub.open()
            let found = try opened.read("Reading what was published") { try Publication.all(of: day.asAt, in: $0) }
            try opened.noteExport(
                "published", rows: found.count, by: DecisionOptions.user, reason: "hub report published")
            try PublicationReport.show(found, day, as: hub.json)
        }
    }

    struct SocialReturns: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "sroi",
            abstract: "What studies found that each pound brings back, and what can be worked out.",
            discussion: """
                Studies are printed as they say it. With --study the lines of that study that name a quantity, a price and \
                the source of the price are worked out besides, and said to be so.

                Example: reunite-sync hub report sroi --study OURS_2026 --spent 250000.00
                """)

        @OptionGroup var hub: HubOptions
        @Option(help: "Work out the lines of this study.") var study: String?
        @Option(help: "What was put in, in pounds; without it all spending on record.") var spent: String?
        @Option(help: "Discount a year, in parts of a thousand.") var discount = 35

        func validate() throws {
            guard (0...1_000).contains(discount) else { throw ValidationError("--discount must be from 0 to 1000.") }
            if spent != nil && (pence ?? 0) <= 0 {
                throw ValidationError("--spent must be more than nothing, in pounds, such as 250000.00 or £250,000.")
            }
        }

        private var pence: Int? { spent.flatMap { Pounds.pence($0) }.map { Int($0) } }

        func run() throws {
            let opened = try hub.open()
            let found = try opened.read("Reading the studies") {
                try SocialReturn(
                    workingOut: study, spentPence: pence, asAt: OutcomeDay.today, discountPerMille: discount, in: $0)
            }
            try opened.noteExport(
                "sroi", rows: found.studies.count, by: DecisionOptions.user, reason: "hub report sroi")
            try SocialReturnReport.show(found, as: hub.json)
        }
    }

    struct Extract: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what an evaluator is given: a line for each woman who agreed, under a pseudonym.",
            discussion: """
                No name, number, address, text or day is in it; pseudonyms are of this study alone, and the key to them \
                never leaves the hub. Who has taken consent back is not in the next one. It is on the audit log.

                Example: reunite-sync hub report extract --study "Outcomes 2026" --to extract.csv \
                --reason "Yearly evaluation, agreed by the board"
                """)

        @OptionGroup var hub: HubOptions
        @OptionGroup var decision: DecisionOptions
        @Option(help: "The study's name: the same name gives the same pseudonyms.") var study: String
        @Option(help: "The file to write; it must not be there.") var to: String
        @Flag(help: "Write over a file that is there.") var replace = false
        @Option(help: "A quarter's last day, YYYY-MM-DD: nothing later is told; without it the last one.")
        var asAt: String?

        private struct Answer: Encodable {
            let file: String
            let asAt: String
            let rows: Int
            let leftOut: Int
            let alone: Int
        }

        func run() throws {
            try OutputFile.check(to, what: "Making the extract", replaces: replace)
            let reason = try TypedText.reason(decision.reason, "Making the extract")
            let opened = try hub.open()
            let day = asAt ?? OutcomeReport.quarter(before: OutcomeDay.today)
            if CivilTime.isDate(day), day >= OutcomeDay.today {
                throw Failure(
                    .badData, what: "Making the extract", why: "the quarter is not over",
                    remedy: "Use \(OutcomeReport.quarter(before: OutcomeDay.today)), or a quarter before it")
            }
            let extract = try opened.read("Making the extract") {
                try EvaluationExtract(
                    study: study, key: opened.key(for: "evaluation pseudonyms"), asAt: day, in: $0)
            }
            // On record before it is on disk: no file without its entry.
            try opened.noteExport(
                "extract", rows: extract.lines.count, by: decision.person, reason: "\(study): \(reason)",
                alone: extract.alone)
            try DurableFile.write(Array((CSVText.mark + extract.csv).utf8), to: to)
            let answer = Answer(
                file: to, asAt: day, rows: extract.lines.count, leftOut: extract.leftOut, alone: extract.alone)
            try Output.show(answer, as: hub.json) {
                say("Wrote \(Wording.count(answer.rows, "line")) to \(to), as at \(day).")
                say(
                    "\(Wording.count(answer.leftOut, "case is", "cases are")) left out: no consent to evaluation, or none any more."
                )
                say(
                    "\(Wording.count(answer.alone, "line is", "lines are")) unlike all others in age, children and the quarters of opening and release:"
                )
                say("whoever knows that much of a woman knows her line. Give it to the evaluator alone.")
            }
        }
    }
}

/// Figures that were published, newest last.
enum PublicationReport {
    static func show(_ found: [Publication], _ day: OutcomeDay, as json: Bool) throws {
        guard let last = found.last else {
            throw Failure(
                .noInput, what: "Reading what was published",
                why: day.asAt.map { "nothing was published as at \($0)" } ?? "nothing was published yet",
                remedy: "The hub's operator publishes with 'hub report publish'")
        }
        guard last.isIntact else {
            throw Failure(
                .badData, what: "Reading what was published", why: "its text is not the one that was published",
                remedy: "Check this replica with 'reunite-sync verify'")
        }
        try day.draw(last.report)
        if day.isCSV && !json { return day.printCSV(last.report) }
        try Output.show(last, as: json) {
            OutcomeDay.describe(last.report)
            say("\nPublished \(last.publishedAt), revision \(last.revision), SHA-256 \(last.hash)")
            for revision in found where revision.quarter == last.quarter && revision.revision > 1 {
                say("  Revision \(revision.revision): \(revision.reason)")
            }
        }
    }
}

enum SocialReturnReport {
    static func show(_ found: SocialReturn, as json: Bool) throws {
        try Output.show(found, as: json) {
            say("As studies say it, not worked out here:")
            Output.table(
                ["STUDY", "OVER", "FOR EACH POUND", "SOURCE"],
                found.studies.map {
                    [$0.study, $0.years == 1 ? "1 year" : "\($0.years) years", pounds($0.pencePerPound), $0.source]
                })
            for study in found.studies where !study.note.isEmpty {
                say("\(study.study), \(study.years == 1 ? "1 year" : "\(study.years) years"): \(study.note)")
            }
            guard let own = found.own else { return }
            say(
                "\nWorked out here from the lines of \(own.study), with \(pounds(own.spentPence)) spent and a discount of"
            )
            say("\(own.discountPerMille) per mille a year. This is no study's figure.")
            Output.table(
                ["CATEGORY", "UNITS", "EACH", "OVER 1 YEAR", "OVER 10", "SOURCE OF THE PRICE"],
                own.benefits.map {
                    [
                        $0.category, "\($0.units) \($0.unit)", pounds($0.pricePence), pounds($0.valuePence[1] ?? 0),
                        pounds($0.valuePence[10] ?? 0), $0.source,
                    ]
                })
            for years in own.pencePerPound.keys.sorted() {
                say(
                    "Over \(years == 1 ? "1 year" : "\(years) years") each pound: \(pounds(own.pencePerPound[years] ?? 0))"
                )
            }
            for line in own.leftOut { say("Left out, for it lacks a quantity, price, share or source: \(line)") }
        }
    }

    private static func pounds(_ pence: Int) -> String {
        let rest = pence % 100
        return "£\(pence / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
