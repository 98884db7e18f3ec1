import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

extension HubPartner {
    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a partner's membership of the network.",
            discussion: """
                Nothing is shown to it any more, its devices are revoked, and none can join. What it owns stays at the hub \
                until it is handed over. \
                Example: reunite-sync hub partner end SRY --on 2026-03-31 --by "A. Mensah"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "Its short code.") var code: String
        @Option(help: "The last day of its membership, which has come: 2026-03-31. Without it today.") var on: String?
        @Option(help: "Who decides; without it the user of this machine.") var by: String?

        struct Report: Encodable {
            var id: String
            var code: String
            var on: String
            var devicesRevoked: Int
            var casesOwned: Int
        }

        func run() throws {
            let what = "Ending the partner"
            let opened = try hub.open()
            let today = CivilTime.londonDate(milliseconds: opened.now)
            let day = on ?? today
            guard CivilTime.isDate(day), day <= today else {
                throw Failure(
                    .usage, what: what, why: "--on is no day that has come", remedy: "Give a day such as \(today)")
            }
            guard let partner = try opened.partners().first(where: { $0.code == code }),
                let id = Identifier(partner.id)
            else {
                throw Failure(
                    .noInput, what: what, why: "there is no partner with the code \(code)",
                    remedy: "Look at the partners with 'hub partner list'")
            }
            let ended = try opened.endPartner(code: code, by: by ?? DecisionOptions.user)
            let membership = try opened.read(what) { try Partners.membership(of: id, in: $0) }
            guard ended != nil || !membership.isOver else {
                throw Failure(
                    .badData, what: what, why: "\(code) has ended already",
                    remedy: "Look at the partners with 'hub partner list'")
            }
            if !membership.isOver {
                try opened.change(what, Partners.changes(ending: membership, on: day)) {
                    try Partners.leave(membership, after: day, in: $0)
                }
            }
            let report = Report(
                id: partner.id, code: code, on: day, devicesRevoked: ended?.revoked ?? 0,
                casesOwned: membership.casesOwned)
            try Output.show(report, as: hub.json) {
                say("\(code) has ended on \(day). Devices revoked: \(report.devicesRevoked).")
                if report.casesOwned > 0 {
                    say("It owns \(report.casesOwned) cases. They stay at the hub until they are handed over.")
                }
            }
        }
    }
}
