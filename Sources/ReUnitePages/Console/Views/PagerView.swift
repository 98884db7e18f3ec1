import ReUniteSync

/// Which page of a list is shown, and the way to the others.
struct PagerView: Sendable {
    /// In the address.
    static let name = "page"

    let isPaged: Bool
    /// Ends a caption; empty where one page has all.
    let words: String
    /// Such as "conflicts".
    let things: String
    /// At most one address each.
    let before: [String]
    let after: [String]
    private let number: Int

    /// - Parameters:
    ///   - things: what the list has.
    ///   - path: of the page that shows it.
    ///   - name: of the list in the address.
    init(_ page: ListPage<some Any>, of things: String, at path: String, _ name: String = PagerView.name) {
        isPaged = page.pages > 1
        words = page.pages > 1 ? ": page \(page.number) of \(page.pages)" : ""
        self.things = things
        before = page.number > 1 ? ["\(path)?\(name)=\(page.number - 1)"] : []
        after = page.number < page.pages ? ["\(path)?\(name)=\(page.number + 1)"] : []
        number = page.number
    }

    /// The title of the page with the list.
    func titled(_ title: String) -> String { number > 1 ? "\(title), page \(number)" : title }
}
