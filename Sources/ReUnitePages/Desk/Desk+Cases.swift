import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// The caseload, the search, a new case, one case.
extension Desk {
    func addCases(to router: Router<PageContext>) {
        router.get("/") { request, context in
            try replica.checkLease("Showing the caseload")
            let mark = request.uri.queryParameters.get("show").flatMap { CaseMark(rawValue: $0) }
            let number = request.uri.queryParameters.get("page").flatMap { Int($0) } ?? 1
            let title =
                "Caseload" + (mark.map { ": \(BadgeView($0).text)" } ?? "") + (number > 1 ? ", page \(number)" : "")
            return try Response(
                .caseload, try CaseloadView(replica, try frame(title, context, here: "/"), number, only: mark))
        }
        router.get("/search") { _, context in
            try replica.checkLease("Searching")
            return try Response(.search, SearchView(try frame("Search", context), text: "", lines: nil))
        }
        router.post("/search") { _, context in
            let text = String(context.form["text"].prefix(200))
            return Response.seeOther("/search/\(searches.keep(text, for: context.formToken))")
        }
        router.get("/search/:number") { _, context in
            try replica.checkLease("Searching")
            guard let text = searches.what(context.parameters.get("number"), for: context.formToken) else {
                return Response.seeOther("/search")
            }
            let partner = try partner()
            let lines = try replica.read("Searching") { database in
                let found = try CaseSearch.find(text, in: database)
                let attention = try replica.attention(of: CaseFiles.scopes(of: found, in: database), in: database)
                let marks = try CaseMarks(attention, partner: partner, in: database)
                return (
                    try CaseFiles.lines(found, marks, in: database),
                    try Referrals.named(text, by: partner, in: database)
                )
            }
            return try Response(
                .search, SearchView(try frame("What a search found", context), text: text, lines: lines.0, lines.1))
        }
        router.get("/case/new") { _, context in try newCase(context, FormBody(), []) }
        router.post("/case/new") { _, context in
            let form = context.form
            return try take({ try newCase(context, form, $0) }) {
                let partner = try partner()
                let now = try now()
                var wrong: [FormProblem] = []
                if !["known_as", "legal_first", "legal_last"].contains(where: { !form[$0].isEmpty }) {
                    let text = "A name is missing. Fill in one of the three: what she is called is enough."
                    wrong.append(FormProblem(field: "known_as", text: text))
                }
                wrong += try newCaseForm(context, form, []).wrong(now: now)
                guard wrong.isEmpty else { throw FormRefusal(problems: wrong) }
                // Writing is not asked for a lease; whom she is like is shown of the records.
                let isClosed = try replica.closure() != nil
                let (made, known, doubts) = try replica.edit("Opening the case") { database in
                    let new = NewCaseForm.read(form)
                    let known = isClosed ? [] : try CaseFiles.known(new.person, in: database)
                    let made = try CaseFiles.create(new, by: partner, in: database, now: now)
                    return (made, known, isClosed ? [] : try CaseFiles.doubts(of: made, in: database, now: now))
                }
                return try taken(
                    "The case was opened.",
                    more: doubts.map { "Look at this. \($0)" }
                        + known.map { "Look at \($0): a woman of that name and birthday is on record here already." },
                    to: "/case/\(made.id)", context)
            }
        }
        router.get("/case/:id") { _, context in
            let id = try id(context)
            try replica.checkLease("Showing the case")
            return try Response(
                .caseFile, try CasePageView(replica, id, by: partner(), try frame("Case", context)))
        }
    }

    private func newCase(_ context: PageContext, _ form: FormBody, _ problems: [FormProblem]) throws -> Response {
        try Response(
            .form,
            FormPageView(
                try frame("Open a case", context), heading: "Open a case",
                intro: "One of the three names is enough. Leave out what nobody knows yet.",
                back: ("/", "Back to the caseload"), form: try newCaseForm(context, form, problems)),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func newCaseForm(
        _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> FormView {
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        return NewCaseForm.view(form, codes, token: context.formToken, problems)
    }
}

/// The form with which a case begins: the woman, and why she is here. Children and all else are added on its page.
enum NewCaseForm {
    static func read(_ form: FormBody) -> NewCase {
        func text(_ name: String) -> String? { form[name].isEmpty ? nil : form[name] }
        var person = NewCase.Person(
            legalFirst: text("legal_first"), legalLast: text("legal_last"), knownAs: text("known_as"),
            dateOfBirth: text("date_of_birth"))
        person.language = text("language")
        person.needsInterpreter = form["interpreter"] == "yes"
        var new = NewCase(person: person)
        if let cohort = text("cohort") { new.cohort = cohort }
        return new
    }

    static func view(
        _ form: FormBody, _ codes: CodeChoices, token: String, _ problems: [FormProblem]
    ) -> FormView {
        let labels = codes.labels
        func label(_ column: String) -> String { labels.column("person", column) }
        let cohorts = codes.options("case_file.cohort")
        return FormView(
            action: "/case/new", token: token, button: "Open the case",
            fields: [
                FieldView("known_as", label("known_as"), value: form["known_as"], problems: problems),
                FieldView("legal_first", label("legal_first"), value: form["legal_first"], problems: problems),
                FieldView("legal_last", label("legal_last"), value: form["legal_last"], problems: problems),
                FieldView(
                    "date_of_birth", label("date_of_birth"), .date, value: form["date_of_birth"], isPast: true,
                    problems: problems),
                FieldView("language", label("language"), value: form["language"], problems: problems),
                FieldView(
                    "interpreter", label("interpreter"), .radios(FieldView.yesOrNo),
                    value: form["interpreter"].isEmpty ? "no" : form["interpreter"], isRequired: true,
                    problems: problems),
                FieldView(
                    "cohort", labels.column("case_file", "cohort"), .choice(cohorts),
                    value: form["cohort"].isEmpty ? "PRISON_LEAVER" : form["cohort"], isRequired: true,
                    problems: problems),
            ], problems: problems, cancel: "/")
    }
}
