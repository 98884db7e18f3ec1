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
        for kind in [InsideEntry.Kind.record, .note, .another] {
            let path = RouterPath("/visit/:id/\(kind.rawValue)")
            router.get(path) { request, context in
                let visit = try visit(context, packed)
                return try page(
                    context, kind, visit, session.show(InsideDesk.path(kind, visit), number: request.keptNumber), [])
            }
            router.post(path) { _, context in try take(context, kind) }
        }
    }

    static func path(_ kind: InsideEntry.Kind, _ visit: VisitSheet.Visit) -> String {
        "/visit/\(visit.id)/\(kind.rawValue)"
    }

    /// Saves what was typed. That shows nothing of anybody: it is done also when the visits are not shown any more.
    private func take(_ context: PageContext, _ kind: InsideEntry.Kind) throws -> Response {
        let visit = try visit(context, packed)
        let form = context.form
        let wrong = try wrong(form, kind, on: packed.day)
        guard wrong.isEmpty else { return try page(context, kind, visit, form, wrong) }
        let entry = InsideEntry(kind, Desk.typed(form), visit, prison: prison, day: packed.day)
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
            return try page(
                context, kind, visit, form, [FormProblem(field: "", text: plain(Desk.words(failure)))])
        }
        session.settle(form, sentTo: InsideDesk.path(kind, visit))
        sealDrafts()
        return .seeOther(try shown() == nil ? KeptView.taken : "/visit/\(visit.id)")
    }

    /// What is wrong with a form: everything at once, each at its field.
    private func wrong(_ form: FormBody, _ kind: InsideEntry.Kind, on day: String) throws -> [FormProblem] {
        let now = try replica.knownTime().now
        return VisitFields.wrong(form, try fields(kind, form, []), day: day, now: now)
    }

    private func fields(
        _ kind: InsideEntry.Kind, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> [FieldView] {
        let now = try replica.knownTime().now
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        return InsideFields.fields(kind, form, codes, now: now, problems)
    }

    /// - Parameter typed: what was typed into it before; nil for nothing. That is shown again to whoever typed it, also
    ///   when the visits are not shown any more.
    private func page(
        _ context: PageContext, _ kind: InsideEntry.Kind, _ visit: VisitSheet.Visit, _ typed: FormBody?,
        _ problems: [FormProblem]
    ) throws -> Response {
        let sheet = typed == nil ? try sheet() : try shown()
        let form = typed ?? FormBody()
        let heading = InsideFields.heading(kind)
        let back = sheet == nil ? (KeptView.path, "Not saved yet") : ("/visit/\(visit.id)", "Back to the visit")
        let about = sheet.map { _ in visit.woman.knownAs ?? visit.woman.ref ?? "No name" }
        let view = FormView(
            action: InsideDesk.path(kind, visit), token: context.formToken, button: "Save",
            fields: try fields(kind, form, problems), typed: form, problems: problems, cancel: back.0)
        return try Response(
            .form,
            FormPageView(
                try frame(heading, context, sheet), heading: heading,
                intro:
                    "After 3 minutes this page hides what is on it. Press Save then: you are asked for the code, and what you typed is kept.",
                back: back, facts: about.map { [Fact(label: "About", text: $0)] } ?? [], form: view),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
