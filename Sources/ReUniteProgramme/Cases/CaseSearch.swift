package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Finds cases by what a worker has at hand: a reference, the beginning of a name, an agency's number.
///
/// Of addresses those alone that are marked as usual, and telephone numbers only where nothing of hers is to be kept
/// from anybody: who knows the others may be the one who must not find her.
package enum CaseSearch {
    package static let most = 50

    /// The cases that fit, the newest first; at most ``most``.
    ///
    /// - Parameter text: as it was typed; several words must all fit.
    package static func find(_ text: String, in database: Database) throws -> [Identifier] {
        let words = text.split { $0.isWhitespace || $0 == "," }.map(String.init).prefix(6)
        guard !words.isEmpty else { return [] }
        if let exact = try named(text, in: database), !exact.isEmpty { return exact }
        var found: Set<Identifier>?
        for word in words {
            let fits = try cases(word, in: database)
            found = found.map { $0.intersection(fits) } ?? fits
        }
        return Array((found ?? []).sorted(by: >).prefix(most))
    }

    /// By the whole text: a reference, or a number in any of its spellings.
    private static func named(_ text: String, in database: Database) throws -> [Identifier]? {
        let reference = CaseReference.normalized(text)
        var found = try ids("SELECT id FROM case_file WHERE ref = ?", [reference], in: database)
        if found.isEmpty {
            let year = Int(CivilTime.londonDate(milliseconds: 4_102_444_800_000).prefix(4)) ?? 2100
            var spellings: Set<String> = [text.uppercased().filter { !$0.isWhitespace }]
            for type in IdentifierType.allCases {
                if case .valid(let canonical) = type.check(text, year: year) { spellings.insert(canonical) }
            }
            for spelling in spellings.sorted() {
                found += try ids(
                    "SELECT case_id AS id FROM person_identifier WHERE value = ? COLLATE NOCASE", [spelling],
                    in: database)
            }
        }
        if found.isEmpty { found = try placed(text, in: database) }
        return Array(Set(found).sorted(by: >).prefix(most))
    }

    /// The fewest digits that are taken for a telephone number.
    private static let phoneDigits = 6

    /// By a telephone number, a postcode or the beginning of an address.
    private static func placed(_ text: String, in database: Database) throws -> [Identifier] {
        let digits = text.filter(\.isNumber)
        let rest = text.filter { !$0.isNumber && !$0.isWhitespace && !"+-()./".contains($0) }
        if rest.isEmpty, digits.count >= phoneDigits {
            // The last digits: with or without the country's code.
            return try ids(
                """
                SELECT p.case_id AS id FROM person_phone p
                WHERE replace(replace(replace(replace(p.number, ' ', ''), '-', ''), '(', ''), ')', '') LIKE '%' || ?
                  AND p.safe_to_call <> 'NO' AND NOT EXISTS (
                    SELECT 1 FROM address a WHERE a.case_id = p.case_id AND a.confidentiality <> 'NORMAL')
                """, [String(digits.drop { $0 == "0" }.suffix(9))], in: database)
        }
        let postcode = text.uppercased().filter { !$0.isWhitespace }
        let lines = text.trimmingPrefix { $0.isWhitespace }
        guard lines.count >= 4 else { return [] }
        return try ids(
            """
            SELECT case_id AS id FROM address WHERE confidentiality = 'NORMAL'
              AND (replace(upper(postcode), ' ', '') = ?1 OR substr(lines, 1, length(?2)) = ?2 COLLATE NOCASE)
            """, [postcode, String(lines)], in: database)
    }

    /// The cases of the women of whom a name begins with a word. Each arm is a range of an index.
    private static func cases(_ word: String, in database: Database) throws -> Set<Identifier> {
        let range = ("?1", "?2")
        func arm(_ table: String, _ column: String) -> String {
            """
            SELECT case_id AS id FROM \(table) WHERE \(column) >= \(range.0) COLLATE NOCASE
              AND \(column) < \(range.1) COLLATE NOCASE
            """
        }
        let sql = [
            arm("person", "known_as"), arm("person", "legal_first"), arm("person", "legal_last"),
            arm("person_alias", "first_name"), arm("person_alias", "last_name"),
        ].joined(separator: " UNION ALL ")
        // No character sorts behind the last one of Unicode.
        return Set(try ids(sql, [word, word + "\u{10FFFF}"], in: database))
    }

    private static func ids(
        _ sql: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [Identifier] {
        try Row.fetchAll(database, sql: sql, arguments: arguments).map { $0.identifier("id") }
    }
}
