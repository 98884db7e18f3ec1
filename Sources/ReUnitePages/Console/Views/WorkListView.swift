import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// What waits for a person, oldest first; or what was decided, newest first.
struct WorkListView: FramedView {
    struct Line: Sendable {
        let path: String
        let reference: String
        /// Such as "Date of birth".
        let what: String
        let record: String
        let sides: String
        let when: String
        let age: String
        let state: String
        /// Such as "asked, 1 of 2 answered"; empty where nobody was asked.
        let asked: String
    }

    var frame: PageFrame
    let isDecided: Bool
    let isEmpty: Bool
    let caption: String
    let lines: [Line]
    let pager: PagerView
    let hasClashes: Bool
    let clashCaption: String
    let clashes: [Line]
    /// At most one.
    let clashPagers: [PagerView]
    /// When the network's officers are next in; empty of what was decided.
    let officers: [String]

    /// In the address, the list of clashes.
    static let clashes = "alike"

    /// - Parameters:
    ///   - clashes: nil where the conflicts are decided ones.
    ///   - frame: of a title.
    init(
        _ conflicts: ListPage<OpenConflict>, _ clashes: ListPage<OpenClash>?, _ labels: Labels, _ scopes: ScopeLabels,
        _ asked: [ConflictQuestions.Cell: ConflictQuestions.Count], _ clock: OfficerClock, now: Int64,
        _ frame: (String) throws -> PageFrame
    ) rethrows {
        let isDecided = clashes == nil
        func age(since opened: Int64) -> String {
            let age = ConsoleWords.span(now - opened)
            return isDecided ? age : clock.words(age, since: opened)
        }
        officers = isDecided ? [] : clock.officers.map(\.words)
        pager = PagerView(
            conflicts, of: isDecided ? "conflicts" : "questions", at: isDecided ? "/decided" : "/")
        self.frame = try frame(pager.titled(isDecided ? "Decided conflicts" : "Conflicts"))
        self.isDecided = isDecided
        isEmpty = conflicts.total == 0
        caption =
            (isDecided
                ? "\(ConsoleWords.count(conflicts.total, "conflict")) closed, the newest first"
                : "\(ConsoleWords.count(conflicts.total, "question")) open, the oldest first") + pager.words
        lines = conflicts.entries.map { conflict in
            let since = conflict.closedMilliseconds ?? conflict.openedMilliseconds
            return Line(
                path: "/conflict/\(conflict.id)", reference: scopes.reference(conflict.scope),
                what: conflict.columns.map { labels.column(conflict.table, $0) }.joined(separator: ", "),
                record: labels.table(conflict.table).label,
                sides: Set(conflict.values.filter { !$0.isDecision }.map(\.partner)).sorted().joined(separator: ", "),
                when: ConsoleWords.moment(since), age: age(since: since), state: conflict.state,
                asked: AskedView.words(conflict.cell.flatMap { asked[$0] }))
        }
        hasClashes = (clashes?.total ?? 0) > 0
        clashPagers = clashes.map { [PagerView($0, of: "records", at: "/", WorkListView.clashes)] } ?? []
        clashCaption =
            ConsoleWords.count(clashes?.total ?? 0, "question") + " open, the oldest first"
            + (clashPagers.first?.words ?? "")
        self.clashes = (clashes?.entries ?? []).map { clash in
            Line(
                path: "/clash/\(clash.id)",
                reference: Set(clash.rows.map { scopes.reference($0.scope) }).sorted().joined(separator: ", "),
                what: clash.name, record: labels.table(clash.table).label,
                sides: Set(clash.rows.map(\.partner)).sorted().joined(separator: ", "),
                when: ConsoleWords.moment(clash.openedMilliseconds),
                age: age(since: clash.openedMilliseconds), state: "open", asked: "")
        }
    }
}

/// Edits that met and merged by themselves: nothing to decide.
struct ParallelView: FramedView {
    struct Line: Sendable {
        let when: String
        let record: String
        let row: String
        let sides: [String]
    }

    var frame: PageFrame
    let isEmpty: Bool
    let caption: String
    let lines: [Line]
    let pager: PagerView

    /// - Parameter frame: of a title.
    init(
        _ edits: ListPage<ParallelEdit>, _ labels: Labels, _ frame: (String) throws -> PageFrame
    ) rethrows {
        pager = PagerView(edits, of: "edits", at: "/parallel")
        self.frame = try frame(pager.titled("Parallel edits"))
        isEmpty = edits.total == 0
        caption = "\(ConsoleWords.count(edits.total, "pair")) of edits, the newest first\(pager.words)"
        lines = edits.entries.map { edit in
            Line(
                when: ConsoleWords.moment(edit.atMilliseconds), record: labels.table(edit.table).label,
                row: ConsoleWords.short(edit.row),
                sides: edit.sides.map { side in
                    "\(side.partner): "
                        + side.columns.map { labels.column(edit.table, $0) }.joined(separator: ", ")
                })
        }
    }
}

/// Rows that should differ in something and do not.
struct ClashView: FramedView {
    struct Row: Sendable {
        let reference: String
        let partner: String
        let row: String
    }

    var frame: PageFrame
    let record: String
    let values: [Fact]
    let rows: [Row]
    let form: FormView

    init(
        _ clash: OpenClash, _ labels: Labels, _ scopes: ScopeLabels, _ sent: FormBody, _ problems: [FormProblem],
        _ frame: PageFrame
    ) {
        self.frame = frame
        record = labels.table(clash.table).label
        values =
            clash.isWithheld
            ? [Fact(label: clash.name, text: ConsoleWords.withheld)]
            : clash.value.sorted { $0.key < $1.key }.map { column, value in
                Fact(
                    label: labels.column(clash.table, column),
                    text: value.map { labels.words($0, of: column, in: clash.table) } ?? "nothing")
            }
        rows = clash.rows.map {
            Row(reference: scopes.reference($0.scope), partner: $0.partner, row: ConsoleWords.short($0.row))
        }
        form = FormView(
            action: "/clash/\(clash.id)", token: frame.formToken, button: "Both are right",
            fields: [
                FieldView(
                    "reason", "Why both are right", .text, value: sent["reason"],
                    help: "If one is wrong, its own organisation puts it right; the question then goes by itself.",
                    isRequired: true, problems: problems)
            ], typed: sent, problems: problems, cancel: "/")
    }
}
