import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// The worker's pages over one replica: made on this machine, without any script.
///
/// Addresses hold ids and nothing else, so that a browser's history tells nothing. What is searched for travels in a
/// body.
struct Desk: Sendable {
    static let startPath = "/start/"

    let replica: Replica
    let session: PageSession
    /// Nil where nobody gave this desk a line to the hub.
    let syncing: DeskSync?
    /// Nil where this desk cannot ask the hub.
    var asking: StepAsker?
    var askingPast: PastAsker?
    let notices = PageNotices()
    let searches = AskedFor<String>()
    let orders = AskedFor<PackingOrder>()
    let written = HistoryIndex()

    func router() -> Router<PageContext> {
        let router = Router(context: PageContext.self)
        router.add(
            middleware: PageGuard(
                gate: DeskGate(
                    session: session, words: { plain($0) }, standing: { (try? banners()) ?? [] },
                    column: { label($1, of: $0) }))
        )
        router.add(middleware: FormsOnce(notices: notices))
        router.get("/start/:token") { _, context in
            guard let secret = context.parameters.get("token").flatMap({ session.begin($0) }) else {
                throw HTTPError(.forbidden)
            }
            var response = Response.seeOther("/")
            response.setCookie(
                Cookie(name: context.cookieName, value: secret, path: "/", httpOnly: true, sameSite: .strict))
            return response
        }
        router.get("/style.css") { _, _ in Response.style }
        addCases(to: router)
        addRows(to: router)
        addOrganisation(to: router)
        addConsent(to: router)
        addReferrals(to: router)
        addEnquiries(to: router)
        addPreviews(to: router)
        addPast(to: router)
        addReturned(to: router)
        addQuestions(to: router)
        addSync(to: router)
        addVisits(to: router)
        addPacking(to: router)
        addStuck(to: router)
        addLaptops(to: router)
        return router
    }

    // MARK: What every page needs

    /// What stands around a page.
    func frame(_ title: String, _ context: PageContext, here: String = "") throws -> PageFrame {
        var frame = PageFrame(title: title)
        let (waiting, isLong) = try replica.read("Counting") {
            (try DeskCounts($0), try replica.hasLongJournal(in: $0))
        }
        // Once, after a great deal was written: from then on every page finds what waits by an index. It waits for
        // nobody, and comes with the next page if somebody else is writing.
        if isLong { _ = try? replica.seal() }
        let counts = [
            "/referrals": waiting.referrals, "/returned": waiting.returned, "/questions": waiting.questions,
            "/sync": waiting.unsent,
        ]
        frame.links = Desk.pages.map {
            PageFrame.Link(
                path: $0.path, text: $0.text, isHere: $0.path == here, count: Desk.count(counts[$0.path] ?? 0))
        }
        frame.place = waiting.place
        frame.banners = try banners()
        frame.notices = notices.take(for: context.formToken)
        frame.formToken = context.formToken
        return frame
    }

    static let pages = [
        (path: "/", text: "Caseload"), (path: "/referrals", text: "Referrals"), (path: "/visits", text: "Visits"),
        (path: "/returned", text: "Returned edits"), (path: "/questions", text: "Questions"),
        (path: "/sync", text: "Sync"), (path: organisationPath, text: "This organisation"),
        (path: "/replica", text: "This replica"),
    ]

    private static func count(_ number: Int) -> String {
        if number >= DeskCounts.most { return "\(DeskCounts.most - 1)+" }
        return number == 0 ? "" : "\(number)"
    }

    func partner() throws -> Identifier { try replica.facts().partner }

    /// Milliseconds since 1970.
    func now() throws -> Int64 { try replica.knownTime().now }

    /// The id in an address.
    func id(_ context: PageContext, _ name: String = "id") throws -> Identifier {
        guard let id = context.parameters.get(name).flatMap({ Identifier($0) }) else { throw HTTPError(.notFound) }
        return id
    }

    /// A name in an address: of a table or a step.
    func name(_ context: PageContext, _ name: String) throws -> String {
        guard let text = context.parameters.get(name), !text.isEmpty, text.utf8.count <= 60,
            text.utf8.allSatisfy({ ($0 >= 97 && $0 <= 122) || ($0 >= 48 && $0 <= 57) || $0 == 95 || $0 == 45 })
        else { throw HTTPError(.notFound) }
        return text
    }

    /// The values of a form by name.
    static func typed(_ form: FormBody) -> [String: String] {
        var values: [String: String] = [:]
        for field in form.fields where values[field.name] == nil && !PageFrame.carried.contains(field.name) {
            // Before the boxes of a set goes an empty value, which says that the set was there: one box is two values.
            values[field.name] = form.all(field.name).map(FormBody.trimmed).filter { !$0.isEmpty }
                .joined(separator: ",")
        }
        return values
    }

    /// Takes what a form asks for. What is refused is said above the same form, with what was typed.
    ///
    /// - Parameter form: the page with the form, with what was wrong.
    func take(
        _ form: ([FormProblem]) throws -> Response, _ work: () throws -> Response
    ) throws -> Response {
        do {
            return try work()
        } catch let refusal as FormRefusal {
            return try again(refusal.problems, form)
        } catch let failure as Failure where failure.code == .badData || failure.code == .usage {
            return try again([FormProblem(field: "", text: plain(Desk.words(failure)))], form)
        }
    }

    /// Whether a case is here still, for a form that was open for a while.
    ///
    /// - Throws: ``Failure`` (noInput), in words that say where it went. What was typed is shown with it.
    func requireHere(_ id: Identifier) throws {
        let isHere = try replica.read("Looking for the case") {
            try CaseFiles.isHere(id, in: $0)
        }
        guard isHere else {
            throw Failure(
                .noInput, what: "Saving", why: "this case is not on this device: it left while you typed",
                remedy: "Copy your text, and ask the office, or sync: the case may come back")
        }
    }

    /// What the schema calls a column; nil for none of it.
    func label(_ column: String, of table: String) -> String? {
        try? replica.read("Reading the labels") { database in
            try Labels(database).table(table).columns.first { $0.name == column }?.label
        }
    }

    /// A refusal in words that need no command line.
    static func words(_ failure: Failure) -> String {
        var text = failure.why + "."
        if let first = text.first { text = first.uppercased() + text.dropFirst() }
        return "\(text) \(PlainSentence.withoutCommands(failure.remedy))."
    }

    /// A sentence without commands, and without codes.
    func plain(_ text: String) -> String {
        let text = PlainSentence.withoutCommands(text)
        guard let words = try? replica.read("Reading the codes", { try PlainWords($0) }) else { return text }
        return words.said(text)
    }
}
