import ArgumentParser
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// What is doubtful in rows, counted by what is wrong.
struct QualityReport: Encodable {
    struct Line: Encodable {
        let table: String
        let column: String
        let why: String
        let rows: Int
    }

    let doubts: [Line]
    let rows: [RowDoubt]
    /// Open conflicts, and for how many days the oldest has been open.
    let conflicts: Int
    @OrNull var oldestConflictDays: Int?
    /// Edits not sent yet, or at the hub those that wait for a decision.
    let waiting: Int
    /// Edits that were written more than 48 hours ago and are not sent; at the hub, as far as devices said.
    let unsent48h: Int
    /// At the hub, of the last 90 days: how late edits came, and how long questions waited for a person.
    @OrNull var delays: EditDelays?
    @OrNull var decisions: DecisionTimes?
    /// For how long operators looked at what they answered.
    @OrNull var looking: LookingTimes?

    /// How far back delays and decisions are looked at, in milliseconds.
    static let span: Int64 = 90 * 86_400_000

    private enum CodingKeys: String, CodingKey {
        case doubts, rows, conflicts, oldestConflictDays, waiting, delays, decisions, looking
        case unsent48h = "unsent_48h"
    }

    init(
        _ rows: [RowDoubt], conflicts: Int, oldestConflictDays: Int?, waiting: Int, unsent48h: Int,
        delays: EditDelays? = nil, decisions: DecisionTimes? = nil, looking: LookingTimes? = nil
    ) {
        self.looking = looking
        self.unsent48h = unsent48h
        self.delays = delays
        self.decisions = decisions
        self.rows = rows
        self.conflicts = conflicts
        self.oldestConflictDays = oldestConflictDays
        self.waiting = waiting
        doubts = Dictionary(grouping: rows) { [$0.table, $0.column, $0.why] }
            .map { Line(table: $0[0], column: $0[1], why: $0[2], rows: $1.count) }
            .sorted { ($0.table, $0.column, $0.why) < ($1.table, $1.column, $1.why) }
    }

    func show(_ output: QualityOutput, waitingFor: String, json: Bool) throws {
        try Output.show(self, as: json) {
            Output.table(
                ["TABLE", "COLUMN", "ROWS", "WHY"], doubts.map { [$0.table, $0.column, String($0.rows), $0.why] })
            if output.list {
                say("")
                Output.table(
                    ["PARTNER", "TABLE", "ROW", "COLUMN", "WHY"],
                    rows.map { [$0.partner ?? "", $0.table, $0.row, $0.column, $0.why] })
            }
            let age = oldestConflictDays.map { ", the oldest for \($0) days" } ?? ""
            say("\n\(conflicts) conflicts are open\(age). \(waiting) edits wait \(waitingFor).")
            if unsent48h > 0 { say("\(unsent48h) edits were written more than 48 hours ago and are not sent.") }
            if let delays {
                say("In 90 days \(delays.received) edits came, \(delays.late) of them more than 48 hours late.")
            }
            if let decisions, let mean = decisions.meanHours, let median = decisions.medianHours {
                say(
                    "A question waited \(mean) hours for its answer on average, the median \(median): "
                        + "\(decisions.decided) answers in 90 days.")
            }
            if let looking, let mean = looking.meanMinutes, let median = looking.medianMinutes {
                say(
                    "An operator looked at a question for \(mean) minutes on average, the median \(median): "
                        + "known of \(looking.decided) answers.")
            }
        }
    }
}

struct QualityOutput: ParsableArguments {
    @Flag(help: "List every row, by its id; never what is in it.") var list = false
}

extension ReportCommand {
    struct Quality: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What was typed and cannot be right: days, codes, children older than their mothers.",
            discussion: """
                Nothing is put right by itself. --json has every row with its reason. Example: reunite-sync report quality \
                --list
                """)

        @OptionGroup var replica: ReplicaOptions
        @OptionGroup var output: QualityOutput

        func run() throws {
            let opened = try replica.openToShow("Making the report")
            let rows = try opened.read("Making the report") { try RowDoubts.all(in: $0) }
            let status = try opened.status()
            let overdue = try opened.unsentEdits(before: SystemTime().wallMilliseconds - Hub.overdue)
            try opened.note(report: "report quality", rows: rows.count)
            try QualityReport(
                rows, conflicts: status.conflicts, oldestConflictDays: nil, waiting: status.unsentEdits,
                unsent48h: overdue
            ).show(output, waitingFor: "to be sent", json: replica.json)
        }
    }
}

extension HubReport {
    struct Quality: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What was typed and cannot be right, by partner, and what waits for a person.",
            discussion: "Example: reunite-sync hub report quality --list")

        @OptionGroup var hub: HubOptions
        @OptionGroup var output: QualityOutput

        func run() throws {
            let opened = try hub.open()
            let rows = try opened.read("Making the report") { try RowDoubts.all(in: $0) }
            let open = try opened.conflicts()
            let oldest = open.map(\.openedMilliseconds).min().map { Int((opened.now - $0) / 86_400_000) }
            let waiting = try opened.quarantine().count
            try opened.noteExport(
                "quality", rows: rows.count, by: DecisionOptions.user, reason: "hub report quality")
            let since = opened.now - QualityReport.span
            let delays = try opened.editDelays(since: since)
            try QualityReport(
                rows, conflicts: open.count, oldestConflictDays: oldest, waiting: waiting,
                unsent48h: delays.waiting, delays: delays, decisions: try opened.decisionTimes(since: since),
                looking: try opened.lookingTimes(since: since)
            ).show(output, waitingFor: "for a decision", json: hub.json)
        }
    }
}
