import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// What the hub asks about conflicts, answered in words.
extension Desk {
    func addQuestions(to router: Router<PageContext>) {
        router.get("/questions") { _, context in try questions(context) }
        router.get("/questions/:id") { _, context in try answering(context, FormBody(), []) }
        router.post("/questions/:id") { _, context in
            let id = try id(context)
            let form = context.form
            return try take({ try answering(context, form, $0) }) {
                guard !form["answer"].isEmpty else {
                    throw FormRefusal(field: "answer", "Your answer is missing. Write it.")
                }
                let (now, staff) = (try now(), try replica.signedIn())
                try replica.edit("Answering the question") {
                    _ = try ConflictQuestions.answer(
                        id.description, with: form["answer"], by: staff, in: $0, now: now)
                }
                return try taken("Answered.", to: "/questions", context)
            }
        }
    }

    private func questions(_ context: PageContext) throws -> Response {
        try replica.checkLease("Showing the questions")
        let all = try replica.read("Showing the questions") { try ConflictQuestions.list(in: $0) }
        return try Response(.questions, QuestionsView(all, try frame("Questions", context, here: "/questions")))
    }

    private func answering(_ context: PageContext, _ form: FormBody, _ problems: [FormProblem]) throws -> Response {
        try replica.checkLease("Showing the question")
        let id = try id(context).description
        let all = try replica.read("Showing the question") { try ConflictQuestions.list(in: $0) }
        guard let question = all.first(where: { $0.id == id }) else { throw HTTPError(.notFound) }
        let view = AnsweringView(
            question, form, problems, try frame("Answer a question", context, here: "/questions"))
        return try Response(.answering, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
