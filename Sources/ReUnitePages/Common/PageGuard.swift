import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ReUniteSync

/// Stands before every page: the right name, the right browser, forms of these pages only, and headers that let nothing
/// else in.
struct PageGuard: RouterMiddleware {
    typealias Context = PageContext

    let gate: any PageGate

    /// What a browser is told with every answer, refusals too.
    ///
    /// `same-origin`, because with `no-referrer` a browser hides the origin of a form from the page's own server too.
    static let headers: [(name: String, value: String)] = [
        (
            "Content-Security-Policy",
            "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        ("Referrer-Policy", "same-origin"), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"), ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"), ("X-DNS-Prefetch-Control", "off"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(), clipboard-read=(), usb=()"),
    ]

    func handle(
        _ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        var response = await answer(request, context, next)
        for (name, value) in PageGuard.headers {
            if let name = HTTPField.Name(name) { response.headers[name] = value }
        }
        return response
    }

    private func answer(
        _ request: Request, _ context: PageContext, _ next: (Request, PageContext) async throws -> Response
    ) async -> Response {
        guard context.isNamed(by: request.head.authority) else {
            return PageGuard.refuse(
                .misdirectedRequest, "Not this address", "These pages are not served under that name",
                "Use the address that the program printed")
        }
        let token = gate.formToken(request, context)
        guard token != nil || gate.isOpen(request) else { return PageGuard.refuse(.forbidden, gate.stranger) }
        do {
            var context = context
            context.formToken = token ?? ""
            if request.method != .get && request.method != .head {
                guard let form = try await form(request, token) else { return PageGuard.notOurForm }
                context.form = form
            }
            return try await next(request, context)
        } catch let failure as Failure {
            return PageGuard.refuse(
                PageGuard.status(of: failure), "\(failure.what) failed", gate.plain(failure.why),
                gate.plain(failure.remedy))
        } catch let error as any HTTPResponseError {
            guard token != nil else { return PageGuard.refuse(.forbidden, gate.stranger) }
            return PageGuard.refuse(
                error.status, "No such page", "There is nothing here to show", "Go back to the first page")
        } catch {
            context.logger.error("failed", metadata: ["error": "\(type(of: error))"])
            return PageGuard.refuse(
                .internalServerError, "Showing the page failed", "An unexpected error was met",
                "Report this as a fault")
        }
    }

    /// The form that was sent; nil where another page may have sent it.
    private func form(_ request: Request, _ token: String?) async throws -> FormBody? {
        guard request.method == .post, isFromHere(request),
            let type = request.headers[.contentType]?.lowercased(), type.hasPrefix(FormBody.contentType)
        else { return nil }
        let body = try await request.body.collect(upTo: FormBody.largest)
        guard let form = FormBody(urlEncoded: body.readableBytesView) else { return nil }
        if let token { guard PageSecret.isSame(form[PageFrame.tokenField], token) else { return nil } }
        return form
    }

    /// Browsers say from where a form was sent, and on their own: no page can make them lie.
    private func isFromHere(_ request: Request) -> Bool {
        if let site = HTTPField.Name("Sec-Fetch-Site").flatMap({ request.headers[$0] }), site != "same-origin" {
            return false
        }
        guard let origin = request.headers[.origin] else { return true }
        return origin.lowercased() == "http://\((request.head.authority ?? "").lowercased())"
    }

    static func status(of failure: Failure) -> HTTPResponse.Status {
        switch failure.code {
        case .noInput: .notFound
        case .notPermitted: .forbidden
        case .badData, .usage: .unprocessableContent
        case .tryLater: .serviceUnavailable
        default: .internalServerError
        }
    }

    private static var notOurForm: Response {
        refuse(
            .forbidden, "Not taken", "That form was not sent from one of these pages, or from an old one",
            "Open the page again, fill it in and send it; nothing was changed")
    }

    static func refuse(
        _ status: HTTPResponse.Status, _ title: String, _ why: String, _ remedy: String
    ) -> Response {
        refuse(status, RefusalView(title: title, why: why, remedy: remedy))
    }

    static func refuse(_ status: HTTPResponse.Status, _ view: RefusalView) -> Response {
        let html = try? Templates.render(.refusal, view)
        return Response(html: html ?? view.frame.title, status: status)
    }
}
