import Hummingbird
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// The work-list: one plain question for each conflict, decided, and taken back.
extension Console {
    func addConflicts(_ router: Router<PageContext>) {
        get(router, "/") { try workList($0, decided: false) }
        get(router, "/decided") { try workList($0, decided: true) }
        get(router, "/conflict/:id") { try conflict($0) }
        named(router, "/conflict/:id") { try conflict($0, showsNames: true) }
        post(router, "/conflict/:id") { visit in
            let id = try visit.id()
            var decided: DecidedConflict?
            let found = try problems(visit.form, asks: "choice") {
                do {
                    decided = try visit.hub.resolve(
                        id, try choice(visit.form), asOf: Int64(visit.form["as_of"]), by: visit.person.name,
                        reason: visit.form["reason"], signedIn: visit.person.id)
                } catch let failure as Failure where failure.what == "Reading the value" {
                    throw FormRefusal(
                        field: typed(visit.form).first?.name ?? "",
                        "Another value: the field holds nothing of that kind. Type it as it stands in the record.")
                }
            }
            if let found { return try conflict(visit, problems: found) }
            notices.leave(
                decided?.isOpen == true
                    ? "Recorded. Another value came meanwhile, so the conflict is still open."
                    : "Decided. It goes out with everybody's next sync.", for: visit.token)
            return .seeOther("/conflict/\(id)")
        }
        post(router, "/conflict/:id/reopen") { visit in
            let id = try visit.id()
            let found = try problems(visit.form) {
                _ = try visit.hub.reopen(
                    id, by: visit.person.name, reason: visit.form["reason"], signedIn: visit.person.id)
            }
            if let found { return try conflict(visit, problems: found) }
            notices.leave("Taken back. What was covered stands again, and the question is open.", for: visit.token)
            return .seeOther("/conflict/\(id)")
        }
        get(router, "/conflict/:id/ask") { try asking($0) }
        post(router, "/conflict/:id/ask") { visit in
            let id = try visit.id()
            let chosen = visit.form.all("to").filter { !$0.isEmpty }
            let found = try problems(visit.form, asks: "to") {
                _ = try visit.hub.ask(
                    conflict: id, question: visit.form["question"], only: chosen, by: visit.person.name)
            }
            if let found { return try asking(visit, problems: found) }
            notices.leave("Asked. Each has its question with its next sync.", for: visit.token)
            return .seeOther("/conflict/\(id)")
        }
        get(router, "/parallel") { visit in
            let edits = try visit.hub.parallelEdits(visit.part())
            try visit.saw("parallel-edits")
            let labels = try visit.hub.read("Reading the labels") { try Labels($0) }
            return try Response(
                .parallel, ParallelView(edits, labels) { try frame($0, visit, here: "/") })
        }
        get(router, "/clash/:id") { try clash($0) }
        post(router, "/clash/:id") { visit in
            let id = try visit.id()
            let found = try problems(visit.form) {
                try visit.hub.keepBoth(
                    clash: id, by: visit.person.name, reason: visit.form["reason"], signedIn: visit.person.id)
            }
            if let found { return try clash(visit, problems: found) }
            notices.leave("Both stay as they are.", for: visit.token)
            return .seeOther("/")
        }
    }

    private func workList(_ visit: Visit, decided: Bool) throws -> Response {
        let conflicts =
            try decided
            ? visit.hub.conflicts(.decided, by: .newestClosed, visit.part()) : visit.hub.conflicts(.open, visit.part())
        let clashes = decided ? nil : try visit.hub.clashes(visit.part(WorkListView.clashes))
        let labels = try visit.hub.read("Reading the labels") { try Labels($0) }
        let scopes = try ScopeLabels(
            conflicts.entries.map(\.scope) + (clashes?.entries ?? []).flatMap(\.rows).map(\.scope), visit)
        try visit.saw("work-list")
        return try Response(
            .workList,
            WorkListView(
                conflicts, clashes, labels, scopes, decided ? [:] : visit.hub.questionCounts(),
                try visit.officerClock(), now: visit.hub.now
            ) { try frame($0, visit, here: "/") })
    }

    private func conflict(
        _ visit: Visit, showsNames: Bool = false, problems: [FormProblem] = []
    ) throws -> Response {
        let detail = try visit.hub.conflict(try visit.id())
        let page = "/conflict/\(try visit.id())"
        let actions = ["open": page, "decision": page + "/reopen"]
        let action = actions[detail.conflict.state]
        if let kept = kept(visit, problems, page: page, shows: action) { return kept }
        let scope = detail.conflict.scope
        let labels = try visit.hub.read("Reading the labels") { try Labels($0) }
        let questions = try visit.hub.questions(about: detail)
        let scopes = try ScopeLabels(
            [scope], visit, showsNames: showsNames,
            authors: detail.conflict.values.map(\.author) + questions.flatMap(\.answers).map(\.author))
        try visit.saw(showsNames ? "conflict-names" : "conflict", scope: scope, question: detail.conflict.id)
        let view = ConflictView(
            detail, questions, labels, scopes, try visit.officerClock(), visit.typed(into: action ?? ""), problems,
            now: visit.hub.now,
            try frame("\(Console.title(detail))\(showsNames ? Console.withNames : "")", visit, here: "/"))
        return try Response(.conflict, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    /// What a conflict is about, in labels of the schema; of a secret field that it is one.
    private static func title(_ detail: ConflictDetail) -> String {
        detail.conflict.isWithheld
            ? "Conflict" : "Conflict: \(detail.tableLabel), \(detail.columnLabels.joined(separator: ", "))"
    }

    private func asking(_ visit: Visit, problems: [FormProblem] = []) throws -> Response {
        let detail = try visit.hub.conflict(try visit.id())
        guard detail.conflict.state == "open" else {
            let page = "/conflict/\(detail.conflict.id)"
            return kept(visit, problems, page: page + "/ask", shows: nil) ?? .seeOther(page)
        }
        let scopes = try ScopeLabels([detail.conflict.scope], visit)
        try visit.saw("conflict", scope: detail.conflict.scope)
        let view = AskingView(
            detail, scopes, visit.form, problems, try frame("Ask about a conflict", visit, here: "/"))
        return try Response(.asking, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func clash(_ visit: Visit, problems: [FormProblem] = []) throws -> Response {
        let id = try visit.id()
        guard let clash = try Identifier(id).flatMap({ try visit.hub.clash($0) }) else { throw HTTPError(.notFound) }
        let labels = try visit.hub.read("Reading the labels") { try Labels($0) }
        let scopes = try ScopeLabels(clash.rows.map(\.scope), visit)
        try visit.saw("clash", question: id)
        let view = ClashView(clash, labels, scopes, visit.form, problems, try frame("Two alike", visit, here: "/"))
        return try Response(.clash, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func choice(_ form: FormBody) throws -> Choice {
        let choice = form["choice"]
        if let number = Int(choice) { return .keep(number) }
        guard choice == "typed" else {
            throw FormRefusal(field: "choice", "Nothing was chosen. Choose one of the values, or another.")
        }
        return .typed(
            Dictionary(
                typed(form).map { (String($0.name.dropFirst(ConflictView.typedPrefix.count)), form[$0.name]) },
                uniquingKeysWith: { first, _ in first }))
    }

    private func typed(_ form: FormBody) -> [FormBody.Field] {
        form.fields.filter { $0.name.hasPrefix(ConflictView.typedPrefix) }
    }
}
