import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// A visit bundle from the desk: whom it is for, what goes in, counted before it is made, and where it is afterwards.
extension Desk {
    func addPacking(to router: Router<PageContext>) {
        router.get("/visits/pack") { request, context in
            let day = try DayVisit.day(request.uri.queryParameters.get("on").map { String($0) }, now: try now())
            return try packing(context, PackingOrder(day: day), [])
        }
        router.post("/visits/pack") { _, context in
            try replica.checkLease("Packing the visits")
            let order = PackingOrder(context.form)
            return try pack(context, order) {
                _ = try VisitBundle(order.order(), from: replica, now: try now())
                return .seeOther("/visits/pack/\(orders.keep(order, for: context.formToken))")
            }
        }
        router.get("/visits/pack/:number") { _, context in
            try replica.checkLease("Packing the visits")
            guard let order = orders.what(context.parameters.get("number"), for: context.formToken) else {
                return Response.seeOther("/visits/pack")
            }
            return try pack(context, order) {
                let bundle = try VisitBundle(order.order(), from: replica, now: try now())
                let view = PackedView(
                    bundle, order, try frame("What goes in for the visits of \(order.day)", context, here: "/visits"))
                return try Response(.packed, view)
            }
        }
        router.post("/visits/pack/make") { _, context in
            try replica.checkLease("Packing the visits")
            let order = PackingOrder(context.form)
            return try pack(context, order) {
                let folder = try order.place(besides: replica)
                let bundle = try VisitBundle(order.order(), from: replica, now: try now())
                let sealed = try bundle.sealed(by: replica)
                let path = CarrierFile.path(for: sealed.label, at: folder)
                try CarrierFile.write(sealed.bytes, to: path)
                notices.leave(
                    "\(path): copied and verified. \(PackedView.counts(bundle.sheet)), for \(bundle.device).",
                    for: context.formToken)
                return .seeOther("/visits?on=\(order.day)")
            }
        }
    }

    /// What is refused is said above the form, whatever the reason: the way out is another choice.
    private func pack(_ context: PageContext, _ order: PackingOrder, _ work: () throws -> Response) throws -> Response {
        do {
            return try work()
        } catch let refusal as FormRefusal {
            return try packing(context, order, refusal.problems)
        } catch let failure as Failure {
            return try packing(context, order, [FormProblem(field: "", text: plain(Desk.words(failure)))])
        }
    }

    private func packing(
        _ context: PageContext, _ order: PackingOrder, _ problems: [FormProblem]
    ) throws -> Response {
        try replica.checkLease("Packing the visits")
        let partner = try partner()
        let here = try replica.facts().device
        let (visits, devices) = try replica.read("Packing the visits") { database in
            (try VisitDay(on: order.day, in: database), try PartnerDevices.list(of: partner, in: database))
        }
        let view = order.view(
            visits, devices.filter { $0.id != here && $0.keys != nil }, token: context.formToken, problems)
        return try Response(
            .form,
            FormPageView(
                try frame("Pack the visits of \(order.day)", context, here: "/visits"),
                heading: "Pack the visits of \(order.day)",
                intro: "A sealed file that one laptop can open, for some hours, in the prisons that authorised it. "
                    + "No address, no telephone number, no note goes in.",
                back: ("/visits?on=\(order.day)", "Back to the visits"), form: view),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }
}

/// What the form about a visit bundle says.
struct PackingOrder: Sendable, Equatable {
    let day: String
    /// By the name of the field; nil before anything was typed.
    private let typed: [String: String]?
    private static let names = ["on", "visits", "prison", "device", "hours", "folder"]

    init(day: String) {
        self.day = day
        typed = nil
    }

    init(_ form: FormBody) {
        day = CivilTime.isDate(form["on"]) ? form["on"] : ""
        typed = Desk.typed(form)
    }

    private func text(_ name: String) -> String { TypedText.trimmed(typed?[name] ?? "") }

