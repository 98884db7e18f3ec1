import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("A visit bundle holds the day's women and what a visit needs of them, and nothing else")
struct VisitPackingTests {
    private static let day: Int64 = 86_400_000

    /// Everything that the network keeps of a woman, each text with the marker.
    private func fill(_ network: Network, _ summary: CaseSummary, _ marker: String) throws {
        try network.edit { database in
            let (id, person) = (
                Identifier(summary.id)?.sqlBlob,
                try Row.fetchOne(
                    database, sql: "SELECT id FROM person WHERE case_id = ?",
                    arguments: [Identifier(summary.id)?.sqlBlob])?.identifier("id").sqlBlob
            )
            for (sql, values) in [
                ("UPDATE person SET known_as = ? WHERE id = ?", ["\(marker)known", person]),
                (
                    "INSERT INTO person_phone(case_id, person_id, number) VALUES(?, ?, ?)",
                    [id, person, "\(marker)phone"]
                ),
                (
                    "INSERT INTO person_identifier(case_id, person_id, type, value) VALUES(?, ?, 'NOMS', 'A1234BC')",
                    [id, person]
                ),
                (
                    "INSERT INTO person_identifier(case_id, person_id, type, value) VALUES(?, ?, 'NHS', ?)",
                    [id, person, "\(marker)nhs"]
                ),
                (
                    "INSERT INTO address(case_id, lines, postcode, confidentiality) VALUES(?, ?, ?, 'REFUGE')",
                    [id, "\(marker)house, Elm Lane", "GU1 3XX"]
                ),
                (
                    "INSERT INTO contact_restriction(case_id, subject_id, kind, other_party) VALUES(?, ?, 'BAN', ?)",
                    [id, person, "\(marker)other, who asked after gu13xx"]
                ),
                (
                    "INSERT INTO contact_restriction(case_id, subject_id, kind, other_party) VALUES(?, ?, 'MONITORED', ?)",
                    [id, person, "\(marker)uncle"]
                ),
                (
                    "INSERT INTO risk_flag(case_id, kind, level, detail) VALUES(?, 'SELF', 'HIGH', ?)",
                    [id, "\(marker)detail"]
                ),
                ("INSERT INTO need(case_id, category, status) VALUES(?, 'HEALTH', 'MET')", [id]),
            ] as [(String, [(any DatabaseValueConvertible)?])] {
                try database.execute(sql: sql, arguments: StatementArguments(values))
            }
        }
    }

    @Test("Of three women the one of tomorrow is in it, without address, telephone, note or detail")
    func contents() throws {
        let network = try Network()
        let (maya, next, none) = (try network.markedCase(), try network.markedCase(), try network.markedCase())
        for (summary, marker) in [(maya, "ZQA"), (next, "ZQB"), (none, "ZQC")] { try fill(network, summary, marker) }
        let visit = try network.visit(of: maya, at: Network.noon + Self.day)
        _ = try network.visit(of: next, at: Network.noon + 2 * Self.day)
        _ = try network.visit(of: next, at: Network.noon)
        try network.authorise()

        let packed = try network.pack()
        let sheet = packed.sheet
        #expect(packed.leftOut == [] && sheet.visits.map(\.id) == [visit.description])
        #expect(sheet.counts == VisitSheet.Counts(women: 1, visits: 1, rows: 9))
        #expect(sheet.prisons.map(\.code) == ["BZI"] && sheet.prisons.first?.governorRef == "G-17")
        #expect(sheet.expiresMs == Network.noon + 48 * 3_600_000)
        let woman = try #require(sheet.visits.first?.woman)
        #expect(woman.knownAs == "ZQAknown" && woman.prisonNumber == "A1234BC" && woman.ref == maya.ref)
        #expect(woman.children.map(\.firstName) == ["Mchild"])
        #expect(woman.needs.map(\.category) == ["ACCOMMODATION"], "what is met needs no talk")
        #expect(woman.restrictions.map(\.otherParty) == ["(withheld: an address)", "ZQAuncle"])

        let text = String(decoding: try sheet.encoded(), as: UTF8.self)
        #expect(text.contains("ZQAknown") && text.contains("ZQAuncle"))
        for marker in [
            "ZQB", "ZQC", "phone", "house", "Elm", "GU1", "gu1", "nhs", "detail", "Mnote", "Mneed", "Mgrand",
        ] {
            #expect(!text.contains(marker), "\(marker)")
        }
        #expect(try VisitSheet(decoding: try sheet.encoded()) == sheet)
    }

