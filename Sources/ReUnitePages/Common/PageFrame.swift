/// What stands around every page: its title, the way to the others, what is said once, what its forms carry.
///
/// Views hold no optionals: Mustache looks for a missing value in whatever stands around it. Where something may be
/// missing there is a list of at most one.
struct PageFrame: Sendable {
    /// The hidden field of every form.
    static let tokenField = "form_token"
    /// The hidden field with the id of one form: see ``FormsOnce``.
    static let formField = "form_id"
    /// The hidden field with the number of the kept form that this one came from: see ``KeptForms``.
    static let keptField = "form_kept"
    /// What a form carries for itself: nobody typed it.
    static let carried: Set<String> = [tokenField, formField, keptField]

    struct Link: Sendable {
        let path: String
        let text: String
        /// Whether this is the page.
        var isHere = false
        /// A count beside it; empty for none.
        var count = ""
    }

    struct Banner: Sendable {
        let heading: String
        let text: String
        /// The hub whose operator is to be rung; at most one.
        var operatorsOf: [String] = []
    }

    /// What this page is about, and no other kind of page: its words are the pages' own or the schema's labels. It stays in
    /// a browser's history: no value from the data.
    var title: String
    /// Whose pages: the name of the service.
    var service = "ReUnite Sync"
    /// Where the reader is, beside the service's name.
    var place = ""
    var links: [Link] = []
    /// Above everything, on every page, for as long as it is so.
    var banners: [Banner] = []
    /// Said once.
    var notices: [String] = []
    var formToken = ""
    /// Whether the page hides what is on it after three minutes, by its style alone: what is being typed stays.
    var isShrouded = false

}

/// A page that shows what belongs on it, and not why nothing is shown.
protocol FramedView: Sendable {
    var frame: PageFrame { get set }
}

/// A word and what stands beside it.
struct Fact: Sendable {
    let label: String
    let text: String
}

/// Why a page is not shown.
struct RefusalView: Sendable {
    /// Its title is also the heading. No value from the data.
    let frame: PageFrame
    let why: String
    let remedy: String
    /// What was typed into the form that was refused: it is nowhere else by now.
    let typed: [Fact]
    /// The first page; at most one.
    let homes: [PageFrame.Link]

    init(
        title: String, why: String, remedy: String, links: [PageFrame.Link] = [], typed: [Fact] = [],
        banners: [PageFrame.Banner] = []
    ) {
        frame = PageFrame(title: title, links: links, banners: banners)
        self.why = RefusalView.sentence(why)
        self.remedy = RefusalView.sentence(remedy)
        self.typed = typed
        homes = links.first.map { [$0] } ?? []
    }

    private static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
