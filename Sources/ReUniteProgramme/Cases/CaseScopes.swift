package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Where things about a woman are: her case, its referrals and their enquiries, what partners noted for themselves; and
/// the lines of others that name it.
package struct CaseScopes: Hashable, Sendable {
    /// A referral, as a report names it.
    package struct ReferralParties: Hashable, Sendable {
        package let id: Identifier
        /// The partners' codes.
        package let from: String?
        package let to: String?
        package let state: String
    }

    package let caseID: Identifier
    package let reference: String?
    package let referrals: [ReferralParties]
    /// Anonymous enquiries that led to its referrals.
    package let enquiries: [Identifier]
    /// What each partner that ever worked on it noted for itself. At a replica its own partner's alone.
    package let ownFiles: [Identifier]
    /// Decisions that two women are one, or are not: other scopes, which name her case.
    package let links: [Identifier]

    /// The case first.
    package var all: [Identifier] { [caseID] + referrals.map(\.id) + enquiries + ownFiles }

    /// - Parameter text: the case's reference, the id of the case or of the woman, or enough of it.
    /// - Throws: ``Failure`` (noInput) when nothing here fits.
    package static func find(_ text: String, in database: Database) throws -> CaseScopes {
        do {
            return try of(try Lookup.caseFile(text, in: database), in: database)
        } catch let failure as Failure where failure.code == .noInput {
            guard let person = try? Lookup.row(text, table: "person", what: "Finding the woman", in: database),
                let row = try Row.fetchOne(
                    database, sql: "SELECT case_id FROM person WHERE id = ?", arguments: [person.sqlBlob])
            else { throw failure }
            return try of(row.identifier("case_id"), in: database)
        }
    }

    package static func of(_ id: Identifier, in database: Database) throws -> CaseScopes {
        let codes = try Partners.codes(in: database)
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, from_partner_id, to_partner_id, state, pre_check_ref FROM referral WHERE case_id = ?
                ORDER BY id
                """, arguments: [id.sqlBlob])
        let links = try Row.fetchAll(
            database, sql: "SELECT id FROM person_link WHERE a_case_id = ?1 OR b_case_id = ?1 ORDER BY id",
            arguments: [id.sqlBlob])
        let reference = try Row.fetchOne(
            database, sql: "SELECT ref FROM case_file WHERE id = ?", arguments: [id.sqlBlob])
        return CaseScopes(
            caseID: id, reference: reference?["ref"],
            referrals: rows.map {
                ReferralParties(
                    id: $0.identifier("id"), from: codes[$0.identifier("from_partner_id")],
                    to: codes[$0.identifier("to_partner_id")], state: $0["state"])
            },
            enquiries: rows.filter { $0["pre_check_ref"] != nil }.map { $0.identifier("pre_check_ref") },
            ownFiles: try CaseNotes.ownFiles(of: id, in: database),
            links: links.map { $0.identifier("id") })
    }
}
