import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// What is typed inside: what became of a visit, a note, another visit. Only about the women of the sheet.
extension InsideDesk {
    private static let forms: Set<Substring> = ["record", "note", "another"]

    /// Whether something is typed into the page with this path, about one of these visits.
    static func isForm(_ path: String, of visits: Set<String>) -> Bool {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0].isEmpty && parts[1] == "visit" && visits.contains(String(parts[2]))
            && forms.contains(parts[3])
    }

    func addForms(to router: Router<PageContext>) {
        router.get("/visit/:id/record") { _, context in try record(context, nil, []) }
        router.post("/visit/:id/record") { _, context in
            let sheet = try sheet()
            let visit = try visit(context, sheet)
            let form = context.form
            return try take(context, { try record(context, form, $0) }, visit, sheet, .record)
        }
        router.get("/visit/:id/note") { _, context in try note(context, nil, []) }
        router.post("/visit/:id/note") { _, context in
            let sheet = try sheet()
            let visit = try visit(context, sheet)
            let form = context.form
            return try take(context, { try note(context, form, $0) }, visit, sheet, .note)
        }
        router.get("/visit/:id/another") { _, context in try another(context, nil, []) }
        router.post("/visit/:id/another") { _, context in
            let sheet = try sheet()
            let visit = try visit(context, sheet)
            let form = context.form
            return try take(context, { try another(context, form, $0) }, visit, sheet, .another)
        }
    }

    private func take(
        _ context: PageContext, _ again: ([FormProblem]) throws -> Response, _ visit: VisitSheet.Visit,
        _ sheet: VisitSheet, _ kind: InsideEntry.Kind
    ) throws -> Response {
        let wrong = try wrong(context.form, kind, on: sheet.day)
        guard wrong.isEmpty else { return try again(wrong) }
        let entry = InsideEntry(kind, Desk.typed(context.form), visit, prison: prison, day: sheet.day)
        do {
            switch try entry.save(in: replica, now: try replica.knownTime().now) {
            case .written:
                notices.leave(
                    "Saved on this laptop. It goes to the hub with the next sync, outside.", for: context.formToken)
            case .kept:
                notices.leave(
                    "Saved on this laptop, sealed. It goes on when the office has put her case on this laptop.",
                    for: context.formToken)
            }
        } catch let failure as Failure where [.badData, .usage].contains(failure.code) {
            return try again([FormProblem(field: "", text: plain(Desk.words(failure)))])
        }
        session.settle(context.form, sentTo: "/visit/\(visit.id)/\(kind.rawValue)")
        return .seeOther("/visit/\(visit.id)")
    }

    /// What is wrong with a form: everything at once, each at its field.
    private func wrong(_ form: FormBody, _ kind: InsideEntry.Kind, on day: String) throws -> [FormProblem] {
        let now = try replica.knownTime().now
        return VisitFields.wrong(form, try fields(kind, form, []), day: day, now: now)
    }

    private func record(_ context: PageContext, _ typed: FormBody?, _ problems: [FormProblem]) throws -> Response {
        try page(context, "record", "What became of the visit", typed, problems) { try fields(.record, $0, problems) }
    }

    private func note(_ context: PageContext, _ typed: FormBody?, _ problems: [FormProblem]) throws -> Response {
        try page(context, "note", "Add a note", typed, problems) { try fields(.note, $0, problems) }
    }

    private func another(_ context: PageContext, _ typed: FormBody?, _ problems: [FormProblem]) throws -> Response {
        try page(context, "another", "Add a visit that nobody had planned", typed, problems) {
            try fields(.another, $0, problems)
        }
    }

    private func fields(
        _ kind: InsideEntry.Kind, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> [FieldView] {
        let now = try replica.knownTime().now
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        switch kind {
        case .record: return VisitFields.outcome(form, codes, problems, withCode: false)
        case .note:
            return [
                FieldView(
                    "kind", codes.labels.column("case_note", "kind"), .choice(codes.options("case_note.kind")),
                    value: form.has("kind") ? form["kind"] : "VISIT", isRequired: true, problems: problems),
                FieldView(
                    "body", codes.labels.column("case_note", "body"), .text, value: form["body"],
                    help: "No address, no telephone number.", isRequired: true, problems: problems),
                InsideDesk.happened(form, now, problems),
            ]
        case .another:
            return [
                InsideDesk.happened(form, now, problems),
                FieldView(
                    "minutes", codes.labels.column("visit", "minutes"), .number, value: form["minutes"],
                    help: "With her, without the wait.", problems: problems),
                FieldView(
                    "note", "Note", .text, value: form["note"], help: "Becomes a note of the case.", problems: problems),
            ]
        }
    }

    private static func happened(_ form: FormBody, _ now: Int64, _ problems: [FormProblem]) -> FieldView {
        FieldView(
            "at", "When it happened", .moment,
            value: form.has("at") ? form["at"] : CivilTime.londonMinute(milliseconds: now).replacing(" ", with: "T"),
            isRequired: true, isPast: true, problems: problems)
    }

    private func page(
        _ context: PageContext, _ name: String, _ heading: String, _ typed: FormBody?, _ problems: [FormProblem],
        _ fields: (FormBody) throws -> [FieldView]
    ) throws -> Response {
        let sheet = try sheet()
        let visit = try visit(context, sheet)
        let path = "/visit/\(visit.id)/\(name)"
        let form = typed ?? session.show(path) ?? FormBody()
        let view = FormView(
            action: path, token: context.formToken, button: "Save", fields: try fields(form), problems: problems,
            cancel: "/visit/\(visit.id)")
        return try Response(
            .form,
            FormPageView(
                try frame(heading, context, sheet), heading: heading,
                intro:
                    "After 3 minutes this page hides what is on it. Press Save then: you are asked for the code, and what you typed is kept.",
                back: ("/visit/\(visit.id)", "Back to the visit"),
                facts: [Fact(label: "About", text: visit.woman.knownAs ?? visit.woman.ref ?? "No name")], form: view),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
