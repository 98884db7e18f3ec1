import ArgumentParser
import ReUniteHub

struct HubPurge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "What left devices: who has not yet signed that it is gone.",
        subcommands: [List.self, WriteOff.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the devices that may still hold what their partner lost, oldest first.",
            discussion: """
                A device is on the list until its signed receipt comes; a revoked device, with all that it held, until \
                it is written off. Exit status 1 says that the list is not empty.

                Example: reunite-sync hub purge list --all
                """)

        @OptionGroup var hub: HubOptions
        @Flag(help: "Also those that are done.") var all = false

        struct Item: Encodable {
            @OrNull var scope: String?
            var device: String
            var deviceName: String
            var partner: String
            var revoked: Bool
            var hiddenRows: Int64
            var closed: Int64
            var since: String
            @OrNull var lastSeen: String?
            var state: String
            @OrNull var done: String?
            @OrNull var rows: Int64?
            @OrNull var clean: Bool?
            @OrNull var by: String?
            @OrNull var reason: String?

            init(_ purge: Hub.Purge) {
                scope = purge.scope
                device = purge.device
                deviceName = purge.deviceName
                partner = purge.partner
                revoked = purge.isRevoked
                hiddenRows = purge.hiddenRows
                closed = purge.closed
                since = Output.time(purge.sinceMilliseconds)
                lastSeen = Output.time(purge.lastSeenMilliseconds)
                state = purge.state
                done = Output.time(purge.doneMilliseconds)
                rows = purge.rows
                clean = purge.isClean
                by = purge.decidedBy
                reason = purge.reason
            }

            /// What left, in words.
            var what: String {
                guard let scope else { return "all that it held" }
                return hiddenRows > 0 ? "\(scope), \(hiddenRows) hidden" : scope
            }
        }

        func run() throws {
            let items = try hub.open().purges(all: all).map(Item.init)
            try Output.show(["purges": items], as: hub.json) {
                Output.table(
                    ["PARTNER", "DEVICE", "WHAT LEFT", "SINCE", "LAST SEEN", "STATE"],
                    items.map {
                        let state = $0.state + ($0.clean == false ? ", not clean" : "")
                        return [
                            $0.partner, $0.deviceName + ($0.revoked ? " (revoked)" : ""), $0.what, $0.since,
                            $0.lastSeen ?? "never", state,
                        ]
                    })
            }
            if items.contains(where: { $0.state == "owed" }) { throw needsPerson }
        }
    }

    struct WriteOff: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write-off", abstract: "Wait no longer for a revoked device: it was destroyed or is lost.",
            discussion: """
                Say in the reason what became of it: whose data was on a lost device is on the list until then.

                Example: reunite-sync hub purge write-off DEVICE-ID --reason "Shredded, certificate 114"
                """)

        @OptionGroup var hub: HubOptions
        @OptionGroup var decision: DecisionOptions
        @Argument(help: "The device's id, or its name where only one is called so.") var device: String

        struct Report: Encodable {
            var device: String
            var writtenOff: Int
        }

        func run() throws {
            let count = try hub.open().writeOff(device: device, by: decision.person, reason: decision.reason)
            try Output.show(Report(device: device, writtenOff: count), as: hub.json) {
                say("Wrote off \(count == 1 ? "1 purge" : "\(count) purges").")
            }
        }
    }
}
