import Testing

/// One fact of the programme: who writes it down, and who reads it after a sync.
///
/// Texts are SQL. `{word}` stands for an id, the same one wherever the word is used; the world gives some of them
/// (``SeedFactAnswers``), the others are made up as they come.
struct SeedFact: Sendable, CustomTestStringConvertible {
    /// Who may read it afterwards.
    enum Reach: Sendable {
        /// The hub and every partner.
        case network
        /// The hub, and the partner whose it is: its office and its laptop. The other partner finds nothing.
        case partner
        /// Both partners: the case is being referred.
        case both
    }

    let name: String
    let reach: Reach
    /// What the hub writes itself.
    let hub: String
    /// What Surrey's office writes before anybody syncs.
    let office: String
    /// What Surrey's laptop writes before anybody syncs.
    let laptop: String
    /// What Surrey's office writes when all that has arrived everywhere, text by text, each followed by a sync.
    let then: [String]
    /// What Surrey's laptop writes beside it.
    let laptopThen: [String]
    let ask: String
    let answer: String

    init(
        _ name: String, _ reach: Reach = .partner, hub: String = "", office: String = "", laptop: String = "",
        then: [String] = [], laptopThen: [String] = [], ask: String, is answer: String
    ) {
        self.name = name
        self.reach = reach
        self.hub = hub
        self.office = office
        self.laptop = laptop
        self.then = then
        self.laptopThen = laptopThen
        self.ask = ask
        self.answer = answer
    }

    var testDescription: String { name }

    /// In the order of docs/facts.md.
    static let all = aboutTheNetwork + aboutPartners + aboutHomes + aboutWomen + aboutChildren + aboutOutcomes
}
