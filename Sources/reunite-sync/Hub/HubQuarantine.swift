import ArgumentParser
import ReUniteHub

struct HubQuarantine: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quarantine", abstract: "Edits that were not applied; none is lost.", subcommands: [List.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List what waits in quarantine, oldest first.",
            discussion: "Example: reunite-sync hub quarantine list")

        @OptionGroup var hub: HubOptions

        struct Item: Encodable {
            var id: String
            var table: String
            var row: String
            var columns: [String]
            var reason: String
            var partner: String
            var device: String
            var received: String
        }

        func run() throws {
            let items = try hub.open().quarantine().map {
                Item(
                    id: $0.id, table: $0.table, row: $0.row, columns: $0.columns, reason: $0.reason,
                    partner: $0.partner, device: $0.device, received: Output.time($0.receivedMilliseconds))
            }
            try Output.show(["quarantine": items], as: hub.json) {
                Output.table(
                    ["RECEIVED", "PARTNER", "DEVICE", "TABLE", "ROW", "REASON"],
                    items.map { [$0.received, $0.partner, $0.device, $0.table, $0.row, $0.reason] })
            }
        }
    }
}
