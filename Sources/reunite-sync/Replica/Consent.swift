import ArgumentParser
import GRDB
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

        /// Records it, and says what is doubtful of it.
        func record(
            _ replica: ReplicaOptions, _ what: String, expires: String? = nil, saying text: String,
            _ body: (NewConsent, Database, _ partner: Identifier, _ now: Int64) throws -> ConsentSummary
        ) throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let made = try opened.edit(what) { database in
                let now = SystemTime().wallMilliseconds
                try TypedOption.check(
                    [
                        TypedOption("--evidence", evidence, "consent", "evidence_ref"),
                        TypedOption("--expires", expires, "consent", "expires_on"),
                    ], what: what, in: database, now: now)
                try TypedOption.check(when?.milliseconds, option: "--when", what: what, now: now)
                let summary = try body(consent(expires: expires), database, partner, now)
                return try Doubted(summary, of: summary.caseID, row: summary.id, in: database, now: now)
            }
            try made.show(as: replica.json) { say("Recorded: \(text) (\(purpose)).") }
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
            try terms.record(replica, "Recording consent", expires: expires, saying: "she consents") {
                try Consents.give($0, for: terms.id, in: $1, now: $3)
            }
        }
    }

    struct Refuse: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that she does not consent.",
            discussion: "Example: reunite-sync consent refuse SRY-26-0042-K --partner GLS")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var terms: Terms

        func run() throws {
            try terms.record(replica, "Recording the refusal", saying: "she refuses") {
                try Consents.refuse($0, for: terms.id, in: $1, now: $3)
            }
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that she withdraws her consent; without --partner, from everyone.",
            discussion: "Example: reunite-sync consent withdraw SRY-26-0042-K --partner GLS --when 2026-03-01")

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var terms: Terms

        func run() throws {
            try terms.record(replica, "Recording the withdrawal of consent", saying: "she withdrew consent") {
                try Consents.withdraw($0, for: terms.id, by: $2, in: $1, now: $3)
            }
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
