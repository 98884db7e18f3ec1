import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Referrals: those that are under way, one as a way with stations, its steps as forms, and a new one.
extension Desk {
    func addReferrals(to router: Router<PageContext>) {
        router.get("/referrals") { _, context in
            try replica.checkLease("Showing the referrals")
            let partner = try partner()
            let (open, ended, enquiries) = try replica.read("Listing referrals") {
                (
                    try Referrals.open(in: $0, by: partner), try Referrals.ended(in: $0, by: partner),
                    try Enquiries.list(in: $0, by: partner)
                )
            }
            return try Response(
                .referrals,
                ReferralListView(try frame("Referrals", context, here: "/referrals"), open, ended, enquiries))
        }
        router.get("/case/:id/refer") { _, context in try newReferral(try id(context), context, FormBody(), []) }
        router.post("/case/:id/refer") { _, context in
            let id = try id(context)
            let form = context.form
            try requireHere(id)
            return try take({ try newReferral(id, context, form, $0) }) {
                let (partner, now) = (try partner(), try now())
                var wrong = try newReferralForm(id, context, form, []).wrong(now: now)
                let (needed, release) = (form["needed_from"], form["release_date"])
                if CivilTime.isDate(needed), CivilTime.isDate(release), needed < release {
                    let text = "The home is needed before the release date. Compare the two days."
                    wrong.append(FormProblem(field: "needed_from", text: text))
                }
                guard wrong.isEmpty else { throw FormRefusal(problems: wrong) }
                func text(_ name: String) -> String? { form[name].isEmpty ? nil : form[name] }
                let new = NewReferral(
                    to: form["to"], kind: form["kind"], urgency: form["urgency"], neededFrom: text("needed_from"),
                    releaseDate: text("release_date"), householdBand: text("household_band"), source: text("source"),
                    reasonForArea: text("reason_for_area"))
                let isClosed = try replica.closure() != nil
                let (made, doubts) = try replica.edit("Making the referral") { database in
                    let made = try Referrals.create(new, of: id.description, by: partner, in: database, now: now)
                    let referral = isClosed ? nil : Identifier(made.id)
                    return (made, try referral.map { try RowDoubts.words(of: $0, in: database, now: now) } ?? [])
                }
                return try taken(
                    "A draft, which nobody else sees until you send it.", isSent: false,
                    more: doubts.map { "Look at this. \($0)" }, to: "/referral/\(made.id)", context)
            }
        }
        router.get("/referral/:id") { _, context in
            let id = try id(context)
            try replica.checkLease("Showing the referral")
            return try Response(.referral, ReferralView(try frame("Referral", context), try journey(id)))
        }
        router.get("/referral/:id/step/:step") { _, context in
            try step(try id(context), try name(context, "step"), context, FormBody(), [])
        }
        router.post("/referral/:id/step/:step") { _, context in
            let (id, step) = (try id(context), try name(context, "step"))
            let form = context.form
            return try take({ try self.step(id, step, context, form, $0) }) {
                let (partner, now) = (try partner(), try now())
                let steps = try stepForm(id, step)
                if steps.isOpen { try stepView(steps, id, context, form, []).check(now: now) }
                let before = try journey(id).summary.state
                let after = try replica.edit("Taking the step") {
                    try Referrals.take(step, of: id, Desk.typed(form), by: partner, in: $0, now: now)
                }
                return try taken(
                    after.state == before ? "Recorded here." : "The referral is now: \(after.stateLabel).",
                    to: "/referral/\(id)", context)
            }
        }
    }

    private func journey(_ id: Identifier) throws -> ReferralJourney {
        let partner = try partner()
        return try replica.read("Showing the referral") { try Referrals.journey(id, by: partner, in: $0) }
    }

    private func stepForm(_ id: Identifier, _ step: String) throws -> ReferralStepForm {
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        return ReferralStepForm(step: step, journey: try journey(id), codes: codes)
    }

    private func step(
        _ id: Identifier, _ step: String, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> Response {
        try replica.checkLease("Taking the step")
        let steps = try stepForm(id, step)
        guard steps.isOpen || !problems.isEmpty else {
            throw Failure(
                .notPermitted, what: "Taking the step",
                why: "this side cannot take that step from where the referral stands",
                remedy: "Go back to the referral: it says what is open to whom")
        }
        let view = try stepView(steps, id, context, form, problems)
        var page = FormPageView(
            try frame("A step of a referral: \(steps.title)", context), heading: steps.title, intro: steps.intro,
            back: ("/referral/\(id)", "Back to the referral"), form: view)
        let partner = try partner()
        let told = try replica.read("Previewing the step") {
            try Referrals.wouldTell(step, of: id, by: partner, in: $0)
        }
        page.told = told.map { [ReferralView.Told($0)] } ?? []
        if asking != nil {
            page.asks = [.init(path: "/referral/\(id)/step/\(step)/preview", token: context.formToken)]
        }
        return try Response(
            .form, page,
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func stepView(
        _ steps: ReferralStepForm, _ id: Identifier, _ context: PageContext, _ form: FormBody,
        _ problems: [FormProblem]
    ) throws -> FormView {
        let today = CivilTime.londonDate(milliseconds: try now())
        return FormView(
            action: "/referral/\(id)/step/\(steps.step)", token: context.formToken, button: steps.title,
            fields: steps.fields(form, problems, today: today), problems: problems, isGrave: steps.isGrave,
            cancel: "/referral/\(id)")
    }

    private func newReferral(
        _ id: Identifier, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> Response {
        try replica.checkLease("Starting a referral")
        return try Response(
            .form,
            FormPageView(
                try frame("Start a referral", context), heading: "Start a referral",
                intro: "Nobody else sees the draft. Before it is sent she has to agree that it is.",
                back: ("/case/\(id)", "Back to the case"), form: try newReferralForm(id, context, form, problems)),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    private func newReferralForm(
        _ id: Identifier, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> FormView {
        let partner = try partner()
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        let others = codes.others.filter { $0.id != partner }.map {
            FieldView.Option(value: $0.code, label: "\($0.name) (\($0.code))")
        }
        func field(_ name: String, _ kind: FieldView.Kind, _ initial: String = "", required: Bool = false) -> FieldView
        {
            FieldView(
                name, codes.labels.column("referral", name), kind, value: form.has(name) ? form[name] : initial,
                help: name == "reason_for_area" ? "No names: it stays readable when the referral has ended." : "",
                isRequired: required, problems: problems)
        }
        return FormView(
            action: "/case/\(id)/refer", token: context.formToken, button: "Save the draft",
            fields: [
                FieldView(
                    "to", "To", .choice([.init(value: "", label: "Choose")] + others), value: form["to"],
                    isRequired: true,
                    problems: problems),
                field("kind", .choice(codes.options("referral.kind")), "REFER_HOUSE", required: true),
                field("urgency", .choice(codes.options("referral.urgency")), "ROUTINE", required: true),
                field("release_date", .date), field("needed_from", .date),
                field("household_band", .choice(codes.options("referral.household_band", none: "Not known"))),
                field("source", .choice(codes.options("referral.source", none: "Not known"))),
                field("reason_for_area", .text),
            ], problems: problems, cancel: "/case/\(id)")
    }
}
