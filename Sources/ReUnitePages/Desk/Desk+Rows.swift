import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Any row that hangs on a case: added, changed, and what was written of it before. The schema makes the form.
extension Desk {
    /// The hidden field that stands for what the record said when the form was made.
    static let versionField = "row_version"

    func addRows(to router: Router<PageContext>) {
        router.get("/case/:id/add/:table") { _, context in
            let (id, table) = (try caseID(context), try name(context, "table"))
            try replica.checkLease("Adding to the case")
            return try newRow(id, table, context, nil, [])
        }
        router.post("/case/:id/add/:table") { _, context in
            let (id, table) = (try caseID(context), try name(context, "table"))
            let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
            try requireHere(id)
            let outcome = try replica.edit("Adding to the case") {
                try RowEditor($0, partner: partner, staff: staff, now: now).add(table, to: id, Desk.typed(context.form))
            }
            return try answer(outcome, id, table, context) { try newRow(id, table, context, context.form, $0) }
        }
        router.get("/row/:table/:id/change") { _, context in
            let (id, table) = (try id(context), try name(context, "table"))
            try replica.checkLease("Changing the record")
            return try oldRow(id, table, context, nil, [])
        }
        router.post("/row/:table/:id/change") { _, context in
            let (id, table) = (try id(context), try name(context, "table"))
            let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
            let (caseID, outcome) = try replica.edit("Changing the record") { database in
                let editor = try RowEditor(database, partner: partner, staff: staff, now: now)
                return (
                    try editor.caseID(of: id, in: table),
                    try editor.change(
                        id, in: table, Desk.typed(context.form), version: context.form[Desk.versionField])
                )
            }
            return try answer(outcome, caseID, table, context) { try oldRow(id, table, context, context.form, $0) }
        }
        router.get("/row/:table/:id/put-back/:number") { _, context in
            try earlier(try id(context), try name(context, "table"), try number(context), context)
        }
        addDeleting(to: router)
        addOwnNotes(to: router)
    }

    /// The organisation's own records are added under addresses of their own.
    private func caseID(_ context: PageContext) throws -> Identifier {
        let id = try id(context)
        guard id != (try partner()) else { throw HTTPError(.notFound) }
        return id
    }

    func answer(
        _ outcome: RowEditor.Outcome, _ caseID: Identifier, _ table: String, _ context: PageContext,
        form: ([FormProblem]) throws -> Response
    ) throws -> Response {
        let place = try place(of: table, on: caseID)
        switch outcome {
        case .wrong(let problems):
            return try again(problems.map { FormProblem(field: $0.column, text: $0.text) }, form)
        case .same:
            return try taken("Nothing was changed: the record said so already.", isSent: false, to: place, context)
        case .saved(_, let warnings): return try taken("Saved here.", more: warnings, to: place, context)
        }
    }

    func newRow(
        _ id: Identifier, _ table: String, _ context: PageContext, _ typed: FormBody?, _ problems: [FormProblem]
    ) throws -> Response {
        let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
        let form = try replica.read("Showing the form") {
            try RowEditor($0, partner: partner, staff: staff, now: now).form(new: table, in: id)
        }
        return form.isOwn
            ? try show(form, "Add a record", "\(Desk.organisationPath)/\(table)/add", context, typed, problems)
            : try show(form, "Add to the case", "/case/\(id)/add/\(table)", context, typed, problems)
    }

    private func oldRow(
        _ id: Identifier, _ table: String, _ context: PageContext, _ typed: FormBody?, _ problems: [FormProblem]
    ) throws -> Response {
        let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
        let (form, mayDelete) = try replica.read("Showing the form") {
            let editor = try RowEditor($0, partner: partner, staff: staff, now: now)
            return (try editor.form(of: id, in: table), try editor.mayDelete(table))
        }
        return try show(
            form, "Change a record", "/row/\(table)/\(id)/change", context, typed, problems,
            deleting: mayDelete ? "/row/\(table)/\(id)/delete" : nil)
    }

