import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

struct HubCase: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "case", abstract: "Cases as the hub sees them.", subcommands: [Give.self, Why.self])

    struct Why: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say of each partner why it sees a case, or why it does not.",
            discussion: "Example: reunite-sync hub case why SRY-26-0042-K --partner GLS")

        @OptionGroup var hub: HubOptions
        @Argument(help: "The case's reference or id, or the woman's id.") var id: String
        @Option(help: "Only this partner, by its code.") var partner: String?

        struct Grant: Encodable {
            @OrNull var device: String?
            var opened: Int64
            @OrNull var openedAt: String?
            @OrNull var closed: Int64?
            @OrNull var closedAt: String?
            var relations: String
            var why: String
            var reads: [String]
            var writes: [String]

            init(_ grant: GrantRecord) {
                device = grant.device
                opened = grant.opened
                openedAt = Output.time(grant.openedMilliseconds)
                closed = grant.closed
                closedAt = Output.time(grant.closedMilliseconds)
                relations = grant.relations
                why = grant.why
                reads = grant.reads
                writes = grant.writes
            }
        }

        struct Side: Encodable {
            var partner: String
            var sees: Bool
            var grants: [Grant]
            /// What keeps it out; empty for who sees it.
            var obstacles: [String]
        }

        struct Report: Encodable {
            var caseID: String
            @OrNull var reference: String?
            var partners: [Side]

            private enum CodingKeys: String, CodingKey {
                case caseID = "case"
                case reference, partners
            }
        }

        func run() throws {
            let opened = try hub.open()
            let (caseID, reference, erased) = try find(opened)
            let grants = Dictionary(grouping: try opened.grants(on: caseID), by: \.partner)
            let partners = try opened.partners().map(\.code)
                .filter { partner == nil || $0.uppercased() == partner?.uppercased() }
            guard !partners.isEmpty else {
                throw Failure(
                    .noInput, what: "Finding the partner", why: "no partner has that code",
                    remedy: "Look at the partners with 'hub partner list'")
            }
            let sides = try partners.map { code in
                let mine = grants[code] ?? []
                let sees = mine.contains(where: \.isOpen)
                let obstacles =
                    sees
                    ? []
                    : try erased.map { ["The case was erased on \($0)."] }
                        ?? opened.read("Finding the reasons") {
                            try CaseObstacles.find(caseID, partner: code, in: $0)
                        }
                return Side(partner: code, sees: sees, grants: mine.map(Grant.init), obstacles: obstacles)
            }
            let report = Report(caseID: caseID.description, reference: reference, partners: sides)
            try Output.show(report, as: hub.json) {
                for side in sides { Why.show(side) }
            }
        }

        /// The case, and the day of its erasure: of one that was erased its id remains.
        private func find(_ opened: Hub) throws -> (caseID: Identifier, reference: String?, erased: String?) {
            do {
                let scopes = try opened.read("Finding the case") { try CaseScopes.find(id, in: $0) }
                return (scopes.caseID, scopes.reference, nil)
            } catch let failure as Failure where failure.code == .noInput {
                guard let caseID = Identifier(id),
                    let erasure = try opened.erasures().first(where: {
                        $0.state == .executed && $0.scopes.contains(caseID)
                    })
                else { throw failure }
                return (caseID, nil, Output.time(erasure.executedMilliseconds).map { String($0.prefix(10)) } ?? "?")
            }
        }

        private static func show(_ side: Side) {
            say("\(side.partner) \(side.sees ? "sees the case" : "does not see the case")")
            for grant in side.grants {
                let time = grant.closedAt ?? (grant.closed == nil ? nil : "position \(grant.closed ?? 0)")
                let until = time.map { "until \($0)" } ?? "open"
                let device = grant.device.map { ", laptop \($0)" } ?? ""
                say("  since \(grant.openedAt ?? "position \(grant.opened)"), \(until)\(device): \(grant.why)")
                if grant.closed == nil { say("    reads \(grant.reads.joined(separator: ", "))") }
            }
            for obstacle in side.obstacles { say("  \(obstacle)") }
        }
    }
}
