import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Enquiries that name nobody: those that this organisation was asked, to be answered, and those that it made.
extension Desk {
    func addEnquiries(to router: Router<PageContext>) {
        router.get("/enquiry/:id") { _, context in try enquiry(try id(context), context, FormBody(), []) }
        router.post("/enquiry/:id") { _, context in
            let id = try id(context)
            let form = context.form
            return try take({ try enquiry(id, context, form, $0) }) {
                let partner = try partner()
                guard !form["answer"].isEmpty else {
                    throw FormRefusal(field: "answer", "Your answer is missing. Choose one.")
                }
                if form["answer"] == "NO", form["reason"].isEmpty {
                    throw FormRefusal(field: "reason", "A no needs a reason. Choose one of the list.")
                }
                _ = try replica.edit("Answering the enquiry") {
                    try Enquiries.answer(
                        id.description, form["answer"], reason: form["reason"].isEmpty ? nil : form["reason"],
                        by: partner, in: $0)
                }
                return try taken("Answered.", to: "/enquiry/\(id)", context)
            }
        }
    }

    private func enquiry(
        _ id: Identifier, _ context: PageContext, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> Response {
        try replica.checkLease("Showing the enquiry")
        let partner = try partner()
        let (sheet, answers, codes) = try replica.read("Showing the enquiry") { database in
            (
                try Enquiries.sheet(id, by: partner, in: database),
                try Enquiries.answers(to: id, by: partner, in: database), try CodeChoices(database)
            )
        }
        let options = answers.map { FieldView.Option(value: $0.code, label: $0.label) }
        let answer =
            options.isEmpty
            ? nil
            : FormView(
                action: "/enquiry/\(id)", token: context.formToken, button: "Answer",
                fields: [
                    FieldView(
                        "answer", "Would you have room?", .radios(options), value: form["answer"], isRequired: true,
                        problems: problems),
                    FieldView(
                        "reason", "Why not", .choice(codes.options("referral.decline_reason", none: "It is not a no")),
                        value: form["reason"], help: "Asked for with a no alone.", problems: problems),
                ], problems: problems, cancel: "/referrals")
        return try Response(
            .enquiry, EnquiryView(try frame("Enquiry", context), sheet.summary, sheet.facts, answer),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
