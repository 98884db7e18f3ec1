import ArgumentParser
import ReUniteHub
import ReUnitePages
import ReUniteProgramme
import ReUniteSync

struct HubAsk: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask the organisations that wrote the values of a conflict, in words.",
        discussion: """
            Each has the question with its next sync and answers in words. Neither is shown what the other wrote or was \
            asked, so the question may not name a value. 'hub conflicts show' has the answers.

            Example: reunite-sync hub conflicts ask 3fa1 --question "Where did you read her date of birth?"
            """)

    @OptionGroup var hub: HubOptions
    @Argument(help: "The conflict's id, or at least its first four digits.") var id: String
    @Option(help: "What they are asked, in at least 10 characters.") var question: String
    @Option(help: "Ask this organisation only, by its code; may be given several times.") var to: [String] = []
    @Option(help: "Who asks; without it the user of this machine.") var by: String?

    struct Report: Encodable {
        var conflict: String
        var questions: [ConflictQuestion]
    }

    func run() throws {
        let opened = try hub.open()
        let conflict = try opened.conflict(id).conflict.id
        let questions = try opened.ask(
            conflict: conflict, question: question, only: to, by: by ?? DecisionOptions.user)
        try Output.show(Report(conflict: conflict, questions: questions), as: hub.json) {
            say("Asked. Each has its question with its next sync.")
            HubAsk.show(questions)
        }
    }

    /// What was asked, and what was answered.
    static func show(_ questions: [ConflictQuestion]) {
        for question in questions {
            say("Asked \(question.asked) of \(question.partner ?? "a partner"): \(question.question)")
            for answer in question.answers {
                say("  answered \(answer.at)\(answer.authorRole.map { " by \($0)" } ?? ""): \(answer.text)")
            }
            if question.answers.isEmpty { say("  no answer yet") }
        }
    }
}
