import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

@Suite("Who wrote a record, and what of it the hub tells to whom")
struct RowPastTests {
    @Test(
        "The owner is told every value and which of its devices; who works along is told what came while its grant was open"
    )
    func values() throws {
        let past = try PastWorld(seed: 951)
        let world = past.world
        try past.write("ZQsince one", on: world.surreyOffice)
        try past.write("ZQsince two", on: world.gloucestershire)
        try past.write("ZQsince three", on: world.surreyLaptop)

        let owner = try past.told(world.surreyOffice)
        #expect(
            owner.lines("detail") == [
                "edit SRY stands: ZQsince three", "edit GLS overtaken: ZQsince two", "edit SRY overtaken: ZQsince one",
                "edit SRY overtaken: ZQold again", "edit SRY overtaken: ZQold need",
            ])
        let laptop = try world.surreyLaptop.replica.facts().deviceName
        let office = try world.surreyOffice.replica.facts().deviceName
        #expect(owner.entries.map(\.device) == [laptop, "", office, office, office])
        #expect(owner.entries.map { $0.flags.contains(.mine) } == [false, false, true, true, true])
        #expect(owner.before == .zero)

        let along = try past.told(world.gloucestershire)
        #expect(
            along.lines("detail") == [
                "edit SRY stands: ZQsince three", "edit GLS overtaken: ZQsince two", "edit SRY overtaken: ZQsince one",
                "edit SRY overtaken: -", "edit SRY overtaken: -",
            ])
        #expect(!along.mentions("ZQold"), "not in the bytes at all")
        #expect(!along.mentions(laptop) && !along.mentions(office), "which devices the others have is not told")
        #expect(along.entries.allSatisfy { $0.author == .zero || $0.partner == "GLS" })

        // A caseload laptop of the owner's reads as its office does; times are those of typing and of arriving.
        let field = try past.told(world.surreyLaptop)
        #expect(field.lines("detail") == owner.lines("detail"))
        for entry in field.entries { #expect(entry.writtenMilliseconds <= entry.receivedMilliseconds) }
    }

    @Test("Whether a partner owns a case is asked of the rows as they are, not of what was noted when its grant opened")
    func ownerOfBefore() throws {
        let past = try PastWorld(seed: 961)
        let world = past.world
        try past.write("ZQsince", on: world.surreyOffice)
        // As it stands where a grant went on with the same classes in another relation.
        let database = try EngineDatabase.open(path: world.hubPath, role: .engine, label: "operator")
        try database.immediately {
            try $0.execute(
                sql: """
                    UPDATE hub_grant SET relations = CASE relations WHEN 'OWNER' THEN 'RECEIVER' ELSE 'OWNER' END
                    WHERE closed IS NULL AND scope = (SELECT no FROM hub_scope WHERE id = ?)
                    """, arguments: [past.rows.id.sqlBlob])
        }
        try database.close()
        #expect(try !past.told(world.gloucestershire).mentions("ZQold"))
        #expect(try past.told(world.surreyOffice).mentions("ZQold"))
    }

    @Test("A conflict, its decision with the reason, and its undoing are told, and what became of each value")
    func decided() throws {
        let past = try PastWorld(seed: 952)
        let world = past.world
        try world.surreyOffice.set("detail", of: "need", past.rows.need, to: "ZQoffice")
        try world.gloucestershire.set("detail", of: "need", past.rows.need, to: "ZQgloucester")
        try world.settle()
        let open = try past.told(world.surreyOffice).lines("detail").prefix(2)
        #expect(Set(open.map { $0.split(separator: " ")[2] }) == ["stands:", "beside:"])

        let conflict = try #require(try world.hub.conflicts().first)
        _ = try world.hub.resolve(conflict.id, .value(json: "\"ZQdecided\""), by: "Ada", reason: "ZQreason on paper")
        try world.settle()
        for device in [world.surreyOffice, world.gloucestershire] {
            let told = try past.told(device)
            #expect(told.lines("detail").first == "decision  stands: ZQdecided")
            #expect(told.lines("detail")[1...2].allSatisfy { $0.contains(" decided: ") })
            #expect(told.entries.first?.reason == "ZQreason on paper")
            #expect(!told.mentions("Ada"), "who the operator is, is not told")
        }
        _ = try world.hub.reopen(conflict.id, by: "Ada", reason: "ZQback to both")
        try world.settle()
        let again = try past.told(world.gloucestershire)
        #expect(again.entries.filter { $0.kind == .undoing }.map(\.reason) == ["ZQback to both"])
        #expect(again.entries.filter { $0.flags.contains(.later) }.count == 2, "both stand once more")
        #expect(again.lines("detail").contains("decision  overtaken: ZQdecided"))
    }

    @Test("Of two values that merged by themselves one was passed over, and nobody is said to decide")
    func passedOver() throws {
        let past = try PastWorld(seed: 962)
        let world = past.world
        try world.surreyOffice.set("known_as", of: "person", past.rows.person, to: "ZQone")
        try world.surreyLaptop.set("known_as", of: "person", past.rows.person, to: "ZQtwo")
        try world.settle()
        #expect(try world.hub.conflicts().isEmpty)
        let told = try past.told(world.surreyOffice, "person", past.rows.person)
        let newest = told.lines("known_as").prefix(2)
        #expect(Set(newest.map { $0.split(separator: " ")[2] }) == ["stands:", "overtaken:"])
        #expect(told.mentions("ZQone") && told.mentions("ZQtwo"))
        // Only the one that lost is marked so.
        let marked = told.entries.filter { $0.flags.rawValue & 16 != 0 }
        #expect(marked.count == 1 && marked.first?.cells.map(\.end) == [.overtaken])
    }

    @Test("What the hub wrote by itself says so")
    func byTheHub() throws {
        let past = try PastWorld(seed: 953)
        let table = try past.question("need", past.rows.need).table
        let description = try #require(past.world.hub.store.tables[table])
        let group = try #require(description.columns.first { $0.name == "detail" }?.group)
        try past.world.hubSets(table, past.rows.need, groups: 1 << UInt64(group), [.text("ZQhub")])
        try past.world.settle()
        #expect(try past.told(past.world.gloucestershire).lines("detail").first == "hub  stands: ZQhub")
    }

    @Test("Who does not hold the record is answered as for one that never was, in as many bytes")
    func noOracle() throws {
        let past = try PastWorld(seed: 954)
        let world = past.world
        let safeguarding = world.newID()
        try world.surreyOffice.edit { [rows = past.rows] in
            try $0.execute(
                sql: "INSERT INTO address(id, case_id, lines, confidentiality) VALUES(?, ?, 'ZQrefuge', 'REFUGE')",
                arguments: [safeguarding.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        let (never, length) = try past.ask(world.derby, past.question("need", world.newID()))
        #expect(never.body == .unknown)
        let (foreign, bytes) = try past.ask(world.derby, past.question("need", past.rows.need))
        #expect(foreign.body == .unknown && bytes == length)
        // A class that its stage does not show, of a case that it holds.
        #expect(try past.told(world.gloucestershire, "address", safeguarding).isUnknown)
        #expect(try past.told(world.surreyOffice, "address", safeguarding).mentions("ZQrefuge"))
        // A table that there is none of.
        #expect(try past.ask(world.derby, HistoryQuestion(table: 999, key: past.rows.need)).answer.body == .unknown)
        // A laptop whose caseload does not have her.
        try world.take(past.rows.id, off: world.surreyLaptop, by: world.surreyOffice)
        try world.settle()
        #expect(try past.told(world.surreyLaptop).isUnknown)
    }

    @Test(
        "After a grant is closed, and after an erasure, nothing is told; nor what was written in between to who comes back"
    )
    func closed() throws {
        let past = try PastWorld(seed: 955)
        let world = past.world
        try past.write("ZQshared", on: world.surreyOffice)
        #expect(try past.told(world.gloucestershire).mentions("ZQshared"))
        try world.withdraw(past.referral, on: world.surreyOffice)
        try world.settle()
        #expect(try past.told(world.gloucestershire).isUnknown)
        try past.write("ZQbetween", on: world.surreyOffice)
        let again = try world.refer(past.rows.id, on: world.surreyOffice, to: world.gloucester, kind: "REFER_SHARED")
        try world.settle()
        try world.accept(again, on: world.gloucestershire)
        try world.settle()
        try past.write("ZQnow", on: world.surreyOffice)
        let back = try past.told(world.gloucestershire)
        #expect(back.mentions("ZQnow") && !back.mentions("ZQbetween") && !back.mentions("ZQshared"))
        #expect(try past.told(world.surreyOffice).mentions("ZQbetween"))

        let request = try world.hub.requestErasure(
            of: [past.rows.id, past.referral, again], touching: [], code: "SUBJECT_REQUEST", by: "Ada",
            reason: "She asked for it in writing")
        _ = try world.hub.confirmErasure(request.id, by: "Grace")
        for device in [world.surreyOffice, world.gloucestershire] {
            #expect(try past.told(device).isUnknown)
        }
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    @Test("What an address said while it was hidden is told to nobody who could not read it then")
    func raised() throws {
        let past = try PastWorld(seed: 956)
        let world = past.world
        let address = world.newID()
        try world.surreyOffice.edit { [rows = past.rows] in
            try $0.execute(
                sql: "INSERT INTO address(id, case_id, lines, confidentiality) VALUES(?, ?, 'ZQfirst', 'NORMAL')",
                arguments: [address.sqlBlob, rows.id.sqlBlob])
        }
        try world.settle()
        try world.surreyOffice.set("confidentiality", of: "address", address, to: "REFUGE")
        try world.surreyOffice.set("lines", of: "address", address, to: "ZQrefuge")
        try world.settle()
        #expect(try past.told(world.gloucestershire, "address", address).isUnknown)
        try world.surreyOffice.set("lines", of: "address", address, to: "ZQafter")
        try world.surreyOffice.set("confidentiality", of: "address", address, to: "NORMAL")
        try world.settle()
        if let conflict = try world.hub.conflicts().first {
            _ = try world.hub.resolve(conflict.id, .value(json: "\"NORMAL\""), by: "Ada", reason: "ZQwhy it is safe")
            try world.settle()
        }
        let told = try past.told(world.gloucestershire, "address", address)
        #expect(told.mentions("ZQafter") && !told.mentions("ZQrefuge") && !told.mentions("ZQwhy"))
        #expect(!told.mentions("ZQfirst"))
        let owner = try past.told(world.surreyOffice, "address", address)
        #expect(owner.mentions("ZQrefuge") && owner.mentions("ZQfirst"))
    }

    @Test("An edit that waits in quarantine is told to nobody; one that is released says that it came to count later")
    func quarantined() throws {
        let past = try PastWorld(seed: 957)
        let world = past.world
        // Gloucestershire writes, and its grant ends before the edit comes.
        try world.withdraw(past.referral, on: world.surreyOffice)
        try world.sync(world.surreyOffice)
        world.advance(milliseconds: 3_600_000)
        try world.gloucestershire.set("detail", of: "need", past.rows.need, to: "ZQlate")
        try world.settle()
        let waiting = try world.hub.quarantine().filter { $0.table == "need" }
        try #require(waiting.count == 1)
        #expect(try !past.told(world.surreyOffice).mentions("ZQlate"))
        _ = try world.hub.release(quarantined: waiting[0].id, by: "Ada", reason: "Right all the same")
        try world.settle()
        let told = try past.told(world.surreyOffice)
        #expect(told.lines("detail").first == "edit GLS stands: ZQlate")
        #expect(told.entries.first?.flags.contains(.later) == true)
    }

    @Test("The deletion of a record that came back is told: by whom and when, and no value")
    func cameBack() throws {
        let past = try PastWorld(seed: 963)
        let world = past.world
        try past.write("ZQbefore", on: world.surreyOffice)
        try world.gloucestershire.set("section", of: "need", past.rows.need, to: "not seen by who deletes")
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [past.rows.need.sqlBlob])
        }
        try world.sync(world.surreyOffice)
        #expect(try past.told(world.surreyOffice).isUnknown)
        try world.sync(world.gloucestershire)
        let waiting = try #require(try world.hub.quarantine().first { $0.columns.contains("section") })
        _ = try world.hub.release(quarantined: waiting.id, by: "Ada", reason: "The need is still there")
        try world.settle()
        for device in [world.surreyOffice, world.gloucestershire] {
            let deletions = try past.told(device).entries.filter(\.cells.isEmpty)
            try #require(deletions.count == 1, "\(device.name)")
            #expect(deletions[0].kind == .edit && deletions[0].partner == "SRY" && deletions[0].reason.isEmpty)
            #expect(deletions[0].device.isEmpty == (device.partner != world.surrey))
            #expect(deletions[0].flags.contains(.mine) == (device.name == world.surreyOffice.name))
            #expect(deletions[0].writtenMilliseconds > 0)
        }
        // Deleted again, and back again: each is told once.
        try world.gloucestershire.set("section", of: "need", past.rows.need, to: "not seen either")
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [past.rows.need.sqlBlob])
        }
        try world.sync(world.surreyOffice)
        try world.sync(world.gloucestershire)
        let again = try #require(try world.hub.quarantine().first { $0.columns.contains("section") })
        _ = try world.hub.release(quarantined: again.id, by: "Ada", reason: "The need is still there")
        try world.settle()
        #expect(try past.told(world.gloucestershire).entries.filter(\.cells.isEmpty).count == 2)
    }

    @Test("Each answer is one line of the ledger and an entry of the log; a refusal is none")
    func recorded() throws {
        let past = try PastWorld(seed: 958)
        let world = past.world
        func shown() throws -> [AuditRecord] {
            try world.hub.auditEntries().compactMap(\.record).filter { $0.kind == .historyShown }
        }
        let lines = try world.hub.disclosures(of: [past.rows.id]).count
        _ = try past.told(world.derby)
        #expect(try shown().isEmpty)
        _ = try past.told(world.gloucestershire)
        let records = try shown()
        try #require(records.count == 1)
        #expect(records[0].id(.device) == world.gloucestershire.id && records[0].id(.subject) == past.rows.need)
        #expect(records[0].id(.scope) == past.rows.id && records[0].number(.count) == 2)
        let after = try world.hub.disclosures(of: [past.rows.id])
        #expect(after.count == lines + 1)
        #expect(after.last?.rows?.map(\.row) == [past.rows.need.description] && after.last?.isIntact == true)
        #expect(try world.hub.verifyAudit().findings.isEmpty)
        try world.settle()
    }

    @Test("A long past comes in pages, and every edit is in exactly one of them")
    func pages() throws {
        let past = try PastWorld(seed: 959)
        let world = past.world
        let question = try past.question("need", past.rows.need)
        let table = try #require(world.hub.store.tables[question.table])
        let group = try #require(table.columns.first { $0.name == "detail" }?.group)
        let count = HistoryAnswer.entryLimit + 50
        for number in 0..<count {
            try world.hubSets(question.table, past.rows.need, groups: 1 << UInt64(group), [.text("n\(number)")])
        }
        // And some of which one page holds fewer.
        let long = 100
        for number in 0..<long {
            let text = String(repeating: "x", count: 3_990) + "\(number)"
            try world.hubSets(question.table, past.rows.need, groups: 1 << UInt64(group), [.text(text)])
        }
        var lines: [String] = []
        var before = Position.zero
        var sizes: [Int] = []
        repeat {
            let told = try past.told(world.surreyOffice, "need", past.rows.need, before: before)
            sizes.append(told.entries.count)
            lines += told.lines("detail")
            before = told.before
        } while before > .zero && sizes.count < 20
        #expect(lines.count == count + long + 2 && Set(lines).count == lines.count)
        #expect(
            sizes.count >= 3 && sizes[0] < long && sizes.contains(HistoryAnswer.entryLimit)
                && sizes.allSatisfy { (1...HistoryAnswer.entryLimit).contains($0) })
    }

    @Test(
        "An old question that comes again is not answered, replaced keys are told nothing, and a revoked device is refused"
    )
    func refused() async throws {
        let past = try PastWorld(seed: 960)
        let world = past.world
        let question = try past.question("need", past.rows.need)
        let device = world.gloucestershire
        let sealed = try device.replica.seal(question)
        let signed = Hub.SignedRequest(
            device: sealed.device, keyNumber: try device.replica.facts().keyNumber,
            ticket: try device.replica.ticket(), body: sealed.body)
        guard case .answer(let bytes) = try world.hub.history(signed) else {
            Issue.record("no answer")
            return
        }
        try device.replica.keep(ticket: try device.replica.open(history: bytes, to: sealed).ticket)
        _ = try past.told(device)
        let late = #expect(throws: Failure.self) { try world.hub.history(signed) }
        #expect(late?.code == .tryLater)

        let thief = try world.clone(world.surreyOffice)
        try world.surreyOffice.replica.rotateKeys()
        #expect(try world.sync(world.surreyOffice).digest == .match)
        let stolen = try thief.replica.seal(question)
        let old = Hub.SignedRequest(
            device: thief.id, keyNumber: stolen.keyNumber, ticket: try thief.replica.ticket(), body: stolen.body)
        let failure = #expect(throws: Failure.self) { try world.hub.history(old) }
        #expect(failure?.code == .tryLater)

        try await world.served { url in
            let page = try await past.ask(device, question, at: url)
            #expect(page.entries.count == 2 && page.before == .zero)
            let none = await #expect(throws: Failure.self) {
                try await past.ask(world.derby, question, at: url)
            }
            #expect(none?.code == .noInput)
            _ = try world.hub.revoke(device: device.id.description)
            let revoked = await #expect(throws: Failure.self) { try await past.ask(device, question, at: url) }
            #expect(revoked?.code == .notPermitted)
        }
    }
}