    @Test(
        "A visit without authorisation, by video, outside or in another prison than hers is named, not packed"
    )
    func leftOut() throws {
        let network = try Network()
        let maya = try network.markedCase()
        let time = Network.noon + Self.day
        _ = try network.visit(of: maya, at: time)
        _ = try network.visit(of: maya, at: time + 1, prison: "EWI")
        _ = try network.visit(of: maya, at: time + 2, type: "VIDEO")
        _ = try network.visit(of: maya, at: time + 3, prison: nil, type: "COMMUNITY")
        let moved = try network.visit(of: maya, at: time + 4)
        let done = try network.visit(of: maya, at: time + 5)
        try network.edit {
            try $0.execute(
                sql: "UPDATE visit SET flag = 'PRISON_CHANGED' WHERE id = ?", arguments: [moved.sqlBlob])
            try $0.execute(sql: "UPDATE visit SET attended = 'YES' WHERE id = ?", arguments: [done.sqlBlob])
        }
        #expect(try network.failure { _ = try pack($0) }?.code == .notPermitted)
        let authorisation = try network.authorise()
        let packed = try network.pack()
        #expect(packed.sheet.counts.visits == 1 && packed.sheet.visits.first?.prison == "BZI")
        #expect(packed.leftOut.map(\.why) == [.notAuthorised, .notInPrison, .notInPrison, .elsewhere])

        // What the laptop wrote itself and the hub has not taken, what is over by then, what was withdrawn.
        let id = try #require(Identifier(authorisation.id))
        #expect(throws: Failure.self) { try network.pack(undecided: [id]) }
        _ = try network.edit { try PrisonAuthorisations.withdraw(authorisation.id, in: $0) }
        #expect(throws: Failure.self) { try network.pack() }
        try network.authorise(until: "2026-11-21")
        #expect(throws: Failure.self) { try network.pack() }
        try network.authorise(until: "2026-11-22")
        #expect(try network.pack().sheet.counts.visits == 1)
    }

    private func pack(_ database: Database) throws -> VisitPacking.Packed {
        try VisitPacking(day: "2026-11-22", device: Network.laptop, now: Network.noon).pack(in: database)
    }

    @Test("Where no visit of the day is one to take in, each reason is said in plain words")
    func nothingToTake() throws {
        let network = try Network()
        let maya = try network.markedCase()
        let moved = try network.visit(of: maya, at: Network.noon + Self.day)
        try network.edit {
            try $0.execute(
                sql: "UPDATE visit SET flag = 'PRISON_CHANGED' WHERE id = ?", arguments: [moved.sqlBlob])
        }
        let alone = try #require(try network.failure { _ = try pack($0) })
        #expect(alone.why == "none of the visits can be shown inside: the record has her in another prison")
        #expect(alone.remedy.contains("another prison") && alone.remedy.contains("on paper"))
        _ = try network.visit(of: maya, at: Network.noon + Self.day + 1, type: "VIDEO")
        let both = try #require(try network.failure { _ = try pack($0) })
        #expect(
            both.why
                == "none of the visits can be shown inside: the record has her in another prison (1), "
                + "it is by video or not in a prison (1)")
    }

    @Test("What the hub's grant hides is not passed on, though somebody typed it here")
    func hidden() throws {
        let network = try Network()
        let maya = try network.markedCase()
        _ = try network.visit(of: maya, at: Network.noon + Self.day)
        try network.authorise()
        func grant(_ classes: [String]) throws {
            try network.edit { database in
                let codes = classes.map { "'\($0)'" }.joined(separator: ", ")
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO ru_scope(id, no, epoch, read_mask)
                        SELECT ?, 7, 3, sum(1 << bit) FROM ru_class WHERE code IN (\(codes))
                        """, arguments: [Identifier(maya.id)?.sqlBlob])
            }
        }
        try grant(["CASE", "IDENTITY", "CUSTODY"])
        let woman = try #require(try network.pack().sheet.visits.first?.woman)
        #expect(woman.knownAs == "Mknown" && woman.children.isEmpty && woman.needs.isEmpty)
        try grant(["CASE", "CUSTODY", "CHILD"])
        let nameless = try #require(try network.pack().sheet.visits.first?.woman)
        #expect(nameless.knownAs == nil && nameless.legalLast == nil && nameless.children.count == 1)
        try grant(["CASE", "IDENTITY"])
        #expect(throws: Failure.self) { try network.pack() }
        #expect(throws: Failure.self) {
            try network.edit { try VisitForm(on: "2026-11-22", prisons: [], in: $0) }
        }
    }

    @Test("A bundle that would have expired before the visit, and a day without visits, are refused")
    func refused() throws {
        let network = try Network()
        _ = try network.visit(of: try network.markedCase(), at: Network.noon + 5 * Self.day)
        try network.authorise()
        #expect(try network.failure { _ = try pack($0) }?.code == .noInput)
        #expect { try network.pack("2026-11-26") } throws: { ($0 as? Failure)?.code == .usage }
        #expect(try network.pack("2026-11-26", hours: 144).sheet.counts.women == 1)
    }
}
