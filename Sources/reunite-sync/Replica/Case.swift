import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct Case: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Cases: what this replica holds, and why.",
        subcommands: [Create.self, List.self, Show.self])

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Open a case for a woman.",
            discussion: """
                Everything may be missing and filled in later with any SQL client. Example: reunite-sync case create \
                --known-as Maya --born 1991-04-02 --child Ella:2019-06-30
                """)

        @OptionGroup var replica: ReplicaOptions
        @Option(help: "The name she is called by.") var knownAs: String?
        @Option(help: "Her legal first name.") var first: String?
        @Option(help: "Her legal last name.") var last: String?
        @Option(help: "Her date of birth, YYYY-MM-DD.") var born: String?
        @Option(help: "A child, as NAME or NAME:YYYY-MM-DD. May be given several times.") var child: [String] = []
        @Option(help: "A code of the list case_file.cohort.") var cohort = "PRISON_LEAVER"

        func run() throws {
            let opened = try replica.open()
            let children = try child.map { try Create.child($0) }
            let new = NewCase(
                person: NewCase.Person(legalFirst: first, legalLast: last, knownAs: knownAs, dateOfBirth: born),
                children: children, cohort: cohort)
            let partner = try opened.facts().partner
            let made = try opened.edit(Create.what) { database in
                let now = SystemTime().wallMilliseconds
                try TypedOption.check(typed(children), what: Create.what, in: database, now: now)
                let summary = try CaseFiles.create(new, by: partner, in: database, now: now)
                return try Doubted(summary, of: summary.id, in: database, now: now)
            }
            try made.show(as: replica.json) {
                say("Opened case \(made.summary.ref ?? made.summary.id).")
                say("Id: \(made.summary.id)")
            }
        }

        private static let what = "Opening the case"
        private static let childOption = "--child"

        private func typed(_ children: [NewCase.Child]) -> [TypedOption] {
            [
                TypedOption("--known-as", knownAs, "person", "known_as"),
                TypedOption("--first", first, "person", "legal_first"),
                TypedOption("--last", last, "person", "legal_last"),
                TypedOption("--born", born, "person", "date_of_birth"),
            ]
                + children.flatMap {
                    [
                        TypedOption(Create.childOption, $0.firstName, "child", "first_name"),
                        TypedOption(Create.childOption, $0.dateOfBirth, "child", "date_of_birth"),
                    ]
                }
        }

        /// `NAME`, `NAME:DAY` or `:DAY`.
        private static func child(_ text: String) throws -> NewCase.Child {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
                .map { $0.isEmpty ? nil : String($0) }
            let child = NewCase.Child(firstName: parts[0], dateOfBirth: parts.count > 1 ? parts[1] : nil)
            guard child.firstName != nil || child.dateOfBirth != nil else {
                throw Failure(
                    .badData, what: what, why: "\(childOption): it names nobody and no day",
                    remedy: "Write NAME, NAME:YYYY-MM-DD or :YYYY-MM-DD")
            }
            return child
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the cases that this replica holds.", discussion: "Example: reunite-sync case list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let cases = try replica.openToShow("Listing cases").read("Listing cases") { try CaseFiles.list(in: $0) }
            try Output.show(["cases": cases], as: replica.json) {
                Output.table(
                    ["REF", "KNOWN AS", "PHASE", "OWNER", "CHILDREN", "ID"],
                    cases.map {
                        [$0.ref ?? "", $0.called ?? "", $0.phase, $0.owner ?? "", String($0.children), $0.id]
                    })
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a case; with --why, the reasons for which this replica holds it.",
            discussion: "Example: reunite-sync case show SRY-26-0042-K --why")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "Its reference, its id, or enough of its id.") var id: String
        @Flag(help: "Say why this replica holds it.") var why = false

        func run() throws {
            let opened = try replica.openToShow("Showing the case")
            if why {
                let access = try opened.read("Showing the case") { try CaseFiles.why(id, in: $0) }
                try Output.json(access)
                return
            }
            let partner = try opened.facts().partner
            let detail = try opened.read("Showing the case") { try CaseFiles.show(id, by: partner, in: $0) }
            try Output.json(detail)
        }
    }
}
