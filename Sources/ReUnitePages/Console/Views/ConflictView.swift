import ReUniteHub
import ReUniteProgramme

/// One conflict, side by side, and the form that decides it.
struct ConflictView: FramedView {
    static let typedPrefix = "value-"

    struct Side: Sendable {
        let heading: String
        let isShown: Bool
        let isDecision: Bool
        let isClockSuspect: Bool
        let values: [Fact]
        let facts: [Fact]
        let asked: [AskedView]
    }

    struct Decision: Sendable {
        let what: String
        let when: String
        let by: String
        let reason: String
        let isUndone: Bool
    }

    var frame: PageFrame
    let reference: String
    let question: String
    let names: NamesView
    let facts: [Fact]
    let base: [Fact]
    let sides: [Side]
    let hasDecisions: Bool
    let decisions: [Decision]
    let closed: String
    let isOpen: Bool
    /// Where those who wrote the values are asked, with the words on the button; at most one.
    let asks: [Fact]
    /// Such as "asked, 1 of 2 answered"; empty where nobody was asked.
    let asked: String
    /// At most one: to decide, or to take back.
    let forms: [FormView]

    init(
        _ detail: ConflictDetail, _ questions: [ConflictQuestion], _ labels: Labels, _ scopes: ScopeLabels,
        _ clock: OfficerClock, _ sent: FormBody, _ problems: [FormProblem], now: Int64, _ frame: PageFrame
    ) {
        let conflict = detail.conflict
        self.frame = frame
        reference = scopes.reference(conflict.scope)
        isOpen = conflict.state == "open"
        let what = detail.columnLabels.joined(separator: ", ")
        question = isOpen ? "\(detail.tableLabel): which \(what) is right?" : "\(detail.tableLabel): \(what)"
        names = scopes.view(of: conflict.scope, action: "/conflict/\(conflict.id)/names", token: frame.formToken)
        let words = Words(detail, labels)
        facts = ConflictView.facts(detail, clock, now: now)
        base =
            detail.base.map { words.facts($0) }
            ?? [Fact(label: what, text: "not known any more")]
        sides = conflict.values.map { value in
            let asked = value.isDecision ? [] : questions.filter { $0.partner == value.partner }
            return ConflictView.side(value, words, scopes, asked.map { AskedView($0, labels, scopes) })
        }
        let organisations = Set(conflict.values.filter { !$0.isDecision }.map(\.partner))
        asks =
            isOpen && !conflict.isWithheld
            ? [Fact(label: AskingView.button(organisations.count), text: "/conflict/\(conflict.id)/ask")] : []
        // What a decision closed nobody can answer any more, also where the decision was taken back.
        let counted = questions.filter { $0.isOpen || !$0.answers.isEmpty }
        asked = AskedView.words(counted.isEmpty ? nil : ConflictQuestions.Count(counted))
        decisions = detail.decisions.map {
            Decision(
                what: $0.kind == "resolve" ? "Decided" : "Taken back", when: ConsoleWords.moment($0.atMilliseconds),
                by: $0.by, reason: $0.reason, isUndone: $0.isUndone)
        }
        hasDecisions = !decisions.isEmpty
        closed = ConflictView.closing(conflict)
        if isOpen {
            forms = [ConflictView.deciding(detail, words, sent, problems, frame)]
        } else if conflict.state == "decision" {
            forms = [
                FormView(
                    action: "/conflict/\(conflict.id)/reopen", token: frame.formToken, button: "Take the decision back",
                    fields: [
                        FieldView(
                            "reason", "Why it is taken back", .text, value: sent["reason"],
                            help: "Within 30 days. What it covered stands again, and the question is open.",
                            isRequired: true, problems: problems)
                    ], typed: sent, problems: problems, isGrave: true, cancel: "/")
            ]
        } else {
            forms = []
        }
    }

    /// Values of the conflict's columns in words.
    struct Words {
        let table: String
        let columns: [(name: String, label: String)]
        let isWithheld: Bool
        let labels: Labels

        init(_ detail: ConflictDetail, _ labels: Labels) {
            table = detail.conflict.table
            columns = Array(zip(detail.conflict.columns, detail.columnLabels).map { ($0, $1) })
            isWithheld = detail.conflict.isWithheld
            self.labels = labels
        }

        func facts(_ value: [String: String?]) -> [Fact] {
            columns.map { column in
                guard !isWithheld else { return Fact(label: column.label, text: ConsoleWords.withheld) }
                let text = (value[column.name] ?? nil).map { labels.words($0, of: column.name, in: table) }
                return Fact(label: column.label, text: text ?? "nothing")
            }
        }

