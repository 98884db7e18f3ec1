import Hummingbird

/// The console's gate: the browser that opened the printed address. Who signs in there is asked by each page.
struct ConsoleGate: PageGate {
    let session: ConsoleSession

    func formToken(_ request: Request, _ context: PageContext) -> String? {
        guard let secret = request.cookies[context.cookieName]?.value, session.accepts(secret) else { return nil }
        return session.formToken(secret)
    }

    var links: [PageFrame.Link] { Console.pages.map { PageFrame.Link(path: $0.path, text: $0.text) } }

    /// What was seen of a conflict is nothing that anybody typed.
    func label(of field: String, at path: String) -> String? {
        guard !PageFrame.carried.contains(field), !["code", "as_of"].contains(field) else { return nil }
        let isTyped = field.hasPrefix(ConflictView.typedPrefix)
        let name = (isTyped ? String(field.dropFirst(ConflictView.typedPrefix.count)) : field).replacing("_", with: " ")
        return isTyped ? "Another value: \(name)" : name.prefix(1).uppercased() + name.dropFirst()
    }

    func isOpen(_ request: Request) -> Bool {
        let path = request.uri.path
        return path == "/style.css" || path.hasPrefix(Console.startPath) && request.method == .get
    }

    var stranger: RefusalView {
        RefusalView(
            title: "Not signed in", why: "This browser has not opened the console, or its address was used before",
            remedy: "Open the console again with 'reunite-sync hub console', and use the address that it prints")
    }
}
