package import GRDB
import ReUniteReplica
import ReUniteSync

/// The cases and referrals that a replica holds, to be compared before and after a sync.
package struct CasesHere: Sendable {
    let cases: Set<Identifier>
    let referrals: Set<Identifier>

    package init(_ database: Database) throws {
        func ids(_ table: String) throws -> Set<Identifier> {
            Set(try Row.fetchAll(database, sql: "SELECT id FROM \(table)").map { $0.identifier("id") })
        }
        cases = try ids("case_file")
        referrals = try ids("referral")
    }

    /// How many came with a sync and how many went, besides what was made here before it.
    package struct Moved: Hashable, Sendable {
        package let newCases: Int
        package let newReferrals: Int
        package let goneCases: Int
        package let goneReferrals: Int
    }

    /// - Parameter later: what is held afterwards.
    package func moved(until later: CasesHere) -> Moved {
        Moved(
            newCases: later.cases.subtracting(cases).count, newReferrals: later.referrals.subtracting(referrals).count,
            goneCases: cases.subtracting(later.cases).count,
            goneReferrals: referrals.subtracting(later.referrals).count)
    }
}
