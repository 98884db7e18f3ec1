import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

extension Referral {
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the referrals that this organisation sent or received.",
            discussion: "Example: reunite-sync referral list")

        @OptionGroup var replica: ReplicaOptions

        func run() throws {
            let opened = try replica.openToShow("Listing referrals")
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
            let opened = try replica.openToShow("Showing the referral")
            let partner = try opened.facts().partner
            let detail = try opened.read("Showing the referral") { try Referrals.show(id, by: partner, in: $0) }
            try Output.show(detail, as: replica.json) {
                let summary = detail.summary
                say("Referral \(summary.from ?? "?") → \(summary.to ?? "?"): \(summary.stateLabel)")
                say("Case \(summary.caseRef ?? summary.caseID), \(summary.kind), \(summary.urgency)")
                for pack in detail.packs {
                    say("Pack \(pack.tier), frozen \(pack.frozenAt), \(pack.isIntact ? "intact" : "NOT INTACT")")
                }
                for question in detail.questions {
                    say("Asked about \(question["topic"] ?? "?"): \(question["answer"] ?? "no answer yet")")
                }
                for hold in detail.holds { say("Home \(hold["status"] ?? "?")") }
                for signature in detail.signatures {
                    say("Signed by \(signature.partners["partner"] ?? "?"): \(signature["kind"] ?? "?")")
                }
                for outcome in detail.outcomes { say("Outcome: \(outcome["band"] ?? "?")") }
                if detail.openSteps.isEmpty { say("No step is open to this organisation now.") }
                for step in detail.openSteps {
                    say("Open to this organisation: \(step.label)")
                    for reason in step.waitsFor { say("  not yet: \(reason)") }
                }
            }
        }
    }
}
