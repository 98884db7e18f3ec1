import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

struct Sync: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send what was written here, receive what is new, and compare.",
        discussion: """
            Seals, pushes, pulls, applies, acknowledges. It may be broken off at any moment and run again. Exit status \
            1 says that it is done and that something needs a person. A large delivery goes on where \
            it was broken off, also after the program was ended. Example: reunite-sync sync --patience 3600
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @OptionGroup var patience: PatienceOption

    struct Report: Encodable {
        struct Pushed: Encodable {
            var edits: Int
            var bytes: Int
        }
        struct Pulled: Encodable {
            var rows: Int
            var bytes: Int
        }
        var hubEpoch: UInt32
        var cursor: Int64
        var pushed: Pushed
        var pulled: Pulled
        var entered: [String]
        var left: [String]
        var conflicts: Int
        var returned: Int
        var digest: String
        var roundTrips: Int
        /// Rows that are gone from the tables without a mark; only the weekly comparison looks for them.
        var missing: Int
        var damaged: Bool
        var seconds: Double
        var schema: Int
        @OrNull var hubSchema: Int?
        /// What was carried for other devices; not there when nothing was.
        var relay: Relay?

        struct Relay: Encodable {
            var sent: Int
            var received: Int
            var refused: [String]
            var waiting: Int

            init(_ report: HTTPRelay.Report) {
                sent = report.sent
                received = report.received
                refused = report.refused
                waiting = report.waiting
            }
        }

        init(_ outcome: SyncOutcome, _ status: ReplicaStatus, since start: Date) {
            hubEpoch = status.hubEpoch
            cursor = status.cursor
            pushed = Pushed(edits: outcome.pushedEdits, bytes: outcome.pushedBytes)
            pulled = Pulled(rows: outcome.pulledRows, bytes: outcome.pulledBytes)
            entered = outcome.entered.map(\.description)
            left = outcome.left.map(\.description)
            conflicts = status.conflicts
            returned = status.returned
            digest = outcome.digest.rawValue
            roundTrips = outcome.roundTrips
            schema = status.schema
            hubSchema = status.hubSchema
            missing = outcome.missing
            damaged = outcome.isDamaged
            seconds = (Date().timeIntervalSince(start) * 1_000).rounded() / 1_000
        }
    }

    func run() async throws {
        let start = Date()
        let opened = try replica.open()
        let claim = try opened.claim(what: "Syncing", holder: "another 'sync'")
        let client = try line.client(url: try opened.status().hub)
        let bar = ProgressBar()
        let outcome: SyncOutcome
        let relayed: HTTPRelay.Report?
        do {
            outcome = try await HTTPSync(
                replica: opened, client: client, patience: patience.duration, progress: bar.show
            ).runAndSettle(opened)
            relayed = try await HTTPRelay(replica: opened, client: client, patience: patience.duration).run()
        } catch {
            bar.clear()
            await client.close()
            throw error
        }
        bar.clear()
        await client.close()
        withExtendedLifetime(claim) {}
        let status = try opened.status()
        var report = Report(outcome, status, since: start)
        report.relay = relayed.map(Report.Relay.init)
        try Output.show(report, as: replica.json) {
            print("Sent \(report.pushed.edits) edits, received \(report.pulled.rows) rows.")
            if !report.entered.isEmpty { print("New here: \(report.entered.count). ", terminator: "") }
            if !report.left.isEmpty { print("No longer here: \(report.left.count).", terminator: "") }
            if !report.entered.isEmpty || !report.left.isEmpty { print("") }
            print("This replica and the hub: \(report.digest) at position \(report.cursor).")
            if let relay = report.relay {
                print("Carried \(relay.sent) files of other devices to the hub; \(relay.received) answers for them.")
                for why in relay.refused { print("The hub refused one: \(why).") }
                if relay.waiting > 0 { print("\(relay.waiting) files wait for the next sync.") }
            }
            if let warning = ClockWarning.text(skewMilliseconds: status.clockSkewMilliseconds) { print(warning) }
            let schemas = Wording.schemas(here: status.schema, hub: status.hubSchema, keptRows: status.keptRows)
            if let schemas { print(schemas) }
            if status.unsentEdits > 0 {
                print(
                    """
                    \(status.unsentEdits) edits still wait: they were written meanwhile, or the hub could not take \
                    them. Sync again; if they stay, ask the hub operator to see 'hub hold list'.
                    """)
            }
            if status.purgesOwed > 0 { print(Wording.purgeOwed) }
            if report.missing > 0 {
                print(
                    """
                    \(report.missing) rows are gone from the tables without a mark. They are at the hub still; \
                    'reunite-sync verify --repair' brings them back.
                    """)
            }
            if report.damaged { print("The file is damaged: see 'reunite-sync verify --offline'.") }
            if report.conflicts > 0 { print("\(report.conflicts) conflicts wait for a decision at the hub.") }
            if report.returned > 0 { print("\(report.returned) of your edits came back: see 'reunite-sync inbox'.") }
        }
        let isRefused = relayed?.refused.isEmpty == false
        // A hub that is older than its replicas is the operator's to upgrade; until then edits wait.
        let isHubOlder = status.hubSchema.map { $0 < status.schema } ?? false
        let isSound = report.missing == 0 && !report.damaged && outcome.digest != .mismatch
        if report.conflicts > 0 || report.returned > 0 || isRefused || isHubOlder || !isSound { throw needsPerson }
    }
}
