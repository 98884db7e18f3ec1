import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct Consent: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "consent", abstract: "Her consent, by purpose and partner.",
        subcommands: [Give.self, Refuse.self, Withdraw.self, Override.self, Review.self, List.self])

    struct Terms: ParsableArguments {
        @Argument(help: "The case: its reference, its id, or enough of its id.") var id: String
        @Option(help: "The partner it names, by code.") var partner: String?
        @Option(help: "A code of the list consent.purpose.") var purpose = "SHARE_WITH_PARTNER"
        @Option(help: "How she said it: a code of the list consent.method.") var method: String?
        @Option(help: "Where the signed form is kept.") var evidence: String?
        @Option(help: "When she decided: YYYY-MM-DD, or a time such as 2026-03-01T14:30:00Z.") var when: Moment?

        func consent(expires: String? = nil) -> NewConsent {
            NewConsent(
                purpose: purpose, partner: partner, method: method, evidence: evidence, expiresOn: expires,
                recordedFor: when?.milliseconds)
        }
    }

    struct Give: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that she consents.",
            discussion: """
                After she took consent back it counts only with --evidence, and a day later. Example: reunite-sync \
                consent give SRY-26-0042-K --partner GLS --method SIGNED_FORM --evidence 'file 12' --expires 2026-12-31
                """)

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var terms: Terms
        @Option(help: "The last day on which it counts, YYYY-MM-DD.") var expires: String?

        func run() throws {
            let summary = try replica.open().edit("Recording consent") {
                try Consents.give(
                    terms.consent(expires: expires), for: terms.id, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) { say("Recorded: she consents (\(terms.purpose)).") }
        }
    }

    struct Refuse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that she does not consent.",
            discussion: "Example: reunite-sync consent refuse SRY-26-0042-K --partner GLS")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var terms: Terms

        func run() throws {
            let summary = try replica.open().edit("Recording the refusal") {
                try Consents.refuse(terms.consent(), for: terms.id, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) { say("Recorded: she refuses (\(terms.purpose)).") }
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that she withdraws her consent; without --partner, from everyone.",
            discussion: "Example: reunite-sync consent withdraw SRY-26-0042-K --partner GLS --when 2026-03-01")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var terms: Terms

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let summary = try opened.edit("Recording the withdrawal of consent") {
                try Consents.withdraw(
                    terms.consent(), for: terms.id, by: partner, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) { say("Recorded: she withdrew consent (\(terms.purpose)).") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what she decided, and which of it counts now.",
            discussion: "Example: reunite-sync consent list SRY-26-0042-K")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The case: its reference, its id, or enough of its id.") var id: String

        func run() throws {
            let sheet = try replica.openToShow("Listing consent").read("Listing consent") {
                try Consents.list(for: id, in: $0)
            }
            try Output.show(sheet, as: replica.json) {
                Output.table(
                    ["DECISION", "PURPOSE", "PARTNER", "EXPIRES", "COUNTS", "ID"],
                    sheet.consents.map {
                        [
                            $0["decision"] ?? "", $0["purpose"] ?? "", $0.partners["partner"] ?? "",
                            $0["expires_on"] ?? "", sheet.inForce.contains($0.id.description) ? "yes" : "",
                            $0.id.description,
                        ]
                    })
                for override in sheet.overrides {
                    say(
                        "Without consent, \(override["basis"] ?? "?"): \(override["verdict"] ?? "decided") \(override.id)"
                    )
                }
            }
        }
    }
}
