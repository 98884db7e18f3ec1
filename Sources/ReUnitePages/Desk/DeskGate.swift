import Hummingbird

/// One browser reads a desk: the one that opened the printed address.
struct DeskGate: PageGate {
    let session: PageSession
    /// Says a sentence of a refusal without codes and commands.
    var words: @Sendable (String) -> String = { $0 }

    func plain(_ text: String) -> String { words(text) }

    func formToken(_ request: Request, _ context: PageContext) -> String? {
        guard let cookie = request.cookies[context.cookieName], session.accepts(cookie.value) else { return nil }
        return PageSecret.formToken(of: cookie.value)
    }

    /// The exchange of the start token, and the stylesheet, which tells nothing.
    func isOpen(_ request: Request) -> Bool {
        let path = request.uri.path
        return path == "/style.css" || path.hasPrefix(Desk.startPath)
    }

    var stranger: RefusalView {
        RefusalView(
            title: "Not signed in", why: "This browser has not opened the desk, or its address was used before",
            remedy: "Run 'reunite-sync open' again and use the address that it prints")
    }
}
