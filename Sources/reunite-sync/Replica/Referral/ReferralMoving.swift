import ArgumentParser
import ReUniteProgramme

extension Referral {
    struct Handover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sign for this side that everything is ready; when both have signed the hub transfers the case.",
            discussion: """
                Example: reunite-sync referral handover ID --risk-call DONE --children-plan DONE --duty-to-refer DONE \
                --transport DONE

                To see first how much would move: reunite-sync referral handover ID --preview
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "The call about her risk: DONE or NOT_NEEDED.") var riskCall = "OPEN"
        @Option(help: "The children's plan: DONE or NOT_NEEDED.") var childrenPlan = "OPEN"
        @Option(help: "The duty to refer switched to the new authority: DONE or NOT_NEEDED.") var dutyToRefer = "OPEN"
        @Option(help: "Transport from the gate: DONE or NOT_NEEDED.") var transport = "OPEN"
        @Option(help: "Who signs: a role, not a name.") var signedBy: String?
        @Flag(help: "Do nothing, and show what the transfer would move.") var preview = false

        func run() async throws {
            if preview {
                return try await Preview.show(
                    id, to: { try ReferralStep.goalOfHandover(id, by: $0, in: $1) }, replica)
            }
            let list = HandoverChecklist(
                riskCall: riskCall, childrenPlan: childrenPlan, dutyToRefer: dutyToRefer, transport: transport)
            try Referral.step(replica, "Handing over") {
                try Referrals.handOver(id, list, signedBy: signedBy, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Return: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give her back to the sender; within 14 days after the transfer both sides sign.",
            discussion: "Example: reunite-sync referral return ID --reason NON_ARRIVAL")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "A code of the list referral.return_reason.") var reason: String
        @Option(help: "Who signs: a role, not a name.") var signedBy: String?

        func run() throws {
            try Referral.step(replica, "Returning the referral") {
                try Referrals.giveBack(id, reason: reason, signedBy: signedBy, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Recall: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "She was recalled to prison: her case stays, and the former owner may reach her.",
            discussion: "Example: reunite-sync referral recall ID")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String

        func run() throws {
            try Referral.step(replica, "Recording the recall") {
                try Referrals.recall(id, by: $1, in: $0, now: $2)
            }
        }
    }

    struct Complete: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a referral, with one line of outcome for the sender.",
            discussion: "Example: reunite-sync referral complete ID --outcome ARRIVED")

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it.") var id: String
        @Option(help: "A code of the list referral_outcome.band.") var outcome: String
        @Option(help: "The day of it, YYYY-MM-DD; without it, today.") var on: String?

        func run() throws {
            try Referral.step(replica, "Completing the referral") {
                try Referrals.complete(id, outcome: outcome, on: on, by: $1, in: $0, now: $2)
            }
        }
    }
}
