import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("An evaluator is given what women agreed to, and cannot call anybody by it")
struct EvaluationExtractTests {
    private static let key = [UInt8](repeating: 7, count: 32)
    private let network: Network

    init() throws { network = try Network() }

    @discardableResult
    private func woman(_ number: Int, says decisions: [(String, Int64)], at partner: Identifier = Network.surrey) throws
        -> (caseID: Identifier, person: Identifier)
    {
        try network.edit { database in
            let id = try database.add(
                "case_file",
                [
                    "ref": "SRY-26-\(number)", "owner_partner_id": partner.sqlBlob, "phase": "HOUSED",
                    "opened_on": "2026-02-11",
                ])
            let person = try database.add(
                "person",
                [
                    "case_id": id.sqlBlob, "known_as": "Mknown\(number)", "legal_first": "Mfirst",
                    "legal_last": "Mlast",
                    "date_of_birth": "1990-02-28",
                ])
            _ = try database.add("child", ["case_id": id.sqlBlob, "first_name": "Mchild"])
            _ = try database.add(
                "custody_episode",
                ["case_id": id.sqlBlob, "release_date": "2026-05-17", "release_type": "CRD_LICENCE"])
            _ = try database.add("need", ["case_id": id.sqlBlob, "category": "HEALTH", "detail": "Mneed"])
            _ = try database.add("case_note", ["case_id": id.sqlBlob, "body": "Mnote"])
            for (decision, at) in decisions { try said(decision, at, id, database) }
            return (id, person)
        }
    }

    private func said(_ decision: String, _ at: Int64, _ id: Identifier, _ database: Database) throws {
        _ = try database.add(
            "consent",
            [
                "case_id": id.sqlBlob, "purpose": "EVALUATION", "decision": decision, "method": "SIGNED_FORM",
                "evidence_ref": "form", "recorded_for_at": at, "entered_at": at,
            ])
    }

    private func extract(_ study: String = "Outcomes 2026", asAt day: String = "2026-09-30") throws -> EvaluationExtract
    {
        try network.edit { try EvaluationExtract(study: study, key: Self.key, asAt: day, in: $0) }
    }

    private static let before: Int64 = 1_772_366_400_000

    @Test("Who agreed is in it; who refused, took it back or was never asked is not")
    func consent() throws {
        try woman(1, says: [("GIVEN", Self.before)])
        try woman(2, says: [("REFUSED", Self.before)])
        try woman(3, says: [])
        let fourth = try woman(4, says: [("GIVEN", Self.before)])
        #expect(try extract().lines.count == 2 && extract().leftOut == 2)
        try network.edit { try said("WITHDRAWN", Self.before + 5_000, fourth.caseID, $0) }
        #expect(try extract().lines.count == 1)
    }

    @Test("A woman who is on record twice and said no to one of the two is not in it")
    func twice() throws {
        let first = try woman(1, says: [("GIVEN", Self.before)])
        let second = try woman(2, says: [("WITHDRAWN", Self.before + 5_000)], at: Network.derby)
        #expect(try extract().lines.count == 1)
        try network.edit {
            _ = try $0.add(
                "person_link",
                [
                    "a_person_id": first.person.sqlBlob, "a_case_id": first.caseID.sqlBlob,
                    "b_person_id": second.person.sqlBlob, "b_case_id": second.caseID.sqlBlob, "decision": "SAME",
                    "rationale": "One number",
                ])
        }
        #expect(try extract().lines.isEmpty)
    }

    @Test("The same study finds her again, another study does not, nor does another hub")
    func pseudonyms() throws {
        for number in 1...6 { try woman(number, says: [("GIVEN", Self.before)]) }
        func names(_ extract: EvaluationExtract) -> Set<String> { Set(extract.lines.map { $0[0] }) }
        let first = names(try extract())
        #expect(first.count == 6 && first.allSatisfy { $0.count == 16 })
        #expect(names(try extract(" OUTCOMES 2026 ", asAt: "2026-06-30")) == first)
        #expect(names(try extract("Another study")).isDisjoint(with: first))
        let other = try network.edit {
            try EvaluationExtract(
                study: "Outcomes 2026", key: [UInt8](repeating: 8, count: 32), asAt: "2026-09-30", in: $0)
        }
        #expect(names(other).isDisjoint(with: first))
    }

