import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// What she decided about sharing: given, refused, or taken back.
extension Desk {
    func addConsent(to router: Router<PageContext>) {
        router.get("/case/:id/consent") { _, context in try consent(try id(context), context, FormBody(), []) }
        router.post("/case/:id/consent") { _, context in
            let id = try id(context)
            let form = context.form
            try requireHere(id)
            return try take({ try consent(id, context, form, $0) }) {
                let what = "Recording the consent"
                let (partner, now) = (try partner(), try now())
                let view = try consentForm(id, context, form, [])
                var wrong = view.wrong(now: now)
                if form["decision"] == "GIVEN", form["purpose"] == "SHARE_WITH_PARTNER", form["partner"].isEmpty {
                    wrong.append(
                        FormProblem(field: "partner", text: "With whom: it is missing. Choose one of the list."))
                }
                guard wrong.isEmpty else { throw FormRefusal(problems: wrong) }
                func text(_ name: String) -> String? { form[name].isEmpty ? nil : form[name] }
                let new = NewConsent(
                    purpose: form["purpose"], partner: text("partner"), method: text("method"),
                    evidence: text("evidence_ref"), expiresOn: text("expires_on"),
                    recordedFor: try Desk.moment(form["recorded_for_at"], field: "recorded_for_at"))
                let (done, counts) = try replica.edit(what) { database in
                    let done =
                        switch form["decision"] {
                        case "GIVEN": try Consents.give(new, for: id.description, in: database, now: now)
                        case "REFUSED": try Consents.refuse(new, for: id.description, in: database, now: now)
                        case "WITHDRAWN":
                            try Consents.withdraw(new, for: id.description, by: partner, in: database, now: now)
                        default: throw FormRefusal(field: "decision", "Her decision is missing. Choose one.")
                        }
                    return (
                        done,
                        try Consents.counts(done, in: database, now: now)
                    )
                }
                var more: [String] = []
                if !counts {
                    more.append(
                        "It does not count yet, so nothing can be sent on it. After she took it back, a yes counts if it says where the signed form is kept, and was given a day later at least."
                    )
                }
                if !done.closedReferrals.isEmpty {
                    more.append(
                        "\(ConsoleWords.count(done.closedReferrals.count, "referral")) ended with it. Sync soon: until then the other side does not know."
                    )
                }
                return try taken(
                    "Her decision was recorded.", isSent: false, more: more, to: "/case/\(id)#consent", context)
            }
        }
    }

    private func consent(
        _ id: Identifier, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> Response {
        try replica.checkLease("Recording the consent")
        return try Response(
            .form,
            FormPageView(
                try frame("Record consent", context), heading: "Record what she decided",
                intro: "A change of mind is a new line: what she said before stays as it is.",
                back: ("/case/\(id)", "Back to the case"), form: try consentForm(id, context, form, problems)),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func consentForm(
        _ id: Identifier, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> FormView {
        let own = try partner()
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        let now = CivilTime.londonMinute(milliseconds: try now()).replacing(" ", with: "T")
        func field(
            _ name: String, _ column: String, _ kind: FieldView.Kind, _ initial: String = "", required: Bool = false,
            help: String = ""
        ) -> FieldView {
            FieldView(
                name, codes.labels.column("consent", column), kind, value: form.has(name) ? form[name] : initial,
                help: help, isRequired: required, isPast: kind == .moment, problems: problems)
        }
        let others = codes.others.filter { $0.id != own }.map {
            FieldView.Option(value: $0.code, label: "\($0.name) (\($0.code))")
        }
        return FormView(
            action: "/case/\(id)/consent", token: context.formToken, button: "Save her decision",
            fields: [
                field(
                    "decision", "decision",
                    .radios([
                        .init(value: "GIVEN", label: "She agrees"), .init(value: "REFUSED", label: "She does not"),
                        .init(value: "WITHDRAWN", label: "She takes it back"),
                    ]), required: true),
                field(
                    "purpose", "purpose", .choice(codes.options("consent.purpose")), "SHARE_WITH_PARTNER",
                    required: true),
                field(
                    "partner", "partner_id", .choice([.init(value: "", label: "None")] + others),
                    help: "With whom. To share with a partner names one."),
                field("method", "method", .choice(codes.options("consent.method", none: "Not known"))),
                field(
                    "evidence_ref", "evidence_ref", .line,
                    help:
                        "Where the signed form is kept. After she took it back, a new yes counts only with it, and from a day later."
                ),
                field("expires_on", "expires_on", .date),
                field("recorded_for_at", "recorded_for_at", .moment, now, required: true, help: "When she said so."),
            ], problems: problems, cancel: "/case/\(id)#consent")
    }
}
