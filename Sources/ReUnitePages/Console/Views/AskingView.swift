import ReUniteHub
import ReUniteProgramme

/// The form that asks the organisations that wrote the values of a conflict.
struct AskingView: FramedView {
    var frame: PageFrame
    let reference: String
    let field: String
    let back: String
    let form: FormView

    init(
        _ detail: ConflictDetail, _ scopes: ScopeLabels, _ sent: FormBody, _ problems: [FormProblem],
        _ frame: PageFrame
    ) {
        self.frame = frame
        reference = scopes.reference(detail.conflict.scope)
        field = "\(detail.tableLabel): \(detail.columnLabels.joined(separator: ", "))"
        back = "/conflict/\(detail.conflict.id)"
        var sides: [FieldView.Option] = []
        for value in detail.conflict.values where !value.isDecision {
            guard !sides.contains(where: { $0.value == value.partner }) else { continue }
            sides.append(FieldView.Option(value: value.partner, label: "\(value.organisation) (\(value.partner))"))
        }
        let chosen = sent.has("to") ? sent.all("to") : sides.map(\.value)
        form = FormView(
            action: back + "/ask", token: frame.formToken, button: AskingView.button(sides.count),
            fields: [
                FieldView(
                    "to", "Whom", .checks(sides), value: chosen.joined(separator: ","), isRequired: true,
                    problems: problems),
                FieldView(
                    "question", "Your question", .text, value: sent["question"],
                    help: "At least 10 characters. Without any of the values: each may hold only its own.",
                    isRequired: true, problems: problems),
            ], typed: sent, problems: problems, cancel: back)
    }

    static func button(_ organisations: Int) -> String {
        switch organisations {
        case ...1: "Ask"
        case 2: "Ask both"
        default: "Ask all"
        }
    }
}

/// What one organisation was asked about a conflict, beside what it wrote.
struct AskedView: Sendable {
    struct Answer: Sendable {
        let text: String
        let who: String
        let when: String
    }

    let question: String
    let when: String
    let answers: [Answer]
    /// Said where there is no answer.
    let none: String

    init(_ question: ConflictQuestion, _ labels: Labels, _ scopes: ScopeLabels) {
        self.question = question.question
        when = ConsoleWords.moment(question.askedMilliseconds)
        none =
            question.isOpen
            ? "No answer yet."
            : "It was closed with a decision before anybody answered. Ask again, if you need to know."
        answers = question.answers.map { answer in
            let role = answer.authorRole.map { labels.words($0, of: "role", in: "staff_user") }
            return Answer(
                text: answer.text, who: scopes.author(answer.author, role: role, device: question.partner ?? "its"),
                when: ConsoleWords.moment(answer.atMilliseconds))
        }
    }

    /// Such as "asked, 1 of 2 answered"; empty where nobody was asked.
    static func words(_ count: ConflictQuestions.Count?) -> String {
        count.map { "asked, \($0.answered) of \($0.asked) answered" } ?? ""
    }
}
