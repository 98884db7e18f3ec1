import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

struct Status: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show where this replica stands: what is unsent, what needs you.",
        discussion: "Example: reunite-sync status --json")

    @OptionGroup var replica: ReplicaOptions

    struct Report: Encodable {
        struct Unsent: Encodable {
            var edits: Int
            @OrNull var oldest: String?
        }
        struct Audit: Encodable {
            struct Refused: Encodable {
                @OrNull var size: UInt64?
                @OrNull var root: String?
                var at: String
            }
            var size: UInt64
            var root: String
            var checked: String
            @OrNull var refused: Refused?

            init(_ audit: ReplicaStatus.Audit) {
                size = audit.head.size
                root = Wording.hex(audit.head.root.bytes)
                checked = Output.time(audit.checkedMilliseconds)
                refused = audit.refused.map {
                    Refused(
                        size: $0.head?.size, root: $0.head.map { Wording.hex($0.root.bytes) },
                        at: Output.time($0.atMilliseconds))
                }
            }
        }
        struct Refusal: Encodable {
            var why: String
            var at: String
        }
        /// How many files of other devices lie in the mailbox.
        struct Relay: Encodable {
            var toHub: Int
            var fromHub: Int
            /// Those that the hub refused.
            var refused: Int
        }
        var device: String
        var deviceName: String
        var machineName: String
        var partner: String
        var role: String
        var hub: String
        var hubName: String
        var hubEpoch: UInt32
        var cursor: Int64
        @OrNull var lastSync: String?
        var unsent: Unsent
        var conflicts: Int
        var returned: Int
        var safeToWipe: Bool
        var wipeWaitsFor: String?
        var schema: Int
        @OrNull var hubSchema: Int?
        var keptRows: Int
        var clockSkewSeconds: Double
        var putBack: Bool
        var purgeOwed: Int
        var foreignObjects: [String]
        var keyNumber: UInt32
        @OrNull var keysSince: String?
        var keysKnownToHub: Bool
        var keysHere: Bool
        var hubKeyNumber: UInt32
        var hubKeyWords: String
        @OrNull var lease: String?
        var leaseOver: Bool
        @OrNull var audit: Audit?
        @OrNull var refused: Refusal?
        /// What was put right in the file in the last seven days, and how many incidents that were.
        var repairs: [Repaired]
        var repairIncidents: Int

        struct Repaired: Encodable {
            var at: String
            var what: String
            @OrNull var table: String?
            var rows: Int
        }
        var relay: Relay
    }

    func run() throws {
        let opened = try replica.open()
        let status = try opened.status()
        // The hub's operator knows it by the name under which it was invited; before the first sync nobody here does.
        let invitedAs = try opened.read("Reading the device's name") {
            try PartnerDevices.name(of: status.device, in: $0)
        }
        let report = Report(
            device: status.device, deviceName: invitedAs ?? status.deviceName,
            machineName: status.deviceName, partner: status.partner, role: status.role,
            hub: status.hub, hubName: status.hubName, hubEpoch: status.hubEpoch, cursor: status.cursor,
            lastSync: Output.time(status.lastSyncMilliseconds),
            unsent: .init(edits: status.unsentEdits, oldest: Output.time(status.oldestUnsentMilliseconds)),
            conflicts: status.conflicts, returned: status.returned, safeToWipe: status.wipeWaitsFor == nil,
            wipeWaitsFor: status.wipeWaitsFor, schema: status.schema, hubSchema: status.hubSchema,
            keptRows: status.keptRows,
            clockSkewSeconds: Double(status.clockSkewMilliseconds) / 1_000, putBack: status.wasPutBack,
            purgeOwed: status.purgesOwed, foreignObjects: status.foreignObjects,
            keyNumber: status.keyNumber, keysSince: Output.time(status.keysSinceMilliseconds),
            keysKnownToHub: status.keysAreKnown, keysHere: status.keysAreHere, hubKeyNumber: status.hubKeyNumber,
            hubKeyWords: status.hubKeyWords,
            lease: Output.time(status.lease?.untilMilliseconds), leaseOver: status.lease?.isOver ?? false,
            audit: status.audit.map(Report.Audit.init),
            refused: status.refusal.map { .init(why: $0.why.rawValue, at: Output.time($0.atMilliseconds)) },
            repairs: status.repairs.map {
                .init(
                    at: Output.time($0.atMilliseconds), what: $0.what.rawValue,
                    table: $0.table.isEmpty ? nil : $0.table, rows: $0.rows)
            }, repairIncidents: status.repairIncidents,
            relay: .init(
                toHub: opened.relayBox.waiting().count, fromHub: opened.relayBox.letters().count,
                refused: opened.relayBox.refused().count))
        try Output.show(report, as: replica.json) {
            say("\(report.deviceName), \(report.role) of \(report.partner), with \(report.hubName) at \(report.hub)")
            say("Last sync: \(report.lastSync ?? "never"), position \(report.cursor)")
            say(
                "Unsent: \(Wording.count(report.unsent.edits, "edit"))"
                    + (report.unsent.oldest.map { ", the oldest of \($0)" } ?? ""))
            say("Open conflicts: \(report.conflicts). Returned edits: \(report.returned).")
            Status.tell(report.relay)
            if let warning = ClockWarning.text(skewMilliseconds: status.clockSkewMilliseconds) { say("\(warning)") }
            if let words = Wording.schemas(here: status.schema, hub: status.hubSchema, keptRows: status.keptRows) {
                say("\(words)")
            }
            if let refusal = status.refusal, let refused = report.refused { Status.tell(refusal.why, at: refused.at) }
            if status.refusal == nil, let lease = report.lease {
                say(
                    report.leaseOver
                        ? "The lease of this device ended on \(lease): sync. What was saved is kept, and nothing is shown."
                        : "Lease: until \(lease), unless it syncs before.")
            }
            if report.putBack {
                say("This file was put back from an earlier copy; the next sync fetches everything anew.")
            }
            if report.purgeOwed > 0 { say("\(Wording.purgeOwed)") }
            if !report.foreignObjects.isEmpty {
                say("Added to this file by others, and not purged: \(report.foreignObjects.joined(separator: ", ")).")
            }
            if let repairs = Wording.repairs(status.repairs) {
                say("Put right here in the last 7 days: \(repairs).")
                if status.repairIncidents >= RepairLog.alarm {
                    say("THAT IS TOO OFTEN TO BE AN ACCIDENT. See 'doctor'.")
                }
            }
            say("The hub's keys: number \(report.hubKeyNumber), \(report.hubKeyWords)")
            if !report.keysHere {
                say("THIS DEVICE'S KEYS ARE GONE OR DAMAGED: nothing is sent or received. See 'doctor'.")
            } else if !report.keysKnownToHub {
                say("New keys (number \(report.keyNumber)): the next sync or bundle tells the hub of them.")
            }
            if let refused = report.audit?.refused {
                say("THE HUB HAS SHOWN TWO HISTORIES (\(refused.at)). Tell the network's officer; keep this file.")
            }
            say(report.safeToWipe ? "Safe to wipe." : "Not safe to wipe: waits for \(report.wipeWaitsFor ?? "").")
        }
    }

    private static func tell(_ relay: Report.Relay) {
        if relay.toHub + relay.fromHub > 0 {
            say("Carried for other devices: \(relay.toHub) to the hub, \(relay.fromHub) from it.")
        }
        if relay.refused > 0 {
            say(
                """
                THE HUB REFUSED \(Wording.count(relay.refused, "FILE")) of other devices: see 'reunite-sync relay list'. What was \
                typed there has not arrived, and nobody there knows.
                """)
        }
    }

    private static func tell(_ why: HubRefusal.Why, at time: String) {
        switch why {
        case .revoked:
            say("REVOKED: the hub said on \(time) that this device is ended. It is served nothing more.")
            say(
                "What is here was not taken back, and no case is shown: give the device to whoever ended it, or ask for a new code."
            )
        case .suspended:
            say("SHUT OUT: the hub said on \(time) that another copy of this replica was used. None is served.")
            say("Ask the hub operator to let this device in again ('hub device readmit').")
        }
    }
}
