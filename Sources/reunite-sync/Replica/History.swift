import ArgumentParser
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

struct History: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show who wrote a record: what this device knows, and with --hub what the hub tells.",
        discussion: """
            Without --hub no network is used: what each field says, whether this device wrote it, and this device's own \
            edits. With --hub also the edits of others, with the values that this device may have. The answer is not kept.

            Example: reunite-sync history need 01939f6e-0a00-7bcd-8123-456789abcdef --hub
            """)

    @OptionGroup var replica: ReplicaOptions
    @OptionGroup var line: LineOptions
    @Argument(help: "The kind of record: a table's name.") var table: String
    @Argument(help: "The record's id.") var id: String
    @Flag(help: "Ask the hub too.") var hub = false
    @Option(help: "With --hub: only what is before this position, which an answer named as 'before'.") var before:
        Int64?

    func validate() throws {
        guard hub || before == nil else { throw ValidationError("--before goes with --hub") }
        guard before ?? 0 >= 0 else { throw ValidationError("--before must be a position, from 0.") }
    }

    func run() async throws {
        guard let key = Identifier(id) else { throw ValidationError("ID must be a UUID.") }
        let opened = try replica.openToShow("Showing the history")
        let facts = try opened.facts()
        let edits = try opened.history(of: key, in: table)
        guard let described = opened.schema.tables.first(where: { $0.name == table }) else { return }
        let writers = try opened.lastWriters(of: key, in: table, edits)
        let history = try opened.read("Showing the history") { database in
            try RowHistory(
                key, table, edits, writers: writers, attention: opened.attention(of: [], in: database),
                by: facts.partner, in: database)
        }
        var report = HistoryReport(key, table, history, edits)
        if hub {
            let question = HistoryQuestion(table: described.number, key: key, before: Position(before ?? 0))
            let page = try await History.ask(question, opened, ca: line.ca)
            let words = try opened.read("Showing the history") {
                try TheirPast(page.entries, described, device: facts.deviceName, in: $0)
            }
            report.hub = HistoryReport.Told(page, words, described)
        }
        try Output.show(report, as: replica.json) { report.show() }
    }

    /// Asks the hub; the answer is kept nowhere.
    static func ask(
        _ question: HistoryQuestion, _ opened: Replica, ca: String?
    ) async throws -> HTTPHistory.Page {
        try await LineOptions.asking(
            "Asking for the history", opened, ca: ca,
            withoutHub: "What this device wrote is shown without a connection; only what others wrote needs the hub"
        ) {
            try await HTTPHistory(replica: opened, client: $0, patience: PatienceOption.standard).run(question)
        }
    }
}
