import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite struct CaseFilesTests {
    @Test("A created case is accepted by its tables, and its reference's letter fits")
    func created() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let reference = try #require(CaseReference(summary.ref ?? ""))
        #expect(reference.area == "SRY" && reference.year == 26)
        #expect(summary.owner == "SRY" && summary.knownAs == "Mknown" && summary.children == 1)
        #expect(summary.openedOn == "2026-11-21")
        let logged = try network.logged()
        #expect(logged == [5, 0])
        try network.edit { database in
            let detail = try CaseFiles.show(summary.ref ?? "", by: Network.surrey, in: database)
            #expect(detail.person?["legal_last"] == "Mlast")
            #expect(detail.needs.first?["detail"] == "Mneed" && detail.notes.first?["body"] == "Mnote")
            #expect(try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").isEmpty)
        }
    }

    @Test("A woman of whom only the name on papers is known is called by it in lists; what she is known as goes first")
    func called() throws {
        let network = try Network()
        let id = try #require(Identifier(try network.markedCase().id))
        func called() throws -> [String] {
            try network.edit { database in
                let marks = try CaseMarks([], partner: Network.surrey, in: database)
                return try CaseFiles.lines([id], marks, in: database).map(\.knownAs)
                    + CaseFiles.list(in: database).map { $0.called ?? "" }
            }
        }
        #expect(try called() == ["Mknown", "Mknown"])
        for (change, name) in [
            ("known_as = NULL", "Mfirst Mlast"), ("known_as = '', legal_first = NULL", "Mlast"),
            ("legal_last = NULL", ""),
        ] {
            try network.edit { try $0.execute(sql: "UPDATE person SET \(change)") }
            #expect(try called() == [name, name])
        }
    }

    @Test("References are free in this replica, to the last number, and then refused")
    func exhausted() throws {
        let network = try Network()
        try network.edit { database in
            for number in 1...9999 where number != 77 {
                try database.execute(
                    sql: "INSERT INTO case_file(ref) VALUES(?)",
                    arguments: [CaseReference(area: "SRY", year: 26, number: number)?.description])
            }
            var generator = SeededGenerator(seed: 1)
            let new = NewCase(person: .init())
            let last = try CaseFiles.create(
                new, by: Network.surrey, in: database, now: Network.noon, using: &generator)
            #expect(last.ref?.hasPrefix("SRY-26-0077-") == true)
            #expect(throws: Failure.self) {
                try CaseFiles.create(new, by: Network.surrey, in: database, now: Network.noon, using: &generator)
            }
        }
    }

    @Test("A case with one wrong need is refused whole")
    func nothingHalfDone() throws {
        let network = try Network()
        let before = try network.logged()
        let new = NewCase(person: .init(knownAs: "Mknown"), needs: [NewNeed(category: "NO_SUCH")])
        let failure = try #require(
            try network.failure { _ = try CaseFiles.create(new, by: Network.surrey, in: $0, now: Network.noon) })
        #expect(failure.code == .badData && failure.remedy.contains("ACCOMMODATION"))
        #expect(try network.logged() == before)
        #expect(try network.edit { try CaseFiles.list(in: $0) }.isEmpty)
    }

    @Test("A case is found by reference, id, beginning or end; what fits two cases is refused")
    func lookup() throws {
        let network = try Network()
        let ids = [
            "01939f6e-0a00-7bcd-8123-456789abcd11", "01939f6e-0a00-7bcd-8123-456789abcd12",
            "11939f6e-0a00-7bcd-8123-456789abcd13",
        ]
        try network.edit { database in
            for (place, text) in ids.enumerated() {
                let id = try #require(Identifier(text))
                try database.execute(
                    sql: "INSERT INTO case_file(id, ref) VALUES(?, ?)",
                    arguments: [id.sqlBlob, CaseReference(area: "SRY", year: 26, number: place + 1)?.description])
            }
            for (text, place) in [
                (ids[1], 1), (ids[1].uppercased(), 1), ("sry-26-0001-j", 0), ("1193", 2), ("abcd12", 1),
            ] {
                #expect(try Lookup.caseFile(text, in: database).description == ids[place], "\(text)")
            }
            let wrong: [(String, Failure.Code)] = [
                ("0193", .badData), ("119", .noInput), ("ffff", .noInput), ("SRY-26-0003-Z", .badData), ("", .noInput),
            ]
            for (text, code) in wrong {
                #expect("\(text)") {
                    _ = try Lookup.caseFile(text, in: database)
                } throws: { ($0 as? Failure)?.code == code }
            }
        }
    }

    @Test("Why names the owner's reason, and at acceptance the receiver's with its classes")
    func why() throws {
        let network = try Network()
        let referral = try network.sent()
        try network.edit { database in
            let before = try CaseFiles.why(referral.caseID, in: database)
            #expect(before.reasons.map(\.relation) == ["OWNER"])
            #expect(before.held == nil)
            let id = try #require(Identifier(referral.caseID))
            try database.execute(
                sql: "INSERT INTO ru_scope(id, no, read_mask, write_mask) VALUES(?, 1, 12, 4)", arguments: [id.sqlBlob])
            try Referrals.accept(referral.id, by: Network.gloucestershire, in: database, now: Network.noon)
            let after = try CaseFiles.why(referral.caseID, in: database)
            #expect(after.held == CaseAccess.Held(reads: ["CASE", "IDENTITY"], writes: ["CASE"]))
            try database.execute(sql: "UPDATE ru_scope SET write_mask = NULL")
            let same = try CaseFiles.why(referral.caseID, in: database)
            #expect(same.held == CaseAccess.Held(reads: ["CASE", "IDENTITY"], writes: ["CASE", "IDENTITY"]))
            let receiver = try #require(after.reasons.first { $0.relation == "RECEIVER" })
            #expect(receiver.partner == "GLS" && receiver.classes.contains("RISK"))
            #expect(receiver.writes == ["NEEDS", "HOUSING"])
            #expect(!receiver.classes.contains("NOTES") && !receiver.classes.contains("ADDRESS"))
        }
    }

    @Test("JSON has snake case keys, times in UTC, ids as UUIDs and partners by code")
    func json() throws {
        let network = try Network()
        let referral = try network.sent()
        let detail = try network.edit { try CaseFiles.show(referral.caseID, by: Network.surrey, in: $0) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let text = String(decoding: try encoder.encode(detail), as: UTF8.self)
        #expect(text.contains("\"entered_at\":\"2026-11-21T12:00:00Z\""))
        #expect(text.contains("\"owner_partner\":\"SRY\"") && text.contains("\"known_as\":\"Mknown\""))
        #expect(text.contains("\"case_id\":\"\(referral.caseID)\"") && text.contains("\"state_label\":\"Sent\""))
    }
}
