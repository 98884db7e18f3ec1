import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("Whatever the hub decides, opens, closes or shows is on its audit log")
struct AuditLogTests {
    private func kinds(_ world: ScopeWorld) throws -> [AuditKind] {
        try world.hub.auditEntries().compactMap(\.kind)
    }

    private func count(_ kind: AuditKind, _ world: ScopeWorld) throws -> Int {
        try world.hub.auditEntries(kind: kind).count
    }

    @Test("The log and the tables agree after whatever two offices and an operator did")
    func complete() throws {
        let seeds = ProcessInfo.processInfo.environment["REUNITE_SEEDS"].flatMap(UInt64.init) ?? 4
        for seed in 1...seeds {
            let world = try ScopeWorld()
            var generator = SeededGenerator(seed: seed)
            var isActive = true
            for number in UInt64(1)...25 {
                let office = Bool.random(using: &generator) ? world.owner : world.guest
                switch Int.random(in: 0..<9, using: &generator) {
                case 0: try office.edit("UPDATE job SET label = 'label \(number)'")
                case 1: try world.job(number, label: "job \(number)", by: office)
                case 2: try office.edit("DELETE FROM job WHERE rowid = (SELECT min(rowid) FROM job)")
                case 3:
                    isActive.toggle()
                    try world.setActive(isActive, "GST")
                case 4:
                    if let conflict = try world.hub.conflicts().first {
                        _ = try world.hub.resolve(conflict.id, .keep(1), by: "Ada", reason: "It was so, she said")
                    }
                case 5:
                    if let edit = try world.hub.quarantine().first {
                        _ = try world.hub.refuse(quarantined: edit.id, by: "Ada", reason: "It was not so, she said")
                    }
                case 6:
                    if let edit = try world.hub.quarantine().last {
                        _ = try? world.hub.release(quarantined: edit.id, by: "Grace", reason: "She was right after all")
                    }
                case 7:
                    if let hold = try world.hub.legalHolds().first(where: { $0.liftedMilliseconds == nil }) {
                        _ = try world.hub.lift(legalHold: hold.id, by: "Grace", reason: "The court is done")
                    } else {
                        _ = try world.hub.placeLegalHold(on: world.centre, by: "Ada", reason: "The court asked for it")
                    }
                default: try world.sync(office)
                }
            }
            if !isActive { try world.setActive(true, "GST") }
            try world.settle()
            let report = try world.hub.verifyAudit()
            #expect(report.findings == [], "seed \(seed)")
            #expect(report.head == (try world.hub.auditHead()), "seed \(seed)")
            #expect(report.batches == (try world.count("hub_batch")), "seed \(seed)")
            #expect(report.disclosures == (try world.count("hub_disclosure")), "seed \(seed)")
            #expect(try count(.disclosed, world) == report.disclosures, "seed \(seed)")
            #expect(try count(.grantOpened, world) >= report.grants, "seed \(seed)")
            for office in [world.owner, world.guest] {
                #expect(try office.replica.status().audit?.head == report.head, "seed \(seed)")
                #expect(try office.replica.status().audit?.refused == nil, "seed \(seed)")
            }
        }
    }

