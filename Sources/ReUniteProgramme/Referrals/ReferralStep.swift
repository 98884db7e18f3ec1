package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A step of a referral that somebody asks about before it is taken.
package struct ReferralStep: Hashable, Sendable {
    package let referral: Identifier
    package let caseID: Identifier
    /// What the hub is asked.
    package let question: StepQuestion

    private static let what = "Previewing the step"

    /// - Parameter state: the state that the referral would come to, in either case.
    /// - Throws: ``Failure``: noInput when no referral fits, badData when several do.
    package static func find(_ text: String, to state: String, in database: Database) throws -> ReferralStep {
        let id = try Lookup.referral(text, in: database)
        let row = try Row.fetchOne(
            database,
            sql: """
                SELECT r.case_id, t.number, c.grp FROM referral r
                JOIN ru_table t ON t.name = 'referral' JOIN ru_column c ON c.tbl = t.name AND c.name = 'state'
                WHERE r.id = ?
                """, arguments: [id.sqlBlob])
        guard let row else { throw unknown }
        return ReferralStep(
            referral: id, caseID: row.identifier("case_id"),
            question: StepQuestion(
                table: UInt16(truncatingIfNeeded: row["number"] as Int64), key: id,
                group: UInt8(truncatingIfNeeded: row["grp"] as Int64), to: state.uppercased()))
    }

    /// The state to which signing for a handover leads in the end: the transfer, or while the sender has not begun it,
    /// for the receiver the handover.
    package static func goalOfHandover(_ text: String, by partner: Identifier, in database: Database) throws -> String {
        let standing = try Standing(text, by: partner, what: what, in: database)
        return standing.relation == "SENDER" || standing.state != "ACCEPTED" ? "TRANSFERRED" : "HANDOVER"
    }

    /// What stands against the step by the rows that are here, in sentences; empty where nothing does.
    package func obstacles(in database: Database) throws -> [String] {
        try Guards.reasons(against: question.to, of: referral, in: database)
    }

    /// No referral of that name, here or at the hub.
    package static var unknown: Failure {
        Failure(
            .noInput, what: what, why: "the hub knows no such referral of this organisation's",
            remedy: "Check the id; a new referral is previewed after the next sync")
    }

    /// The step is not declared from where the referral stands.
    package static func notOpen(from: String, to: String, open: [String]) -> Failure {
        Failure(
            .badData, what: what, why: "no step leads from \(from) to \(to)",
            remedy: open.isEmpty ? "It has ended" : "Use one of \(open.joined(separator: ", "))")
    }
}
