import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// What was typed inside, whose case is here, and that cannot be written as it is: put right, sent as a correction, or
/// let go.
extension Desk {
    static let stuckPath = "/visits/inside"

    func addStuck(to router: Router<PageContext>) {
        let path = "\(Desk.stuckPath)/:name"
        router.get(RouterPath(path)) { _, context in try stuckPage(context, nil, []) }
        router.post(RouterPath(path)) { _, context in
            let form = context.form
            return try take({ try stuckPage(context, form, $0) }) {
                let stuck = try stuck(context)
                let fields = try fields(stuck.entry.kind, form, [])
                let wrong = VisitFields.wrong(form, fields, day: stuck.entry.day, now: try now())
                guard wrong.isEmpty else { throw FormRefusal(problems: wrong) }
                try InsideEntry.settle(stuck, as: Desk.typed(form), in: replica, now: try now())
                return try taken("Saved.", to: "/visits", context)
            }
        }
        router.get(RouterPath("\(path)/let-go")) { _, context in
            try replica.checkLease("Showing what was typed inside")
            let stuck = try stuck(context)
            let page = "\(Desk.stuckPath)/\(stuck.name)"
            let gate = DeskGate(session: session, column: { label($1, of: $0) })
            let facts = gate.typed(Desk.form(stuck.entry), sentTo: "/visit/x/\(stuck.entry.kind.rawValue)")
            let form = FormView(
                action: "\(page)/let-go", token: context.formToken, button: "Let it go for good", fields: [],
                isGrave: true, cancel: page)
            return try Response(
                .form,
                FormPageView(
                    try frame("Let go what was typed inside", context, here: "/visits"),
                    heading: "Let go what was typed inside",
                    intro: "It is written nowhere else. Copy from it what somebody needs.",
                    back: (page, "Put it right instead"), facts: facts, form: form))
        }
        router.post(RouterPath("\(path)/let-go")) { _, context in
            try InsideEntry.letGo(try stuck(context), in: replica)
            notices.leave("It is let go.", for: context.formToken)
            return Response.seeOther("/visits")
        }
    }

    /// What cannot be written, in words, with the way to its page.
    func stuck() throws -> [VisitDayView.Stuck] {
        try InsideEntry.stuck(replica).map { stuck in
            VisitDayView.Stuck(
                path: "\(Desk.stuckPath)/\(stuck.name)", words: Desk.words(stuck.entry), why: sentence(stuck.why))
        }
    }

    /// What was typed inside, by its kind, its prison and its day.
    static func words(_ entry: InsideEntry) -> String {
        let kind =
            switch entry.kind {
            case .record: "What became of a visit"
            case .note: "A note"
            case .another: "Another visit"
            }
        return "\(kind), \(entry.prison), \(entry.day)"
    }

    private func stuck(_ context: PageContext) throws -> InsideEntry.Stuck {
        let name = context.parameters.get("name")
        guard let stuck = try InsideEntry.stuck(replica).first(where: { $0.name == name }) else {
            throw HTTPError(.notFound)
        }
        return stuck
    }

    private static func form(_ entry: InsideEntry) -> FormBody {
        FormBody(entry.typed.sorted { $0.key < $1.key }.map { FormBody.Field(name: $0.key, value: $0.value) })
    }

    private func sentence(_ why: String) -> String { plain(why.prefix(1).uppercased() + why.dropFirst() + ".") }

    private func fields(
        _ kind: InsideEntry.Kind, _ form: FormBody, _ problems: [FormProblem]
    ) throws -> [FieldView] {
        let codes = try replica.read("Reading the codes") { try CodeChoices($0) }
        return InsideFields.fields(kind, form, codes, now: try now(), problems)
    }

    private func stuckPage(_ context: PageContext, _ typed: FormBody?, _ problems: [FormProblem]) throws -> Response {
        try replica.checkLease("Showing what was typed inside")
        let stuck = try stuck(context)
        let page = "\(Desk.stuckPath)/\(stuck.name)"
        let view = FormView(
            action: page, token: context.formToken, button: "Save",
            fields: try fields(stuck.entry.kind, typed ?? Desk.form(stuck.entry), problems), problems: problems,
            cancel: "/visits")
        var shown = FormPageView(
            try frame("Typed inside, not written yet", context, here: "/visits"),
            heading: "Typed inside, not written yet",
            intro: "Compare it with what the case says, put it right and save it, or let it go.",
            back: ("/case/\(stuck.entry.caseFile)", "Her case"),
            facts: [
                Fact(label: "What", text: Desk.words(stuck.entry)),
                Fact(label: "Why it is not written", text: sentence(stuck.why)),
            ], form: view)
        shown.graves = [.init(path: "\(page)/let-go", text: "Let it go")]
        return try Response(.form, shown, status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}
