import ArgumentParser
import ReUniteHub
import ReUniteProgramme

struct HubStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the hub's health: who is behind, what waits for a person.",
        discussion: "Example: reunite-sync hub status --json")

    @OptionGroup var hub: HubOptions

    struct Report: Encodable {
        var hub: String
        var name: String
        var hubEpoch: UInt32
        var position: Int64
        var schema: Int
        var partners: Int
        var rows: Int
        var batches: Int
        var held: Int
        var conflicts: Int
        var quarantined: Int
        var purgesOwed: Int
        var keyNumber: UInt32
        var keyWords: String
        /// Former keys that are still here.
        var formerKeys: Int
        @OrNull var backedUp: Int64?
        @OrNull var lastBackup: String?
        @OrNull var ledger: LedgerReport?
        var devices: [DeviceReport]
        @OrNull var oldestConflict: String?
        @OrNull var oldestQuarantined: String?
        @OrNull var oldestHeld: String?
        @OrNull var oldestPurgeOwed: String?
        var stuckDuties: [StuckDutyReport]
        var overrides: [OverrideInForce]
        /// Files with secrets that others on the machine may read.
        var readableByOthers: [String]
    }

    struct LedgerReport: Encodable {
        var folder: String
        @OrNull var reach: Int64?
        var bytes: Int
        @OrNull var trouble: String?

        init(_ status: LedgerStatus) {
            folder = status.folder
            reach = status.reach
            bytes = status.bytes
            trouble = status.trouble
        }
    }

    func run() throws {
        let opened = try hub.open()
        let status = try opened.status()
        let now = SystemTime().wallMilliseconds
        let report = Report(
            hub: status.hub, name: status.name, hubEpoch: status.epoch, position: status.position,
            schema: status.schema, partners: status.partners, rows: status.rows, batches: status.batches,
            held: status.held, conflicts: status.conflicts, quarantined: status.quarantined,
            purgesOwed: status.purgesOwed, keyNumber: status.keyNumber, keyWords: status.keyWords,
            formerKeys: status.formerKeys, backedUp: status.backedUp,
            lastBackup: Output.time(status.backedUpMilliseconds),
            ledger: status.ledger.map(LedgerReport.init), devices: status.devices.map(DeviceReport.init),
            oldestConflict: Output.time(status.oldestConflict),
            oldestQuarantined: Output.time(status.oldestQuarantined), oldestHeld: Output.time(status.oldestHeld),
            oldestPurgeOwed: Output.time(status.oldestPurgeOwed),
            stuckDuties: status.stuckDuties.map(StuckDutyReport.init),
            overrides: try opened.read("Reading the status") { try Consents.overridesInForce(in: $0, now: now) },
            readableByOthers: HubFiles(folder: hub.folder).openToOthers)
        try Output.show(report, as: hub.json) {
            say("\(report.name)  epoch \(report.hubEpoch), position \(report.position), schema \(report.schema)")
            func age(_ oldest: Int64?) -> String { oldest.map { " (oldest \(Wording.age(since: $0)))" } ?? "" }
            say(
                "\(Wording.count(report.partners, "partner")), \(Wording.count(report.rows, "row")), \(Wording.count(report.batches, "batch", "batches"))"
            )
            say("\(Wording.count(report.held, "batch held", "batches held"))\(age(status.oldestHeld))")
            let others = report.devices.filter { $0.state == "enrolled" }.compactMap(\.schema)
            let older = others.filter { $0 < report.schema }.count
            if older > 0 { say("\(Wording.count(older, "device has", "devices have")) an older program") }
            if others.contains(where: { $0 > report.schema }) { say("\(Wording.hubIsOlder)") }
            say("\(Wording.count(report.conflicts, "open conflict"))\(age(status.oldestConflict))")
            say("\(Wording.count(report.quarantined, "edit")) in quarantine\(age(status.oldestQuarantined))")
            say(
                status.backedUpMilliseconds.map { "Last backup \(Wording.age(since: $0)) ago" }
                    ?? "No backup: no device may be wiped, and nothing of what devices keep goes from them")
            if let ledger = report.ledger {
                say(
                    ledger.trouble.map { "LEDGER NOT KEPT: \($0). Devices keep what they have until a backup" }
                        ?? "Ledger in \(ledger.folder) up to \(ledger.reach ?? report.position), \(ledger.bytes) bytes")
            }
            say("\(Wording.count(report.purgesOwed, "purge")) not yet signed for\(age(status.oldestPurgeOwed))")
            say("The hub's keys: number \(report.keyNumber), \(report.keyWords)")
            if report.formerKeys > 0 {
                say(
                    "\(Wording.count(report.formerKeys, "former key is", "former keys are")) still here: see 'hub keys'"
                )
            }
            for file in report.readableByOthers { say("\(Wording.readableByOthers(file))") }
            StuckDutyReport.print(status.stuckDuties)
            if !report.overrides.isEmpty {
                say(
                    "\(Wording.count(report.overrides.count, "case")) shared without consent: see 'hub report overrides'"
                )
            }
            say("")
            DeviceReport.printTable(report.devices)
        }
    }
}
