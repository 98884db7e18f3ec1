import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// The visits of a day: on paper to take along, and typed in afterwards.
extension Desk {
    func addVisits(to router: Router<PageContext>) {
        router.get("/visits") { request, context in
            try replica.checkLease("Showing the visits")
            let now = try now()
            let today = CivilTime.londonDate(milliseconds: now)
            let asked = request.uri.queryParameters.get("on").map { String($0) } ?? ""
            let day = CivilTime.isDate(asked) ? asked : today
            let visits = try replica.read("Showing the visits") { try VisitDay(on: day, in: $0) }
            let frame = try frame("Visits on \(day)", context, here: "/visits")
            return try Response(
                .visits, VisitDayView(frame, day, visits, asked: try wishes(), kept: try kept(), stuck: try stuck()))
        }
        router.post("/caseload/:id/allow") { _, context in
            let id = try id(context).description
            let facts = try replica.facts()
            guard facts.role == "office", let wish = try wishes().first(where: { $0.id == id }) else {
                throw HTTPError(.notFound)
            }
            try replica.edit("Putting the case on the laptop") {
                _ = try Caseloads.add(wish.caseID, device: wish.deviceID, by: Desk.writer(facts), in: $0)
            }
            notices.leave(
                "It goes to the laptop with the next syncs: yours, then the laptop's.", for: context.formToken)
            return Response.seeOther("/visits")
        }
        router.get("/visits/forms") { request, _ in
            try replica.checkLease("Printing the forms")
            guard let asked = request.uri.queryParameters.get("on").map({ String($0) }), !asked.isEmpty else {
                return Response.seeOther("/visits")
            }
            let day = try DayVisit.day(asked, now: try now())
            let form = try replica.read("Printing the forms") { try VisitForm(on: day, prisons: [], in: $0) }
            return Response(html: form.html(style: "/visit-form.css", back: "/visits?on=\(day)"))
        }
        router.get("/visit-form.css") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/css; charset=utf-8"],
                body: .init(byteBuffer: .init(string: VisitForm.style)))
        }
        router.get("/visits/record") { request, context in
            let code = request.uri.queryParameters.get("code").map { String($0) } ?? ""
            var form = FormBody()
            if code.utf8.count <= 12 { form.fields.append(.init(name: "visit", value: code)) }
            return try visitForm(context, form, [])
        }
        router.post("/visits/record") { _, context in
            let form = context.form
            return try take({ try visitForm(context, form, $0) }) {
                try record(form)
                return try taken(
                    "Recorded. Destroy the sheet, and type the next one.", isSent: false, to: "/visits/record", context)
            }
        }
    }

    /// The cases that a laptop asks for, at an office.
    private func wishes() throws -> [CaseloadEntry] {
        let facts = try replica.facts()
        guard facts.role == "office" else { return [] }
        return try replica.read("Listing what laptops ask for") {
            try Caseloads.list(of: facts.partner, in: $0).filter { $0.status == "ASKED" }
        }
    }

    /// When what was typed inside happened, and for which visit, where it waits for its case.
    private func kept() throws -> [String] {
        let stuck = Set(try InsideEntry.stuck(replica).map(\.entry))
        return InsideEntry.waiting(replica).filter { !stuck.contains($0) }.map { Desk.words($0) }
    }

    /// Puts on record what the paper says.
    private func record(_ form: FormBody) throws {
        let what = "Recording the visit"
        func text(_ name: String) -> String? { form[name].isEmpty ? nil : form[name] }
        let now = try now()
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        var day: String?
        var unknown: [FormProblem] = []
        if !form["visit"].isEmpty {
            do {
                day = try replica.read(what) {
                    try VisitOutcomes.day(of: try VisitCode.visit(form["visit"], in: $0), in: $0)
                }
            } catch let failure as Failure where [.badData, .noInput].contains(failure.code) {
                unknown = [FormProblem(field: "visit", text: plain(Desk.words(failure)))]
            }
        }
        let fields = VisitFields.outcome(form, codes, [], withCode: true)
        let wrong = unknown + VisitFields.wrong(form, fields, day: day, now: now)
        guard wrong.isEmpty else { throw FormRefusal(problems: wrong) }
        let outcome = VisitOutcome(
            visit: form["visit"], attended: form["attended"], at: form["at"], reason: text("reason"),
            minutes: text("minutes").flatMap { Int($0) }, note: text("note"), isCorrection: form["correct"] == "yes")
        _ = try replica.edit(what) { try VisitOutcomes.record(outcome, in: $0, now: now) }
    }

    private func visitForm(_ context: PageContext, _ form: FormBody, _ problems: [FormProblem]) throws -> Response {
        try replica.checkLease("Recording the visit")
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        let view = FormView(
            action: "/visits/record", token: context.formToken, button: "Record the visit",
            fields: VisitFields.outcome(form, codes, problems, withCode: true), problems: problems, cancel: "/visits")
        return try Response(
            .form,
            FormPageView(
                try frame("Type in a visit from paper", context), heading: "Type in a visit from paper",
                intro: "The time is the one at which it happened; when you typed it is kept apart.",
                back: ("/visits", "Back to the visits"), form: view),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}

/// The fields of what became of a visit.
enum VisitFields {
    /// What is wrong with them, everything at once: each by itself, and those that do not go together.
    ///
    /// - Parameter day: to which a bare time belongs; nil where it is not known.
    static func wrong(_ form: FormBody, _ fields: [FieldView], day: String?, now: Int64) -> [FormProblem] {
        var problems = FormView(action: "", token: "", button: "", fields: fields).wrong(now: now)
        func say(_ field: String, _ text: String) {
            guard !problems.contains(where: { $0.field == field }), fields.contains(where: { $0.name == field })
            else { return }
            let label = fields.first { $0.name == field }?.label ?? ""
            problems.append(FormProblem(field: field, text: "\(label): \(text)"))
        }
        if !form["at"].isEmpty {
            if let time = CivilTime.londonTime(form["at"], on: day ?? CivilTime.londonDate(milliseconds: now)) {
                if !MeantTimes.range.contains(time) { say("at", "\(MeantTimes.why). Write it as 2026-11-23 14:05.") }
                // Without a day nobody knows of which day a bare time is.
                if time > now + VisitOutcomes.slip, day != nil || form["at"].utf8.count > 5 {
                    say("at", "it is in the future. Compare it with the paper, or correct this machine's clock.")
                }
            } else {
                say("at", "it cannot be read. Write it as 14:05, or as 2026-11-23 14:05.")
            }
        }
        if let minutes = Int(form["minutes"]), !(0...1440).contains(minutes) {
            say("minutes", "a visit lasts at most a day. Write how many it was.")
        }
        if form["attended"] == "NO", !form["minutes"].isEmpty {
            say("minutes", "she was not seen. Leave them out, or say that she was.")
        }
        if ["YES", "LATE"].contains(form["attended"]), !form["reason"].isEmpty {
            say("reason", "she was seen. Leave it out, or say that she was not.")
        }
        return problems
    }

    static func outcome(
        _ form: FormBody, _ codes: CodeChoices, _ problems: [FormProblem], withCode: Bool
    ) -> [FieldView] {
        func field(
            _ name: String, _ label: String, _ kind: FieldView.Kind = .line, required: Bool = false, help: String = ""
        ) -> FieldView {
            FieldView(
                name, label, kind, value: form[name], help: help, isRequired: required, problems: problems)
        }
        let code = field("visit", "The visit's code", required: true, help: "As it stands on the sheet: 1234-5678-K.")
        return (withCode ? [code] : []) + [
            field(
                "attended", codes.labels.column("visit", "attended"),
                .radios([
                    .init(value: "YES", label: "Yes"), .init(value: "LATE", label: "Late"),
                    .init(value: "NO", label: "No"),
                ]), required: true),
            field("at", "When", required: true, help: "14:05 is of the planned day. Another day: 2026-11-23 14:05."),
            field("minutes", codes.labels.column("visit", "minutes"), .number, help: "With her, without the wait."),
            field(
                "reason", codes.labels.column("visit", "no_session_reason"),
                .choice(codes.options("visit.no_session_reason", none: "It took place"))),
            field("note", "Note", .text, help: "Becomes a note of the case. No address, no telephone number."),
            field(
                "correct", "Another outcome is on record, and this one is right",
                .checks([.init(value: "yes", label: "Yes, put this in its place")])),
        ]
    }
}
