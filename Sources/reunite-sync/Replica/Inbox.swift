import ArgumentParser
import ReUniteReplica

struct Inbox: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the edits that came back, with the reason.", discussion: "Example: reunite-sync inbox --json")

    @OptionGroup var replica: ReplicaOptions

    struct Item: Encodable {
        var number: Int64
        var table: String
        var id: String
        var columns: [String]
        var reason: String
        var explanation: String
        var at: String
    }

    func run() throws {
        let items = try replica.open().inbox().map {
            Item(
                number: $0.number, table: $0.table, id: $0.id, columns: $0.columns, reason: $0.reason,
                explanation: $0.explanation, at: Output.time($0.atMilliseconds))
        }
        try Output.show(["inbox": items], as: replica.json) {
            Output.table(
                ["CAME BACK", "TABLE", "ID", "WHY"], items.map { [$0.at, $0.table, $0.id, $0.explanation] })
        }
    }
}
