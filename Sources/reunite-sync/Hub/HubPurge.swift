import ArgumentParser
import ReUniteHub

struct HubPurge: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge", abstract: "What left devices: who has not yet signed that it is gone.",
        subcommands: [List.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the devices that may still hold what their partner lost, oldest first.",
            discussion: """
                A device is on the list until its signed receipt comes, revoked devices for good. Exit status 1 says \
                that the list is not empty.

                Example: reunite-sync hub purge list --all
                """)

        @OptionGroup var hub: HubOptions
        @Flag(help: "Also those that are done.") var all = false

        struct Item: Encodable {
            var scope: String
            var device: String
            var deviceName: String
            var partner: String
            var revoked: Bool
            var closed: Int64
            var since: String
            @OrNull var lastSeen: String?
            var state: String
            @OrNull var done: String?
            @OrNull var rows: Int64?
            @OrNull var clean: Bool?

            init(_ purge: Hub.Purge) {
                scope = purge.scope
                device = purge.device
                deviceName = purge.deviceName
                partner = purge.partner
                revoked = purge.isRevoked
                closed = purge.closed
                since = Output.time(purge.sinceMilliseconds)
                lastSeen = Output.time(purge.lastSeenMilliseconds)
                state = purge.state
                done = Output.time(purge.doneMilliseconds)
                rows = purge.rows
                clean = purge.isClean
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
                            $0.partner, $0.deviceName + ($0.revoked ? " (revoked)" : ""), $0.scope, $0.since,
                            $0.lastSeen ?? "never", state,
                        ]
                    })
            }
            if items.contains(where: { $0.state == "owed" }) { throw needsPerson }
        }
    }
}
