package import GRDB
import ReUniteReplica
package import ReUniteSync

/// What people at the hub call the case that a scope is, or belongs to.
package struct ScopeName: Hashable, Sendable {
    /// The case's reference; the beginning of its id where it has none.
    package let reference: String
    /// What she is called. To be shown on demand only.
    package let knownAs: String
    /// Her name as on papers. To be shown on demand only.
    package let legalName: String

    fileprivate init(_ scope: Identifier, _ row: Row?) {
        reference = row?["ref"] ?? "no reference, \(scope.description.prefix(8))"
        knownAs = row?["known_as"] ?? ""
        let parts: [String?] = [row?["legal_first"], row?["legal_last"]]
        legalName = parts.compactMap(\.self).joined(separator: " ")
    }
}

package enum ScopeNames {
    /// The names of scopes: a case's own, its referrals and what partners noted of it for themselves.
    package static func find(_ scopes: [Identifier], in database: Database) throws -> [Identifier: ScopeName] {
        let find = try database.cachedStatement(
            sql: """
                SELECT c.ref, p.known_as, p.legal_first, p.legal_last FROM (
                  SELECT id AS case_id FROM case_file WHERE id = ?1
                  UNION ALL SELECT case_id FROM referral WHERE id = ?1
                  UNION ALL SELECT case_id FROM own_file WHERE id = ?1) s
                LEFT JOIN case_file c ON c.id = s.case_id LEFT JOIN person p ON p.case_id = s.case_id LIMIT 1
                """)
        var names: [Identifier: ScopeName] = [:]
        for scope in scopes where names[scope] == nil {
            names[scope] = ScopeName(scope, try Row.fetchOne(find, arguments: [scope.sqlBlob]))
        }
        return names
    }
    /// The case that a scope is, or belongs to; nil for what is about no case.
    static func caseFile(of scope: Identifier, in database: Database) throws -> Identifier? {
        try Row.fetchOne(
            database,
            sql: """
                SELECT id AS case_id FROM case_file WHERE id = ?1
                UNION ALL SELECT case_id FROM referral WHERE id = ?1 UNION ALL SELECT case_id FROM own_file WHERE id = ?1
                """, arguments: [scope.sqlBlob])?.identifier("case_id")
    }
}
