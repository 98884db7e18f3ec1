import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// The pages inside a prison: the women of the day's visits and nobody else, no line to anywhere, locked when nobody
/// touches them.
struct InsideDesk: Sendable {
    let replica: Replica
    /// As it was packed; every page asks anew whether it may be shown.
    let packed: VisitSheet
    let prison: String
    let session: InsideSession
    let notices = PageNotices()
    let drafts = InsideDrafts()

    func router() -> Router<PageContext> {
        let router = Router(context: PageContext.self)
        router.add(middleware: PageGuard(gate: gate))
        router.add(
            middleware: InsideLock(session: session, visits: Set(packed.visits.map(\.id)), onKept: { sealDrafts() }))
        router.add(middleware: FormsOnce(notices: notices, doors: [InsideLock.path, KeptView.path]))
        router.get("/start/:token") { _, context in
            guard let secret = context.parameters.get("token").flatMap({ session.page.begin($0) }) else {
                throw HTTPError(.forbidden)
            }
            _ = session.touch()
            var response = Response.seeOther("/")
            response.setCookie(
                Cookie(name: context.cookieName, value: secret, path: "/", httpOnly: true, sameSite: .strict))
            return response
        }
        router.get("/style.css") { _, _ in Response.style }
        addLock(to: router)
        router.get("/") { _, context in
            let sheet = try sheet()
            let kept = InsideEntry.recorded(replica)
            let view = try replica.read("Showing the visits") {
                InsideListView(try frame("Visits today", context, sheet), try InsideWords(sheet, kept: kept, $0))
            }
            return try Response(.inside, view)
        }
        router.get("/visit/:id") { _, context in
            let sheet = try sheet()
            let visit = try visit(context, sheet)
            let kept = InsideEntry.recorded(replica)
            let view = try replica.read("Showing the visit") {
                InsideVisitView(
                    try frame("Visit", context, sheet), try InsideWords(sheet, kept: kept, $0).visit(visit, $0))
            }
            return try Response(.insideVisit, view)
        }
        addForms(to: router)
        addKept(to: router)
        return router
    }

    var gate: DeskGate {
        DeskGate(
            session: session.page, words: plain, links: [PageFrame.Link(path: "/", text: "Visits")],
            column: { table, column in
                try? replica.read("Reading the labels") { try Labels($0) }.table(table).columns
                    .first { $0.name == column }?.label
            })
    }

    // MARK: Lock

    private func addLock(to router: Router<PageContext>) {
        router.get("/unlock") { _, context in try unlockPage(context, []) }
        router.post("/unlock") { _, context in
            let why: String
            switch session.unlock(context.form["code"]) {
            case .open: why = ""
            case .wrong: why = "That is not the code. It was printed when the desk was opened."
            case .wait:
                why =
                    "Too many wrong codes. Wait a minute, then type the right one: what you typed before is kept here."
            case .spent: why = "Too many wrong codes. Open the desk anew: what was saved is kept."
            }
            guard why.isEmpty else { return try unlockPage(context, [FormProblem(field: "code", text: why)]) }
            guard let path = session.kept.last?.address else { return .seeOther("/") }
            notices.leave("What you had typed is here still. Read it through and save it.", for: context.formToken)
            return .seeOther(path)
        }
        router.post("/lock") { _, _ in
            session.lock()
            return Response.seeOther(InsideLock.path)
        }
    }

    private func unlockPage(_ context: PageContext, _ problems: [FormProblem]) throws -> Response {
        var frame = PageFrame(title: "Locked")
        frame.banners = [
            PageFrame.Banner(heading: "Inside: locked", text: "These pages show nothing until the code is typed.")
        ]
        let form = FormView(
            action: InsideLock.path, token: context.formToken, button: "Go on",
            fields: [
                FieldView(
                    "code", "Code", help: "Eight letters and digits, printed when the desk was opened.",
                    isRequired: true, problems: problems)
            ], problems: problems)
        return try Response(
            .form,
            FormPageView(frame, heading: "Locked", back: (InsideLock.path, "This page again"), form: form),
            status: problems.isEmpty ? .ok : .unprocessableContent)
    }

    // MARK: What every page needs

    /// A sentence without codes.
    func plain(_ text: String) -> String {
        (try? replica.read("Reading the codes") { try PlainWords($0) })?.said(text) ?? text
    }

    /// The visits, as long as they may be shown here and now.
    func sheet() throws -> VisitSheet {
        try replica.checkLease("Showing the visits")
        let time = try replica.knownTime()
        return try replica.read("Showing the visits") {
            try VisitGate.pass(packed, prison: prison, at: time, in: $0)
        }
    }

    /// The visits; nil where they may not be shown any more.
    func shown() throws -> VisitSheet? {
        do { return try sheet() } catch let failure as Failure where failure.code == .notPermitted { return nil }
    }

    func visit(_ context: PageContext, _ sheet: VisitSheet) throws -> VisitSheet.Visit {
        let id = context.parameters.get("id")
        guard let visit = sheet.visits.first(where: { $0.id == id && $0.prison == prison.uppercased() }) else {
            throw HTTPError(.notFound)
        }
        return visit
    }

    /// A page hides itself when it locks, and does not go away: nothing moves under whoever reads it, or types.
    ///
    /// - Parameter sheet: nil where the visits may not be shown any more.
    func frame(_ title: String, _ context: PageContext, _ sheet: VisitSheet?) throws -> PageFrame {
        var frame = PageFrame(title: title)
        let place = packed.prisons.first { $0.code == prison.uppercased() }?.name ?? prison
        let until =
            sheet.map { "Shown until \(CivilTime.londonMinute(milliseconds: $0.expiresMs))" }
            ?? "They are not shown any more: save or copy what you typed"
        frame.banners = [
            PageFrame.Banner(
                heading: "Inside \(place)",
                text:
                    "No network. Only the women of these visits. \(until); locks after 3 minutes."
            )
        ]
        frame.links = [PageFrame.Link(path: "/", text: "Visits", isHere: title == "Visits today")]
        frame.links += KeptView.link(session.kept.count, isHere: title == InsideDesk.keptTitle)
        frame.notices = notices.take(for: context.formToken)
        frame.formToken = context.formToken
        frame.isShrouded = true
        return frame
    }
}
