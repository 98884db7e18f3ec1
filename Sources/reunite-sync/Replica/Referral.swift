import ArgumentParser
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct Referral: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "referral", abstract: "Referrals between organisations.",
        subcommands: [
            Create.self, Send.self, Accept.self, Decline.self, Withdraw.self, List.self, Show.self,
        ])

    /// Takes a step and says where the referral stands now.
    private static func step(
        _ options: ReplicaOptions, _ what: String,
        _ body: (Database, _ partner: Identifier, _ now: Int64) throws -> ReferralSummary
    ) throws {
        let opened = try options.open()
        let partner = try opened.facts().partner
        let summary = try opened.edit(what) { try body($0, partner, SystemTime().wallMilliseconds) }
        try Output.show(summary, as: options.json) {
            print("Referral \(summary.from ?? "?") → \(summary.to ?? "?"): \(summary.stateLabel).")
            print("Id: \(summary.id)")
        }
    }

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
        @Option(help: "Why this area. No names: it stays readable when the referral has closed.") var reason: String?

        func run() throws {
            let new = NewReferral(
                to: to, kind: kind, urgency: urgency, neededFrom: neededFrom, releaseDate: releaseDate,
                householdBand: household, reasonForArea: reason)
            try Referral.step(replica, "Making the referral") {
                try Referrals.create(new, of: id, by: $1, in: $0, now: $2)
            }
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

    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Accept a referral; the case follows with the next sync.",
            discussion: "Example: reunite-sync referral accept ID")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String

        func run() throws {
            try Referral.step(replica, "Accepting the referral") {
                try Referrals.accept(id, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Decline: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Decline a referral.",
            discussion: "Example: reunite-sync referral decline ID --reason NO_HOME_IN_AREA")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "A code of the list referral.decline_reason.") var reason: String
        @Option(help: "More about it. No names.") var words: String?

        func run() throws {
            try Referral.step(replica, "Declining the referral") {
                try Referrals.decline(id, reason: reason, words: words, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Withdraw: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Withdraw a referral that this organisation made.",
            discussion: "Example: reunite-sync referral withdraw ID --reason NEEDS_MET_ELSEWHERE")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "A code of the list referral.withdraw_reason.") var reason: String
        @Option(help: "More about it. No names.") var words: String?

        func run() throws {
            try Referral.step(replica, "Withdrawing the referral") {
                try Referrals.withdraw(id, reason: reason, words: words, by: $1, in: $0, now: $2)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the referrals that this organisation sent or received.",
            discussion: "Example: reunite-sync referral list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let referrals = try opened.read("Listing referrals") { try Referrals.list(in: $0, by: partner) }
            try Output.show(["referrals": referrals], as: replica.json) {
                Output.table(
                    ["FROM", "TO", "STATE", "CASE", "ID"],
                    referrals.map { [$0.from ?? "", $0.to ?? "", $0.stateLabel, $0.caseRef ?? "", $0.id] })
            }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show a referral: its pack, its events, and the steps that are open now.",
            discussion: "Example: reunite-sync referral show ID --json")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String

        func run() throws {
            let opened = try replica.open()
            let partner = try opened.facts().partner
            let detail = try opened.read("Showing the referral") { try Referrals.show(id, by: partner, in: $0) }
            try Output.show(detail, as: replica.json) {
                let summary = detail.summary
                print("Referral \(summary.from ?? "?") → \(summary.to ?? "?"): \(summary.stateLabel)")
                print("Case \(summary.caseRef ?? summary.caseID), \(summary.kind), \(summary.urgency)")
                for pack in detail.packs {
                    print("Pack \(pack.tier), frozen \(pack.frozenAt), \(pack.isIntact ? "intact" : "NOT INTACT")")
                }
                if detail.openSteps.isEmpty {
                    print("No step is open to this organisation now.")
                } else {
                    print("Open to this organisation now: \(detail.openSteps.map(\.label).joined(separator: ", "))")
                }
            }
        }
    }
}
