import Hummingbird

/// One browser reads a desk: the one that opened the printed address.
struct DeskGate: PageGate {
    let session: PageSession
    /// Says a sentence of a refusal without codes and commands.
    var words: @Sendable (String) -> String = { $0 }
    var standing: @Sendable () -> [PageFrame.Banner] = { [] }
    var banners: [PageFrame.Banner] { standing() }
    var links: [PageFrame.Link] = Desk.pages.map { PageFrame.Link(path: $0.path, text: $0.text) }
    /// What the schema calls a column of a table; nil where it knows none.
    var column: @Sendable (_ table: String, _ column: String) -> String? = { _, _ in nil }

    func plain(_ text: String) -> String { words(text) }

    /// Where a form is sent tells of which table its fields are.
    func label(of field: String, at path: String) -> String? {
        guard !PageFrame.carried.contains(field), ![Desk.versionField, "code"].contains(field) else { return nil }
        let parts = path.split(separator: "/").map(String.init)
        let table =
            switch (parts.first, parts.last) {
            case ("row", _) where parts.count > 2: parts[1]
            case ("case", "own-note"): "own_note"
            case ("case", "refer"): "referral"
            case ("visits", _), ("visit", "record"), ("visit", "another"): "visit"
            case ("visit", "note"): "case_note"
            case ("case", "new"): "person"
            default: parts.last ?? ""
            }
        if let label = column(table, field) { return label }
        let words = field.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

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
            remedy: "Open the desk again with 'reunite-sync open', and use the address that it prints")
    }
}
