import GRDB
import ReUniteReplica
import ReUniteSync

/// What is known of one woman in one case, as far as it helps to tell whether another case is hers too.
struct WomanRecord: Sendable {
    let id: Identifier
    let caseID: Identifier
    let caseReference: String?
    /// The code of the case's owner.
    let partner: String?
    /// For showing; never for comparing.
    let shownName: String
    private(set) var firstNames: [NameKey] = []
    private(set) var lastNames: [NameKey] = []
    let birthDate: BirthDate?
    /// Canonical forms of the valid ones, by type.
    private(set) var identifiers: [IdentifierType: Set<String>] = [:]
    /// The full names that her first names may stand for.
    private(set) var firstRoots: [Set<String>] = []

    fileprivate init(_ row: Row) {
        id = row.identifier("id")
        caseID = row.identifier("case_id")
        caseReference = row["ref"]
        partner = row["code"]
        let first: String? = row["legal_first"]
        let last: String? = row["legal_last"]
        let known: String? = row["known_as"]
        let legal = [first, last].compactMap(\.self).joined(separator: " ")
        shownName = legal.isEmpty ? known ?? "" : legal
        birthDate = BirthDate(row["date_of_birth"])
        add(first: first, last: last)
        add(first: known, last: nil)
    }

    fileprivate mutating func add(first: String?, last: String?) {
        if let key = NameKey(first), !firstNames.contains(key) {
            firstNames.append(key)
            firstRoots.append(Set(ShortForms.roots(of: key.joined) + ShortForms.roots(of: key.parts[0])))
        }
        if let key = NameKey(last), !lastNames.contains(key) { lastNames.append(key) }
    }

    fileprivate mutating func add(_ type: IdentifierType, _ canonical: String) {
        identifiers[type, default: []].insert(canonical)
    }

    private static let select = """
        SELECT p.id, p.case_id, p.legal_first, p.legal_last, p.known_as, p.date_of_birth, c.ref, o.code
        FROM person p LEFT JOIN case_file c ON c.id = p.case_id LEFT JOIN partner o ON o.id = c.owner_partner_id
        """

    /// One woman without her other names and numbers: enough to show whose record it is. Nil when there is none.
    static func plain(_ id: Identifier, in database: Database) throws -> WomanRecord? {
        try Row.fetchOne(database.cachedStatement(sql: "\(select) WHERE p.id = ?"), arguments: [id.sqlBlob])
            .map(WomanRecord.init)
    }

    /// Every woman of a database, in the order of ids.
    ///
    /// - Parameter year: the present year, for two-digit years in identifiers.
    static func all(in database: Database, year: Int) throws -> [WomanRecord] {
        var women = try Row.fetchAll(database, sql: "\(select) ORDER BY p.id").map(WomanRecord.init)
        let places = Dictionary(
            women.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        for row in try Row.fetchAll(
            database, sql: "SELECT person_id, first_name, last_name FROM person_alias ORDER BY id")
        {
            guard let place = places[row.identifier("person_id")] else { continue }
            women[place].add(first: row["first_name"], last: row["last_name"])
        }
        for row in try Row.fetchAll(
            database, sql: "SELECT person_id, type, value FROM person_identifier ORDER BY id")
        {
            // An invalid number says nothing about who she is.
            guard let place = places[row.identifier("person_id")], let type = IdentifierType(rawValue: row["type"]),
                let canonical = type.check(row["value"], year: year).canonical
            else { continue }
            women[place].add(type, canonical)
        }
        return women
    }
}
