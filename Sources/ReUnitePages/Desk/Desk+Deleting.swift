import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// A record is deleted on a page that shows once more what it says.
extension Desk {
    func addDeleting(to router: Router<PageContext>) {
        router.get("/row/:table/:id/delete") { _, context in
            try deletion(try id(context), try name(context, "table"), context, [])
        }
        router.post("/row/:table/:id/delete") { _, context in
            let (id, table) = (try id(context), try name(context, "table"))
            let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
            try replica.checkLease("Deleting the record")
            let (caseID, outcome) = try replica.edit("Deleting the record") { database in
                let editor = try RowEditor(database, partner: partner, staff: staff, now: now)
                return (
                    try editor.caseID(of: id, in: table),
                    try editor.delete(id, in: table, version: context.form[Desk.versionField])
                )
            }
            if case .wrong(let problems) = outcome {
                return try deletion(id, table, context, problems.map { FormProblem(field: $0.column, text: $0.text) })
            }
            notices.leave("Deleted here. It goes from everybody else with the next syncs.", for: context.formToken)
            return .seeOther(try place(of: table, on: caseID))
        }
    }

    private func deletion(
        _ id: Identifier, _ table: String, _ context: PageContext, _ problems: [FormProblem]
    ) throws -> Response {
        try replica.checkLease("Deleting the record")
        let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
        let (form, facts) = try replica.read("Showing the record") { database in
            (
                try RowEditor(database, partner: partner, staff: staff, now: now).deletion(of: id, in: table),
                try RowHistory(id, table, [], attention: [], by: partner, in: database).present
            )
        }
        let view = FormView(
            action: "/row/\(table)/\(id)/delete", token: context.formToken, button: "Delete it",
            fields: [FieldView(Desk.versionField, "", .hidden, value: form.version)], problems: problems,
            isGrave: true, cancel: try place(of: table, on: form.caseID))
        return try Response(
            .form,
            FormPageView(
                try frame("Delete a record: \(form.label)", context), heading: "Delete a record: \(form.label)",
                intro:
                    "It goes here at once, and from everybody else with the next syncs. If it is only out of date, change it instead.",
                back: ("/row/\(table)/\(id)/change", "Back to the record"),
                facts: facts.map { Fact(label: $0.label, text: $0.text) }, form: view),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
