import ReUniteProgramme
import ReUniteSync

/// What was written of one record.
struct HistoryView: Sendable {
    let frame: PageFrame
    let label: String
    /// Where the case is; at most one.
    let cases: [String]
    let present: [Fact]
    let conflicts: [String]
    let edits: [Edit]
    let isEmpty: Bool

    struct Change: Sendable {
        let label: String
        let before: String
        let after: String
    }

    struct Edit: Sendable {
        let kind: String
        let typed: String
        /// The worker, as far as one was signed in, and the device.
        let by: String
        /// At most one.
        let happened: [String]
        let state: String
        let changes: [Change]
        /// Where it can be put back; at most one.
        let earlier: [String]
    }

    /// - Parameters:
    ///   - path: where the record is.
    ///   - device: what this device is called.
    init(_ frame: PageFrame, _ history: RowHistory, path: String, device: String) {
        self.frame = frame
        label = history.label
        cases = history.caseID.map { [$0.description] } ?? []
        present = history.present.map { Fact(label: $0.label, text: $0.text) }
        conflicts = history.conflicts
        edits = history.edits.enumerated().map { place, edit in
            Edit(
                kind: edit.kind, typed: edit.typed,
                by: edit.author.isEmpty ? "Nobody was signed in, on \(device)" : "\(edit.author), on \(device)",
                happened: edit.happened.isEmpty ? [] : [edit.happened],
                state: edit.state,
                changes: edit.changes.map { Change(label: $0.label, before: $0.before, after: $0.after) },
                earlier: edit.restorable.isEmpty ? [] : ["\(path)/put-back/\(history.edits.count - place)"])
        }
        isEmpty = history.edits.isEmpty
    }
}
