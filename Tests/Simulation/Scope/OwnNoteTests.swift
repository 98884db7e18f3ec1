import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("What an organisation notes for itself never reaches another one's file")
struct OwnNoteTests {
    private func note(_ words: String, about id: Identifier, on device: Device) throws {
        _ = try device.edit {
            try CaseNotes.add(
                NewNote(body: words, isOwn: true), to: id.description, in: $0, now: device.time.wallMilliseconds)
        }
    }

    private static var careless: Configuration {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        return configuration
    }

    private func bodies(on device: Device) throws -> [String] {
        try device.read { try String.fetchAll($0, sql: "SELECT body FROM own_note ORDER BY body") }
    }

    private func expect(
        _ words: [String], isNotIn devices: [Device], sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        for device in devices {
            let found = try FileScan.find(words, ofReplica: device.path)
            #expect(found == [], "\(device.name)", sourceLocation: sourceLocation)
        }
    }

    @Test("From acceptance over joint work and handover to the return it stays with those who wrote it, byte for byte")
    func staysAtHome() throws {
        let preview = try PreviewWorld(seed: 951)
        let (world, surrey, gloucestershire) = (preview.world, preview.surrey, preview.gloucestershire)
        let laptop = world.surreyLaptop
        try note("ZQSURREY", about: preview.rows.id, on: surrey)
        try preview.accept()
        #expect(try bodies(on: laptop) == ["ZQSURREY"], "the case is on its caseload")
        let joint = try world.refer(preview.rows.id, on: surrey, to: world.gloucester, kind: "REFER_SHARED")
        try world.settle()
        try preview.accept(joint)
        try note("ZQGLOUCESTER", about: preview.rows.id, on: gloucestershire)
        try world.settle()
        try expect(["ZQSURREY"], isNotIn: [gloucestershire, world.derby])
        try expect(["ZQGLOUCESTER"], isNotIn: [surrey, laptop, world.derby])

        // The laptop is out of reach while the case changes hands.
        try note("ZQINSIDE", about: preview.rows.id, on: laptop)
        for device in [surrey, gloucestershire] {
            let done = HandoverChecklist(riskCall: "DONE", childrenPlan: "DONE", dutyToRefer: "DONE", transport: "DONE")
            try preview.edit(device) { [referral = preview.referral] in
                try Referrals.handOver(referral.description, done, by: $1, in: $0, now: $2)
            }
            for other in [surrey, gloucestershire, surrey, gloucestershire] { try world.sync(other) }
        }
        #expect(try surrey.text("state", of: "referral", preview.referral) == "TRANSFERRED")
        try world.settle()
        let own = ["ZQINSIDE", "ZQSURREY"]
        #expect(try bodies(on: surrey) == own && bodies(on: laptop) == own)
        #expect(try !surrey.holds("case_file", preview.rows.id))
        #expect(
            try surrey.read { try Row.fetchOne($0, sql: "SELECT 1 FROM referral_pack WHERE items LIKE '%ZQ%'") } == nil)
        try expect(own, isNotIn: [gloucestershire, world.derby])

        // A whole new delivery, and one in a file.
        try world.take(try gloucestershire.replica.upFile(whole: true))
        #expect(try gloucestershire.applied(try world.hub.downFile(for: gloucestershire.id)).digestMatches)
        try expect(own, isNotIn: [gloucestershire])