    @Test("An operator's actions are entries with who and why as a hash, never in words")
    func operators() throws {
        let world = try ScopeWorld()
        #expect(try kinds(world).first == .epoch)
        #expect(try kinds(world).prefix(8).filter { $0 == .partnerAdded }.count == 2)
        #expect(try count(.deviceInvited, world) == 2 && count(.deviceEnrolled, world) == 2)
        try world.job(1, label: "one")
        try world.settle()
        for (office, label) in [(world.owner, "2a"), (world.guest, "2b")] {
            try office.edit("UPDATE job SET label = '\(label)'")
        }
        try world.settle()
        let conflict = try #require(try world.hub.conflicts().first)
        let reason = "ZQSECRET is what she told us"
        _ = try world.hub.resolve(conflict.id, .keep(1), by: "ZQADA", reason: reason)
        _ = try world.hub.reopen(conflict.id, by: "ZQADA", reason: reason)
        let hold = try world.hub.placeLegalHold(on: world.centre, by: "ZQADA", reason: reason)
        _ = try world.hub.lift(legalHold: hold.id, by: "ZQADA", reason: reason)
        let guest = try #require(try world.hub.devices().first { $0.name == "guest" })
        _ = try world.hub.revoke(device: guest.id)
        _ = try world.hub.writeOff(device: guest.id, by: "ZQADA", reason: reason)
        try world.hub.noteServing()
        for kind in [
            AuditKind.conflictDecided, .conflictReopened, .legalHoldPlaced, .legalHoldLifted, .deviceRevoked,
            .deviceWrittenOff,
            .started,
        ] {
            #expect(try count(kind, world) == 1, "\(kind.word)")
        }
        let decided = try #require(try world.hub.auditEntries(kind: .conflictDecided).first?.record)
        #expect(decided.id(.subject)?.description == conflict.id && decided.id(.scope) == world.centre)
        let why = AuditFact.why(by: "ZQADA", reason)
        #expect(decided.hash(.why).map { AuditFact.hash(.why, $0) } == why)
        for entry in try world.hub.auditEntries() {
            // Two letters come about in a hash by chance.
            let detail = String(decoding: entry.detail ?? [], as: UTF8.self)
            #expect(!detail.contains("ZQADA") && !detail.contains("ZQSECRET"))
        }
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("No copy of the database leaves without an entry, which is in the copy too, nor is a backup key made")
    func backups() throws {
        let world = try ScopeWorld()
        let folder = try TemporaryFolder()
        func words(_ kind: AuditKind) throws -> [String] {
            try world.hub.auditEntries(kind: kind).compactMap { entry in
                for case .word(.code, let word) in entry.record?.facts ?? [] { return word }
                return nil
            }
        }
        _ = try world.hub.backup(to: folder.file("plain"))
        #expect(try words(.exported) == ["backup-unsealed"])
        let copy = try DatabaseQueue(path: folder.file("plain"))
        let entries = try copy.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_audit") }
        #expect(try entries == world.hub.auditEntries().count)
        _ = try world.hub.makeBackupKey(to: folder.file("key"), replaces: false)
        _ = try world.hub.backup(to: folder.file("sealed"))
        _ = try world.hub.backup(to: folder.file("again"), isPlain: true)
        #expect(try words(.exported) == ["backup-unsealed", "backup", "backup-unsealed"])
        #expect(try words(.written).filter { $0 == "backup-key" }.count == 1)
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("Two entries that say the same have different leaves, and every salt is new")
    func salted() throws {
        let world = try ScopeWorld()
        let record = AuditRecord(.started, atMilliseconds: 5, [])
        try world.hub.store.note(record)
        try world.hub.store.note(record)
        let entries = try world.hub.auditEntries()
        let last = entries.suffix(2)
        #expect(last.first?.detail == last.last?.detail)
        #expect(last.first?.leaf != last.last?.leaf)
        let salts = entries.compactMap(\.salt)
        #expect(Set(salts).count == entries.count && salts.allSatisfy { $0.count == 16 })
    }

    @Test("What was rolled back leaves no entry, and a batch has one verdict however many edits it holds")
    func bounded() throws {
        let world = try ScopeWorld()
        try world.settle()
        let before = try world.hub.auditHead().size
        try world.settle()
        #expect(try world.hub.auditHead().size == before, "an idle sync made entries")
        for number in UInt64(1)...400 { try world.job(number, label: "job \(number)") }
        try world.sync(world.owner)
        let batches = try world.count("hub_batch WHERE op_count > 1")
        #expect(try world.hub.auditHead().size <= before + UInt64(batches) + 4)
        let after = try world.hub.auditHead().size
        try world.sync(world.guest)
        #expect(try world.hub.auditHead().size == after + 1, "one scope was shown in one delivery")
    }

    @Test("Appending reads as many rows as the tree is deep, and writes one for each entry")
    func statements() throws {
        let world = try ScopeWorld()
        for number in UInt64(1)...40 { try world.job(number, label: "job") }
        try world.settle()
        let size = try world.hub.auditHead().size
        let depth = 64 - size.leadingZeroBitCount
        let database = try DatabaseQueue(path: world.folder.file("hub/hub.sqlite"))
        for added in [1, 2, 7, 30] {
            let counter = StatementCounter()
            try database.inTransaction { database in
                database.trace { counter.note("\($0)") }
                try AuditLog(database).append((0..<added).map { AuditRecord(.started, atMilliseconds: Int64($0), []) })
                database.trace(options: [])
                return .rollback
            }
            #expect(counter.inserts == added)
            #expect(counter.reads <= depth + 1, "\(counter.reads) reads for \(added) entries after \(size)")
        }
    }

    @Test("An erasure takes what entries say of her and leaves a log that every replica still follows")
    func erasure() throws {
        let world = try ScopeWorld()
        try world.job(1, label: "hers")
        try world.settle()
        let before = try world.hub.auditHead()
        let request = try world.hub.requestErasure(
            of: [world.centre], touching: [], code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        _ = try world.hub.confirmErasure(request.id, by: "Grace")
        let entries = try world.hub.auditEntries()
        let erased = entries.filter { $0.detail == nil }
        #expect(erased.contains { $0.kind == .grantOpened } && erased.contains { $0.kind == .grantClosed })
        #expect(erased.contains { $0.kind == .disclosed } && erased.allSatisfy { $0.salt == nil })
        #expect(!entries.contains { $0.record?.id(.scope) == world.centre })
        #expect(entries.contains { $0.kind == .erasureRequested && $0.detail != nil })
        #expect(entries.contains { $0.kind == .erasureDone && $0.detail != nil })
        try world.settle()
        let report = try world.hub.verifyAudit()
        #expect(report.findings == [] && report.erased == erased.count)
        #expect(try world.owner.replica.status().audit?.head == report.head)
        let proof = try world.hub.store.audit(since: before.size).proof.hashes
        #expect(MerkleProof.extends(report.head, before, proof: proof))
        #expect(!(try world.hub.auditEntries()).contains { $0.record?.id(.scope) == world.centre })
        // What comes to be recorded of her later is a leaf that says nothing.
        try world.hub.store.note(AuditRecord(.editRefused, atMilliseconds: 5, [.id(.scope, world.centre)]))
        let last = try #require(try world.hub.auditEntries().last)
        #expect(last.kind == .editRefused && last.detail == nil && last.salt == nil)
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("An office that only exchanges files follows the log, and refuses a file of another history")
    func files() throws {
        let world = try ScopeWorld()
        func carry() throws {
            world.time.advance(milliseconds: 1_000)
            _ = try world.hub.take(upFile: BundleSource(world.guest.replica.upFile().bytes))
            let file = try world.hub.downFile(for: try world.guest.replica.facts().device, .whole)
            guard case .applied = try world.guest.replica.take(file: file.parcel.bytes()) else {
                Issue.record("the file was not applied")
                return
            }
        }
        func known() throws -> UInt64 { try world.guest.replica.status().audit?.head.size ?? 0 }
        try world.job(1, label: "one")
        try world.sync(world.owner)
        let first = try known()
        try carry()
        let second = try known()
        let size = try world.hub.auditHead().size
        #expect(second > first && second <= size)
        // A file that was made before the office's own word came proves from another point: it is passed over.
        let early = try world.hub.downFile(for: try world.guest.replica.facts().device, .whole)
        try world.hub.noteServing()
        try carry()
        let third = try known()
        #expect(third > second)
        world.time.advance(milliseconds: 1_000)
        guard case .applied = try world.guest.replica.take(file: early.parcel.bytes()) else {
            Issue.record("the file was not applied")
            return
        }
        #expect(try known() == third)
        #expect(try world.guest.replica.status().audit?.refused == nil)
    }

    @Test("A device of which a second copy was seen is on the log, once")
    func suspended() throws {
        let world = try ScopeWorld()
        let device = try world.owner.replica.facts().device
        for number in UInt64(1)...3 {
            let seen = try world.hub.store.take(
                ticket: 0, request: Identifier(high: 9, low: number), of: device, atMilliseconds: 5)
            #expect(seen == .cloned)
        }
        #expect(try count(.deviceSuspended, world) == 1)
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("A device that was shut out as a copy and let in again fits the log, as often as that happens")
    func readmitted() throws {
        let world = try ScopeWorld()
        let device = try world.owner.replica.facts().device
        for turn in 1...2 {
            try world.hub.store.suspend(device: device, atMilliseconds: 5)
            #expect(try count(.deviceSuspended, world) == turn)
            #expect(try world.hub.verifyAudit().findings == [])
            _ = try world.hub.readmit(device: device.description, by: "Ruth", reason: "The copy was wiped")
            #expect(try world.hub.verifyAudit().findings == [])
        }
        // Whoever shuts it out without a word on the log is found.
        try DatabaseQueue(path: world.folder.file("hub/hub.sqlite")).write { database in
            try database.execute(sql: "UPDATE hub_device SET clone_ms = 7 WHERE id = ?", arguments: [device.sqlBlob])
        }
        #expect(try world.hub.verifyAudit().findings.map(\.code) == ["act"])
    }

    @Test("Every entry can be proved to whoever has the hub's key, and to nobody as another")
    func evidence() throws {
        let world = try ScopeWorld()
        try world.job(1, label: "one")
        try world.settle()
        let key = try #require(AuditNote.key(world.hub.auditVerifierKey))
        let size = try world.hub.auditHead().size
        for index in 0..<size {
            let (evidence, note) = try world.hub.auditEvidence(of: index)
            let head = try #require(AuditNote.verified(note, of: key.hub, key: key.key))
            let salt = try #require(evidence.entry.salt)
            let leaf = AuditRecord.leaf(salt: salt, record: try #require(evidence.entry.detail))
            #expect(MerkleProof.includes(leaf, at: index, in: head, proof: evidence.proof), "\(index)")
            #expect(!MerkleProof.includes(leaf, at: (index + 1) % size, in: head, proof: evidence.proof), "\(index)")
        }
        #expect(throws: Failure.self) { _ = try world.hub.auditEvidence(of: size) }
    }
}

/// Counts what a connection runs.
private final class StatementCounter {
    private(set) var inserts = 0
    private(set) var reads = 0

    func note(_ event: String) {
        if event.contains("INSERT INTO hub_audit") { inserts += 1 }
        if event.contains("FROM hub_audit") { reads += 1 }
    }
}
