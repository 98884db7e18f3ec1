import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

extension Referral {
    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draft a referral of a case to another organisation.",
            discussion: """
                Example: reunite-sync referral create SRY-26-0042-K --to GLS --release-date 2026-03-02
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The case: its reference, its id, or enough of its id.") var id: String
        @Option(help: "The receiving partner's code.") var to: String
        @Option(help: "REFER_HOUSE or REFER_SHARED.") var kind = "REFER_HOUSE"
        @Option(help: "A code of the list referral.urgency.") var urgency = "ROUTINE"
        @Option(help: "From when a home is needed, YYYY-MM-DD.") var neededFrom: String?
        @Option(help: "When she is released, YYYY-MM-DD.") var releaseDate: String?
        @Option(help: "A code of the list referral.household_band.") var household: String?
        @Option(help: "The anonymous enquiry that came before: its id, or enough of it.") var enquiry: String?
        @Option(help: "A code of the list referral.source.") var source: String?
        @Option(help: "Why this area. No names: it stays readable when the referral has closed.") var reason: String?

        func run() throws {
            let new = NewReferral(
                to: to, kind: kind, urgency: urgency, neededFrom: neededFrom, releaseDate: releaseDate,
                householdBand: household, source: source, reasonForArea: reason, enquiry: enquiry)
            let what = "Making the referral"
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let made = try opened.edit(what) { database in
                let now = SystemTime().wallMilliseconds
                try TypedOption.check(
                    [
                        TypedOption("--needed-from", neededFrom, "referral", "needed_from"),
                        TypedOption("--release-date", releaseDate, "referral", "release_date"),
                        TypedOption("--reason", reason, "referral", "reason_for_area"),
                    ], what: what, in: database, now: now)
                let summary = try Referrals.create(new, of: id, by: partner, in: database, now: now)
                return try Doubted(summary, of: summary.id, in: database, now: now)
            }
            try made.show(as: replica.json) { Referral.tell(made.summary) }
        }
    }

    struct Send: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a drafted referral, with a frozen pack of what may be told at this stage.",
            discussion: "Needs her consent for that partner. Example: reunite-sync referral send ID")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String

        func run() throws {
            try Referral.step(replica, "Sending the referral") {
                try Referrals.send(id, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Precheck: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask another organisation, naming nobody, whether it would have room.",
            discussion: """
                With --referral the drafted referral waits for the answer. Example: reunite-sync referral precheck \
                --to GLS --month 2026-05 --bedrooms 2 --child AGE_2_4 --not-in GL1
                """)

        @OptionGroup var replica: ReplicaOptions
        @Option(help: "The partner that is asked, by code.") var to: String
        @Option(help: "The drafted referral that waits for the answer: its id, or enough of it.") var referral: String?
        @Option(help: "The month of release, YYYY-MM.") var month: String?
        @Option(help: "How many bedrooms.") var bedrooms: Int64?
        @Option(help: "A child's age: a code of the list enquiry.children_bands. May be given several times.")
        var child: [String] = []
        @Flag(help: "She needs a home without steps.") var stepFree = false
        @Option(help: "Where she must not live: the first half of a postcode. May be given several times.")
        var notIn: [String] = []

        func run() throws {
            let new = NewEnquiry(
                to: to, releaseMonth: month, bedrooms: bedrooms, childrenBands: child, needsStepFree: stepFree,
                excludedOutward: notIn)
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let summary = try opened.edit("Making the enquiry") {
                try Enquiries.make(new, for: referral, by: partner, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(summary, as: replica.json) {
                say("Enquiry to \(summary.to ?? "?"): \(summary.stateLabel).")
                say("Id: \(summary.id)")
            }
        }
    }

    struct Disclose: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the receiver what the referral's stage allows by now.",
            discussion: "Example: reunite-sync referral disclose ID")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let tier = try opened.edit("Disclosing more") {
                try Referrals.disclose(id, by: partner, in: $0, now: SystemTime().wallMilliseconds)
            }
            try Output.show(["tier": OrNull(wrappedValue: tier)], as: replica.json) {
                say(tier.map { "Frozen and added: a pack of tier \($0)." } ?? "All of it has been shown already.")
            }
        }
    }
}