        // Back again: Gloucestershire keeps its own and Surrey is shown none of it.
        for device in [gloucestershire, surrey] {
            try preview.edit(device) { [referral = preview.referral] in
                try Referrals.giveBack(referral.description, reason: "NON_ARRIVAL", by: $1, in: $0, now: $2)
            }
            try world.settle()
        }
        try world.withdraw(joint, on: surrey)
        try world.settle()
        #expect(try surrey.holds("case_file", preview.rows.id))
        #expect(try !gloucestershire.holds("case_file", preview.rows.id))
        #expect(try bodies(on: gloucestershire) == ["ZQGLOUCESTER"])
        try expect(["ZQGLOUCESTER"], isNotIn: [surrey, laptop, world.derby])
        try expect(own, isNotIn: [gloucestershire, world.derby])
    }

    @Test("Nothing is added to it once the case is another's, and a work-list shows no word of what was tried")
    func closedAfterwards() throws {
        let preview = try PreviewWorld(seed: 952)
        let (world, surrey) = (preview.world, preview.surrey)
        try note("ZQBEFORE", about: preview.rows.id, on: surrey)
        try preview.accept()
        try preview.handOver()
        let file = try #require(try surrey.read { try CaseNotes.ownFiles(of: preview.rows.id, in: $0) }.first)
        try surrey.edit {
            try $0.execute(
                sql: "INSERT INTO own_note(own_file_id, body) VALUES(?, 'ZQAFTER')", arguments: [file.sqlBlob])
        }
        try world.settle()
        #expect(try surrey.returned() == ["mask"])
        let waiting = try #require(try world.hub.quarantine().first)
        #expect(try world.hub.quarantined(waiting.id).value.values.allSatisfy { $0?.contains("ZQAFTER") != true })
        #expect(try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM own_note") } == 1)
        try expect(["ZQBEFORE", "ZQAFTER"], isNotIn: [preview.gloucestershire, world.derby])
    }

    @Test("Nobody adds to another's file, opens one in its name, or learns from a refusal that there is a case")
    func strangers() throws {
        let preview = try PreviewWorld(seed: 953)
        let (world, surrey, derby) = (preview.world, preview.surrey, preview.world.derby)
        try note("ZQSURREY", about: preview.rows.id, on: surrey)
        try world.settle()
        let file = try #require(try surrey.read { try CaseNotes.ownFiles(of: preview.rows.id, in: $0) }.first)
        func tries(_ device: Device, _ sql: String, _ arguments: StatementArguments) throws -> [String] {
            let before = try device.returned().count
            try device.edit { try $0.execute(sql: sql, arguments: arguments) }
            try world.sync(device)
            return try Array(device.returned().dropFirst(before))
        }
        let open = "INSERT INTO own_file(case_id, partner_id) VALUES(?, ?)"
        let real = try tries(derby, open, [preview.rows.id.sqlBlob, nil])
        #expect(real == ["role"])
        #expect(try tries(derby, open, [world.newID().sqlBlob, nil]) == real)
        try preview.accept()
        #expect(
            try tries(preview.gloucestershire, open, [preview.rows.id.sqlBlob, world.surrey.sqlBlob]) == ["role"])
        // As a client writes that does not look for parents.
        let careless = try DatabaseQueue(path: preview.gloucestershire.path, configuration: OwnNoteTests.careless)
        try careless.write {
            try $0.execute(
                sql: "INSERT INTO own_note(own_file_id, body) VALUES(?, 'ZQFOREIGN')", arguments: [file.sqlBlob])
        }
        try careless.close()
        try world.sync(preview.gloucestershire)
        #expect(try preview.gloucestershire.returned() == ["role", "not-in-scope"])
        try world.settle()
        #expect(try bodies(on: surrey) == ["ZQSURREY"])
    }

    @Test("Neither side of a referral is told by a preview that the other keeps notes of its own")
    func previews() throws {
        let preview = try PreviewWorld(seed: 954)
        try preview.accept()
        func answers() throws -> [[String: PreviewAnswer.Move]] {
            try [(preview.surrey, "TRANSFERRED"), (preview.gloucestershire, "HANDOVER")].map { device, state in
                PreviewWorld.moves(try preview.ask(device, preview.question(state)).body).mapValues { move in
                    var move = move
                    move.devices = nil
                    return move
                }
            }
        }
        let before = try answers()
        try note("ZQSURREY", about: preview.rows.id, on: preview.surrey)
        try note("ZQGLOUCESTER", about: preview.rows.id, on: preview.gloucestershire)
        try preview.world.settle()
        #expect(try answers() == before)
    }

    @Test("An erasure takes it from every organisation, and what comes late of it never stands or stays")
    func erased() throws {
        let preview = try PreviewWorld(seed: 955)
        let (world, surrey, gloucestershire) = (preview.world, preview.surrey, preview.gloucestershire)
        try note("ZQSURREY", about: preview.rows.id, on: surrey)
        try preview.accept()
        try preview.handOver()
        try note("ZQGLOUCESTER", about: preview.rows.id, on: gloucestershire)
        try world.settle()
        // A machine that is not back yet: a file that nobody has heard of, and a referral.
        try gloucestershire.edit { database in
            let file = world.newID()
            try database.execute(
                sql: "INSERT INTO own_file(id, case_id) VALUES(?, ?)",
                arguments: [file.sqlBlob, preview.rows.id.sqlBlob])
            try database.execute(
                sql: "INSERT INTO own_note(own_file_id, body) VALUES(?, 'ZQLATE')", arguments: [file.sqlBlob])
            try database.execute(
                sql: "INSERT INTO referral(case_id, to_partner_id, reason_for_area) VALUES(?, ?, 'ZQREASON')",
                arguments: [preview.rows.id.sqlBlob, world.derby.partner.sqlBlob])
        }
        try gloucestershire.replica.seal()
        // Once packed, the next note is in a batch of its own, which names the file alone.
        _ = try gloucestershire.replica.nextRequest(after: 0, limit: 64 * 1_024)
        try gloucestershire.edit {
            try $0.execute(
                sql: """
                    INSERT INTO own_note(own_file_id, body) SELECT max(own_file_id), 'ZQLATER' FROM own_note
                    WHERE body = 'ZQLATE'
                    """)
        }
        let scopes = try world.hub.read("Finding her scopes") { try CaseScopes.of(preview.rows.id, in: $0) }
        #expect(scopes.ownFiles.count == 2)
        let request = try world.hub.requestErasure(
            of: scopes.all, touching: scopes.links, code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        #expect(try world.hub.confirmErasure(request.id, by: "Grace").isScrubbed)
        try world.settle()
        let words = ["ZQSURREY", "ZQGLOUCESTER", "ZQLATE", "ZQREASON"]
        #expect(try FileScan.find(words, ofHub: world.folder.file("hub")) == [])
        try expect(["ZQSURREY", "ZQGLOUCESTER"], isNotIn: world.devices)
        #expect(try Set(gloucestershire.returned()) == ["erased", "not-in-scope"])
    }
}
