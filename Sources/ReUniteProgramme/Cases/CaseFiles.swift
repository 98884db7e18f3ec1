package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Cases: opening one, and what this replica holds of them.
package enum CaseFiles {
    /// References of cases here of a woman of the same birthday who is called the same; at most three.
    package static func known(_ person: NewCase.Person, in database: Database) throws -> [String] {
        guard let born = person.dateOfBirth else { return [] }
        return try String.fetchAll(
            database,
            sql: """
                SELECT f.ref FROM case_file f WHERE f.ref IS NOT NULL AND f.id IN (
                  SELECT case_id FROM person
                  WHERE legal_last = ?1 COLLATE NOCASE AND legal_first = ?2 COLLATE NOCASE AND date_of_birth = ?4
                  UNION SELECT case_id FROM person WHERE known_as = ?3 COLLATE NOCASE AND date_of_birth = ?4)
                ORDER BY f.ref LIMIT 3
                """, arguments: [person.legalLast, person.legalFirst, person.knownAs, born])
    }

    /// What is doubtful in a case that was just opened, in words.
    ///
    /// - Parameter now: milliseconds since 1970.
    package static func doubts(of made: CaseSummary, in database: Database, now: Int64) throws -> [String] {
        guard let id = Identifier(made.id) else { return [] }
        return try RowDoubts.words(of: id, in: database, now: now)
    }

    /// Opens a case with the woman, her children and her needs, and gives it a reference.
    ///
    /// The number is free in this replica and otherwise random, because replicas that are offline cannot ask each
    /// other which numbers are taken.
    ///
    /// - Parameters:
    ///   - partner: who opens it, and owns it.
    ///   - now: milliseconds since 1970, UTC.
    /// - Throws: ``Failure`` (badData) when a code or date is not valid; nothing is written then.
    @discardableResult
    package static func create(
        _ new: NewCase, by partner: Identifier, in database: Database, now: Int64,
        using generator: inout some RandomNumberGenerator
    ) throws -> CaseSummary {
        let what = "Opening the case"
        let today = CivilTime.londonDate(milliseconds: now)
        try check(new, today: today, what: what, in: database)
        return try database.whole {
            let reference = try freeReference(
                area: try area(new, partner, what, in: database), today: today, what: what, in: database,
                using: &generator)
            let id = try database.add(
                "case_file",
                [
                    "ref": reference.description, "owner_partner_id": partner.sqlBlob, "cohort": new.cohort,
                    "phase": new.phase, "opened_on": new.openedOn ?? today,
                ])
            let person = new.person
            _ = try database.add(
                "person",
                [
                    "case_id": id.sqlBlob, "legal_first": person.legalFirst, "legal_last": person.legalLast,
                    "known_as": person.knownAs, "date_of_birth": person.dateOfBirth, "sex": person.sex,
                    "ethnicity": person.ethnicity, "nationality": person.nationality, "language": person.language,
                    "interpreter": person.needsInterpreter ? 1 : 0,
                ])
            for child in new.children {
                _ = try database.add(
                    "child",
                    [
                        "case_id": id.sqlBlob, "first_name": child.firstName, "last_name": child.lastName,
                        "date_of_birth": child.dateOfBirth, "expected_on": child.expectedOn, "sex": child.sex,
                        "parental_responsibility": child.parentalResponsibility, "lives_with": child.livesWith,
                        "school_area": child.schoolArea,
                    ])
            }
            for need in new.needs { _ = try Needs.add(need, to: id, in: database) }
            guard let summary = try list(in: database, only: id).first else {
                throw Failure(.internalFault, what: what, why: "it is not there", remedy: "Report this as a fault")
            }
            return summary
        }
    }

    /// ``create(_:by:in:now:using:)`` with the system's randomness.
    @discardableResult
    package static func create(
        _ new: NewCase, by partner: Identifier, in database: Database, now: Int64
    ) throws -> CaseSummary {
        var generator = SystemRandomNumberGenerator()
        return try create(new, by: partner, in: database, now: now, using: &generator)
    }

    /// Whether this replica holds a case.
    package static func isHere(_ id: Identifier, in database: Database) throws -> Bool {
        try Bool.fetchOne(
            database, sql: "SELECT EXISTS (SELECT 1 FROM case_file WHERE id = ?)", arguments: [id.sqlBlob]) ?? false
    }

    /// The cases that this replica holds, the newest first.
    package static func list(in database: Database) throws -> [CaseSummary] {
        try list(in: database, only: nil)
    }

    /// Everything here of the case that a reference, an id or a part of an id names.
    package static func show(_ text: String, by partner: Identifier, in database: Database) throws -> CaseDetail {
        let id = try Lookup.caseFile(text, in: database)
        let codes = try Partners.codes(in: database)
        func records(_ table: String) throws -> [Record] {
            try Record.fetch(table, where: "case_id", is: id, codes: codes, in: database)
        }
        guard let caseFile = try records("case_file").first else {
            throw Failure(.noInput, what: "Showing the case", why: "it is not here", remedy: "Sync and try again")
        }
        return CaseDetail(
            caseFile: caseFile, person: try records("person").first, children: try records("child"),
            consents: try records("consent"), needs: try records("need"), notes: try records("case_note"),
            ownNotes: try CaseNotes.own(of: id, codes: codes, in: database),
            referrals: try Referrals.list(in: database, by: partner).filter { $0.caseID == id.description })
    }

    /// What the woman of the case `c` is called, in SQL: as she is known, or else by her name as on papers.
    static let called = """
        (SELECT coalesce(nullif(w.known_as, ''),
            nullif(trim(coalesce(w.legal_first, '') || ' ' || coalesce(w.legal_last, '')), ''))
          FROM person w WHERE w.case_id = c.id ORDER BY w.id LIMIT 1)
        """

    private static func list(in database: Database, only id: Identifier?) throws -> [CaseSummary] {
        try Row.fetchAll(
            database,
            sql: """
                SELECT c.id, c.ref, c.phase, p.code AS owner, c.opened_on,
                  (SELECT known_as FROM person w WHERE w.case_id = c.id ORDER BY w.id LIMIT 1) AS known_as,
                  \(called) AS called, (SELECT count(*) FROM child k WHERE k.case_id = c.id) AS children
                FROM case_file c LEFT JOIN partner p ON p.id = c.owner_partner_id
                WHERE ?1 IS NULL OR c.id = ?1 ORDER BY c.id DESC
                """, arguments: [id?.sqlBlob]
        ).map {
            CaseSummary(
                id: $0.identifier("id").description, ref: $0["ref"], phase: $0["phase"], owner: $0["owner"],
                knownAs: $0["known_as"], called: $0["called"], children: $0["children"], openedOn: $0["opened_on"])
        }
    }

    private static func check(_ new: NewCase, today: String, what: String, in database: Database) throws {
        try Codes.check(new.cohort, list: "case_file.cohort", what: what, in: database)
        try Typed.date(new.openedOn, name: "day of opening", what: what)
        let births = [new.person.dateOfBirth] + new.children.map(\.dateOfBirth)
        for birth in births {
            try Typed.date(birth, name: "date of birth", what: what)
            if let birth, birth > today {
                throw Failure(
                    .badData, what: what, why: "a date of birth is in the future",
                    remedy: "Give an unborn child's date as expected")
            }
        }
        for child in new.children { try Typed.date(child.expectedOn, name: "expected date", what: what) }
        let isPhase = try Bool.fetchOne(
            database,
            sql: """
                SELECT EXISTS (SELECT 1 FROM ru_transition WHERE tbl = 'case_file' AND col = 'phase'
                  AND from_value IS NULL AND to_value = ? AND relation = 'OWNER')
                """, arguments: [new.phase])
        guard isPhase == true else {
            throw Failure(
                .badData, what: what, why: "a new case cannot be in that phase", remedy: "Use ENQUIRY or leave it out")
        }
    }

    private static func area(
        _ new: NewCase, _ partner: Identifier, _ what: String, in database: Database
    ) throws -> String {
        if let area = try new.area ?? Partners.find(partner, in: database)?.area { return area }
        throw Failure(
            .badData, what: what, why: "this partner has no area, and none was given",
            remedy: "Sync first, or name the area with three letters")
    }

    /// A reference for a new case of a partner's that comes from elsewhere.
    static func reference(for partner: Identifier, in database: Database, now: Int64) throws -> String {
        let what = "Opening the case"
        var generator = SystemRandomNumberGenerator()
        return try freeReference(
            area: try area(NewCase(person: .init()), partner, what, in: database),
            today: CivilTime.londonDate(milliseconds: now), what: what, in: database, using: &generator
        ).description
    }

    private static func freeReference(
        area: String, today: String, what: String, in database: Database,
        using generator: inout some RandomNumberGenerator
    ) throws -> CaseReference {
        let year = Int(today.dropFirst(2).prefix(2)) ?? 0
        let stem = CaseReference.stem(area: area, year: year)
        let taken = Set(
            try String.fetchAll(
                database, sql: "SELECT ref FROM case_file WHERE substr(ref, 1, ?2) = ?1",
                arguments: [stem, stem.utf8.count]
            ).map { String($0.dropFirst(stem.count).prefix(4)) })
        let first = Int.random(in: 1...9999, using: &generator)
        for offset in 0..<9999 {
            let number = (first - 1 + offset) % 9999 + 1
            guard let reference = CaseReference(area: area, year: year, number: number) else { break }
            let digits = String(reference.description.dropFirst(stem.count).prefix(4))
            if !taken.contains(digits) { return reference }
        }
        throw Failure(
            .badData, what: what, why: "no reference can be made for that area this year",
            remedy: "Check that the area has three capital letters")
    }
}
