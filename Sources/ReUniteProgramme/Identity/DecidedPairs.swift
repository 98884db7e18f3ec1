package import GRDB
import ReUniteReplica
import ReUniteSync

/// Two women about whom somebody decided whether they are one, where that still holds.
package struct DecidedPair: Hashable, Sendable {
    package let a: Candidate.Side
    package let b: Candidate.Side
    package let decision: PersonLink.Decision
}

package enum DecidedPairs {
    /// Every pair that holds, in the order of the decisions' ids; children are left out.
    package static func list(in database: Database) throws -> [DecidedPair] {
        let links = try PersonLinks.live(in: database)
        guard !links.isEmpty else { return [] }
        // The year gives two-digit years in identifiers their century, and none of those is looked at.
        let women = try WomanRecord.all(in: database, year: 2000)
        let byID = Dictionary(women.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return links.compactMap { link in
            guard let a = byID[link.a], let b = byID[link.b] else { return nil }
            return DecidedPair(a: Candidate.Side(a), b: Candidate.Side(b), decision: link.decision)
        }
    }
}
