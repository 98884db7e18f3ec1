/// Forms that came when they could not be taken: while a desk was locked, or when nobody was signed in. Each stays until
/// it was sent again and taken, or let go.
///
/// Of the oldest there are no more than ``most``, so that nobody fills the memory.
struct KeptForms<Owner: Sendable & Equatable>: Sendable {
    struct Kept: Sendable, Equatable {
        let number: Int
        let owner: Owner
        /// Where the form is shown.
        let page: String
        /// Where it was sent.
        let sentTo: String
        let form: FormBody
        /// Whether it was on its page since.
        var isShown = false
    }

    static var most: Int { 20 }

    /// The oldest first.
    private var kept: [Kept] = []
    private var last = 0

    /// The same once more is one form.
    mutating func keep(_ form: FormBody, of owner: Owner, page: String, sentTo: String) {
        guard !kept.contains(where: { $0.owner == owner && $0.sentTo == sentTo && $0.form.saysTheSame(as: form) })
        else { return }
        last += 1
        kept.append(Kept(number: last, owner: owner, page: page, sentTo: sentTo, form: form))
        if kept.count > Self.most { kept.removeFirst() }
    }

    func all(of owner: Owner) -> [Kept] { kept.filter { $0.owner == owner } }

    /// What belongs on a page: of several the oldest.
    mutating func show(on page: String, to owner: Owner) -> Kept? {
        guard let place = kept.firstIndex(where: { $0.owner == owner && $0.page == page }) else { return nil }
        kept[place].isShown = true
        return kept[place]
    }

    /// A form was taken: whichever it was of these is kept no longer.
    mutating func settle(_ form: FormBody, of owner: Owner, sentTo: String) {
        let places = kept.indices.filter { kept[$0].owner == owner && kept[$0].sentTo == sentTo }
        // It may have been put right before it was sent again: then it is the one that was on the page.
        let place = places.first { kept[$0].form.saysTheSame(as: form) } ?? places.first { kept[$0].isShown }
        if let place { kept.remove(at: place) }
    }

    mutating func letGo(_ number: Int, of owner: Owner) {
        kept.removeAll { $0.owner == owner && $0.number == number }
    }
}

extension FormBody {
    /// Whether somebody typed the same into both; what a form carries for itself is another for each page.
    func saysTheSame(as other: FormBody) -> Bool { typedFields == other.typedFields }

    private var typedFields: [Field] { fields.filter { !PageFrame.carried.contains($0.name) } }
}

/// What was typed and not taken, on a page of its own.
struct KeptView: Sendable {
    struct Entry: Sendable {
        let number: Int
        let page: String
        let typed: [Fact]
    }

    /// The page's path.
    static let path = "/kept"

    let frame: PageFrame
    let token: String
    let entries: [Entry]
    let isEmpty: Bool

    init(_ frame: PageFrame, _ kept: [Entry]) {
        self.frame = frame
        token = frame.formToken
        entries = kept
        isEmpty = kept.isEmpty
    }

    /// The way there, while there is something.
    static func link(_ count: Int, isHere: Bool = false) -> [PageFrame.Link] {
        count == 0
            ? [] : [PageFrame.Link(path: path, text: "Typed before, not saved yet", isHere: isHere, count: "\(count)")]
    }
}
