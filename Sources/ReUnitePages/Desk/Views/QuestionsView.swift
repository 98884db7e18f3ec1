import ReUniteProgramme
import ReUniteSync

/// A question of the hub's, as the desk shows it.
struct QuestionView: Sendable {
    struct Answer: Sendable {
        let text: String
        let when: String
    }

    let id: String
    let caseID: String
    let reference: String
    let field: String
    let question: String
    let asked: String
    let answers: [Answer]
    let isOpen: Bool
    let badges: [BadgeView]

    init(_ question: ConflictQuestion) {
        id = question.id
        caseID = question.caseID
        reference = question.ref ?? "A case that is not here any more"
        field = question.field
        self.question = question.question
        asked = CivilTime.londonMinute(milliseconds: question.askedMilliseconds)
        answers = question.answers.map {
            Answer(text: $0.text, when: CivilTime.londonMinute(milliseconds: $0.atMilliseconds))
        }
        isOpen = question.isOpen
        badges =
            !question.isOpen
            ? [BadgeView(kind: "good", text: "The conflict is closed")]
            : question.answers.isEmpty ? [BadgeView(.asked)] : [BadgeView(kind: "good", text: "Answered")]
    }
}

/// What the hub asks this organisation.
struct QuestionsView: FramedView {
    var frame: PageFrame
    let isEmpty: Bool
    let questions: [QuestionView]

    init(_ questions: [ConflictQuestion], _ frame: PageFrame) {
        self.frame = frame
        self.questions = questions.map(QuestionView.init)
        isEmpty = questions.isEmpty
    }
}

/// One question, and the form that answers it.
struct AnsweringView: FramedView {
    var frame: PageFrame
    let question: QuestionView
    /// At most one: none once nobody waits.
    let forms: [FormView]

    init(_ question: ConflictQuestion, _ sent: FormBody, _ problems: [FormProblem], _ frame: PageFrame) {
        self.frame = frame
        self.question = QuestionView(question)
        guard question.isOpen else {
            forms = []
            return
        }
        forms = [
            FormView(
                action: "/questions/\(question.id)", token: frame.formToken, button: "Answer",
                fields: [
                    FieldView(
                        "answer", "Your answer", .text, value: sent["answer"],
                        help: "What you know, and from whom. Only the hub reads it.", isRequired: true,
                        problems: problems)
                ], problems: problems, cancel: "/questions")
        ]
    }
}
