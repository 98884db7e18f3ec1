import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Two centres stand for two women's cases: what is said of one begins with HERS, of the other with KEPT.
@Suite("A person who was erased is gone for ever, and nobody else with her")
struct ErasureTests {
    private let other = Identifier(high: 0xCE17_0000_0000_7000, low: 0x8000_0000_0000_0002)

    /// Both women have rows that were made in the same batches, with values that were covered, values beside each
    /// other, a decision, and an edit in quarantine.
    private func world() throws -> ScopeWorld {
        let world = try ScopeWorld()
        try world.hub.insert("Making the other centre") { [other] database, _ in
            try database.execute(sql: "INSERT INTO centre(id, name) VALUES(?, 'KEPT')", arguments: [other.sqlBlob])
        }
        try world.settle()
        for (number, centre, word) in [(UInt64(1), world.centre, "HERS"), (2, other, "KEPT")] {
            try world.owner.edit(
                """
                INSERT INTO job(id, centre_id, label) VALUES(\(literal(row(number))), \(literal(centre)), '\(word)-1');
                INSERT INTO plan(id, centre_id, aim)
                  VALUES(\(literal(row(10 + number))), \(literal(centre)), '\(word)-aim');
                INSERT INTO item(centre_id, plan_id, what)
                  VALUES(\(literal(centre)), \(literal(row(10 + number))), '\(word)-item');
                INSERT INTO remark(centre_id, said) VALUES(\(literal(centre)), '\(word)-remark');
                """)
        }
        try world.settle()
        for (office, name) in [(world.owner, "2a"), (world.guest, "2b")] {
            try office.edit(
                "UPDATE job SET label = CASE WHEN label LIKE 'HERS%' THEN 'HERS-\(name)' ELSE 'KEPT-\(name)' END")
        }
        try world.guest.edit(
            """
            INSERT INTO result(centre_id, job_id, word) VALUES(\(literal(world.centre)), \(literal(row(1))), 'HERS-q');
            INSERT INTO result(centre_id, job_id, word) VALUES(\(literal(other)), \(literal(row(2))), 'KEPT-q');
            """)
        try world.settle()
        let conflict = try #require(try world.hub.conflicts().first { $0.values[0].value["label"] == "HERS-2a" })
        _ = try world.hub.resolve(conflict.id, .value(json: "\"HERS-3\""), by: "Ada", reason: "HERS-why it is so")
        try world.settle()
        return world
    }

    @discardableResult
    private func erase(_ world: ScopeWorld) throws -> Erasure {
        let request = try world.hub.requestErasure(
            of: [world.centre], touching: [], code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        return try world.hub.confirmErasure(request.id, by: "Grace")
    }

    /// The names of the hub's files that hold a text.
    private func files(of world: ScopeWorld, holding text: String) throws -> [String] {
        let folder = URL(fileURLWithPath: world.folder.file("hub"))
        let found = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        return try found.filter { name in
            var isFolder: ObjCBool = false
            let url = folder.appending(path: name)
            guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder), !isFolder.boolValue else {
                return false
            }
            return try Data(contentsOf: url).range(of: Data(text.utf8)) != nil
        }.sorted()
    }

