import GRDB
import ReUniteReplica
import ReUniteSync

/// Reads what a visit needs of one woman, and counts the rows.
struct VisitReader {
    /// The rows that were read; a woman who is visited twice counts once.
    private(set) var rows: Set<Identifier> = []

    /// Nil when the case is hidden from this replica, or is not here.
    mutating func read(_ visit: DayVisit, in database: Database) throws -> VisitSheet.Visit? {
        let mask = try ReadMask(of: visit.caseID, in: database)
        guard mask.allows("visit"), mask.allows("case_file"),
            let file = try fetch("SELECT id, ref FROM case_file WHERE id = ?", visit, database).first,
            let prison = visit.prison
        else { return nil }
        rows.insert(visit.id)
        var woman = VisitSheet.Woman(caseFile: visit.caseID.description, ref: file["ref"])
        if mask.allows("person") { try readIdentity(&woman, visit, database) }
        if mask.allows("custody_episode") { try readCustody(&woman, visit, database) }
        if mask.allows("child") { try readChildren(&woman, visit, database) }
        let places = try ProtectedPlaces(of: visit.caseID, in: database)
        if mask.allows("need") { try readNeeds(&woman, visit, places, database) }
        if mask.allows("risk_flag") { try readRisks(&woman, visit, database) }
        if mask.allows("contact_restriction") { try readRestrictions(&woman, visit, places, database) }
        return VisitSheet.Visit(
            id: visit.id.description, code: visit.code.description, prison: prison, type: visit.type,
            plannedMs: visit.plannedAt, worker: visit.worker, woman: woman)
    }

    private mutating func readIdentity(
        _ woman: inout VisitSheet.Woman, _ visit: DayVisit, _ database: Database
    ) throws {
        if let person = try fetch(
            """
            SELECT id, known_as, legal_first, legal_last, date_of_birth, language, interpreter FROM person
            WHERE case_id = ? ORDER BY id LIMIT 1
            """, visit, database
        ).first {
            woman.knownAs = person["known_as"]
            woman.legalFirst = person["legal_first"]
            woman.legalLast = person["legal_last"]
            woman.dateOfBirth = person["date_of_birth"]
            woman.language = person["language"]
            woman.interpreter = person["interpreter"] == 1
        }
        if let number = try VisitReader.prisonNumber(of: visit.caseID, in: database) {
            woman.prisonNumber = number.text
            rows.insert(number.row)
        }
    }

    private mutating func readCustody(
        _ woman: inout VisitSheet.Woman, _ visit: DayVisit, _ database: Database
    ) throws {
        let episode = try fetch(
            """
            SELECT e.id, e.release_date, e.release_type FROM present_prison p JOIN custody_episode e ON e.id = p.episode_id
            WHERE p.case_id = ? ORDER BY e.id DESC LIMIT 1
            """, visit, database
        ).first
        guard let episode else { return }
        woman.releaseDate = episode["release_date"]
        woman.releaseType = episode["release_type"]
    }

    private mutating func readChildren(
        _ woman: inout VisitSheet.Woman, _ visit: DayVisit, _ database: Database
    ) throws {
        woman.children = try fetch(
            "SELECT id, first_name, date_of_birth FROM child WHERE case_id = ? ORDER BY date_of_birth, id", visit,
            database
        ).map { VisitSheet.Child(firstName: $0["first_name"], dateOfBirth: $0["date_of_birth"]) }
    }

    private mutating func readNeeds(
        _ woman: inout VisitSheet.Woman, _ visit: DayVisit, _ places: ProtectedPlaces, _ database: Database
    ) throws {
        woman.needs = try fetch(
            """
            SELECT id, category, section, status FROM need
            WHERE case_id = ? AND status IN ('NOT_STARTED', 'IN_PROGRESS') ORDER BY category, id
            """, visit, database
        ).map {
            VisitSheet.Need(category: $0["category"], section: places.clean($0["section"]), status: $0["status"])
        }
    }

    private mutating func readRisks(
        _ woman: inout VisitSheet.Woman, _ visit: DayVisit, _ database: Database
    ) throws {
        woman.risks = try fetch(
            "SELECT id, kind, level FROM risk_flag WHERE case_id = ? AND active = 1 ORDER BY kind, id", visit, database
        ).map { VisitSheet.Risk(kind: $0["kind"], level: $0["level"]) }
    }

    private mutating func readRestrictions(
        _ woman: inout VisitSheet.Woman, _ visit: DayVisit, _ places: ProtectedPlaces, _ database: Database
    ) throws {
        woman.restrictions = try fetch(
            "SELECT id, kind, other_party FROM contact_restriction_in_force WHERE case_id = ? ORDER BY kind, id", visit,
            database
        ).map { VisitSheet.Restriction(kind: $0["kind"], otherParty: places.clean($0["other_party"])) }
    }

    /// Reads rows with an `id`, and counts them.
    private mutating func fetch(_ sql: String, _ visit: DayVisit, _ database: Database) throws -> [Row] {
        let found = try Row.fetchAll(database, sql: sql, arguments: [visit.caseID.sqlBlob])
        rows.formUnion(found.map { $0.identifier("id") })
        return found
    }

    /// Her prison number, the last one that has the right form; nil where none is known.
    static func prisonNumber(
        of caseID: Identifier, in database: Database
    ) throws -> (text: String, row: Identifier)? {
        let rows = try Row.fetchAll(
            database,
            sql:
                "SELECT id, value FROM person_identifier WHERE case_id = ? AND type = 'NOMS' ORDER BY recorded_for_at DESC, id",
            arguments: [caseID.sqlBlob])
        for row in rows {
            if case .valid(let canonical) = PrisonNumber.check(row["value"]) {
                return (canonical, row.identifier("id"))
            }
        }
        return nil
    }
}
