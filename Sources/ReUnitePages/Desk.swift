import HTTPTypes
import Hummingbird
import NIOCore
import ReUniteReplica
import ReUniteSync

/// The worker's pages over one replica: read only, made on this machine, without any script.
///
/// Addresses hold ids and nothing else, so that a browser's history tells nothing.
struct Desk: Sendable {
    static let startPath = "/start/"

    let replica: Replica
    let session: DeskSession

    func router() -> Router<DeskContext> {
        let router = Router(context: DeskContext.self)
        router.add(middleware: DeskGuard(session: session))
        router.get("/start/:token") { _, context in
            guard let secret = context.parameters.get("token").flatMap({ session.begin($0) }) else {
                throw HTTPError(.forbidden)
            }
            var response = Response(status: .seeOther, headers: [.location: "/"])
            response.setCookie(
                Cookie(name: context.cookieName, value: secret, path: "/", httpOnly: true, sameSite: .strict))
            return response
        }
        router.get("/style.css") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/css; charset=utf-8"],
                body: .init(byteBuffer: ByteBuffer(bytes: Templates.style)))
        }
        router.get("/") { _, _ in
            try replica.checkLease("Showing the caseload")
            return Desk.html(try Templates.render(.caseload, try CaseloadView(replica)))
        }
        router.get("/case/:id") { _, context in
            guard let id = context.parameters.get("id").flatMap({ Identifier($0) }) else {
                throw HTTPError(.notFound)
            }
            try replica.checkLease("Showing the case")
            return Desk.html(try Templates.render(.casePage, try CasePageView(replica, id)))
        }
        router.get("/replica") { _, _ in
            Desk.html(try Templates.render(.replica, try ReplicaView(replica)))
        }
        return router
    }

    static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
