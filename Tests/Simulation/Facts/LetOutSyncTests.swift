import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import Testing

@Suite("A small number that is let out reaches every partner with who allowed it, and is on the audit log")
struct LetOutSyncTests {
    /// Women of a device's partner, all released on 10 January 2024.
    static func women(_ count: Int, on device: Device, naming other: Identifier, in world: World) throws
        -> [Identifier]
    {
        let women = try (0..<count).map {
            try world.openCase(on: device, marker: "\(device.name)Wayfarer\($0)", naming: other).id
        }
        try world.settle()
        try device.edit { database in
            for id in women {
                try database.execute(
                    sql: "UPDATE case_file SET phase = 'ASSESSED', opened_on = '2023-10-01' WHERE id = ?",
                    arguments: [id.sqlBlob])
                try database.execute(
                    sql: """
                        INSERT INTO custody_episode(case_id, prison, release_date, release_type, confirmed)
                        VALUES(?, 'EWI', '2024-01-10', 'CRD_LICENCE', 1)
                        """, arguments: [id.sqlBlob])
            }
        }
        return women
    }

    /// One of 35 women in two areas offended again, and everybody knows.
    static func oneOf35(seed: UInt64) throws -> World {
        let world = try World(seed: seed)
        let surrey = try women(20, on: world.surreyOffice, naming: world.gloucester, in: world)
        _ = try women(15, on: world.gloucestershire, naming: world.surrey, in: world)
        try world.surreyOffice.edit {
            try $0.execute(
                sql: """
                    INSERT INTO outcome_event(case_id, kind, occurred_on, proven_on, disposal, source)
                    VALUES(?, 'REOFFENCE', '2024-05-01', '2024-09-01', 'CONVICTION', 'PNC')
                    """, arguments: [surrey[3].sqlBlob])
        }
        try world.settle()
        return world
    }

    @Test("1 of 35 in two areas: under 3 per cent everywhere, of no area more than c, and one entry in the log")
    func synced() throws {
        let world = try Self.oneOf35(seed: 606)
        let reason = "Agreed by the board in February"
        let person = "R. Quill, data protection officer"
        func draft(_ small: [Publication.SmallNumber]) throws -> Publication.Draft {
            try world.hub.read("Publishing figures") {
                try Publication.draft(
                    "2025-12-31", reason: reason, lettingOut: small, by: person, in: $0, now: world.hub.now)
            }
        }
        let hidden = try #require(try draft([]).report.figures.first { $0.measure == "reoffending" })
        #expect(hidden.lines.last?.yes == "c" && hidden.lines.last?.percent == nil)
        let draft = try draft([.init("reoffending", nil)])
        let noted = draft.noted(by: person)
        try world.hub.insert("Publishing figures", noting: HubAction(noted.written, waived: noted.waived)) {
            try draft.insert(into: $0, now: $1)
        }
        try world.settle()
        for device in [world.surreyOffice, world.surreyLaptop, world.gloucestershire] {
            let published = try device.read { try Publication.all(in: $0) }
            #expect(published.count == 1 && published.allSatisfy(\.isIntact), "\(device.name)")
            let figure = try #require(published.last?.report.figures.first { $0.measure == "reoffending" })
            #expect(figure.lines.map(\.percent) == [nil, nil, "under 3 %"], "\(device.name)")
            #expect(figure.lines.map(\.yes) == ["c", "c", "c"] && figure.lines.last?.of == "35", "\(device.name)")
            #expect(figure.waivers?.map(\.by) == [person] && figure.waivers?.map(\.reason) == [reason])
        }
        let entries = try world.hub.auditEntries(kind: .smallNumberWaived).compactMap(\.record)
        #expect(entries.count == 1 && entries[0].number(.under) == 3)
        #expect(entries.first?.facts.contains(.word(.code, "reoffending")) == true)
        #expect(
            entries.first?.hash(.root) == draft.hash && entries.first?.facts.contains(.why(by: person, reason)) == true)
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }
}
