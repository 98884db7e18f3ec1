import HTTPTypes
import Hummingbird
import ReUniteHub
import ReUniteProgramme
import ReUniteSync

/// The hub operator's pages, made on this machine, without any script.
///
/// Addresses hold ids, the numbers of pages, and nothing else. Every page that tells of anybody is on the audit log under the id of who saw it,
/// and every decision is written by the same functions as the commands.
struct Console: Sendable {
    static let startPath = "/start/"
    /// So many entries of a list make a page.
    static let most = 100
    /// Asks who somebody is.
    static let door = "/sign-in"

    let session: ConsoleSession
    let notices = PageNotices()
    let namesAsked = AskedFor<String>()
    let casesAsked = AskedFor<String>()
    let alike = KnownDuplicates()
    let open: @Sendable () throws -> Hub

    /// One request of somebody who has signed in.
    struct Visit {
        let hub: Hub
        let person: Hub.Operator
        let context: PageContext
        let request: Request
        var form: FormBody { context.form }
        /// Where what is in the form was sent; empty where nothing was.
        var sentTo = ""
        var token: String { context.formToken }

        /// What was typed into the form with this action.
        func typed(into action: String) -> FormBody { sentTo == action ? form : FormBody() }

        /// A part of the path: an id.
        func id(_ name: String = "id") throws -> String {
            guard let text = context.parameters.get(name), Identifier(text) != nil else { throw HTTPError(.notFound) }
            return text
        }

        /// Which page of a list the address asks for.
        ///
        /// - Parameter name: of the list, where the page has several.
        func part(_ name: String = PagerView.name) -> ListPart {
            .page(request.uri.queryParameters.get(name).flatMap { Int($0) } ?? 1, of: Console.most)
        }

        /// When the network's officers are in.
        func officerClock() throws -> OfficerClock {
            try hub.read("Reading the officers' days") { try OfficerClock(in: $0, now: hub.now) }
        }

        /// Puts on record that a page about somebody was seen.
        func saw(_ page: String, scope: String? = nil, question: String? = nil) throws {
            try hub.noteView(
                by: person, of: page, scope: scope.flatMap { Identifier($0) },
                question: question.flatMap { Identifier($0) })
        }
    }

    typealias Answer = @Sendable (Visit) throws -> Response

    func router() -> Router<PageContext> {
        let router = Router(context: PageContext.self)
        router.add(middleware: PageGuard(gate: ConsoleGate(session: session)))
        router.add(middleware: FormsOnce(notices: notices, doors: [Console.door, KeptView.path]))
        router.get("/start/:token") { _, context in
            guard let secret = context.parameters.get("token").flatMap({ session.begin($0) }) else {
                throw HTTPError(.forbidden)
            }
            var response = Response.seeOther("/sign-in")
            response.setCookie(
                Cookie(name: context.cookieName, value: secret, path: "/", httpOnly: true, sameSite: .strict))
            return response
        }
        router.get("/style.css") { _, _ in Response.style }
        addSigning(router)
        addConflicts(router)
        addQuarantine(router)
        addDuplicates(router)
        addNetwork(router)
        addReports(router)
        addKept(router)
        return router
    }

    func get(_ router: Router<PageContext>, _ path: String, _ answer: @escaping Answer) {
        router.get(RouterPath(path)) { request, context in try signedIn(request, context, answer) }
    }

    func post(_ router: Router<PageContext>, _ path: String, _ answer: @escaping Answer) {
        router.post(RouterPath(path)) { request, context in try signedIn(request, context, answer) }
    }

    /// The page of something with the names that belong to it: only for who asked for them.
    func named(_ router: Router<PageContext>, _ path: String, _ answer: @escaping Answer) {
        router.post(RouterPath("\(path)/names")) { request, context in
            try signedIn(request, context) { visit in
                let page = String(request.uri.path.dropLast("/names".count))
                return .seeOther("\(page)/names/\(namesAsked.keep(page, for: visit.token))")
            }
        }
        router.get(RouterPath("\(path)/names/:number")) { request, context in
            try signedIn(request, context) { visit in
                let number = context.parameters.get("number")
                guard let number, let page = namesAsked.what(number, for: visit.token),
                    request.uri.path == "\(page)/names/\(number)"
                else {
                    return .seeOther(request.uri.path.split(separator: "/").dropLast(2).reduce("") { "\($0)/\($1)" })
                }
                return try answer(visit)
            }
        }
    }