    @Test("Nothing in it names her: no name, number, text, id or day, and no area with few women")
    func nothingNames() throws {
        for number in 1...6 { try woman(number, says: [("GIVEN", Self.before)]) }
        for number in 11...15 { try woman(number, says: [("GIVEN", Self.before)], at: Network.gloucestershire) }
        let few = try woman(7, says: [("GIVEN", Self.before)], at: Network.derby)
        let text = try extract().csv
        for marker in ["Mknown", "Mfirst", "Mlast", "Mchild", "Mneed", "Mnote", "SRY-26", "1990", "-05-17", "-02-11"] {
            #expect(!text.contains(marker), "\(marker)")
        }
        #expect(!text.lowercased().contains(few.caseID.description) && !text.contains("DBY") && !text.contains("GLS"))
        #expect(text.contains(",SRY,35-44,1,") && text.contains("2026-Q1") && text.contains("2026-Q2"), "\(text)")
        #expect(try extract().lines.allSatisfy { $0.count == EvaluationExtract.columns.count })
    }

    private func cell(_ column: String, asAt day: String = "2026-09-30") throws -> [String] {
        let place = try #require(EvaluationExtract.columns.firstIndex(of: column))
        return try extract(asAt: day).lines.map { $0[place] }
    }

    @Test("The band is that of the sentence from which she was released, whatever there was before or since")
    func sentence() throws {
        let woman = try woman(1, says: [("GIVEN", Self.before)])
        for (band, start) in [
            ("REMAND", "2019-01-01"), ("LT12M", "2020-01-01"), ("12M_4Y", "2025-01-01"), ("REMAND", "2026-08-01"),
        ] {
            try network.edit {
                _ = try $0.add(
                    "sentence",
                    [
                        "case_id": woman.caseID.sqlBlob, "type": "DETERMINATE", "length_band": band, "start_on": start,
                    ])
            }
        }
        #expect(try cell("sentence_band") == ["12M_4Y"])
    }

    @Test("One small area alone would be the one that is missing: the next smallest is hidden with it")
    func areas() throws {
        for number in 1...4 { try woman(number, says: [("GIVEN", Self.before)], at: Network.derby) }
        for number in 5...9 { try woman(number, says: [("GIVEN", Self.before)], at: Network.gloucestershire) }
        for number in 10...15 { try woman(number, says: [("GIVEN", Self.before)]) }
        #expect(Set(try cell("area")) == ["c", "SRY"])
        #expect(try cell("area").count { $0 == "c" } == 9)
    }

    @Test("Who stands alone with what many know of her is counted")
    func alone() throws {
        for number in 1...3 { try woman(number, says: [("GIVEN", Self.before)]) }
        #expect(try extract().alone == 0)
        let other = try woman(4, says: [("GIVEN", Self.before)])
        try network.edit {
            try $0.execute(
                sql: "INSERT INTO child(case_id, first_name) VALUES(?, 'Second')", arguments: [other.caseID.sqlBlob])
        }
        #expect(try extract().alone == 1)
    }

    @Test("A child that is born later is not told, and a case that was opened by mistake is not in it")
    func later() throws {
        let first = try woman(1, says: [("GIVEN", Self.before)])
        try network.edit {
            _ = try $0.add(
                "child", ["case_id": first.caseID.sqlBlob, "first_name": "Later", "date_of_birth": "2026-10-01"])
            _ = try $0.add("child", ["case_id": first.caseID.sqlBlob, "expected_on": "2026-11-01"])
        }
        #expect(try cell("children") == ["1"])
        let second = try woman(2, says: [("GIVEN", Self.before)])
        try network.edit {
            try $0.execute(
                sql: """
                    UPDATE case_file SET phase = 'CLOSED', closed_on = '2026-08-01', close_reason = 'MISTAKEN_OR_DUPLICATE'
                    WHERE id = ?
                    """, arguments: [second.caseID.sqlBlob])
        }
        #expect(try extract().lines.count == 1 && extract().leftOut == 0)
        // What she refused there she refused all the same.
        try network.edit { database in
            try said("WITHDRAWN", Self.before + 5_000, second.caseID, database)
            _ = try database.add(
                "person_link",
                [
                    "a_person_id": first.person.sqlBlob, "a_case_id": first.caseID.sqlBlob,
                    "b_person_id": second.person.sqlBlob, "b_case_id": second.caseID.sqlBlob, "decision": "SAME",
                    "rationale": "One number",
                ])
        }
        #expect(try extract().lines.isEmpty)
    }

    @Test("A study without a name and a day that ends no quarter are refused")
    func refusals() throws {
        for (study, day) in [
            ("", "2026-09-30"), ("ab", "2026-09-30"), ("Outcomes", "2026-02-30"), ("Outcomes", "2026-10-15"),
        ] {
            let failure = try network.failure {
                _ = try EvaluationExtract(study: study, key: Self.key, asAt: day, in: $0)
            }
            #expect(failure?.code == .badData, "\(study) \(day)")
        }
    }
}