    /// - Throws: ``Failure`` (usage) for what cannot be, ``FormRefusal`` for what is wrong with a field.
    func order() throws -> VisitBundle.Order {
        let what = "Packing the visits"
        guard !day.isEmpty else {
            throw Failure(.usage, what: what, why: "the day is missing", remedy: "Begin at the visits of a day")
        }
        let visits = text("visits").split(separator: ",").compactMap { Identifier(String($0)) }
        var wrong: [FormProblem] = []
        if visits.isEmpty {
            wrong.append(FormProblem(field: "visits", text: "No visit was chosen. Choose one at least."))
        }
        let hours = Int(text("hours")) ?? 0
        if !(1...VisitPacking.longest).contains(hours) {
            let text = "The hours are not a number from 1 to \(VisitPacking.longest). Write digits alone."
            wrong.append(FormProblem(field: "hours", text: text))
        }
        guard wrong.isEmpty else { throw FormRefusal(problems: wrong) }
        return VisitBundle.Order(
            day: day, prisons: text("prison").isEmpty ? [] : [text("prison").uppercased()], visits: Set(visits),
            recipient: text("device").isEmpty ? "self" : text("device"), hours: hours)
    }

    /// The folder for the file: beside the replica unless another one was typed.
    func place(besides replica: Replica) throws -> String {
        let beside = replica.path.lastIndex(of: "/").map { String(replica.path[..<$0]) } ?? "."
        let folder = text("folder").isEmpty ? beside : text("folder")
        guard DurableFile.isFolder(folder.isEmpty ? "/" : folder) else {
            throw FormRefusal(
                field: "folder",
                "There is no such folder on this machine. Put the stick in, or leave the folder empty.")
        }
        return folder.isEmpty ? "/" : folder
    }

    func view(
        _ visits: VisitDay, _ devices: [PartnerDevice], token: String, _ problems: [FormProblem]
    ) -> FormView {
        let all = visits.lines.map {
            FieldView.Option(
                value: $0.id.description,
                label: [$0.when, $0.woman, $0.place, $0.kind].filter { !$0.isEmpty }.joined(separator: ", "))
        }
        let prisons = visits.lines.filter { !$0.prison.isEmpty }.map {
            FieldView.Option(value: $0.prison, label: $0.place)
        }
        let unique = prisons.enumerated().filter { index, option in
            !prisons[..<index].contains { $0.value == option.value }
        }.map(\.element)
        func value(_ name: String, _ first: String) -> String { typed == nil ? first : text(name) }
        return FormView(
            action: "/visits/pack", token: token, button: "See what goes in",
            fields: [
                FieldView("on", "", .hidden, value: day),
                FieldView(
                    "visits", "Visits", .checks(all),
                    value: value("visits", all.map(\.value).joined(separator: ",")), isRequired: true,
                    problems: problems),
                FieldView(
                    "prison", "Prison", .choice([.init(value: "", label: "Every prison of that day")] + unique),
                    value: value("prison", ""), problems: problems),
                FieldView(
                    "device", "The laptop that will open it",
                    .choice(
                        [.init(value: "self", label: "This machine")]
                            + devices.map { .init(value: $0.id.description, label: $0.name) }),
                    value: value("device", "self"), isRequired: true, problems: problems),
                FieldView(
                    "hours", "How long it may be opened", .number,
                    value: value("hours", String(VisitPacking.hours)),
                    help: "From now, 1 to \(VisitPacking.longest).", unit: "hours", isRequired: true,
                    problems: problems),
                FieldView(
                    "folder", "Folder for the file", value: text("folder"),
                    help: "Such as the stick. Empty: beside the replica.", problems: problems),
            ], problems: problems, cancel: "/visits?on=\(day)")
    }

    /// The same again, to be sent once it was looked at.
    var again: [FieldView] {
        PackingOrder.names.map { FieldView($0, "", .hidden, value: $0 == "on" ? day : text($0)) }
    }
}
