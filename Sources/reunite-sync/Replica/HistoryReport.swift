import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport

/// Who wrote a record: what this replica knows, and what the hub told where it was asked.
struct HistoryReport: Encodable {
    struct Field: Encodable {
        var column: String
        var label: String
        var value: String
        /// `here`, `elsewhere`, or null where neither is known.
        @OrNull var writtenOn: String?
        /// Where this device wrote it.
        @OrNull var typed: String?
        @OrNull var author: String?
    }

    struct Edit: Encodable {
        var kind: String
        var at: String
        @OrNull var author: String?
        var state: String
        @OrNull var verdict: String?
        @OrNull var reason: String?
        var withheld: Bool
        var values: [String: String?]
    }

    struct Cell: Encodable {
        var columns: [String]
        /// `stands`, `beside`, `overtaken`, `decided` or `none`.
        var end: String
        var told: Bool
        /// Null where they are not told.
        @OrNull var values: [String: String?]?
    }

    struct Entry: Encodable {
        /// `edit`, `hub`, `decision` or `undoing`.
        var kind: String
        @OrNull var partner: String?
        @OrNull var device: String?
        @OrNull var author: String?
        var thisDevice: Bool
        var written: String
        var received: String
        var later: Bool
        var parallel: Bool
        /// A value of it lost to another, and nobody is asked.
        var passedOver: Bool
        var clockSuspect: Bool
        @OrNull var reason: String?
        var cells: [Cell]
    }

    struct Told: Encodable {
        var entries: [Entry]
        /// Where to ask for what was before; null where there is nothing.
        @OrNull var before: Int64?
        private let words: TheirPast

        private enum CodingKeys: String, CodingKey {
            case entries, before
        }

        init(_ page: HTTPHistory.Page, _ words: TheirPast, _ table: TableDescription) {
            self.words = words
            before = page.before > .zero ? page.before.rawValue : nil
            entries = page.entries.map { Entry($0, table) }
        }

        func show() {
            say("\nAt the hub:")
            for edit in words.edits {
                say("\(edit.came)  \(edit.kind) by \(edit.who), typed \(edit.typed)")
                if !edit.reason.isEmpty { say("    why: \(edit.reason)") }
                for note in edit.notes { say("    \(note)") }
                for cell in edit.cells {
                    say("    \(cell.label): \(cell.text ?? "not told to this device"). \(cell.end).")
                }
            }
            if let before { say("There is more: --before \(before)") }
        }
    }

    var table: String
    var id: String
    var fields: [Field]
    var edits: [Edit]
    /// Null where it was not asked.
    @OrNull var hub: Told?
    private let history: RowHistory

    private enum CodingKeys: String, CodingKey {
        case table, id, fields, edits, hub
    }

    init(_ id: Identifier, _ table: String, _ history: RowHistory, _ edits: [RowEdit]) {
        self.table = table
        self.id = id.description
        self.history = history
        fields = history.standing.map { field in
            Field(
                column: field.column, label: field.label, value: field.text,
                writtenOn: field.edit != nil ? "here" : field.isElsewhere ? "elsewhere" : nil,
                typed: field.edit?.typed, author: field.edit.flatMap { $0.author.isEmpty ? nil : $0.author })
        }
        self.edits = edits.map { edit in
            Edit(
                kind: edit.kind, at: Output.time(edit.atMilliseconds), author: edit.author?.description,
                state: edit.state, verdict: edit.verdict, reason: edit.reason, withheld: edit.isWithheld,
                values: edit.values)
        }
        hub = nil
    }

    func show() {
        Output.table(
            ["FIELD", "NOW", "WRITTEN", "TYPED"],
            fields.map { [$0.label, $0.value, $0.writtenOn ?? "", $0.typed ?? ""] })
        say("\nFrom this device:")
        for edit in history.edits {
            say("\(edit.typed)  \(edit.kind)\(edit.author.isEmpty ? "" : " by \(edit.author)"). \(edit.state).")
            for change in edit.changes { say("    \(change.label): \(change.after)") }
        }
        hub?.show()
    }
}

extension HistoryReport.Entry {
    init(_ entry: HistoryAnswer.Entry, _ table: TableDescription) {
        kind = "\(entry.kind)"
        partner = entry.partner.isEmpty ? nil : entry.partner
        device = entry.device.isEmpty ? nil : entry.device
        author = entry.author == .zero ? nil : entry.author.description
        thisDevice = entry.flags.contains(.mine)
        written = Output.time(entry.writtenMilliseconds)
        received = Output.time(entry.receivedMilliseconds)
        later = entry.flags.contains(.later)
        parallel = entry.flags.contains(.parallel)
        passedOver = entry.flags.contains(.passedOver)
        clockSuspect = entry.flags.contains(.clockSuspect)
        reason = entry.reason.isEmpty ? nil : entry.reason
        cells = entry.cells.map { cell in
            let columns = table.columnNames(of: 1 << UInt64(cell.group))
            return HistoryReport.Cell(
                columns: columns, end: "\(cell.end)", told: cell.values != nil,
                values: cell.values.map { values in
                    Dictionary(zip(columns, values.map(\.readable)), uniquingKeysWith: { first, _ in first })
                })
        }
    }
}
