import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

struct Proposals: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "proposals", abstract: "What other organisations propose to change in cases that this one owns.",
        subcommands: [List.self, Take.self, Leave.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the proposals, those that wait first.", discussion: "Example: reunite-sync proposals list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let proposals = try replica.openToShow("Listing proposals").read("Listing proposals") {
                try EditProposals.list(in: $0)
            }
            try Output.show(["proposals": proposals], as: replica.json) {
                Output.table(
                    ["ID", "STATE", "CASE", "FROM", "TABLE", "KIND", "WROTE", "REASON"],
                    proposals.map {
                        [
                            $0.id, $0.state, $0.ref ?? $0.caseID, $0.from ?? "", $0.table, $0.kind, $0.values,
                            $0.reason,
                        ]
                    })
            }
        }
    }

    struct Take: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a proposal: the hub applies it in its author's name at the next sync.",
            discussion: "Example: reunite-sync proposals take 3fa1")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "Its id, or enough of it.") var id: String

        func run() throws {
            let proposal = try replica.open().edit("Taking the proposal") { try EditProposals.take(id, in: $0) }
            try Output.show(proposal, as: replica.json) { say("Taken. The hub applies it when this device syncs.") }
        }
    }

    struct Leave: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Leave a proposal: it is refused, and its author is told so.",
            discussion: "Example: reunite-sync proposals leave 3fa1 --reason \"She has said otherwise since\"")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "Its id, or enough of it.") var id: String
        @Option(help: "Why; at least ten characters.") var reason: String

        func run() throws {
            let proposal = try replica.open().edit("Leaving the proposal") {
                try EditProposals.leave(id, reason: reason, in: $0)
            }
            try Output.show(proposal, as: replica.json) { say("Left. The hub tells its author with the next sync.") }
        }
    }
}
