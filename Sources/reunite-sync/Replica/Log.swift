import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync

struct Log: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show the change log: what was changed here, sent or not, and what the hub said.",
        discussion: "Example: reunite-sync log person --since 2026-01-31")

    @OptionGroup var replica: ReplicaOptions
    @Argument(help: "Only this table.") var table: String?
    @Argument(help: "Only the row with this id.") var id: String?
    @Option(help: "Only since this date or time, as 2026-01-31 or 2026-01-31T09:00:00Z.") var since: String?

    struct Entry: Encodable {
        var table: String
        var id: String
        var kind: String
        var columns: [String]
        var at: String
        var batch: Int64
        var state: String
        var verdict: String?
        var reason: String?
        var withheld: Bool
        var safe: Bool
    }

    func run() throws {
        var key: Identifier?
        if let id {
            guard let parsed = Identifier(id) else { throw ValidationError("ID must be a UUID.") }
            key = parsed
        }
        let entries = try replica.open().log(table: table, id: key, since: try since.map(Log.milliseconds)).map {
            Entry(
                table: $0.table, id: $0.id, kind: $0.kind, columns: $0.columns, at: Output.time($0.atMilliseconds),
                batch: $0.batch, state: $0.state, verdict: $0.verdict, reason: $0.reason,
                withheld: $0.isWithheld, safe: $0.isSafe)
        }
        try Output.show(["log": entries], as: replica.json) {
            Output.table(
                ["AT", "TABLE", "ID", "WHAT", "COLUMNS", "STATE"],
                entries.map {
                    let columns =
                        $0.withheld
                        ? Wording.withheld
                        : $0.kind == "create" || $0.kind == "delete" ? "" : $0.columns.joined(separator: " ")
                    let state = [$0.state, $0.verdict, $0.reason].compactMap(\.self).joined(separator: ", ")
                    return [$0.at, $0.table, $0.id, $0.kind, columns, state]
                })
        }
    }

    private static func milliseconds(_ text: String) throws -> Int64 {
        let whole = text.contains("T") ? text : text + "T00:00:00Z"
        guard let date = try? Date(whole, strategy: .iso8601) else {
            throw ValidationError("--since must be a date, such as 2026-01-31, or a time in RFC 3339.")
        }
        return Int64(date.timeIntervalSince1970 * 1_000)
    }
}