    /// What the stored batches say, inflated: a scan of the file alone would miss it.
    private func words(in world: ScopeWorld) throws -> [String] {
        try world.hub.read("Reading") { database in
            try Row.fetchAll(
                database, sql: "SELECT ops, op_count FROM hub_batch UNION ALL SELECT ops, op_count FROM hub_hold"
            ).flatMap { row in
                try OpCodec.decode(row.bytes("ops"), expecting: row["op_count"]).flatMap { $0.values + [$0.from] }
            }
        }.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    @Test("No byte of hers is left in the hub's files or its batches, and every word of another woman's is")
    func leavesNothing() throws {
        let world = try world()
        let before = try words(in: world).filter { $0.hasPrefix("KEPT") }
        #expect(try words(in: world).contains { $0.hasPrefix("HERS") })
        let erasure = try erase(world)
        #expect(erasure.state == .executed && erasure.isScrubbed)
        #expect(try files(of: world, holding: "HERS") == [])
        #expect(try words(in: world).filter { $0.hasPrefix("HERS") } == [])
        #expect(try words(in: world).filter { $0.hasPrefix("KEPT") } == before)
        #expect(try world.text("SELECT label FROM job") == "KEPT-2b")
        #expect(try world.count("hub_conflict WHERE closed IS NULL") == 1)
        let edits = try world.hub.quarantine()
        #expect(Set(edits.map(\.reason)) == ["erased", "role"])
        let hers = try #require(edits.first { $0.reason == "erased" })
        #expect(
            try world.hub.quarantined(hers.id).value.values.allSatisfy { $0 == nil || $0 == world.centre.description })
        try world.settle()
        for office in [world.owner, world.guest] {
            #expect(try office.value("SELECT count(*) FROM job") == .integer(1))
            #expect(try office.value("SELECT name FROM centre") == .text("KEPT"))
        }
    }

