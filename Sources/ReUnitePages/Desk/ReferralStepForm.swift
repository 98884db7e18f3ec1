import ReUniteProgramme
import ReUniteSync

/// The form of each step of a referral. Who may take it, and when, the schema says; what is done with it,
/// ``Referrals``.
struct ReferralStepForm: Sendable {
    /// The state that it leads to in small letters, or one of the two signatures.
    let step: String
    let journey: ReferralJourney
    let codes: CodeChoices

    static let sign = Referrals.signing
    static let giveBack = Referrals.givingBack

    private var isSender: Bool { journey.summary.side == "SENDER" }

    var title: String {
        let label = journey.steps.first { $0.state.lowercased() == step }?.label ?? "Take the step"
        return ReferralStepForm.title(of: step, label: label, isSender: isSender)
    }

    /// What somebody does who takes a step; a step that nobody has words for is called as the state that it leads to.
    static func title(of step: String, label: String, isSender: Bool) -> String {
        switch step {
        case sign: "Sign the handover"
        case giveBack: isSender ? "Agree that she goes back" : "Ask that she goes back"
        case "under_assessment" where isSender: "Answer the question"
        case "handover": "Begin the handover, and sign it"
        default: titles[step] ?? label
        }
    }

    private static let titles = [
        "pre_check": "Ask first whether there is room", "sent": "Send it", "received": "Say that it arrived",
        "under_assessment": "Begin the assessment", "info_requested": "Ask the sender something",
        "waitlisted": "Accept in principle: no home yet", "offered": "Offer a home",
        "offer_accepted": "Record that she accepts the offer", "offer_refused": "Record that she refuses the offer",
        "accepted": "Accept it", "declined": "Decline it", "withdrawn": "Withdraw it",
        "consent_withdrawn": "Record that she took her consent back", "recalled_open": "Record that she was recalled",
        "completed": "Complete it", "returned": "Return it to the sender",
        "closed_error": "Close it: a duplicate or a mistake",
    ]

    /// Said before the button is pressed.
    var intro: String {
        switch step {
        case "sent":
            "What the receiver may be told at this stage is frozen and sent with the next sync. She must have agreed to it."
        case "accepted": "Her case comes to you with the next syncs."
        case "handover", ReferralStepForm.sign:
            "When both sides have signed, the hub moves the case. Afterwards the sender keeps what was frozen, and no more."
        case "declined", "withdrawn": "The referral ends with this. The reason stays readable to both sides: no names."
        case "consent_withdrawn": "The referral ends with this, and what the other side holds of her is removed."
        case "completed": "The referral ends with this. The sender is told this one line."
        case ReferralStepForm.giveBack:
            isSender
                ? "The receiver has asked for it. When you agree, the hub moves the case back to you."
                : "Within 14 days of the transfer. When the sender agrees, the hub moves the case back."
        case "offered": "The hub holds the home first: ask for it, sync, and then offer it."
        default: ""
        }
    }

    var isGrave: Bool {
        ["declined", "withdrawn", "consent_withdrawn", "returned", ReferralStepForm.giveBack].contains(step)
    }

    /// Whether the page offers it at all.
    var isOpen: Bool {
        switch step {
        case ReferralStepForm.sign: journey.maySign
        case ReferralStepForm.giveBack: journey.mayGiveBack
        default: journey.steps.contains { $0.state.lowercased() == step }
        }
    }

    func fields(_ form: FormBody, _ problems: [FormProblem], today: String) -> [FieldView] {
        func field(
            _ name: String, _ label: String, _ kind: FieldView.Kind = .line, _ initial: String = "", help: String = "",
            required: Bool = true
        ) -> FieldView {
            FieldView(
                name, label, kind, value: form.has(name) ? form[name] : initial, help: help, isRequired: required,
                isPast: kind == .moment, problems: problems)
        }
        func list(_ name: String, _ label: String, _ list: String) -> FieldView {
            field(name, label, .choice(codes.options(list, none: "Choose")))
        }
        let words = field("words", "In words", .text, help: "No names: both sides go on reading it.", required: false)
        switch step {
        case "under_assessment" where isSender:
            let open = journey.questions.filter { $0.answer.isEmpty }
            let options = open.map { FieldView.Option(value: $0.id, label: "\($0.topic): \($0.text)") }
            return [
                field(
                    "question", "Question", options.count > 3 ? .choice(options) : .radios(options),
                    options.first?.value ?? ""),
                field("answer", "Answer", .text),
            ]
        case "under_assessment" where journey.summary.state != "INFO_REQUESTED":
            return [field("assessor", "Who assesses it", help: "One worker, by name.")]
        case "info_requested":
            return [
                list("topic", "About", "info_request.topic"), field("question", "Question", .text, required: false),
            ]
        case "offered":
            return [
                field(
                    "unit", "Home",
                    .choice(
                        [.init(value: "", label: "The one that is held")]
                            + journey.homes.map {
                                .init(value: $0.value, label: $0.label)
                            }), required: false), field("from", "First night", .date, required: false),
                field("to", "Day of leaving", .date, required: false),
            ]
        case "offer_refused": return [list("reason", "Why not", "referral.offer_refusal")]
        case "declined": return [list("reason", "Reason", "referral.decline_reason"), words]
        case "withdrawn": return [list("reason", "Reason", "referral.withdraw_reason"), words]
        case "consent_withdrawn": return [field("at", "When she said so", .moment, today + "T12:00")]
        case "returned", ReferralStepForm.giveBack:
            return [list("reason", "Reason", "referral.return_reason"), role(form, problems)]
        case "completed":
            return [list("outcome", "Outcome", "referral_outcome.band"), field("on", "On", .date, today)]
        case "handover", ReferralStepForm.sign:
            let done: [FieldView.Option] = [
                .init(value: "DONE", label: "Done"), .init(value: "NOT_NEEDED", label: "Not needed"),
                .init(value: "OPEN", label: "Not yet"),
            ]
            return [
                field("risk_call", "Both sides have talked about her risk", .radios(done), "OPEN"),
                field("children_plan", "The children's plan is agreed", .radios(done), "OPEN"),
                field("duty_to_refer", "The duty to refer is with the new authority", .radios(done), "OPEN"),
                field("transport", "There is transport from the gate to her home", .radios(done), "OPEN"),
                role(form, problems),
            ]
        case "pre_check":
            return [
                field("month", "Month of release", help: "For example 2027-03.", required: false),
                field("bedrooms", "Bedrooms", .number, required: false),
                field(
                    "children", "The children's ages", .checks(codes.options("enquiry.children_bands")), required: false
                ),
                field("step_free", "She needs a home without steps", .radios(FieldView.yesOrNo), "no"),
                field(
                    "not_in", "Where she must not live", help: "First halves of postcodes, with spaces between.",
                    required: false),
            ]
        default: return []
        }
    }

    private func role(_ form: FormBody, _ problems: [FormProblem]) -> FieldView {
        FieldView("signed_by", "Signed by", value: form["signed_by"], help: "A role, not a name.", problems: problems)
    }
}
