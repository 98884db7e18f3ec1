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
        let links = token == nil ? [] : gate.links
        var context = context
        context.formToken = token ?? ""
        do {
            if request.method != .get && request.method != .head {
                switch try await form(request, token) {
                case .ours(let form): context.form = form
                case .foreign(let form): return notOurForm(request, form, links)
                case .unreadable:
                    return refuse(
                        .badRequest, "Not taken", "The form holds a character that no text has",
                        "Go back, take it out and send it again; nothing was changed", links)
                }
            }
            return try await next(request, context)
        } catch let failure as Failure {
            let typed = typed(context.form, request)
            let isLost = failure.code == .noInput && !typed.isEmpty
            return refuse(
                isLost ? .conflict : PageGuard.status(of: failure),
                typed.isEmpty ? "\(failure.what) failed" : "What you typed was not saved", gate.plain(failure.why),
                gate.plain(failure.remedy), links, typed)
        } catch let error as any HTTPResponseError {
            guard token != nil else { return PageGuard.refuse(.forbidden, gate.stranger) }
            if error.status == .contentTooLarge {
                return refuse(
                    error.status, "Too much for one form",
                    "A form takes \(FormBody.largest / 1024) kilobytes, and more was typed into this one",
                    "Go back, make two of it and send them one by one; nothing was changed", links)
            }
            return refuse(
                error.status, "No such page", "There is nothing here to show", "Go back to the first page", links,
                typed(context.form, request))
        } catch {
            context.logger.error("failed", metadata: ["error": "\(type(of: error))"])
            return refuse(
                .internalServerError, "Showing the page failed", "An unexpected error was met",
                "Report this as a fault", links, typed(context.form, request))
        }
    }

    private enum Sent {
        case ours(FormBody)
        /// Another page may have sent it. What it holds is known where the browser says that none did: it is one of
        /// ours then, and old.
        case foreign(FormBody)
        case unreadable
    }

    /// The form that was sent.
    private func form(_ request: Request, _ token: String?) async throws -> Sent {
        guard request.method == .post, isFromHere(request),
            let type = request.headers[.contentType]?.lowercased(), type.hasPrefix(FormBody.contentType)
        else { return .foreign(FormBody()) }
        let body = try await request.body.collect(upTo: FormBody.largest)
        guard let form = FormBody(urlEncoded: body.readableBytesView) else { return .unreadable }
        if let token, !PageSecret.isSame(form[PageFrame.tokenField], token) {
            return .foreign(request.headers[.origin] == nil ? FormBody() : form)
        }
        return .ours(form)
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

    private func notOurForm(_ request: Request, _ form: FormBody, _ links: [PageFrame.Link]) -> Response {
        refuse(
            .forbidden, "Not taken", "That form was not sent from one of these pages, or from an old one",
            "Open the page again, fill it in and send it; nothing was changed", links, typed(form, request))
    }

    private func typed(_ form: FormBody, _ request: Request) -> [Fact] { gate.typed(form, sentTo: request.uri.path) }

    private func refuse(
        _ status: HTTPResponse.Status, _ title: String, _ why: String, _ remedy: String, _ links: [PageFrame.Link],
        _ typed: [Fact] = []
    ) -> Response {
        PageGuard.refuse(
            status,
            RefusalView(
                title: title, why: why, remedy: remedy, links: links, typed: typed,
                banners: links.isEmpty ? [] : gate.banners))
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
