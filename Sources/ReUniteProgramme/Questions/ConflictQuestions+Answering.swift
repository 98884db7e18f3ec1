package import GRDB
import ReUniteReplica
package import ReUniteSync

extension ConflictQuestions {
    /// Answers a question in words. What was said before stays: a correction is another answer.
    ///
    /// - Parameters:
    ///   - text: the question's id, or enough of it.
    ///   - staff: who is signed in on this device; nil for nobody.
    /// - Throws: ``Failure``: noInput for no such question; badData for an empty answer, or when the conflict is closed.
    @discardableResult
    package static func answer(
        _ text: String, with words: String, by staff: Identifier?, in database: Database, now: Int64
    ) throws -> ConflictQuestion {
        let what = "Answering the question"
        let id = try Lookup.row(text, table: "conflict_question", what: what, in: database)
        let words = TypedText.trimmed(words)
        guard !words.isEmpty, words.unicodeScalars.count <= TypedText.reasonLimit else {
            throw Failure(
                .badData, what: what, why: "an answer has 1 to \(TypedText.reasonLimit) characters",
                remedy: "Say what you know, and from whom")
        }
        guard
            let question = try Row.fetchOne(
                database, sql: "SELECT own_file_id, state FROM conflict_question WHERE id = ?",
                arguments: [id.sqlBlob]), question["state"] == "OPEN"
        else {
            throw Failure(
                .badData, what: what, why: "the conflict is closed, and nobody waits for an answer",
                remedy: "Correct the record if it is wrong")
        }
        return try database.whole {
            _ = try database.add(
                "conflict_answer",
                [
                    "own_file_id": question.identifier("own_file_id").sqlBlob, "question_id": id.sqlBlob,
                    "text": words, "author_id": staff?.sqlBlob, "recorded_for_at": now, "entered_at": now,
                ])
            guard let answered = try fetch("q.id = ?", [id.sqlBlob], in: database).first else {
                throw Failure(.noInput, what: what, why: "the question is not here", remedy: "Sync first")
            }
            return answered
        }
    }
}
