package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A step of a referral that somebody asks about before it is taken.
package struct ReferralStep: Hashable, Sendable {
    package let referral: Identifier
    package let caseID: Identifier
    package let from: String
    package let to: String
    /// Who would own the case by it; nil where that stays.
    package let newOwner: Identifier?

    /// - Throws: ``Failure``: noInput when no referral fits, badData when there is no such state or no such step.
    package static func find(_ text: String, to state: String, in database: Database) throws -> ReferralStep {
        let what = "Previewing the step"
        let id = try Lookup.referral(text, in: database)
        let to = state.uppercased()
        let row = try Row.fetchOne(
            database, sql: "SELECT case_id, state, to_partner_id FROM referral WHERE id = ?", arguments: [id.sqlBlob])
        guard let row else {
            throw Failure(.noInput, what: what, why: "the referral is not here", remedy: "Check the id")
        }
        let from: String = row["state"]
        let open = try String.fetchAll(
            database,
            sql: """
                SELECT DISTINCT to_value FROM ru_transition WHERE tbl = 'referral' AND col = 'state' AND from_value = ?
                ORDER BY to_value
                """, arguments: [from])
        guard open.contains(to) else {
            throw Failure(
                .badData, what: what, why: "no step leads from \(from) to \(to)",
                remedy: open.isEmpty ? "It has ended" : "Use one of \(open.joined(separator: ", "))")
        }
        return ReferralStep(
            referral: id, caseID: row.identifier("case_id"), from: from, to: to,
            newOwner: to == "TRANSFERRED" ? row.identifier("to_partner_id") : nil)
    }
}
