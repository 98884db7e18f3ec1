import Hummingbird
import ReUniteHub
import ReUniteSync

/// What an operator typed and sent when nobody was signed in any more.
extension Console {
    func addKept(_ router: Router<PageContext>) {
        get(router, KeptView.path) { visit in
            let gate = ConsoleGate(session: session)
            let entries = session.kept(for: visit.person.id).map { kept in
                KeptView.Entry(
                    number: kept.number, address: kept.address, typed: gate.typed(kept.form, sentTo: kept.sentTo))
            }
            return try Response(.kept, KeptView(try frame("Not saved yet", visit, here: KeptView.path), entries))
        }
        post(router, "/kept/:number/let-go") { visit in
            guard let number = visit.context.parameters.get("number").flatMap({ Int($0) }) else {
                throw HTTPError(.notFound)
            }
            session.letGo(number, by: visit.person.id)
            notices.leave("It is let go.", for: visit.token)
            return .seeOther(session.kept(for: visit.person.id).isEmpty ? "/" : KeptView.path)
        }
    }

    /// Keeps a form that was refused and that its page shows no more: what it was about was closed meanwhile.
    ///
    /// - Parameter action: of the form that the page shows; nil for none.
    /// - Returns: nil where the page shows what was typed.
    func kept(_ visit: Visit, _ problems: [FormProblem], page: String, shows action: String?) -> Response? {
        guard !problems.isEmpty, visit.sentTo != action else { return nil }
        session.keep(visit.form, page: page, sentTo: visit.sentTo)
        for problem in problems { notices.leave(problem.text, for: visit.token) }
        return .seeOther(KeptView.path)
    }

    /// The page with the form that is sent to a path; nil where nothing is typed into it.
    static func page(of path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        guard path.hasPrefix("/"), let first = parts.first else { return nil }
        let ids = first == "pair" ? 2 : 1
        guard ["conflict", "clash", "quarantine", "pair"].contains(first), parts.count > ids,
            parts[1...ids].allSatisfy({ Identifier($0) != nil })
        else { return nil }
        let page = "/" + parts[...ids].joined(separator: "/")
        switch (first, parts.count > ids + 1 ? parts[(ids + 1)...].joined(separator: "/") : "") {
        case (_, ""): return path.hasSuffix("/") ? nil : page
        case ("conflict", "reopen"): return page
        case ("conflict", "ask"): return page + "/ask"
        default: return nil
        }
    }
}
