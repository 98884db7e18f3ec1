import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

struct LegalHoldReport: Encodable {
    var id: String
    var caseID: String
    var reason: String
    var placed: String
    var placedBy: String
    @OrNull var lifted: String?
    @OrNull var liftedBy: String?

    private enum CodingKeys: String, CodingKey {
        case caseID = "case"
        case id, reason, placed, placedBy, lifted, liftedBy
    }

    init(_ hold: LegalHold) {
        id = hold.id
        caseID = hold.scope.description
        reason = hold.reason
        placed = Output.time(hold.placedMilliseconds)
        placedBy = hold.placedBy
        lifted = Output.time(hold.liftedMilliseconds)
        liftedBy = hold.liftedBy
    }
}

struct HubLegalHold: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "legal-hold", abstract: "What forbids an erasure: place, lift, list.",
        subcommands: [Add.self, Lift.self, List.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Forbid the erasure of a case.",
            discussion: """
                Example: reunite-sync hub legal-hold add SRY-26-0042-K --reason "Court order of 3 March, file 12" --by Ada
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The case's reference or id, or the woman's id.") var id: String
        @OptionGroup var decision: DecisionOptions

        func run() throws {
            let opened = try hub.open()
            let scopes = try opened.read("Finding the case") { try CaseScopes.find(id, in: $0) }
            let hold = try opened.placeLegalHold(on: scopes.caseID, by: decision.person, reason: decision.reason)
            try Output.show(LegalHoldReport(hold), as: hub.json) {
                say("The case cannot be erased. To lift it: reunite-sync hub legal-hold lift \(hold.id.prefix(8))")
            }
        }
    }

    struct Lift: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lift a legal hold.",
            discussion: """
                Example: reunite-sync hub legal-hold lift 3fa1 --reason "The inquiry ended on 5 May" --by Ada
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The hold's id, or at least its first four digits.") var id: String
        @OptionGroup var decision: DecisionOptions

        func run() throws {
            let hold = try hub.open().lift(legalHold: id, by: decision.person, reason: decision.reason)
            try Output.show(LegalHoldReport(hold), as: hub.json) { say("Lifted.") }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the legal holds, those that were lifted too.",
            discussion: "Example: reunite-sync hub legal-hold list")

        @OptionGroup var hub: HubOptions

        func run() throws {
            let holds = try hub.open().legalHolds().map(LegalHoldReport.init)
            try Output.show(["legal_holds": holds], as: hub.json) {
                Output.table(
                    ["ID", "CASE", "PLACED", "BY", "STATE", "REASON"],
                    holds.map {
                        [$0.id, $0.caseID, $0.placed, $0.placedBy, $0.lifted == nil ? "stands" : "lifted", $0.reason]
                    })
            }
        }
    }
}
