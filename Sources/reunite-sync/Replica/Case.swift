import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

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
            let children = child.map { text in
                let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
                return NewCase.Child(firstName: parts.first, dateOfBirth: parts.count > 1 ? parts[1] : nil)
            }
            let new = NewCase(
                person: NewCase.Person(legalFirst: first, legalLast: last, knownAs: knownAs, dateOfBirth: born),
                children: children, cohort: cohort)
            let partner = try opened.facts().partner
            let summary = try opened.edit("Opening the case") { database in
                try CaseFiles.create(new, by: partner, in: database, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) {
                say("Opened case \(summary.ref ?? summary.id).")
                say("Id: \(summary.id)")
            }
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
                        [$0.ref ?? "", $0.knownAs ?? "", $0.phase, $0.owner ?? "", String($0.children), $0.id]
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
