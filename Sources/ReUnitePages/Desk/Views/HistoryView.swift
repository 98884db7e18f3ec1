import ReUniteProgramme
import ReUniteSync

/// What was written of one record.
struct HistoryView: FramedView {
    var frame: PageFrame
    let label: String
    /// Where the case is; at most one.
    let cases: [String]
    /// Where the organisation's own records of the kind are; at most one.
    let owns: [String]
    let standing: [Standing]
    let conflicts: [String]
    let edits: [Edit]
    let isEmpty: Bool
    /// The button that asks the hub; at most one.
    var asking: [Asking] = []
    /// What the hub told, where it was asked; at most one.
    var told: [Told] = []

    /// What a field says now, and who wrote that.
    struct Standing: Sendable {
        let label: String
        let text: String
        let by: String
        let typed: String
        let state: String
    }

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

    struct Asking: Sendable {
        let path: String
        let token: String
        /// Where what was told ended.
        var before = ""
    }

    /// - Parameters:
    ///   - path: where the record is.
    ///   - device: what this device is called.
    init(_ frame: PageFrame, _ history: RowHistory, table: String, path: String, device: String) {
        func by(_ edit: RowHistory.Edit) -> String {
            edit.author.isEmpty ? "Nobody was signed in, on \(device)" : "\(edit.author), on \(device)"
        }
        self.frame = frame
        label = history.label
        cases = history.caseID.map { [$0.description] } ?? []
        owns = history.isOwn ? ["\(Desk.organisationPath)/\(table)"] : []
        standing = history.standing.map { field in
            guard let edit = field.edit else {
                return Standing(
                    label: field.label, text: field.text,
                    by: field.isElsewhere ? "Not on this device: it came with a sync" : "Not known", typed: "",
                    state: field.isElsewhere ? "At the hub" : "")
            }
            return Standing(
                label: field.label, text: field.text, by: by(edit), typed: edit.typed, state: edit.state)
        }
        conflicts = history.conflicts
        edits = history.edits.enumerated().map { place, edit in
            Edit(
                kind: edit.kind, typed: edit.typed, by: by(edit),
                happened: edit.happened.isEmpty ? [] : [edit.happened],
                state: edit.state,
                changes: edit.changes.map { Change(label: $0.label, before: $0.before, after: $0.after) },
                earlier: edit.restorable.isEmpty ? [] : ["\(path)/put-back/\(history.edits.count - place)"])
        }
        isEmpty = history.edits.isEmpty
    }
}

extension HistoryView {
    /// What the hub told.
    struct Told: Sendable {
        struct Cell: Sendable {
            let label: String
            let text: String
            let end: String
        }

        struct Edit: Sendable {
            let kind: String
            let who: String
            let typed: String
            let came: String
            /// At most one.
            let reason: [String]
            let notes: [String]
            let cells: [Cell]
        }

        let edits: [Edit]
        let isEmpty: Bool
        /// The button that asks for what was before; at most one.
        let older: [Asking]

        init(_ past: TheirPast, older: [Asking]) {
            self.older = older
            isEmpty = past.edits.isEmpty
            edits = past.edits.map { edit in
                Edit(
                    kind: edit.kind, who: edit.who, typed: edit.typed, came: edit.came,
                    reason: edit.reason.isEmpty ? [] : [edit.reason], notes: edit.notes,
                    cells: edit.cells.map {
                        Cell(label: $0.label, text: $0.text ?? "Not told to this device", end: $0.end)
                    })
            }
        }
    }
}
