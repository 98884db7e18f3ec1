import HTTPTypes
import Hummingbird

/// Behind the guard: while the desk is locked there is one page, which asks for the code.
struct InsideLock: RouterMiddleware {
    typealias Context = PageContext

    static let path = "/unlock"
    private static let open: Set<String> = [path, "/style.css"]

    let session: InsideSession
    /// The ids of the sheet's visits.
    let visits: Set<String>
    /// Called when a form was kept.
    var onKept: @Sendable () -> Void = {}

    func handle(
        _ request: Request, context: PageContext, next: (Request, PageContext) async throws -> Response
    ) async throws -> Response {
        let path = request.uri.path
        guard !InsideLock.open.contains(path), !path.hasPrefix(Desk.startPath), session.touch() else {
            return try await next(request, context)
        }
        // Nothing else is typed into: a button that was pressed meanwhile has nothing to keep.
        if request.method == .post, InsideDesk.isForm(path, of: visits) {
            session.keep(context.form, sentTo: path)
            onKept()
        }
        return .seeOther(InsideLock.path)
    }
}
