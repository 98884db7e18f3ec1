import Hummingbird

/// Who may read the pages of one server, and what those are told who may not.
protocol PageGate: Sendable {
    /// What signed-in pages put into their forms, so that no other page can send them; nil for whom the gate does not
    /// know.
    func formToken(_ request: Request, _ context: PageContext) -> String?

    /// What needs no session. A POST to it is taken from a form of these pages only as far as `Origin` tells.
    func isOpen(_ request: Request) -> Bool

    /// Said to those whom the gate does not know.
    var stranger: RefusalView { get }

    /// A sentence of a refusal for whoever reads these pages.
    func plain(_ text: String) -> String

    /// The way on from a refusal, for those whom the gate knows.
    var links: [PageFrame.Link] { get }

    /// Above every refusal, for as long as it is so, for those whom the gate knows.
    var banners: [PageFrame.Banner] { get }

    /// What a field of the form at a path is called; nil for one that nobody types into, or that is a secret.
    func label(of field: String, at path: String) -> String?
}

extension PageGate {
    var banners: [PageFrame.Banner] { [] }

    /// What somebody typed into a form, for a page that cannot take it.
    func typed(_ form: FormBody, sentTo path: String) -> [Fact] {
        form.fields.compactMap { field in
            let text = FormBody.trimmed(field.value)
            guard !text.isEmpty, let label = label(of: field.name, at: path) else { return nil }
            return Fact(label: label, text: text)
        }
    }

    func plain(_ text: String) -> String { text }

    func label(of field: String, at path: String) -> String? {
        guard !PageFrame.carried.contains(field), field != "code" else { return nil }
        let words = field.replacing("_", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
