import ArgumentParser
import ReUniteHub
import ReUnitePages
import ReUniteProgramme
import ReUniteSync

extension HubCase {
    struct Give: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give a case of a partner that has left the network to another partner.",
            discussion: """
                Partners of the network hand a case over themselves, by a referral. Say in the reason how she agreed. \
                Example: reunite-sync hub case give SRY-26-0042-K --to GLS --reason "She asked for it by telephone"
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The case's reference, or its id.") var id: String
        @Option(help: "The short code of the partner that takes it.") var to: String
        @Flag(help: "She has agreed to it, though she said no before; the reason says how and when.") var agreed = false
        @OptionGroup var decision: DecisionOptions

        struct Report: Encodable {
            var caseID: String
            @OrNull var reference: String?
            var from: String
            var to: String

            private enum CodingKeys: String, CodingKey {
                case caseID = "case"
                case reference, from, to
            }
        }

        func run() throws {
            let opened = try hub.open()
            let scopes = try opened.read("Finding the case") { try CaseScopes.find(id, in: $0) }
            let sides = try opened.give(
                case: scopes.caseID, to: to, hasAgreed: agreed, by: decision.person, reason: decision.reason)
            let report = Report(
                caseID: scopes.caseID.description, reference: scopes.reference, from: sides.from, to: sides.to)
            try Output.show(report, as: hub.json) {
                say("\(sides.to) owns the case now. It reaches its devices with their next sync.")
            }
        }
    }
}
