import Hummingbird

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
        /// The form as its page fills it in: it carries its number, and the page gives it on.
        var filled: FormBody {
            let number = FormBody.Field(name: PageFrame.keptField, value: "\(number)")
            return FormBody(form.fields.filter { $0.name != PageFrame.keptField } + [number])
        }
        /// The address of the page with this form in it, and no other of the same page.
        var address: String { "\(page)?\(Self.query)=\(number)" }

        static var query: String { "kept" }
    }

    static var most: Int { 20 }

    /// The oldest first.
    private var kept: [Kept] = []
    private var last = 0

    /// A form that came from one that is kept already takes its place, under a number of its own: who sends the older
    /// one once more from another window does not replace the newer. The same once more is one form.
    mutating func keep(_ form: FormBody, of owner: Owner, page: String, sentTo: String) {
        guard same(form, owner, sentTo) == nil else { return }
        if let place = numbered(form, owner, sentTo) { kept.remove(at: place) }
        last += 1
        kept.append(Kept(number: last, owner: owner, page: page, sentTo: sentTo, form: form))
        if kept.count > Self.most { kept.removeFirst() }
    }

    func all(of owner: Owner) -> [Kept] { kept.filter { $0.owner == owner } }

    /// What belongs on a page.
    ///
    /// - Parameter number: of the one that was asked for; nil for the oldest.
    func show(on page: String, number: Int? = nil, to owner: Owner) -> Kept? {
        kept.first { $0.owner == owner && $0.page == page && (number == nil || $0.number == number) }
    }

    /// A form was taken: the kept one that it came from is kept no longer; of one that came from none, sent again by
    /// "Back", the one with every word of it.
    mutating func settle(_ form: FormBody, of owner: Owner, sentTo: String) {
        if let place = numbered(form, owner, sentTo) ?? same(form, owner, sentTo) { kept.remove(at: place) }
    }

    /// The place of the kept form whose number a form carries.
    private func numbered(_ form: FormBody, _ owner: Owner, _ sentTo: String) -> Int? {
        guard let number = Int(form[PageFrame.keptField]) else { return nil }
        return kept.firstIndex { $0.number == number && $0.owner == owner && $0.sentTo == sentTo }
    }

    /// The place of the kept form that says the same.
    private func same(_ form: FormBody, _ owner: Owner, _ sentTo: String) -> Int? {
        kept.firstIndex { $0.owner == owner && $0.sentTo == sentTo && $0.form.saysTheSame(as: form) }
    }

    mutating func letGo(_ number: Int, of owner: Owner) {
        kept.removeAll { $0.owner == owner && $0.number == number }
    }
}

extension Request {
    /// The kept form that a page is asked to show; nil for whichever belongs there.
    var keptNumber: Int? { uri.queryParameters.get(KeptForms<Bool>.Kept.query).flatMap { Int($0) } }
}

extension FormBody {
    /// Whether somebody typed the same into both; what a form carries for itself is another for each page.
    func saysTheSame(as other: FormBody) -> Bool { typedFields == other.typedFields }

    private var typedFields: [Field] { fields.filter { !PageFrame.carried.contains($0.name) } }
}

/// What was typed and not taken, on a page of its own.
struct KeptView: FramedView {
    struct Entry: Sendable {
        let number: Int
        /// Where its form is open again.
        let address: String
        let typed: [Fact]
    }

    /// The page's path. A form that leads there was not taken.
    static let path = "/kept"
    /// The same page, for a form that was taken and whose own page cannot be shown any more.
    static let taken = path + "?taken"

    var frame: PageFrame
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
