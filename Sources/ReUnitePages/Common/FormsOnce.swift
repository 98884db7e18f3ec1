import HTTPTypes
import Hummingbird
import Synchronization

/// A form that was taken is not taken again: pressed twice, or sent again by a browser, it leads where it led before.
///
/// Each form has an id of its own, made with its page. What is known of it ends with the program, as the session does.
struct FormsOnce: RouterMiddleware {
    typealias Context = PageContext

    private enum Known {
        case underWay
        case taken(location: String)
    }

    /// Whoever waits for the same form looks so often how far it is.
    private static let beat: Duration = .milliseconds(20)

    private final class Forms: Sendable {
        let known = Mutex<[String: Known]>([:])
    }

    private let forms = Forms()

    func handle(
        _ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        let id = context.form[PageFrame.formField]
        guard request.method == .post, !id.isEmpty else { return try await next(request, context) }
        let key = "\(id) \(request.uri.path)"
        while let known = begin(key) {
            if case .taken(let location) = known { return .seeOther(location) }
            try await Task.sleep(for: FormsOnce.beat)
        }
        do {
            let response = try await next(request, context)
            let location = response.status == .seeOther ? response.headers[.location] : nil
            forms.known.withLock { $0[key] = location.map { .taken(location: $0) } }
            return response
        } catch {
            forms.known.withLock { $0[key] = nil }
            throw error
        }
    }

    /// What is known of the form; nil where nothing is, and from now on it is under way.
    private func begin(_ key: String) -> Known? {
        forms.known.withLock { known in
            if let there = known[key] { return there }
            known[key] = .underWay
            return nil
        }
    }
}
