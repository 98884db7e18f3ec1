import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

struct Caseload: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "caseload", abstract: "Which cases a field laptop holds.",
        subcommands: [Add.self, Remove.self, List.self])

    struct Target: ParsableArguments {
        @Argument(help: "The case: its reference or its id; of a case that is not here, its whole id.") var id: String
        @Option(help: "The laptop, by name or id. Left out on a laptop: this one.") var device: String?
    }

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Put a case on a laptop; on the laptop itself, ask an office for it.",
            discussion: "Example: reunite-sync caseload add SRY-26-0042-K --device \"Surrey laptop\"")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var target: Target

        func run() throws {
            let opened = try replica.open()
            let writer = try opened.caseloadWriter()
            let entry = try opened.edit("Writing the caseload") {
                try Caseloads.add(target.id, device: target.device, by: writer, in: $0)
            }
            try Output.show(entry, as: replica.json) {
                say(entry.status == "ON" ? "On the laptop after its next sync." : "Asked for; an office decides.")
            }
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take a case off a laptop.",
            discussion: """
                What was written there arrives at its next sync, and then the case leaves it. Example: reunite-sync \
                caseload remove SRY-26-0042-K --device "Surrey laptop"
                """)

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var target: Target

        func run() throws {
            let opened = try replica.open()
            let writer = try opened.caseloadWriter()
            let entry = try opened.edit("Writing the caseload") {
                try Caseloads.remove(target.id, device: target.device, by: writer, in: $0)
            }
            try Output.show(entry, as: replica.json) { say("It leaves the laptop at its next sync.") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the caseloads of this partner's laptops.", discussion: "Example: reunite-sync caseload list"
        )

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let opened = try replica.openToShow("Listing the caseloads")
            let partner = try opened.facts().partner
            let entries = try opened.read("Listing caseloads") { try Caseloads.list(of: partner, in: $0) }
            try Output.show(["caseloads": entries], as: replica.json) {
                Output.table(
                    ["LAPTOP", "REF", "STATUS", "CASE"],
                    entries.map { [$0.device ?? $0.deviceID, $0.ref ?? "", $0.status, $0.caseID] })
            }
        }
    }
}

extension Replica {
    /// This device, as one that writes caseloads.
    fileprivate func caseloadWriter() throws -> Caseloads.Writer {
        let facts = try facts()
        return Caseloads.Writer(device: facts.device, partner: facts.partner, isOffice: facts.role == "office")
    }
}