        /// On one line, for a choice.
        func line(_ value: [String: String?]) -> String {
            isWithheld ? "withheld" : facts(value).map(\.text).joined(separator: ", ")
        }
    }

    private static func facts(_ detail: ConflictDetail, _ clock: OfficerClock, now: Int64) -> [Fact] {
        let conflict = detail.conflict
        let age = ConsoleWords.span(now - conflict.openedMilliseconds)
        var facts = [
            Fact(label: "Open since", text: ConsoleWords.moment(conflict.openedMilliseconds)),
            Fact(
                label: "Waiting for",
                text: conflict.state == "open" ? clock.words(age, since: conflict.openedMilliseconds) : age),
        ]
        if let happened = detail.happenedMilliseconds {
            facts.append(Fact(label: "It happened", text: ConsoleWords.moment(happened)))
        }
        facts.append(
            Fact(
                label: "What depends on it",
                text: detail.dependents.isEmpty
                    ? "nothing that refers to it"
                    : detail.dependents.map { "\($0.label) (\($0.count))" }.joined(separator: ", ")))
        facts.append(
            Fact(
                label: "Who will be told",
                text: detail.told.isEmpty ? "nobody else" : detail.told.joined(separator: ", ")))
        facts.append(Fact(label: "Why a person is asked", text: reason(detail.policy)))
        return facts
    }

    private static func reason(_ policy: String) -> String {
        switch policy {
        case "review": "nobody but a person may choose here"
        case "most-protective": "the safer value holds until somebody signs the other"
        case "state": "two steps were taken that cannot both be"
        default: "the network's rules leave it to a person"
        }
    }

    private static func side(
        _ value: OpenConflict.Candidate, _ words: Words, _ scopes: ScopeLabels, _ asked: [AskedView]
    ) -> Side {
        var facts: [Fact] = []
        if value.isDecision {
            facts.append(Fact(label: "Decided", text: ConsoleWords.moment(value.receivedMilliseconds)))
        } else {
            facts = [
                Fact(label: "Organisation", text: "\(value.organisation) (\(value.partner))"),
                Fact(
                    label: "Who", text: scopes.author(value.author, role: value.authorRole, device: value.role)),
                Fact(label: "Typed", text: ConsoleWords.moment(value.claimedMilliseconds)),
            ]
            if value.writtenMilliseconds / 60_000 != value.claimedMilliseconds / 60_000 {
                facts.append(Fact(label: "Taken as", text: ConsoleWords.moment(value.writtenMilliseconds)))
            }
            facts.append(Fact(label: "Arrived", text: ConsoleWords.moment(value.receivedMilliseconds)))
            facts.append(
                Fact(
                    label: "Offline before that",
                    text: value.offlineMilliseconds.map { ConsoleWords.span($0) } ?? "not known"))
        }
        return Side(
            heading: value.isDecision ? "The operator's decision" : "Value \(value.number)", isShown: value.shown,
            isDecision: value.isDecision, isClockSuspect: value.isClockSuspect, values: words.facts(value.value),
            facts: facts, asked: asked)
    }

    private static func closing(_ conflict: OpenConflict) -> String {
        switch conflict.state {
        case "open": ""
        case "decision": "Closed by a decision."
        case "edit": "Closed by an edit of somebody who had seen every value."
        default: "Closed because the record was deleted."
        }
    }

    private static func deciding(
        _ detail: ConflictDetail, _ words: Words, _ sent: FormBody, _ problems: [FormProblem], _ frame: PageFrame
    ) -> FormView {
        var options = detail.conflict.values.map { value in
            FieldView.Option(
                value: String(value.number),
                label: "Keep value \(value.number): \(words.line(value.value)) (\(value.partner))")
        }
        options.append(FieldView.Option(value: "typed", label: "Another value"))
        let typed = words.columns.map { column in
            FieldView(
                typedPrefix + column.name, "Another value: \(column.label)", .line,
                value: sent[typedPrefix + column.name],
                help: "Only if none of the above is right. As it stands in the record: a day as 2026-11-23.",
                problems: problems)
        }
        let fields =
            [
                FieldView(
                    "choice", "What is right?", .radios(options), value: sent["choice"], isRequired: true,
                    problems: problems)
            ] + typed + [
                FieldView(
                    "reason", "How you know", .text, value: sent["reason"],
                    help: "At least 10 characters. It is kept with your name for whoever asks later.",
                    isRequired: true, problems: problems),
                FieldView("as_of", "", .hidden, value: String(detail.asOf)),
            ]
        return FormView(
            action: "/conflict/\(detail.conflict.id)", token: frame.formToken, button: "Decide", fields: fields,
            typed: sent, problems: problems, cancel: "/")
    }
}
