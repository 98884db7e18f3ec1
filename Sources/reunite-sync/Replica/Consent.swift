import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

struct Consent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "Her consent, by purpose and partner.",
        subcommands: [Give.self, Withdraw.self])

    struct Terms: ParsableArguments {
        @Argument(help: "The case: its reference, its id, or enough of its id.") var id: String
        @Option(help: "The partner it names, by code.") var partner: String?
        @Option(help: "A code of the list consent.purpose.") var purpose = "SHARE_WITH_PARTNER"

        func consent() -> NewConsent {
            NewConsent(purpose: purpose, partner: partner)
        }
    }

    struct Give: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that she consents.",
            discussion: "Example: reunite-sync consent give SRY-26-0042-K --partner GLS")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var terms: Terms

        func run() throws {
            let summary = try replica.open().edit("Recording consent") {
                try Consents.give(terms.consent(), for: terms.id, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) { print("Recorded: she consents (\(terms.purpose)).") }
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that she withdraws her consent.",
            discussion: "Example: reunite-sync consent withdraw SRY-26-0042-K --partner GLS")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var terms: Terms

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let summary = try opened.edit("Recording the withdrawal of consent") {
                try Consents.withdraw(
                    terms.consent(), for: terms.id, by: partner, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) { print("Recorded: she withdrew consent (\(terms.purpose)).") }
        }
    }
}