    private func signedIn(_ request: Request, _ context: PageContext, _ answer: Answer) throws -> Response {
        let isForm = request.method == .post
        let path = request.uri.path
        func keep() {
            if isForm, let page = Console.page(of: path) { session.keep(context.form, page: page, sentTo: path) }
        }
        guard let person = session.person() else {
            keep()
            return .seeOther(Console.door)
        }
        let hub = try open()
        guard try hub.operators().contains(where: { $0.id == person.id && $0.endedMilliseconds == nil }) else {
            // Whoever is let in again is the same person, and finds it.
            keep()
            session.signOut()
            return .seeOther(Console.door)
        }
        guard !isForm else {
            let response = try answer(
                Visit(hub: hub, person: person, context: context, request: request, sentTo: path))
            if response.status == .seeOther, response.headers[.location] != KeptView.path {
                session.settle(context.form, sentTo: path, by: person.id)
            }
            return response
        }
        // The page of duplicates is the one that is slow once.
        defer { alike.prepare(hub) }
        // A form that came too late is on its page once more, until it is taken.
        guard let kept = session.show(path, number: request.keptNumber, to: person.id) else {
            return try answer(Visit(hub: hub, person: person, context: context, request: request))
        }
        var filled = context
        filled.form = kept.filled
        do {
            return try answer(
                Visit(hub: hub, person: person, context: filled, request: request, sentTo: kept.sentTo))
        } catch {
            // What it was about is gone, or cannot be shown. What was typed about it can.
            notices.leave(
                "The page that you typed this into cannot be shown. Copy what you need.", for: context.formToken)
            return .seeOther(KeptView.path)
        }
    }

    /// Ends the title of a page that shows names.
    static let withNames = ", with names"

    static let pages = [
        (path: "/", text: "Conflicts"), (path: "/quarantine", text: "Not applied"), (path: "/holds", text: "Held"),
        (path: "/duplicates", text: "Duplicates"), (path: "/board", text: "Devices"),
        (path: "/referrals", text: "Referrals"), (path: "/nights", text: "Nights"),
        (path: "/reports", text: "Reports"), (path: "/log", text: "Log"), (path: "/sign-out", text: "Sign out"),
    ]

    /// What stands around a page of somebody who has signed in.
    func frame(_ title: String, _ visit: Visit, here: String = "") throws -> PageFrame {
        let status = try visit.hub.status()
        var frame = PageFrame(title: title)
        frame.service = "ReUnite Sync hub"
        frame.place = "\(status.name) · \(visit.person.name)"
        let counts = ["/": status.conflicts, "/quarantine": status.quarantined, "/holds": status.held]
        frame.links = Console.pages.map {
            let count = counts[$0.path] ?? 0
            return PageFrame.Link(
                path: $0.path, text: $0.text, isHere: $0.path == here, count: count == 0 ? "" : String(count))
        }
        frame.links += KeptView.link(session.kept(for: visit.person.id).count, isHere: here == KeptView.path)
        frame.notices = notices.take(for: visit.token)
        frame.formToken = visit.token
        return frame
    }

    /// Runs what a form asks for. What it refuses stands above the form again, everything at once; anything else ends the
    /// request.
    ///
    /// - Parameter field: what has to be chosen or typed besides the reason; empty for nothing.
    /// - Returns: nil when it was done.
    func problems(_ form: FormBody, asks field: String = "", _ work: () throws -> Void) throws -> [FormProblem]? {
        var found: [FormProblem] = []
        if !field.isEmpty, form.all(field).allSatisfy({ FormBody.trimmed($0).isEmpty }) {
            found.append(FormProblem(field: field, text: "Nothing was chosen. Choose one."))
        }
        for name in ["reason", "question"] where form.has(name) && form[name].count < TypedText.reasonLength {
            let ask = name == "reason" ? "Say why, in" : "Write what you want to know, in"
            let text = "\(ask) at least \(TypedText.reasonLength) characters: somebody will ask later."
            found.append(FormProblem(field: name, text: text))
        }
        guard found.isEmpty else { return found }
        do {
            try work()
            return nil
        } catch let refusal as FormRefusal {
            return refusal.problems
        } catch let failure as Failure where [.badData, .usage].contains(failure.code) {
            return [FormProblem(field: "", text: Desk.words(failure))]
        }
    }
}
