import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Edits that came back.
struct ReturnedView: FramedView {
    struct Edit: Sendable {
        let number: Int64
        let heading: String
        let why: String
        let cameBack: String
        /// What was typed, as far as it may be shown.
        let values: [Fact]
        /// Said where no value is shown; at most one.
        let withheld: [String]
        /// What the hub's operator decided since; at most one.
        let decided: [String]
        let maySend: Bool
        /// Where it is; at most one.
        let rows: [String]
    }

    var frame: PageFrame
    let token: String
    let summaries: [[FormView.Problem]]
    let edits: [Edit]
    let isEmpty: Bool

    init(_ replica: Replica, _ frame: PageFrame, _ problems: [FormProblem]) throws {
        self.frame = frame
        token = frame.formToken
        summaries = problems.isEmpty ? [] : [problems.map { FormView.Problem(anchor: "main", text: $0.text) }]
        let labels = try replica.read("Reading the labels") { try Labels($0) }
        let returned = try replica.inbox()
        let reasons = try replica.read("Reading the decisions") { database in
            try returned.map { try EditDecisions.why($0, in: database) }
        }
        edits = zip(returned, reasons).map { edit, reason in
            let table = labels.table(edit.table)
            let columns = edit.columns.map { labels.column(edit.table, $0) }.joined(separator: ", ")
            let values = table.columns.compactMap { column -> Fact? in
                guard column.name != "case_id", let value = edit.value[column.name], let text = value, !text.isEmpty,
                    Identifier(text) == nil
                else { return nil }
                return Fact(label: column.label, text: labels.text(text, of: column, in: edit.table))
            }
            return Edit(
                number: edit.number,
                // Of a record that was made every column came back.
                heading: columns.isEmpty || edit.kind == "create" ? table.label : "\(table.label): \(columns)",
                why: edit.explanation, cameBack: CivilTime.londonMinute(milliseconds: edit.atMilliseconds),
                values: edit.isSecret ? [] : values, withheld: ReturnedView.withheld(edit),
                decided: ReturnedView.decided(edit, reason), maySend: edit.state == .waiting && !edit.isWithheld,
                rows: edit.isWithheld ? [] : ["/row/\(edit.table)/\(edit.id)/history"])
        }
        isEmpty = edits.isEmpty
    }

    private static func withheld(_ edit: ReturnedEdit) -> [String] {
        if edit.isWithheld {
            return ["What was typed is not here any more: the case has left, or the record was deleted."]
        }
        return edit.isSecret ? ["What was typed is shown on the case's own page only."] : []
    }

    private static func decided(_ edit: ReturnedEdit, _ reason: String?) -> [String] {
        let words = reason.map { " The operator says: \($0)" } ?? ""
        return switch edit.state {
        case .released: ["The hub's operator had it applied.\(words)"]
        case .refused: ["The hub's operator refused it for good.\(words)"]
        default: []
        }
    }
}
