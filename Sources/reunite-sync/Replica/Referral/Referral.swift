import ArgumentParser
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct Referral: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "referral", abstract: "Referrals between organisations.",
        subcommands: [
            Create.self, Precheck.self, Send.self, Disclose.self, Assess.self, Ask.self, Answer.self, Waitlist.self,
            Offer.self, OfferAnswer.self, Accept.self, Decline.self, Withdraw.self, Handover.self, Return.self,
            Recall.self, Complete.self, Preview.self, List.self, Show.self,
        ])

    /// Takes a step and says where the referral stands now.
    static func step(
        _ options: ReplicaOptions, _ what: String,
        _ body: (Database, _ partner: Identifier, _ now: Int64) throws -> ReferralSummary
    ) throws {
        let opened = try options.open()
        let partner = try opened.facts().partner
        let summary = try opened.edit(what) { try body($0, partner, SystemTime().wallMilliseconds) }
        try Output.show(summary, as: options.json) { tell(summary) }
    }

    static func tell(_ summary: ReferralSummary) {
        say("Referral \(summary.from ?? "?") → \(summary.to ?? "?"): \(summary.stateLabel).")
        say("Id: \(summary.id)")
    }
}
