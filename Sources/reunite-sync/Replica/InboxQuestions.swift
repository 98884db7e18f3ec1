import ArgumentParser
import ReUniteProgramme
import ReUniteReplica

struct InboxQuestions: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "questions", abstract: "List what the hub asks this organisation about conflicts.",
        discussion: "Example: reunite-sync inbox questions")

    @OptionGroup var replica: ReplicaOptions

    func run() throws {
        let questions = try replica.openToShow("Listing the questions").read("Listing the questions") {
            try ConflictQuestions.list(in: $0)
        }
        try Output.show(["questions": questions], as: replica.json) {
            Output.table(
                ["ID", "ASKED", "STATE", "CASE", "ABOUT", "QUESTION", "ANSWER"],
                questions.map {
                    [
                        $0.id, $0.asked, $0.state, $0.ref ?? $0.caseID, $0.field, $0.question,
                        $0.answers.last?.text ?? "",
                    ]
                })
        }
    }
}

struct InboxAnswer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer a question of the hub's in words; it goes with the next sync.",
        discussion: """
            Correct the record as usual if it is wrong. A second answer stands beside the first.
            Example: reunite-sync inbox answer 3fa1 "I read it on her birth certificate"
            """)

    @OptionGroup var replica: ReplicaOptions
    @Argument(help: "The question's id, or at least four digits of its beginning or end.") var id: String
    @Argument(help: "The answer.") var text: String

    func run() throws {
        let open = try replica.openToShow("Answering the question")
        let now = try open.knownTime().now
        let staff = try open.signedIn()
        let answered = try open.edit("Answering the question") {
            try ConflictQuestions.answer(id, with: text, by: staff, in: $0, now: now)
        }
        try Output.show(answered, as: replica.json) { say("Answered. It goes with the next sync.") }
    }
}
