import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// The edits that wait, oldest first.
struct QuarantineView: FramedView {
    struct Line: Sendable {
        let id: String
        let record: String
        let what: String
        let partner: String
        let why: String
        let age: String
    }

    var frame: PageFrame
    let isEmpty: Bool
    let caption: String
    let lines: [Line]
    let pager: PagerView
    /// When the network's officers are next in.
    let officers: [String]

    /// - Parameter frame: of a title.
    init(
        _ edits: ListPage<QuarantinedEdit>, _ labels: Labels, _ clock: OfficerClock, now: Int64,
        _ frame: (String) throws -> PageFrame
    ) rethrows {
        officers = clock.officers.map(\.words)
        pager = PagerView(edits, of: "edits", at: "/quarantine")
        self.frame = try frame(pager.titled("Not applied"))
        isEmpty = edits.total == 0
        caption = "\(ConsoleWords.count(edits.total, "edit")) not applied, the oldest first\(pager.words)"
        lines = edits.entries.map { edit in
            let columns = edit.columns.map { labels.column(edit.table, $0) }
            return Line(
                id: edit.id, record: labels.table(edit.table).label,
                what: columns.isEmpty ? "the whole record" : columns.joined(separator: ", "), partner: edit.partner,
                why: PlainSentence.withoutCommands(edit.explanation),
                age: clock.words(
                    ConsoleWords.span(now - edit.receivedMilliseconds), since: edit.receivedMilliseconds))
        }
    }
}

/// One edit that was not applied, and the form that decides about it.
struct NotAppliedView: FramedView {
    struct Pair: Sendable {
        let label: String
        let typed: String
        let current: String
        let isSuperseded: Bool
    }

    var frame: PageFrame
    let heading: String
    let explanation: String
    let reference: String
    /// At most one.
    let names: [NamesView]
    let hasValues: Bool
    let pairs: [Pair]
    let facts: [Fact]
    /// At most one.
    let forms: [FormView]

    init(
        _ detail: QuarantinedEditDetail, _ labels: Labels, _ scopes: ScopeLabels, _ sent: FormBody,
        _ problems: [FormProblem], _ frame: PageFrame
    ) {
        self.frame = frame
        let edit = detail.edit
        heading = "\(detail.tableLabel): \(NotAppliedView.kind(detail.kind))"
        explanation = PlainSentence.withoutCommands(edit.explanation)
        reference = detail.scope.map { scopes.reference($0) } ?? "no case"
        names =
            detail.scope.map {
                [scopes.view(of: $0, action: "/quarantine/\(edit.id)/names", token: frame.formToken)]
            } ?? []
        pairs = zip(edit.columns, detail.columnLabels).map { column, label in
            func words(_ value: [String: String?]) -> String {
                guard !detail.isWithheld else { return ConsoleWords.withheld }
                return (value[column] ?? nil).map { labels.words($0, of: column, in: edit.table) } ?? "nothing"
            }
            return Pair(
                label: label, typed: words(detail.value), current: words(detail.current),
                isSuperseded: detail.superseded.contains(column))
        }
        hasValues = !pairs.isEmpty
        var facts = [
            Fact(label: "Organisation", text: "\(detail.organisation) (\(edit.partner))"),
            Fact(label: "Who", text: scopes.author(detail.author, role: detail.authorRole, device: detail.role)),
        ]
        if let typed = detail.typedMilliseconds {
            facts.append(Fact(label: "Typed", text: ConsoleWords.moment(typed)))
        }
        facts.append(Fact(label: "Arrived", text: ConsoleWords.moment(edit.receivedMilliseconds)))
        if let table = detail.waitsFor {
            facts.append(Fact(label: "Waits for", text: "a record of \(labels.table(table).label) to arrive"))
        }
        if edit.state != "waiting" {
            facts.append(Fact(label: "State", text: edit.state))
            if let by = detail.decidedBy { facts.append(Fact(label: "Decided by", text: by)) }
            if let why = detail.decidedWhy { facts.append(Fact(label: "Why", text: why)) }
        }
        self.facts = facts
        forms =
            edit.state == "waiting"
            ? [NotAppliedView.form(detail, sent, problems, frame)] : []
    }

    private static func kind(_ kind: String) -> String {
        switch kind {
        case "create": "a new record"
        case "delete": "a deletion"
        default: "a change"
        }
    }

    private static func form(
        _ detail: QuarantinedEditDetail, _ sent: FormBody, _ problems: [FormProblem], _ frame: PageFrame
    ) -> FormView {
        var options: [FieldView.Option] = []
        if detail.isReleasable {
            options.append(FieldView.Option(value: "release", label: "Release: judge it again and apply it"))
        }
        options.append(FieldView.Option(value: "refuse", label: "Refuse for good: it is kept, and its author is told"))
        return FormView(
            action: "/quarantine/\(detail.edit.id)", token: frame.formToken, button: "Decide",
            fields: [
                FieldView(
                    "choice", "What is to become of it?", .radios(options), value: sent["choice"],
                    help: detail.isReleasable ? "" : "This one can never be applied.", isRequired: true,
                    problems: problems),
                FieldView(
                    "reason", "Why", .text, value: sent["reason"],
                    help: "At least 10 characters. Its author can read it: no names.", isRequired: true,
                    problems: problems),
            ], typed: sent, problems: problems, cancel: "/quarantine")
    }
}

/// Batches whose predecessors have not arrived.
struct HoldsView: FramedView {
    struct Line: Sendable {
        let id: String
        let short: String
        let device: String
        let partner: String
        let edits: String
        let age: String
        let waits: String
        /// Whether a person can do anything about it.
        let isReleasable: Bool
        let token: String
    }

    var frame: PageFrame
    let isEmpty: Bool
    let caption: String
    let lines: [Line]
    let pager: PagerView

    /// - Parameter frame: of a title.
    init(_ held: ListPage<HeldBatch>, now: Int64, _ frame: (String) throws -> PageFrame) rethrows {
        pager = PagerView(held, of: "files", at: "/holds")
        let frame = try frame(pager.titled("Held"))
        self.frame = frame
        isEmpty = held.total == 0
        caption = "\(ConsoleWords.count(held.total, "file")) held, the oldest first\(pager.words)"
        lines = held.entries.map { batch in
            Line(
                id: batch.id, short: ConsoleWords.short(batch.id), device: batch.device, partner: batch.partner,
                edits: ConsoleWords.count(batch.edits, "edit"),
                age: ConsoleWords.span(now - batch.receivedMilliseconds),
                waits: batch.schema.map { "this hub's upgrade to schema \($0)" } ?? "an earlier file of this device",
                isReleasable: batch.schema == nil, token: frame.formToken)
        }
    }
}
