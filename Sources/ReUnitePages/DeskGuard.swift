import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ReUniteSync

/// Stands before every page: the right name, the right browser, and headers that let nothing else in.
struct DeskGuard: RouterMiddleware {
    typealias Context = DeskContext

    let session: DeskSession

    /// What a browser is told with every answer, refusals too.
    static let headers: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ]

    func handle(
        _ request: Request, context: DeskContext, next: (Request, DeskContext) async throws -> Response
    ) async throws -> Response {
        var response = await answer(request, context, next)
        for (name, value) in DeskGuard.headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private func answer(
        _ request: Request, _ context: DeskContext, _ next: (Request, DeskContext) async throws -> Response
    ) async -> Response {
        guard context.isNamed(by: request.head.authority) else {
            return refuse(
                .misdirectedRequest, "Not this address", "These pages are not served under that name",
                "Use the address that 'reunite-sync open' printed")
        }
        let isKnown = request.cookies[context.cookieName].map { session.accepts($0.value) } ?? false
        guard isKnown || isOpen(request) else { return notSignedIn() }
        do {
            return try await next(request, context)
        } catch let failure as Failure {
            let status: HTTPResponse.Status =
                switch failure.code {
                case .noInput: .notFound
                case .notPermitted: .forbidden
                default: .internalServerError
                }
            return refuse(status, "\(failure.what) failed", failure.why, failure.remedy)
        } catch let error as any HTTPResponseError {
            guard isKnown else { return notSignedIn() }
            return refuse(error.status, "No such page", "There is nothing here to show", "Go back to the caseload")
        } catch {
            context.logger.error("failed", metadata: ["error": "\(type(of: error))"])
            return refuse(
                .internalServerError, "Showing the page failed", "An unexpected error was met",
                "Report this as a fault")
        }
    }

    /// What needs no session: the exchange of the start token, and the stylesheet, which tells nothing.
    private func isOpen(_ request: Request) -> Bool {
        let path = request.uri.path
        return path == "/style.css" || path.hasPrefix(Desk.startPath)
    }

    private func notSignedIn() -> Response {
        refuse(
            .forbidden, "Not signed in", "This browser has not opened the desk, or its address was used before",
            "Run 'reunite-sync open' again and use the address that it prints")
    }

    private func refuse(_ status: HTTPResponse.Status, _ title: String, _ why: String, _ remedy: String) -> Response {
        let html = try? Templates.render(.refusal, RefusalView(title: title, why: why, remedy: remedy))
        return Desk.html(html ?? title, status: status)
    }
}
