import ArgumentParser
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

extension Referral {
    struct Preview: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ask the hub what a step would move: rows, devices, edits that were not sent.",
            discussion: """
                Changes nothing. Counts what is at the hub now; what the step itself writes comes on top, and so does what \
                has not been sent. Needs a connection; the step itself does not.

                Example: reunite-sync referral preview 3fa1 --to ACCEPTED
                """)

        @OptionGroup var replica: ReplicaOptions
        @Argument(help: "The referral's id, or enough of it, or its case's reference.") var id: String
        @Option(help: "The state that it would come to.") var to: String

        func run() async throws {
            try await Preview.show(id, to: { _, _ in to }, replica)
        }

        /// - Parameter goal: the state to ask about, by this replica's partner and rows.
        static func show(
            _ id: String, to goal: (Identifier, Database) throws -> String, _ options: ReplicaOptions
        ) async throws {
            let opened = try options.open()
            let partner = try opened.facts().partner
            let (step, obstacles) = try opened.read("Finding the referral") { database in
                let step = try ReferralStep.find(id, to: try goal(partner, database), in: database)
                return (step, try step.obstacles(in: database))
            }
            let status = try opened.status()
            switch try await ask(step.question, opened) {
            case .notOpen(let from, let open): throw ReferralStep.notOpen(from: from, to: step.question.to, open: open)
            case .moves(let from, let moves):
                let report = StepReport(
                    step, from: from, moves, unsentHere: status.unsentEdits, waitsFor: obstacles)
                try Output.show(report, as: options.json) { report.show() }
            case .unknown, .suspended, .epochChanged: throw ReferralStep.unknown
            }
        }

        static func ask(
            _ question: StepQuestion, _ opened: Replica, ca: String? = nil
        ) async throws -> PreviewAnswer.Body {
            try await LineOptions.asking(
                "Previewing the step", opened, ca: ca,
                withoutHub: "The step itself can be taken without a connection; only its preview needs the hub"
            ) {
                try await HTTPPreview(replica: opened, client: $0, patience: PatienceOption.standard).run(question)
            }
        }
    }
}

/// What a step would move, as far as this replica's partner is told.
struct StepReport: Encodable {
    struct Device: Encodable {
        var device: String
        var deviceName: String
        var role: String
        var gains: Int
        var loses: Int
        @OrNull var lastSeen: String?
        var unsent: Int
    }

    struct Partner: Encodable {
        var partner: String
        var enters: PreviewCount
        var leaves: PreviewCount
        var unsent: Int
        /// Null for another partner: which devices it has is not told.
        @OrNull var devices: [Device]?
    }

    var referral: String
    var caseID: String
    var from: String
    var to: String
    /// The sums over the partners.
    var enters: PreviewCount
    var leaves: PreviewCount
    /// Edits that the devices concerned last told the hub they had not sent.
    var unsent: Int
    /// Edits in this replica that have not been sent.
    var unsentHere: Int
    /// What stands against the step, by the rows that are here.
    var waitsFor: [String]
    var partners: [Partner]

    private enum CodingKeys: String, CodingKey {
        case caseID = "case"
        case referral, from, to, enters, leaves, unsent, unsentHere, waitsFor, partners
    }

    init(
        _ step: ReferralStep, from: String, _ moves: [PreviewAnswer.Move], unsentHere: Int, waitsFor: [String]
    ) {
        referral = step.referral.description
        caseID = step.caseID.description
        self.from = from
        to = step.question.to
        self.unsentHere = unsentHere
        self.waitsFor = waitsFor
        partners = moves.map { move in
            Partner(
                partner: move.partner, enters: PreviewCount(move.gains), leaves: PreviewCount(move.loses),
                unsent: Int(clamping: move.unsent),
                devices: move.devices?.map {
                    Device(
                        device: $0.id.description, deviceName: $0.name, role: $0.role, gains: Int(clamping: $0.gains),
                        loses: Int(clamping: $0.loses), lastSeen: Output.time($0.lastSeenMilliseconds),
                        unsent: Int(clamping: $0.unsent))
                })
        }
        enters = PreviewCount(partners.map(\.enters))
        leaves = PreviewCount(partners.map(\.leaves))
        unsent = partners.reduce(0) { $0 + $1.unsent }
    }

    func show() {
        say("\(from) → \(to)")
        if partners.isEmpty { say("Nobody would gain or lose anything.") }
        for partner in partners {
            if partner.enters.rows > 0 { say("\(partner.partner) would gain \(partner.enters.words).") }
            if partner.leaves.rows > 0 { say("\(partner.partner) would lose \(partner.leaves.words).") }
            if partner.unsent > 0 {
                say("  \(partner.unsent) edits had not been sent when the hub last heard of these devices.")
            }
            guard let devices = partner.devices, !devices.isEmpty else { continue }
            Output.table(
                ["  DEVICE", "GAINS", "LOSES", "LAST SEEN", "UNSENT"],
                devices.map {
                    [
                        "  \($0.deviceName) (\($0.role))", String($0.gains), String($0.loses), $0.lastSeen ?? "never",
                        String($0.unsent),
                    ]
                })
        }
        if unsentHere > 0 { say("\(unsentHere) edits in this replica have not been sent: sync before the step.") }
        for reason in waitsFor { say("Not yet: \(reason).") }
    }
}

extension PreviewCount {
    init(_ count: PreviewAnswer.Count) {
        self.init(rows: Int(clamping: count.rows), devices: Int(clamping: count.devices))
    }

    /// For example: 12 rows, on 2 devices.
    var words: String { "\(rows) row\(rows == 1 ? "" : "s"), on \(devices) device\(devices == 1 ? "" : "s")" }
}
