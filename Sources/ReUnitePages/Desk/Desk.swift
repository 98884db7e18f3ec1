import HTTPTypes
import Hummingbird
import ReUniteReplica
import ReUniteSync

/// The worker's pages over one replica: made on this machine, without any script.
///
/// Addresses hold ids and nothing else, so that a browser's history tells nothing.
struct Desk: Sendable {
    static let startPath = "/start/"

    let replica: Replica
    let session: PageSession
    let notices = PageNotices()

    func router() -> Router<PageContext> {
        let router = Router(context: PageContext.self)
        router.add(middleware: PageGuard(gate: DeskGate(session: session)))
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
        router.get("/") { _, context in
            try replica.checkLease("Showing the caseload")
            return try Response(.caseload, try CaseloadView(replica, frame("Caseload", context, here: "/")))
        }
        router.get("/case/:id") { _, context in
            guard let id = context.parameters.get("id").flatMap({ Identifier($0) }) else {
                throw HTTPError(.notFound)
            }
            try replica.checkLease("Showing the case")
            return try Response(.caseFile, try CasePageView(replica, id, frame("Case", context)))
        }
        router.get("/replica") { _, context in
            try Response(.replica, try ReplicaView(replica, frame("This replica", context, here: "/replica")))
        }
        return router
    }

    /// What stands around a page.
    func frame(_ title: String, _ context: PageContext, here: String = "") -> PageFrame {
        var frame = PageFrame(title: title)
        frame.links = [("/", "Caseload"), ("/replica", "This replica")].map {
            PageFrame.Link(path: $0.0, text: $0.1, isHere: $0.0 == here)
        }
        frame.notices = notices.take(for: context.formToken)
        frame.formToken = context.formToken
        return frame
    }
}
