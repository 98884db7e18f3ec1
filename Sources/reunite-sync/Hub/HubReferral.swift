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
                With --to TRANSFERRED the case changes hands as it would.

                Example: reunite-sync hub referral preview 3fa1 --to ACCEPTED
                """)

        @OptionGroup var hub: HubOptions
        @Argument(help: "The referral's id, or enough of it, or its case's reference.") var id: String
        @Option(help: "The state that it would be in.") var to: String

        func run() throws {
            let opened = try hub.open()
            let step = try opened.read("Finding the referral") { try ReferralStep.find(id, to: to, in: $0) }
            var cells = [ProposedCell(table: "referral", key: step.referral, column: "state", value: .text(step.to))]
            if let owner = step.newOwner {
                cells.append(
                    ProposedCell(
                        table: "case_file", key: step.caseID, column: "owner_partner_id", value: .blob(owner.bytes)))
            }
            let preview = try opened.preview(cells, of: [step.referral, step.caseID])
            let report = PreviewReport(step, preview)
            try Output.show(report, as: hub.json) { report.show() }
        }
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
        var gains: [AccessPreview.ClassCount]
        var loses: [AccessPreview.ClassCount]
        var devices: [Device]
    }

    var referral: String
    var caseID: String
    var from: String
    var to: String
    var partners: [Partner]

    private enum CodingKeys: String, CodingKey {
        case caseID = "case"
        case referral, from, to, partners
    }

    init(_ step: ReferralStep, _ preview: AccessPreview) {
        referral = step.referral.description
        caseID = step.caseID.description
        from = step.from
        to = step.to
        partners = preview.partners.map { partner in
            Partner(
                partner: partner.code, gains: partner.gains, loses: partner.loses,
                devices: partner.devices.map {
                    Device(
                        device: $0.id.description, deviceName: $0.name, role: $0.role, gains: $0.gains, loses: $0.loses,
                        lastSeen: Output.time($0.lastSeenMilliseconds), behind: $0.behind, unsent: $0.unsent)
                })
        }
    }

    func show() {
        print("\(from) → \(to)")
        if partners.isEmpty { print("Nobody would gain or lose anything.") }
        for partner in partners {
            print("")
            func list(_ counts: [AccessPreview.ClassCount]) -> String {
                counts.isEmpty ? "nothing" : counts.map { "\($0.code) \($0.rows)" }.joined(separator: ", ")
            }
            print("\(partner.partner) would gain \(list(partner.gains)); lose \(list(partner.loses)).")
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
