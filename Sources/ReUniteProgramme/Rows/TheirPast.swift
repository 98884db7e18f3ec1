package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What the hub told of a record's past, in words, the newest first.
package struct TheirPast: Sendable {
    package struct Cell: Hashable, Sendable {
        package let label: String
        /// The column's name.
        package let column: String
        /// Nil where this device is not told.
        package let text: String?
        /// What became of it.
        package let end: String
    }

    package struct Edit: Hashable, Sendable {
        /// In words: an edit, a decision, what the hub did.
        package let kind: String
        package let who: String
        package let typed: String
        package let came: String
        /// Why an operator decided so; empty where that is not told.
        package let reason: String
        /// What else is to be known of it.
        package let notes: [String]
        package let cells: [Cell]
    }

    package let edits: [Edit]

    /// - Parameters:
    ///   - entries: as the hub told them.
    ///   - device: what this device is called.
    package init(
        _ entries: [HistoryAnswer.Entry], _ table: TableDescription, device: String, in database: Database
    ) throws {
        let words = try RowWords(table.name, in: database)
        let staff = try StaffUsers.names(of: entries.map(\.author).filter { $0 != .zero }, in: database)
        edits = entries.map { entry in
            Edit(
                kind: TheirPast.kind(entry), who: TheirPast.who(entry, staff, device: device),
                typed: CivilTime.londonMinute(milliseconds: entry.writtenMilliseconds),
                came: CivilTime.londonMinute(milliseconds: entry.receivedMilliseconds), reason: entry.reason,
                notes: TheirPast.notes(entry),
                cells: entry.cells.flatMap { TheirPast.cells($0, entry, table, words) })
        }
    }

    private static func kind(_ entry: HistoryAnswer.Entry) -> String {
        switch entry.kind {
        // Of an edit that said nothing: it took the record away, which came back since.
        case .edit where entry.cells.isEmpty: "Deleted, and brought back since"
        case .edit: "Written"
        case .hub: "Seen to by the hub"
        case .decision: "Decided at the hub"
        case .undoing: "A decision was taken back"
        }
    }

    private static func who(
        _ entry: HistoryAnswer.Entry, _ staff: [Identifier: String], device: String
    ) -> String {
        switch entry.kind {
        case .hub: return "The hub, by itself"
        case .decision, .undoing: return "An operator of the hub"
        case .edit: break
        }
        // Of other organisations the hub tells neither the device nor the person.
        guard !entry.device.isEmpty else { return entry.partner }
        let name =
            entry.author == .zero ? "Nobody was signed in" : staff[entry.author] ?? "A worker who is not known here"
        let place = entry.flags.contains(.mine) ? "\(device), this device" : entry.device
        return "\(entry.partner): \(name), on \(place)"
    }

    private static func notes(_ entry: HistoryAnswer.Entry) -> [String] {
        var notes: [String] = []
        if entry.flags.contains(.later) {
            notes.append("It counts since later than it came: it was released at the hub, or is shown again.")
        }
        if entry.flags.contains(.parallel) {
            let both = entry.flags.contains(.passedOver) ? "" : "; both were kept"
            notes.append("Its author had not seen another edit of the record\(both).")
        }
        if entry.flags.contains(.clockSuspect) { notes.append("The clock of its device was wrong.") }
        return notes
    }

    private static func cells(
        _ cell: HistoryAnswer.Cell, _ entry: HistoryAnswer.Entry, _ table: TableDescription, _ words: RowWords
    ) -> [Cell] {
        let names = table.columnNames(of: 1 << UInt64(cell.group))
        // Of a newer schema: its values cannot be told apart here.
        guard cell.values.map({ $0.count == names.count }) ?? true else { return [] }
        return names.enumerated().compactMap { place, name in
            guard name != table.scopeColumn, let column = words.words.columns.first(where: { $0.name == name }) else {
                return nil
            }
            let text = cell.values.map { values in
                values[place].readable.map { words.word($0, column) } ?? "Nothing"
            }
            // A record that was made says nothing in most of its fields.
            if text == "Nothing", entry.cells.count > TheirPast.few { return nil }
            return Cell(label: column.label, column: name, text: text, end: TheirPast.end(cell.end, entry))
        }
    }

    /// An edit of more groups than these wrote the record as a whole.
    private static let few = 3

    private static func end(_ end: HistoryAnswer.End, _ entry: HistoryAnswer.Entry) -> String {
        switch end {
        case .none: "Open again"
        case .stands: "Stands now"
        case .beside: "Stands beside it; a person at the hub decides"
        case .overtaken where entry.flags.contains(.passedOver): "Another value was taken; nobody is asked"
        case .overtaken: "A later edit took its place"
        case .decided: "A decision took its place"
        }
    }
}
