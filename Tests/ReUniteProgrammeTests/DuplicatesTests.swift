import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("The same woman in two cases is suggested, and never joined by itself")
struct DuplicatesTests {
    private static let reason = "Compared on the telephone"

    @Test("Names agree without marks, case, punctuation, spacing and order")
    func names() throws {
        for (left, right) in [
            ("Zoë", "ZOE"), ("O'Neil", "ONeil"), ("O\u{2019}Neil", "o neil"), ("Mc Donald", "McDonald"),
            ("Smith-Jones", "Jones Smith"), ("Müller", "Mu\u{308}ller"), ("Łuczak", "Luczak"), ("  Ann  ", "ann"),
        ] {
            let (a, b) = (try #require(NameKey(left)), try #require(NameKey(right)))
            #expect(a.isSame(as: b), "\(left), \(right)")
        }
        for (left, right) in [("Ann", "Anne"), ("Smith", "Smythe-Jones"), ("Jo", "Joan")] {
            let (a, b) = (try #require(NameKey(left)), try #require(NameKey(right)))
            #expect(!a.isSame(as: b), "\(left), \(right)")
        }
        #expect(NameKey.isOneLetterOff("smith", "smiht") && NameKey.isOneLetterOff("smith", "smyth"))
        #expect(NameKey.isOneLetterOff("smith", "smiths") && !NameKey.isOneLetterOff("smith", "smythe"))
        #expect(NameKey("… 1") == nil)
    }

    @Test("Dates of birth: equal, day and month exchanged, one digit off")
    func dates() throws {
        let date = try #require(BirthDate("1990-02-03"))
        func agreement(_ text: String) throws -> BirthDate.Agreement {
            date.agreement(with: try #require(BirthDate(text)))
        }
        #expect(try agreement("1990-02-03") == .same)
        #expect(try agreement("1990-03-02") == .swapped)
        #expect(try agreement("1991-02-03") == .oneDigit)
        #expect(try agreement("1991-02-04") == .different)
        #expect(BirthDate("1990-02-31") == nil)
    }

    @Test("Equal names and birthday should be joined; what is weaker is worth a look or nothing")
    func strengths() throws {
        let network = try Network()
        try network.edit { database in
            let first = try Woman("Zoë", "Smith-Jones", "1990-02-03").insert(database)
            let same = try Woman("ZOE", "Jones Smith", "1990-02-03").insert(database)
            let married = try Woman("Zoe", "Novak", "1990-02-03").insert(database)
            _ = try Woman("Ruth", "Adeyemi", "1990-02-03").insert(database)
            _ = try Woman("Zoe", "Smith-Jones", "1975-12-24").insert(database)
            let swapped = try Woman("Zoe", "Smith Jones", "1990-03-02").insert(database)
            let found = try verdicts(database)
            #expect(found[[first, same]] == .shouldJoin)
            #expect(found[[first, married]] == .worthALook && found[[same, married]] == .worthALook)
            #expect(found[[first, swapped]] == .worthALook)
            #expect(found.count == 5, "\(found)")
        }
    }

    @Test("A former name, a short form and a number each bring two records together")
    func otherEvidence() throws {
        let network = try Network()
        try network.edit { database in
            let maiden = try Woman("Elizabeth", "Hartley", "1988-07-01").insert(database)
            let married = try Woman("Beth", "Owusu", "1988-07-01", formerly: "Hartley").insert(database)
            let numbered = try Woman("Dana", "Quill", nil, numbers: [("NOMS", "A1234BC")]).insert(database)
            let alias = try Woman("Mia", "Fox", "1999-09-09", numbers: [("NOMS", " a1234bc")]).insert(database)
            let found = try verdicts(database)
            #expect(found == [[maiden, married]: .shouldJoin, [numbered, alias]: .worthALook])
        }
    }

    @Test("An invalid number never brings anyone together")
    func invalidNumbers() throws {
        let network = try Network()
        try network.edit { database in
            for (first, last, born) in [("Dana", "Quill", "1980-01-01"), ("Mia", "Fox", "1999-09-09")] {
                _ = try Woman(
                    first, last, born, numbers: [("PNC", "2003/0011985Z"), ("NHS", "999 123 4560"), ("OTHER", "1")]
                ).insert(database)
            }
            #expect(try verdicts(database).isEmpty)
        }
    }

    @Test("Two different valid numbers of one type speak for two women, or for two in one file")
    func fractures() throws {
        let network = try Network()
        try network.edit { database in
            let left = try Woman("Dana", "Quill", "1980-01-01", numbers: [("PNC", "81/34U")]).insert(database)
            let right = try Woman("Dana", "Quill", "1980-01-01", numbers: [("PNC", "79163001B")]).insert(database)
            let both = try Woman(
                "Ines", "Roy", "1977-05-05", numbers: [("NOMS", "A1234BC"), ("NOMS", "A9999ZZ"), ("NOMS", "bad")]
            ).insert(database)
            let report = try Duplicates.find(in: database, now: Network.noon)
            let pair = try #require(report.candidates.first)
            #expect(Set(pair.sides.map(\.person)) == [left, right] && report.candidates.count == 1)
            #expect(pair.verdict == .worthALook && pair.fractures == ["PNC"])
            #expect(report.fractures.map(\.side.person) == [both] && report.fractures.map(\.type) == ["NOMS"])
        }
    }

    @Test("What was decided is not suggested again: neither the pair nor anyone linked to them")
    func decided() throws {
        let network = try Network()
        try network.edit { database in
            let women = try (0..<3).map { _ in try Woman("Dana", "Quill", "1980-01-01").insert(database) }
            #expect(try verdicts(database).count == 3)
            try decide(women[0], women[1], isDifferent: false, database)
            #expect(try verdicts(database).keys.sorted { $0.count < $1.count }.count == 2)
            try decide(women[1], women[2], isDifferent: true, database)
            #expect(try verdicts(database).isEmpty)
            // Not through the back door either.
            #expect(throws: Failure.self) { try decide(women[0], women[2], isDifferent: false, database) }
            try undo(women[1], women[2], database)
            #expect(try verdicts(database).count == 2)
        }
    }

    @Test("Linking refuses what is unknown, herself, and what was decided already")
    func refusals() throws {
        let network = try Network()
        try network.edit { database in
            let a = try Woman("Dana", "Quill", "1980-01-01").insert(database)
            let b = try Woman("Dana", "Quill", "1980-01-01").insert(database)
            func code(_ body: () throws -> Void) -> Failure.Code? {
                do { try body() } catch let failure as Failure { return failure.code } catch {}
                return nil
            }
            #expect(code { try decide(a, .zero, isDifferent: false, database) } == .noInput)
            #expect(code { try decide(a, a, isDifferent: false, database) } == .badData)
            #expect(code { try undo(a, b, database) } == .badData)
            #expect(code { try decide(a, b, isDifferent: false, reason: "  short    ", database) } == .usage)
            let long = String(repeating: "so ", count: 700)
            #expect(code { try decide(a, b, isDifferent: false, reason: long, database) } == .usage)
            let link = try PersonLinks.decide(
                a.description, b.description, isDifferent: false, isVerified: false, reason: " \(Self.reason)\n",
                in: database)
            #expect(link.rationale == Self.reason)
            let references = try zip([a, b], 1...).map { id, number in
                let reference = try #require(CaseReference(area: "SRY", year: 26, number: number)).description
                try database.execute(
                    sql: "UPDATE case_file SET ref = ? WHERE id = (SELECT case_id FROM person WHERE id = ?)",
                    arguments: [reference, id.sqlBlob])
                return reference
            }
            let named = try PersonLinks.decide(
                references[0], references[1].lowercased(), isDifferent: false, isVerified: false, reason: Self.reason,
                in: database)
            #expect(Set([named.a, named.b]) == [a, b], "the reference of a case names its woman")
            try decide(a, b, isDifferent: false, database)
            #expect(code { try decide(b, a, isDifferent: false, database) } == .badData)
            #expect(code { try decide(b, a, isDifferent: true, database) } == .badData)
            try undo(b, a, database)
            #expect(code { try undo(a, b, database) } == .badData)
            try decide(b, a, isDifferent: true, database)
            #expect(code { try decide(a, b, isDifferent: true, database) } == .badData)
            #expect(code { try decide(a, b, isDifferent: false, database) } == .badData)
        }
    }

    @Test(
        "What was decided is listed page by page, the last first, and found by the two women; what was taken back is not"
    )
    func decidedPairs() throws {
        let network = try Network()
        try network.edit { database in
            func pair() throws -> [Identifier] {
                try (0..<2).map { _ in try Woman("Dana", "Quill", "1980-01-01").insert(database) }
            }
            let pairs = try (0..<4).map { _ in try pair() }
            for (place, hour) in [(1, 1), (0, 2), (3, 3), (2, 4)] as [(Int, Int64)] {
                try PersonLinks.decide(
                    pairs[place][0].description, pairs[place][1].description, isDifferent: place == 0,
                    isVerified: false, reason: Self.reason, in: database
                ).insert(into: database, now: Network.noon + hour * 3_600_000)
            }
            try undo(pairs[3][0], pairs[3][1], database)
            let listed = try (1...3).map { try DecidedPairs.list(.page($0, of: 1), in: database) }
            #expect(listed.allSatisfy { $0.total == 3 && $0.entries.count == 1 })
            let women = listed.flatMap(\.entries).map { Set([$0.a.person, $0.b.person]) }
            #expect(women == [2, 0, 1].map { Set(pairs[$0]) })
            let apart = try #require(try DecidedPairs.between(pairs[0][1], pairs[0][0], in: database))
            #expect(apart.decision == .different && apart == listed[1].entries[0])
            #expect(apart.a.name == "Dana Quill" && apart.a.caseID != apart.b.caseID)
            #expect(try DecidedPairs.between(pairs[3][0], pairs[3][1], in: database) == nil)
            #expect(try DecidedPairs.between(pairs[0][0], pairs[1][1], in: database) == nil)
        }
    }

    @Test("One child typed twice is suggested within a case; brothers, twins and other cases' children are not")
    func children() throws {
        let network = try Network()
        try network.edit { database in
            let mother = try Woman("Dana", "Quill", "1980-01-01").insert(database)
            let other = try Woman("Mia", "Fox", "1985-01-01").insert(database)
            func child(_ first: String?, _ born: String?, expected: String? = nil, of woman: Identifier) throws
                -> Identifier
            {
                try database.add(
                    "child",
                    [
                        "case_id": try caseID(of: woman, database).sqlBlob, "first_name": first, "date_of_birth": born,
                        "expected_on": expected,
                    ])
            }
            let charlie = try child("Charlie", "2015-06-01", of: mother)
            let charles = try child("Charles", "2015-06-02", of: mother)
            _ = try child("Grace", "2015-06-01", of: mother)
            _ = try child("Charlie", "2015-06-01", of: other)
            let unborn = try child(nil, nil, expected: "2026-03-10", of: mother)
            let born = try child("Ivy", "2026-03-02", of: mother)
            _ = try child("Charles", "2011-01-01", of: mother)
            let found = try Duplicates.find(in: database, now: Network.noon).children
            #expect(Set(found.map { Set($0.children) }) == [[charlie, charles], [unborn, born]])
        }
    }

    // MARK: Helpers

    private func verdicts(_ database: Database) throws -> [Set<Identifier>: Candidate.Verdict] {
        let found = try Duplicates.find(in: database, now: Network.noon).candidates
        return Dictionary(
            found.map { (Set($0.sides.map(\.person)), $0.verdict) }, uniquingKeysWith: { first, _ in first })
    }

    private func decide(
        _ a: Identifier, _ b: Identifier, isDifferent: Bool, reason: String = Self.reason, _ database: Database
    ) throws {
        try PersonLinks.decide(
            a.description, b.description, isDifferent: isDifferent, isVerified: false, reason: reason, in: database
        ).insert(into: database, now: Network.noon)
    }

    private func undo(_ a: Identifier, _ b: Identifier, _ database: Database) throws {
        for row in try PersonLinks.undo(a.description, b.description, reason: Self.reason, in: database) {
            try row.insert(into: database, now: Network.noon)
        }
    }

    private func caseID(of woman: Identifier, _ database: Database) throws -> Identifier {
        let row = try Row.fetchOne(
            database, sql: "SELECT case_id FROM person WHERE id = ?", arguments: [woman.sqlBlob])
        return try #require(row).identifier("case_id")
    }
}

/// An invented woman in a case of her own.
private struct Woman {
    let first: String
    let last: String
    let born: String?
    var formerly: String?
    var numbers: [(type: String, value: String)] = []

    init(
        _ first: String, _ last: String, _ born: String?, formerly: String? = nil,
        numbers: [(type: String, value: String)] = []
    ) {
        self.first = first
        self.last = last
        self.born = born
        self.formerly = formerly
        self.numbers = numbers
    }

    func insert(_ database: Database) throws -> Identifier {
        let file = try database.add("case_file", ["owner_partner_id": Network.surrey.sqlBlob])
        let person = try database.add(
            "person",
            ["case_id": file.sqlBlob, "legal_first": first, "legal_last": last, "date_of_birth": born])
        if let formerly {
            _ = try database.add(
                "person_alias", ["case_id": file.sqlBlob, "person_id": person.sqlBlob, "last_name": formerly])
        }
        for (type, value) in numbers {
            _ = try database.add(
                "person_identifier",
                ["case_id": file.sqlBlob, "person_id": person.sqlBlob, "type": type, "value": value])
        }
        return person
    }
}
