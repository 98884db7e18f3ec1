package import GRDB
import ReUniteReplica
import ReUniteSync

/// Why this replica holds a case, and who else may enter it.
package struct CaseAccess: Hashable, Sendable, Encodable {
    /// What the hub granted this replica; nil before the hub has said so.
    package struct Held: Hashable, Sendable, Encodable {
        /// The codes of the classes that may be read.
        package let reads: [String]
        package let writes: [String]
    }

    /// One line of the rules, applied to the rows that are here.
    package struct Reason: Hashable, Sendable, Encodable {
        /// The partner's code.
        package let partner: String?
        /// OWNER, SENDER or RECEIVER.
        package let relation: String
        package let why: String
        /// The codes of the classes that this reason lets the partner read.
        package let classes: [String]
        package let writes: [String]
    }

    package let id: String
    package let held: Held?
    package let reasons: [Reason]
}

extension CaseFiles {
    /// Why a case is here: the hub's grant, and the rules that its rows meet, for every partner.
    package static func why(_ text: String, in database: Database) throws -> CaseAccess {
        let id = try Lookup.caseFile(text, in: database)
        let classes = try ClassCodes(database)
        let held = try Row.fetchOne(
            database,
            sql: """
                SELECT read_mask, coalesce(write_mask, read_mask) AS write_mask FROM ru_scope WHERE id = ?
                """, arguments: [id.sqlBlob])
        let partners = try Partners.codes(in: database)
        let reasons = try Row.fetchAll(
            database,
            sql: """
                SELECT partner, relation, read_mask, write_mask, why FROM ru_grant_source WHERE scope = ?
                ORDER BY relation, partner, why
                """, arguments: [id.sqlBlob])
        return CaseAccess(
            id: id.description,
            held: held.map {
                CaseAccess.Held(
                    reads: classes.codes(in: $0["read_mask"]), writes: classes.codes(in: $0["write_mask"]))
            },
            reasons: reasons.map {
                CaseAccess.Reason(
                    partner: partners[$0.identifier("partner")], relation: $0["relation"], why: $0["why"],
                    classes: classes.codes(in: $0["read_mask"]), writes: classes.codes(in: $0["write_mask"]))
            })
    }
}