    /// The form of a record with what an earlier edit of it said. Nothing is written before it is saved.
    ///
    /// - Parameter number: which edit, the first one being 1.
    private func earlier(
        _ id: Identifier, _ table: String, _ number: Int64, _ context: PageContext
    ) throws -> Response {
        let edits = try history(of: id, in: table).edits
        guard number >= 1, number <= edits.count, case let edit = edits[edits.count - Int(number)],
            !edit.restorable.isEmpty
        else {
            throw Failure(
                .noInput, what: "Putting it back", why: "nothing of that edit can be put back",
                remedy: "Go back to the history of the record")
        }
        let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
        let form = try replica.read("Showing the form") {
            try RowEditor($0, partner: partner, staff: staff, now: now).form(
                of: id, in: table, saying: edit.restorable)
        }
        return try Response(
            .form,
            FormPageView(
                try frame("Put it back: \(form.label)", context), heading: "Put it back: \(form.label)",
                intro: "The form has what was typed on \(edit.typed). Saving writes it as a new edit.",
                back: ("/row/\(table)/\(id)/history", "Back to the history"),
                form: RowFormView.make(
                    form, action: "/row/\(table)/\(id)/change", token: context.formToken, nil, [])))
    }

    private func show(
        _ form: RowForm, _ title: String, _ action: String, _ context: PageContext, _ typed: FormBody?,
        _ problems: [FormProblem], deleting: String? = nil
    ) throws -> Response {
        let heading = "\(title): \(form.label)"
        var view = FormPageView(
            try frame(heading, context), heading: heading,
            intro: form.isAppendOnly ? "\(form.help). Once saved it stays as it is: it is evidence." : "\(form.help).",
            back: back(from: form),
            form: RowFormView.make(form, action: action, token: context.formToken, typed, problems))
        view.graves = deleting.map { [.init(path: $0, text: "Delete this record")] } ?? []
        return try Response(.form, view, status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    // MARK: Own notes

    private func addOwnNotes(to router: Router<PageContext>) {
        router.get("/case/:id/own-note") { _, context in try ownNote(try id(context), context, FormBody(), []) }
        router.post("/case/:id/own-note") { _, context in
            let id = try id(context)
            let form = context.form
            try requireHere(id)
            return try take({ try ownNote(id, context, form, $0) }) {
                let now = try now()
                try ownNoteForm(id, context, form, []).check(now: now)
                let happened = try Desk.moment(form["recorded_for_at"], field: "recorded_for_at")
                try replica.edit("Adding the note") {
                    _ = try CaseNotes.add(
                        NewNote(
                            body: form["body"], kind: form["kind"],
                            subject: form["subject"].isEmpty ? nil : form["subject"],
                            recordedFor: happened, isOwn: true), to: id.description, in: $0, now: now)
                }
                return try taken(
                    "Saved here, for your organisation alone.", isSent: false, to: "/case/\(id)#own_note", context)
            }
        }
    }

    private func ownNote(
        _ id: Identifier, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> Response {
        try replica.checkLease("Adding the note")
        return try Response(
            .form,
            FormPageView(
                try frame("Add a note for your organisation alone", context),
                heading: "Add a note for your organisation alone",
                intro: "No other organisation is ever shown it, whoever has the case.",
                back: ("/case/\(id)", "Back to the case"), form: try ownNoteForm(id, context, form, problems)),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func ownNoteForm(
        _ id: Identifier, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> FormView {
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        let now = CivilTime.londonMinute(milliseconds: try now()).replacing(" ", with: "T")
        func label(_ column: String) -> String { codes.labels.column("own_note", column) }
        let kinds = codes.options("case_note.kind")
        return FormView(
            action: "/case/\(id)/own-note", token: context.formToken, button: "Save",
            fields: [
                FieldView(
                    "kind", label("kind"), .choice(kinds),
                    value: form.has("kind") ? form["kind"] : kinds.first?.value ?? "",
                    isRequired: true, problems: problems),
                FieldView("subject", label("subject"), value: form["subject"], problems: problems),
                FieldView("body", label("body"), .text, value: form["body"], isRequired: true, problems: problems),
                FieldView(
                    "recorded_for_at", label("recorded_for_at"), .moment,
                    value: form.has("recorded_for_at") ? form["recorded_for_at"] : now, isRequired: true, isPast: true,
                    problems: problems),
            ], problems: problems, cancel: "/case/\(id)#own_note")
    }

    /// A day and a time as a form sends them.
    static func moment(_ text: String, field: String) throws -> Int64? {
        guard !text.isEmpty else { return nil }
        guard let time = CivilTime.londonTime(text, on: nil) else {
            throw FormRefusal(
                field: field, "The day and time cannot be read. Write them as 2026-11-23 14:05.")
        }
        return time
    }
}
