import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

extension Consent {
    struct Override: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that a case is shared without her consent, in a manager's name; review it within 7 days.",
            discussion: """
                Example: reunite-sync consent override SRY-26-0042-K --partner GLS --basis SAFEGUARDING_CHILD \
                --manager 'R. Shah' --reason 'the younger child is at risk of harm'
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The case: its reference, its id, or enough of its id.") var id: String
        @Option(help: "The partner with whom, by code.") var partner: String
        @Option(help: "SAFEGUARDING_CHILD, SAFEGUARDING_ADULT, VITAL_INTERESTS or COURT_ORDER.") var basis: String
        @Option(help: "The manager who answers for it.") var manager: String
        @Option(help: "Why, in at least ten characters.") var reason: String

        func run() throws {
            let new = NewOverride(partner: partner, basis: basis, manager: manager, rationale: reason)
            let opened = try replica.open()
            let own = try opened.facts().partner
            let summary = try opened.edit("Recording the decision") {
                try Consents.override(new, for: id, by: own, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) {
                say("Recorded. It counts until \(summary.countsUntil ?? "now"), unless a review upholds it.")
                say("Id: \(summary.id)")
            }
        }
    }

    struct Review: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Review a decision to share without her consent.",
            discussion: """
                Example: reunite-sync consent review ID --upheld --manager 'R. Shah' --reason 'the risk goes on'
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The decision's id, or enough of it.") var id: String
        @Flag(help: "It counts for 28 days more.") var upheld = false
        @Flag(help: "It ends.") var ended = false
        @Option(help: "The manager who reviewed it.") var manager: String
        @Option(help: "Why, in at least ten characters.") var reason: String

        func validate() throws {
            guard upheld != ended else { throw ValidationError("give either --upheld or --ended") }
        }

        func run() throws {
            let opened = try replica.open()
            let own = try opened.facts().partner
            let summary = try opened.edit("Reviewing the decision") {
                try Consents.review(
                    override: id, isUpheld: upheld, manager: manager, rationale: reason, by: own, in: $0,
                    now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) {
                say(summary.countsUntil.map { "Upheld until \($0)." } ?? "Ended.")
            }
        }
    }
}
