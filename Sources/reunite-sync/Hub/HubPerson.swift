import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

struct HubPerson: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "person", abstract: "The same woman registered twice: candidates, link, unlink.",
        subcommands: [Candidates.self, Link.self, Unlink.self])

    struct Candidates: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List records that may be one woman, the strongest first.",
            discussion: """
                Nothing is joined by itself. Names are shown with --names only.
                Example: reunite-sync hub person candidates --json
                """)

        @OptionGroup var hub: HubOptions
        @Flag(help: "Show names.") var names = false

        func run() throws {
            let opened = try hub.open()
            let now = opened.now
            let found = try opened.read("Looking for candidates") { try Duplicates.find(in: $0, now: now) }
            let report = DuplicatesReport(found, names: names)
            try Output.show(report, as: hub.json) { report.show() }
        }
    }

    struct Link: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say that two records are one woman, or with --different that they are two.",
            discussion: """
                No row changes. A partner is told only if it owns both cases. 'hub person unlink' takes it back.
                Example: reunite-sync hub person link 3f2a 9c41 --reason "Same prison number, checked with the prison"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "A case's reference, a person's id, or at least four digits of its beginning or end.") var a:
            String
        @Argument(help: "The other person's.") var b: String
        @Option(help: "What was compared; ten characters or more.") var reason: String
        @Flag(help: "They are two women: do not suggest them again.") var different = false
        @Flag(help: "Checked with an agency or on a document.") var verified = false

        func run() throws {
            let opened = try hub.open()
            let row = try opened.read("Finding the women") {
                try PersonLinks.decide(
                    a, b, isDifferent: different, isVerified: verified, reason: reason, in: $0)
            }
            try opened.insert("Linking the women", noting: [.word(.code, "person-link"), .why(by: "", reason)]) {
                try row.insert(into: $0, now: $1)
            }
            try Output.show(DecisionReport(row, decision: row.decision.rawValue), as: hub.json) {
                say(different ? "Recorded as two women." : "Recorded as one woman. Both cases stay as they are.")
            }
        }
    }

    struct Unlink: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take back what was decided about two records.",
            discussion: """
                Example: reunite-sync hub person unlink 3f2a 9c41 --reason "Two sisters: the prison number was mistyped"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "A case's reference, a person's id, or at least four digits of its beginning or end.") var a:
            String
        @Argument(help: "The other person's.") var b: String
        @Option(help: "Why it was wrong; ten characters or more.") var reason: String

        func run() throws {
            let opened = try hub.open()
            let rows = try opened.read("Finding the women") { try PersonLinks.undo(a, b, reason: reason, in: $0) }
            try opened.insert(
                "Taking the link back", noting: [.word(.code, "person-unlink"), .why(by: "", reason)]
            ) { database, now in
                for row in rows { try row.insert(into: database, now: now) }
            }
            guard let row = rows.first else { return }
            try Output.show(DecisionReport(row, decision: "RETRACTED"), as: hub.json) {
                say("Taken back. Everything is as it was before.")
            }
        }
    }
}

private struct DecisionReport: Encodable {
    var a: String
    var b: String
    var decision: String

    init(_ row: NewPersonLink, decision: String) {
        a = row.a.description
        b = row.b.description
        self.decision = decision
    }
}

private struct DuplicatesReport: Encodable {
    struct Side: Encodable {
        var person: String
        var `case`: String
        @OrNull var ref: String?
        @OrNull var partner: String?
        /// Left out unless it was asked for.
        var name: String?

        init(_ side: Candidate.Side, names: Bool) {
            person = side.person.description
            `case` = side.caseID.description
            ref = side.caseReference
            partner = side.partner
            name = names ? side.name : nil
        }

        var line: String {
            [ref ?? `case`, partner ?? "?", person, name].compactMap(\.self).joined(separator: "  ")
        }
    }

    struct Pair: Encodable {
        var a: Side
        var b: Side
        var verdict: String
        var score: Double
        var agree: [Evidence]
        var differ: [Evidence]
        var fractures: [String]
    }

    struct Split: Encodable {
        var woman: Side
        var type: String
    }

    struct Children: Encodable {
        var `case`: String
        @OrNull var ref: String?
        var children: [String]
        var agree: [String]
    }

    var women: Int
    var crowded: Int
    var candidates: [Pair]
    var fractures: [Split]
    var children: [Children]

    init(_ report: DuplicateReport, names: Bool) {
        women = report.women
        crowded = report.crowded
        candidates = report.candidates.map { candidate in
            Pair(
                a: Side(candidate.sides[0], names: names), b: Side(candidate.sides[1], names: names),
                verdict: candidate.verdict.rawValue, score: candidate.score,
                agree: candidate.evidence.filter { $0.weight > 0 },
                differ: candidate.evidence.filter { $0.weight <= 0 }, fractures: candidate.fractures)
        }
        fractures = report.fractures.map { Split(woman: Side($0.side, names: names), type: $0.type) }
        children = report.children.map {
            Children(
                case: $0.caseID.description, ref: $0.caseReference, children: $0.children.map(\.description),
                agree: $0.agree)
        }
    }

    func show() {
        if candidates.isEmpty { say("No two of \(women) records look like one woman.") }
        for pair in candidates {
            say("\(pair.verdict), \(pair.score) bits")
            say("    \(pair.a.line)\n    \(pair.b.line)")
            say("    agree: \(DuplicatesReport.words(pair.agree)); differ: \(DuplicatesReport.words(pair.differ))")
        }
        for split in fractures {
            say("two different numbers of type \(split.type) in one record: \(split.woman.line)")
        }
        for pair in children {
            say("maybe one child, case \(pair.ref ?? pair.case): \(pair.children.joined(separator: ", "))")
        }
        if let words = DuplicateReport.words(crowded: crowded) { say("\(words)") }
    }

    private static func words(_ evidence: [Evidence]) -> String {
        evidence.isEmpty ? "nothing" : evidence.map { "\($0.field) (\($0.how))" }.joined(separator: ", ")
    }
}
