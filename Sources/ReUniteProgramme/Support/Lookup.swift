package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Finds the row that a person means by what they type: a whole id, its beginning or its end, or a case reference.
///
/// Ids made on the same day begin alike (they are UUIDs of version 7), so the end is the part worth typing.
package enum Lookup {
    /// How few digits of an id are taken.
    static let fewestDigits = 4

    /// - Throws: ``Failure``: noInput when no case here fits, badData when several do or the text is mistyped.
    package static func caseFile(_ text: String, in database: Database) throws -> Identifier {
        let what = "Finding the case"
        let typed = CaseReference.normalized(text)
        let named = try identifiers(
            database, "SELECT id FROM case_file WHERE upper(ref) = ? ORDER BY id", [typed])
        if !named.isEmpty { return try only(named, what: what) }
        if CaseReference.hasForm(typed), CaseReference(typed) == nil {
            throw Failure(
                .badData, what: what, why: "the reference's check letter does not fit its number",
                remedy: "Compare the reference with the paper, digit by digit")
        }
        return try row(text, table: "case_file", what: what, in: database)
    }

    /// A referral by its id, or by the reference of a case that has one referral, or one that is still open. The
    /// receiver finds the reference in the pack before the case is theirs to see.
    package static func referral(_ text: String, in database: Database) throws -> Identifier {
        let what = "Finding the referral"
        let typed = CaseReference.normalized(text)
        let named = try identifiers(
            database,
            """
            SELECT r.id FROM referral r
            WHERE r.case_id IN (SELECT id FROM case_file WHERE upper(ref) = ?1)
              OR EXISTS (SELECT 1 FROM referral_pack p WHERE p.referral_id = r.id AND instr(p.items, ?2) > 0)
            ORDER BY r.id
            """, [typed, "\"ref\":" + CanonicalJSON.text(typed).text])
        if named.count > 1 {
            let open = try named.filter { try isOpen($0, in: database) }
            return try only(open.isEmpty ? named : open, what: what)
        }
        if let found = named.first { return found }
        return try row(text, table: "referral", what: what, in: database)
    }

    static func row(_ text: String, table: String, what: String, in database: Database) throws -> Identifier {
        let digits = text.lowercased().filter { $0 != "-" && !$0.isWhitespace }
        guard digits.count >= fewestDigits, digits.count <= 32, digits.allSatisfy({ $0.isASCII && $0.isHexDigit })
        else {
            throw Failure(
                .noInput, what: what, why: "the text is neither a known reference nor part of an id",
                remedy: "Give the reference, the id, or at least \(fewestDigits) digits of its beginning or end")
        }
        let found = try identifiers(
            database,
            """
            SELECT id FROM \(quoted(table))
            WHERE substr(lower(hex(id)), 1, ?2) = ?1 OR substr(lower(hex(id)), -?2) = ?1 ORDER BY id
            """, [digits, digits.count])
        return try only(found, what: what)
    }

    private static func isOpen(_ referral: Identifier, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: """
                SELECT s.closed = 0 FROM referral r
                JOIN ru_state s ON s.tbl = 'referral' AND s.col = 'state' AND s.value = r.state WHERE r.id = ?
                """, arguments: [referral.sqlBlob]) ?? false
    }

    private static func only(_ found: [Identifier], what: String) throws -> Identifier {
        guard let first = found.first else {
            throw Failure(
                .noInput, what: what, why: "nothing here fits",
                remedy: "Check what was typed, or sync: it may not have arrived")
        }
        guard found.count == 1 else {
            throw Failure(
                .badData, what: what, why: "\(found.count) rows fit",
                remedy: "Give more digits, or the whole id")
        }
        return first
    }

    private static func identifiers(
        _ database: Database, _ sql: String, _ arguments: StatementArguments
    ) throws -> [Identifier] {
        try Row.fetchAll(database, sql: sql, arguments: arguments).map { $0.identifier("id") }
    }
}
