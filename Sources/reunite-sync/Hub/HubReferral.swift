import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

struct HubReferral: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "referral", abstract: "Referrals as the hub sees them.", subcommands: [Preview.self])

    struct Preview: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show what a step would open and close, and where, without taking it.",
            discussion: """
                Counts what is at the hub now, on devices that are served; what the step itself writes, and what devices \
                have not sent, comes on top.

                Example: reunite-sync hub referral preview 3fa1 --to ACCEPTED
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The referral's id, or enough of it, or its case's reference.") var id: String
        @Option(help: "The state that it would be in.") var to: String

        func run() throws {
            let opened = try hub.open()
            let step = try opened.read("Finding the referral") { try ReferralStep.find(id, to: to, in: $0) }
            let report: PreviewReport
            switch try opened.preview(step.question) {
            case .unknown: throw ReferralStep.unknown
            case .notOpen(let from, let open): throw ReferralStep.notOpen(from: from, to: step.question.to, open: open)
            case .moves(let from, let preview): report = PreviewReport(step, from: from, preview)
            }
            try Output.show(report, as: hub.json) { report.show() }
        }
    }
}

/// So many rows, on so many devices.
struct PreviewCount: Encodable {
    var rows: Int
    var devices: Int

    init(rows: Int, devices: Int) {
        self.rows = rows
        self.devices = devices
    }

    init(_ counts: [PreviewCount]) {
        rows = counts.reduce(0) { $0 + $1.rows }
        devices = counts.reduce(0) { $0 + $1.devices }
    }
}

struct PreviewReport: Encodable {
    struct Device: Encodable {
        var device: String
        var deviceName: String
        var role: String
        var gains: Int
        var loses: Int
        @OrNull var lastSeen: String?
        var behind: Int64
        var unsent: Int64
    }

    struct Partner: Encodable {
        var partner: String
        var enters: PreviewCount
        var leaves: PreviewCount
        var unsent: Int64
        var gains: [AccessPreview.ClassCount]
        var loses: [AccessPreview.ClassCount]
        var devices: [Device]
    }

    var referral: String
    var caseID: String
    var from: String
    var to: String
    /// The sums over the partners.
    var enters: PreviewCount
    var leaves: PreviewCount
    var unsent: Int64
    var partners: [Partner]

    private enum CodingKeys: String, CodingKey {
        case caseID = "case"
        case referral, from, to, enters, leaves, unsent, partners
    }

    init(_ step: ReferralStep, from: String, _ preview: AccessPreview) {
        referral = step.referral.description
        caseID = step.caseID.description
        self.from = from
        to = step.question.to
        partners = preview.partners.map { partner in
            Partner(
                partner: partner.code, enters: .init(rows: partner.gainedRows, devices: partner.gainingDevices),
                leaves: .init(rows: partner.lostRows, devices: partner.losingDevices), unsent: partner.unsent,
                gains: partner.gains, loses: partner.loses,
                devices: partner.devices.map {
                    Device(
                        device: $0.id.description, deviceName: $0.name, role: $0.role, gains: $0.gains, loses: $0.loses,
                        lastSeen: Output.time($0.lastSeenMilliseconds), behind: $0.behind, unsent: $0.unsent)
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
            say("")
            func list(_ counts: [AccessPreview.ClassCount]) -> String {
                counts.isEmpty ? "nothing" : counts.map { "\($0.code) \($0.rows)" }.joined(separator: ", ")
            }
            say("\(partner.partner) would gain \(list(partner.gains)); lose \(list(partner.loses)).")
            Output.table(
                ["  DEVICE", "GAINS", "LOSES", "LAST SEEN", "BEHIND", "UNSENT"],
                partner.devices.map {
                    [
                        "  \($0.deviceName) (\($0.role))", String($0.gains), String($0.loses), $0.lastSeen ?? "never",
                        String($0.behind), String($0.unsent),
                    ]
                })
        }
    }
}