    @Test(
        "What a laptop and a stick bring later is kept out without its values, and the rest of the same batch is taken")
    func keepsOutLate() throws {
        let world = try world()
        try world.guest.edit(
            """
            UPDATE job SET label = substr(label, 1, 4) || '-late';
            INSERT INTO remark(id, centre_id, said) VALUES(\(literal(row(30))), \(literal(world.centre)), 'HERS-late');
            INSERT INTO plan(id, centre_id, aim) VALUES(\(literal(row(31))), \(literal(world.centre)), 'HERS-late');
            INSERT INTO remark(centre_id, said) VALUES(\(literal(other)), 'KEPT-late');
            """)
        try world.guest.replica.seal()
        try world.guest.edit("UPDATE plan SET aim = 'HERS-later' WHERE id = \(literal(row(31)))")
        try erase(world)
        try world.settle()
        #expect(try files(of: world, holding: "HERS") == [])
        #expect(try words(in: world).filter { $0.hasPrefix("HERS") } == [])
        #expect(try world.count("remark WHERE said = 'KEPT-late'") == 1)
        #expect(try world.count("job") == 1)
        #expect(try world.count("plan") == 1)
        let late = try world.hub.quarantine().filter { $0.row == row(31).description || $0.row == row(30).description }
        #expect(late.count >= 2)
        #expect(late.allSatisfy { $0.reason == "erased" })
        // Its author held the record once, and may know what became of it.
        #expect(try world.guest.returned().contains(.erased))
        #expect(throws: Failure.self) {
            try world.hub.release(quarantined: late[0].id, by: "Ada", reason: "It should not work")
        }
    }

    @Test("A batch that waits for its predecessor loses her values, and is taken when the predecessor comes")
    func heldBatches() throws {
        let world = try world()
        try world.guest.edit("UPDATE plan SET aim = substr(aim, 1, 4) || '-first'")
        // Once it was packed for a request, nothing is sealed into it any more.
        _ = try world.guest.replica.nextRequest(after: 0, limit: 64 * 1_024)
        try world.guest.edit("UPDATE plan SET aim = substr(aim, 1, 4) || '-second'")
        try world.guest.replica.seal()
        var request = try world.guest.replica.nextRequest(after: 0, limit: 64 * 1_024).request
        request.batches.removeFirst()
        _ = try world.guest.exchange(request)
        #expect(try world.count("hub_hold") == 1)
        try erase(world)
        #expect(try words(in: world).filter { $0.hasPrefix("HERS") } == [])
        try world.settle()
        #expect(try world.count("hub_hold") == 0)
        #expect(try world.text("SELECT aim FROM plan") == "KEPT-second")
        #expect(try words(in: world).filter { $0.hasPrefix("HERS") } == [])
    }

    @Test("A database from before is brought up to the erasure before it serves anybody")
    func restored() throws {
        let world = try world()
        let path = world.folder.file("hub/hub.sqlite")
        try world.hub.read("Reading") { _ in }
        for suffix in ["", "-wal"] {
            try? FileManager.default.copyItem(atPath: path + suffix, toPath: world.folder.file("copy" + suffix))
        }
        try erase(world)
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        for suffix in ["", "-wal"] {
            try? FileManager.default.copyItem(atPath: world.folder.file("copy" + suffix), toPath: path + suffix)
        }
        #expect(try !files(of: world, holding: "HERS").isEmpty)
        try world.restart()
        #expect(try files(of: world, holding: "HERS") == [])
        #expect(try words(in: world).filter { $0.hasPrefix("HERS") } == [])
        #expect(try world.count("centre") == 1)
        #expect(try world.hub.erasures().map(\.state) == [.executed])
    }

    @Test("Who asks does not confirm, nobody confirms after thirty days, and a legal hold stands against it")
    func twoPersons() throws {
        let world = try world()
        let request = try world.hub.requestErasure(
            of: [world.centre], touching: [], code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        #expect(request.rows.reduce(0) { $0 + $1.count } == 5)
        #expect(throws: Failure.self) { try world.hub.confirmErasure(request.id, by: "ada ") }
        let hold = try world.hub.placeLegalHold(on: world.centre, by: "Linus", reason: "A court has asked for it")
        #expect(try world.hub.erasure(request.id).holds.map(\.id) == [hold.id])
        #expect(throws: Failure.self) { try world.hub.confirmErasure(request.id, by: "Grace") }
        #expect(try world.count("centre") == 2)
        _ = try world.hub.lift(legalHold: hold.id, by: "Linus", reason: "The court has what it needs")
        world.time.advance(milliseconds: Hub.confirmationAge + 1)
        #expect(try world.hub.erasure(request.id).state == .lapsed)
        #expect(throws: Failure.self) { try world.hub.confirmErasure(request.id, by: "Grace") }
        #expect(try world.count("centre") == 2)
        #expect(try erase(world).state == .executed)
    }

    @Test("A device has confirmed when it has signed that nothing is left, and is on the list until then")
    func proof() throws {
        let world = try world()
        let erasure = try erase(world)
        #expect(erasure.holders.map(\.hasConfirmed) == [false, false])
        try world.sync(world.guest)
        try world.sync(world.guest)
        let after = try world.hub.erasure(erasure.id)
        #expect(after.holders.filter(\.hasConfirmed).map(\.partner) == ["GST"])
        try world.settle()
        #expect(try world.hub.erasure(erasure.id).holders.map(\.hasConfirmed) == [true, true])
    }

    @Test("A device that was written off has confirmed nothing")
    func writtenOff() throws {
        let world = try world()
        let device = try world.guest.replica.facts().device.description
        _ = try world.hub.revoke(device: device)
        _ = try world.hub.writeOff(device: device, by: "Ada", reason: "Shredded, certificate 114")
        let erasure = try erase(world)
        try world.sync(world.owner)
        try world.sync(world.owner)
        let holders = try world.hub.erasure(erasure.id).holders
        #expect(holders.filter { $0.device == device }.map(\.hasConfirmed) == [false])
        #expect(holders.filter { $0.device != device }.map(\.hasConfirmed) == [true])
    }

    @Test("That something of hers was shown stays on record, and what it was does not")
    func ledger() throws {
        let world = try world()
        let before = try world.hub.disclosures(of: [world.centre])
        try erase(world)
        let after = try world.hub.disclosures(of: [world.centre])
        #expect(after.map(\.count) == before.map(\.count))
        #expect(after.allSatisfy { $0.rows == nil })
        #expect(
            try world.count("hub_disclosure WHERE salt IS NULL AND detail IS NULL AND length(leaf) = 32")
                == before.count)
        #expect(try world.hub.disclosures(of: [other]).allSatisfy { $0.isIntact == true })
    }
}
