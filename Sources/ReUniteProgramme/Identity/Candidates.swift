package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Two records that may be one woman.
package struct Candidate: Hashable, Sendable {
    package enum Verdict: String, Sendable, Encodable {
        case shouldJoin = "should-join"
        case worthALook = "worth-a-look"
    }

    /// One of the two.
    package struct Side: Hashable, Sendable {
        package let person: Identifier
        package let caseID: Identifier
        package let caseReference: String?
        /// The code of the organisation that owns the case.
        package let partner: String?
        package let name: String

        init(_ woman: WomanRecord) {
            person = woman.id
            caseID = woman.caseID
            caseReference = woman.caseReference
            partner = woman.partner
            name = woman.shownName
        }
    }

    package let sides: [Side]
    package let verdict: Verdict
    /// Bits, rounded to tenths.
    package let score: Double
    package let evidence: [Evidence]
    /// Codes of identifier types that say they are two women.
    package let fractures: [String]
}

/// One record with two different valid numbers of one type: two women in one file, or a number that is not hers.
package struct Fracture: Hashable, Sendable {
    package let side: Candidate.Side
    package let type: String
}

/// What the operator should look at.
package struct DuplicateReport: Sendable {
    /// The strongest first.
    package let candidates: [Candidate]
    package let fractures: [Fracture]
    package let children: [ChildCandidate]
    package let women: Int
    /// How many dates or names were too common to compare everyone who shares them.
    package let crowded: Int

    /// Says of so many dates or names that not everyone who shares one was compared; nil of none.
    package static func words(crowded: Int) -> String? {
        guard crowded > 0 else { return nil }
        return (crowded == 1 ? "1 date or name is" : "\(crowded) dates or names are")
            + " too common to compare everyone who shares one: who has nothing else in common is not listed."
    }
}

/// Looks for women who are in a database twice. At the hub it is for the operator alone, and nothing of it may reach a
/// partner; in a replica it sees what the partner sees anyway.
package enum Duplicates {
    /// - Parameter now: milliseconds since 1970; gives the century of two-digit years.
    package static func find(in database: Database, now: Int64) throws -> DuplicateReport {
        let women = try WomanRecord.all(in: database, year: year(now))
        let classes = IdentityClasses(try PersonLinks.live(in: database))
        let blocking = Blocking(women)
        var candidates: [Candidate] = []
        for pair in blocking.pairs {
            let (left, right) = (women[Int(pair.left)], women[Int(pair.right)])
            let score = PairScore(left, right)
            guard let verdict = score.verdict, !classes.isDecided(left.id, right.id) else { continue }
            candidates.append(
                Candidate(
                    sides: [Candidate.Side(left), Candidate.Side(right)], verdict: verdict,
                    score: (score.total * 10).rounded() / 10, evidence: score.evidence,
                    fractures: score.fractures.map(\.rawValue)))
        }
        candidates.sort {
            ($1.score, $0.sides[0].person, $0.sides[1].person) < ($0.score, $1.sides[0].person, $1.sides[1].person)
        }
        return DuplicateReport(
            candidates: candidates, fractures: women.flatMap(fractures), children: try ChildCandidate.all(in: database),
            women: women.count, crowded: blocking.crowded)
    }

    private static func fractures(of woman: WomanRecord) -> [Fracture] {
        IdentifierType.allCases.filter { $0.isUnique && woman.identifiers[$0, default: []].count > 1 }
            .map { Fracture(side: Candidate.Side(woman), type: $0.rawValue) }
    }

    private static func year(_ now: Int64) -> Int {
        Int(CivilTime.londonDate(milliseconds: now).prefix(4)) ?? 2000
    }
}
