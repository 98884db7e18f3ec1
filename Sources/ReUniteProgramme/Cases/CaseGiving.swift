package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Giving a case of a partner that has left the network to one that is in it: nobody else can sign a handover any more.
package enum CaseGiving {
    package struct Sides: Hashable, Sendable {
        package let from: String
        package let to: String
        package let receiver: Identifier
    }

    /// - Parameters:
    ///   - code: the receiver's.
    ///   - hasAgreed: whether the operator vouches that she agreed to it, whatever she had said before.
    /// - Throws: ``Failure``: badData when the owner is still in the network, or the receiver may not have the case; noInput
    ///   for a receiver that is not there.
    package static func check(_ caseID: Identifier, to code: String, hasAgreed: Bool = false, in database: Database)
        throws -> Sides
    {
        let what = "Giving the case"
        let partners = try Partners.list(in: database)
        let row = try Row.fetchOne(
            database, sql: "SELECT owner_partner_id AS owner FROM case_file WHERE id = ?",
            arguments: [caseID.sqlBlob])
        guard let row, let owner = partners.first(where: { $0.id == row.identifier("owner") }) else {
            throw Failure(
                .noInput, what: what, why: "the case has no owner", remedy: "Look at the case with 'hub case why'")
        }
        guard !owner.isActive else {
            throw Failure(
                .badData, what: what, why: "\(owner.code) owns it, and is in the network",
                remedy: "Both sides hand it over, by a referral")
        }
        guard let receiver = partners.first(where: { $0.code.uppercased() == code.uppercased() && $0.isActive }) else {
            throw Failure(
                .noInput, what: what, why: "there is no partner \(code) in the network",
                remedy: "Name one of the network's partners ('hub partner list')")
        }
        let limit = try Int.fetchOne(
            database, sql: "SELECT 1 FROM access_limit WHERE case_id = ? AND partner = ?",
            arguments: [caseID.sqlBlob, receiver.id.sqlBlob])
        guard limit == nil else {
            throw Failure(
                .badData, what: what, why: "\(receiver.code) may not see this case",
                remedy: "Choose another partner, or look at the reasons with 'hub case why'")
        }
        let ended = try Int.fetchOne(
            database, sql: "SELECT 1 FROM agreement_ended WHERE partner = ?", arguments: [receiver.id.sqlBlob])
        guard ended == nil else {
            throw Failure(
                .badData, what: what, why: "the sharing agreement of \(receiver.code) has ended",
                remedy: "Note the new agreement first, or choose another partner")
        }
        // What stands here of a case without an owner's worker at it: her no is heard, and the reason says how she agreed.
        let refused = try Int.fetchOne(
            database,
            sql: """
                SELECT 1 FROM consent_refused w WHERE w.case_id = :case AND w.purpose = 'SHARE_WITH_PARTNER'
                  AND (w.partner_id IS NULL OR w.partner_id = :partner)
                  AND NOT EXISTS (SELECT 1 FROM disclosure_basis d WHERE d.case_id = w.case_id AND d.partner_id = :partner)
                """, arguments: ["case": caseID.sqlBlob, "partner": receiver.id.sqlBlob])
        guard refused == nil || hasAgreed else {
            throw Failure(
                .badData, what: what, why: "she has said no to sharing with \(receiver.code)",
                remedy:
                    "Choose another partner. Where she has agreed since, say so with --agreed, and in the reason how")
        }
        return Sides(from: owner.code, to: receiver.code, receiver: receiver.id)
    }
}
