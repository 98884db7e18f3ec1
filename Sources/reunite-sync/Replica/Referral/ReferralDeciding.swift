import ArgumentParser
import ReUniteProgramme

extension Referral {
    struct OfferAnswer: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "offer-answer",
            abstract: "Record what she said to an offered home.",
            discussion: "Example: reunite-sync referral offer-answer ID --refused --reason TOO_FAR_FROM_CHILDREN")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Flag(help: "She takes it.") var accepted = false
        @Flag(help: "She does not.") var refused = false
        @Option(help: "Why not: a code of the list referral.offer_refusal.") var reason: String?

        func validate() throws {
            guard accepted != refused else { throw ValidationError("give either --accepted or --refused") }
        }

        func run() throws {
            try Referral.step(replica, "Recording her answer") {
                try Referrals.answerOffer(id, accepted: accepted, reason: reason, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Accept: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Accept a referral; the case follows with the next sync.",
            discussion: """
                Example: reunite-sync referral accept ID

                To see first how much would come: reunite-sync referral accept ID --preview
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Flag(help: "Do nothing, and show what it would move.") var preview = false

        func run() async throws {
            if preview { return try await Preview.show(id, to: { _, _ in "ACCEPTED" }, replica) }
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
            abstract: "Withdraw a referral that this organisation made, or record that she took her consent back.",
            discussion: """
                Either side records with --consent that she took consent back. Example: reunite-sync referral withdraw \
                ID --reason NEEDS_MET_ELSEWHERE
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "A code of the list referral.withdraw_reason.") var reason: String?
        @Option(help: "More about it. No names.") var words: String?
        @Flag(help: "She took her consent back.") var consent = false
        @Option(help: "When she said so: YYYY-MM-DD, or a time such as 2026-03-01T14:30:00Z.") var when: Moment?

        func validate() throws {
            guard consent == (reason == nil) else { throw ValidationError("give either --reason or --consent") }
        }

        func run() throws {
            try Referral.step(replica, "Withdrawing the referral") {
                guard let reason else {
                    return try Referrals.withdrawConsent(id, at: when?.milliseconds, by: $1, in: $0, now: $2)
                }
                return try Referrals.withdraw(id, reason: reason, words: words, by: $1, in: $0, now: $2)
            }
        }
    }
}
