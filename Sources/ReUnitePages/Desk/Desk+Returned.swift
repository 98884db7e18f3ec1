import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Edits that came back: each with its reason, to be sent again or let go.
extension Desk {
    func addReturned(to router: Router<PageContext>) {
        router.get("/returned") { _, context in try returned(context, []) }
        router.post("/returned/:number/again") { _, context in
            let number = try number(context)
            return try take({ try returned(context, $0) }) {
                try replica.retry(returned: number)
                return try taken("Written once more.", to: "/returned", context)
            }
        }
        router.post("/returned/:number/let-go") { _, context in
            let number = try number(context)
            return try take({ try returned(context, $0) }) {
                try replica.dismiss(returned: number)
                notices.leave("Let go. The hub keeps it for its operator.", for: context.formToken)
                return .seeOther("/returned")
            }
        }
    }

    /// The number at the end of an address.
    func number(_ context: PageContext) throws -> Int64 {
        guard let number = context.parameters.get("number").flatMap({ Int64($0) }) else { throw HTTPError(.notFound) }
        return number
    }

    private func returned(_ context: PageContext, _ problems: [FormProblem]) throws -> Response {
        try replica.checkLease("Showing the edits that came back")
        let view = try ReturnedView(replica, try frame("Returned edits", context, here: "/returned"), problems)
        return try Response(.returned, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
