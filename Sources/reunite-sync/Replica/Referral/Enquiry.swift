import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

struct Enquiry: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enquiry", abstract: "Anonymous enquiries before a referral: made with 'referral precheck'.",
        subcommands: [List.self, Show.self, Answer.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the enquiries that this organisation made or was asked.",
            discussion: "Example: reunite-sync enquiry list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let opened = try replica.openToShow("Listing enquiries")
            let partner = try opened.facts().partner
            let enquiries = try opened.read("Listing enquiries") { try Enquiries.list(in: $0, by: partner) }
            try Output.show(["enquiries": enquiries], as: replica.json) {
                Output.table(
                    ["FROM", "TO", "ANSWER", "RELEASE", "BEDROOMS", "ID"],
                    enquiries.map {
                        [
                            $0.from ?? "", $0.to ?? "", $0.stateLabel, $0.releaseMonth ?? "",
                            $0.bedrooms.map(String.init) ?? "", $0.id,
                        ]
                    })
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show all that an enquiry says.", discussion: "Example: reunite-sync enquiry show ID")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The enquiry's id, or enough of it.") var id: String

        func run() throws {
            try Output.json(
                try replica.openToShow("Showing the enquiry").read("Showing the enquiry") {
                    try Enquiries.show(id, in: $0)
                })
        }
    }

    struct Answer: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Answer an enquiry that came to this organisation.",
            discussion: "Example: reunite-sync enquiry answer ID --no --reason NO_HOME_OF_SUITABLE_SIZE")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The enquiry's id, or enough of it.") var id: String
        @Flag(help: "There would be room.") var yes = false
        @Flag(help: "There may be.") var maybe = false
        @Flag(help: "There is none.") var no = false
        @Option(help: "Why: a code of the list referral.decline_reason.") var reason: String?

        func validate() throws {
            guard [yes, maybe, no].filter({ $0 }).count == 1 else {
                throw ValidationError("give one of --yes, --maybe and --no")
            }
        }

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let summary = try opened.edit("Answering the enquiry") {
                try Enquiries.answer(
                    id, yes ? "YES" : maybe ? "MAYBE" : "NO", reason: reason, by: partner, in: $0)
            }
            try Output.show(summary, as: replica.json) {
                say("Enquiry from \(summary.from ?? "?"): \(summary.stateLabel).")
            }
        }
    }
}
