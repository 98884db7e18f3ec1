import ReUniteReplica
import ReUniteSync

/// What no partner owns: bodies outside it, what it holds, what it asks. The hub writes it.
package struct InventedAround: Sendable {
    let bodies: [(id: Identifier, name: String, kind: String)]
    let events: [(id: Identifier, name: String, kind: String, on: InventedDay)]
    let questions: [(id: Identifier, section: String, text: String)]
    /// One housing association for each partner.
    let associations: [Identifier]
    /// One grant and one agreement of solicitors for each partner.
    let grants: [Identifier]
    let dropIns: [Identifier]
    /// The places of the partner that has a fast track for twelve women.
    let places: [Identifier]
    let fastTrack: Identifier
    /// Which partner that is.
    static let fastTracked = 1

    init(_ period: ClosedRange<InventedDay>, partners: Int, _ chance: inout Chance) {
        bodies = [
            ("Ministry of Bridges (invented)", "GOVERNMENT"), ("Umbrella of Small Charities (invented)", "UMBRELLA"),
        ].map { (chance.identifier(), $0.0, $0.1) }
        events = [
            ("Annual conference", "CONFERENCE", period.lowerBound + 200),
            ("Training day", "TRAINING", period.lowerBound + 380),
            ("Annual conference", "CONFERENCE", period.lowerBound + 565),
        ].map { (chance.identifier(), $0.0, $0.1, $0.2) }
        questions = [
            ("USER_INVOLVEMENT", "How are the voices of children heard?"),
            ("SETTLED_HOUSING", "How many more homes could you let if there were somebody to support the families?"),
        ].map { (chance.identifier(), $0.0, $0.1) }
        associations = (0..<partners).map { _ in chance.identifier() }
        grants = (0..<partners).map { _ in chance.identifier() }
        dropIns = (0..<partners).map { _ in chance.identifier() }
        places = (0..<12).map { _ in chance.identifier() }
        fastTrack = chance.identifier()
    }

    /// The day of the stocktake: partners are asked at the beginning of the story, and answer after this day.
    static func stocktake(_ period: ClosedRange<InventedDay>) -> InventedDay { period.lowerBound + 540 }
}
