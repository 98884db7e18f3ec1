import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("A hub whose history was changed is found out")
struct AuditTamperTests {
    /// A world in which something of every kind happened.
    private func world() throws -> ScopeWorld {
        let world = try ScopeWorld()
        try world.hub.noteServing()
        try world.job(1, label: "one")
        try world.settle()
        for (office, label) in [(world.owner, "2a"), (world.guest, "2b")] {
            try office.edit("UPDATE job SET label = '\(label)'")
        }
        try world.settle()
        let conflict = try #require(try world.hub.conflicts().first)
        _ = try world.hub.resolve(conflict.id, .keep(1), by: "Ada", reason: "It was so, she said")
        try world.settle()
        // An edit that came after the closing, what was purged, and a device that is written off.
        try world.guest.edit("UPDATE job SET label = 'late'")
        try world.setActive(false, "GST")
        try world.settle()
        let edit = try #require(try world.hub.quarantine().first)
        _ = try world.hub.refuse(quarantined: edit.id, by: "Ada", reason: "It was not so, she said")
        try world.setActive(true, "GST")
        _ = try world.hub.placeLegalHold(on: world.centre, by: "Ada", reason: "The court asked for it")
        let lost = try world.hub.invite(partner: "GST", name: "lost", role: "office", hours: 1).device.description
        _ = try world.hub.revoke(device: lost)
        _ = try world.hub.writeOff(device: lost, by: "Ada", reason: "It was shredded in May")
        try world.settle()
        try world.hub.publishAudit()
        return world
    }

    private static let edits = [
        ("UPDATE hub_audit SET detail = CAST(detail || x'7f' AS BLOB) WHERE i = 5", "leaf"),
        ("UPDATE hub_audit SET salt = randomblob(16) WHERE i = 5", "leaf"),
        ("UPDATE hub_audit SET salt = NULL WHERE i = 5", "leaf"),
        ("UPDATE hub_audit SET leaf = randomblob(32) WHERE i = 5", "leaf"),
        ("UPDATE hub_audit SET nodes = randomblob(32) WHERE i = 5", "nodes"),
        ("UPDATE hub_audit SET kind = 2 WHERE i = 0", "columns"),
        ("UPDATE hub_audit SET at_ms = at_ms + 1 WHERE i = 5", "columns"),
        ("DELETE FROM hub_audit WHERE i = 5", "missing"),
        (
            "UPDATE hub_audit SET i = -1 WHERE i = 5; UPDATE hub_audit SET i = 5 WHERE i = 6; "
                + "UPDATE hub_audit SET i = 6 WHERE i = -1", "nodes"
        ),
        ("DELETE FROM hub_audit WHERE i = (SELECT max(i) FROM hub_audit)", "shortened"),
        ("UPDATE hub_batch SET receipt = CAST(receipt || x'01' AS BLOB) WHERE no = 2", "receipt"),
        ("UPDATE hub_batch SET header = CAST(header || x'01' AS BLOB) WHERE no = 2", "batch"),
        ("DELETE FROM hub_batch WHERE no = 2", "batch-gone"),
        ("UPDATE hub_grant SET read_mask = 255", "grant"),
        ("UPDATE hub_grant SET closed = opened, closed_ms = 0", "no-closing"),
        ("DELETE FROM hub_grant WHERE (sub, scope) IN (SELECT sub, scope FROM hub_grant LIMIT 1)", "grant-gone"),
        ("UPDATE hub_disclosure SET leaf = randomblob(32) WHERE seq = 1", "disclosure"),
        ("DELETE FROM hub_disclosure WHERE seq = 1", "disclosure-gone"),
        ("UPDATE hub_decision SET reason = 'It was quite otherwise'", "decision"),
        ("UPDATE hub_decision SET decided_by = 'Mallory'", "decision"),
        ("DELETE FROM hub_decision", "decision-gone"),
        ("UPDATE hub_quarantine SET decided_why = 'It was quite otherwise'", "act"),
        ("UPDATE hub_quarantine SET decided_by = 'Mallory'", "act"),
        ("DELETE FROM hub_quarantine", "act-gone"),
        ("UPDATE hub_legal_hold SET reason = 'It was quite otherwise'", "act"),
        ("UPDATE hub_legal_hold SET lifted_ms = 1, lifted_by = 'Mallory', lifted_why = ''", "act"),
        ("UPDATE hub_device SET state = 2 WHERE name = 'owner'", "act"),
        ("UPDATE hub_device SET state = 1, written_off_ms = NULL WHERE name = 'lost'", "act-gone"),
        ("UPDATE hub_disclosure SET device = (SELECT max(no) FROM hub_device) WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET at_ms = at_ms + 1 WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET scope = scope + 1 WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET sub = sub + 1 WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET opened = opened + 1 WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET position = position + 1 WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET rows = rows + 1 WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET salt = zeroblob(16) WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET detail = CAST(detail || x'00' AS BLOB) WHERE seq = 1", "disclosure"),
        ("UPDATE hub_disclosure SET detail = NULL, salt = NULL WHERE seq = 1", "disclosure-gone"),
        (
            "UPDATE hub_device SET (sub, partner) = (SELECT sub, id FROM hub_partner WHERE code = 'OWN') "
                + "WHERE name = 'guest'", "device"
        ),
        ("UPDATE hub_device SET sub = (SELECT sub FROM hub_partner WHERE code = 'OWN') WHERE name = 'guest'", "device"),
        ("UPDATE hub_device SET role = 'field' WHERE name = 'guest'", "device"),
        ("UPDATE hub_device SET state = 0 WHERE name = 'guest'", "device"),
        ("UPDATE hub_partner SET code = 'XYZ' WHERE code = 'GST'", "partner"),
        (
            "UPDATE hub_partner SET sub = -sub; UPDATE hub_partner SET sub = (SELECT no FROM hub_sub s "
                + "WHERE s.partner IS NOT NULL AND s.partner <> hub_partner.id)", "partner"
        ),
        ("UPDATE hub_device_key SET signing = zeroblob(32)", "key"),
        ("UPDATE hub_device_key SET sealing = randomblob(32)", "key"),
        ("DELETE FROM hub_device_key", "key-gone"),
        ("UPDATE hub_batch SET ops = zeroblob(length(ops)) WHERE no = 2", "ops"),
        ("UPDATE hub_batch SET ops = zeroblob(length(ops)), redacted = 1 WHERE no = 2", "ops"),
        ("UPDATE hub_batch SET device = randomblob(16) WHERE no = 2", "batch"),
        ("UPDATE hub_batch SET base = base + 1 WHERE no = 2", "batch"),
        ("UPDATE hub_quarantine SET state = 0", "reopened"),
        ("UPDATE hub_quarantine SET state = 0, decided_by = NULL, decided_why = NULL", "reopened"),
        ("UPDATE hub_decision SET conflict = randomblob(16)", "decision"),
        ("UPDATE hub_purge SET receipt = CAST(receipt || x'01' AS BLOB) WHERE receipt IS NOT NULL", "purge"),
    ]

    @Test("Whatever is edited by hand, the check names it")
    func edited() throws {
        let world = try world()
        #expect(try world.hub.verifyAudit().findings == [])
        let head = try world.hub.auditHead()
        let database = try DatabaseQueue(path: world.folder.file("hub/hub.sqlite"))
        for (sql, code) in AuditTamperTests.edits {
            try database.inTransaction { database in
                try database.execute(sql: sql)
                #expect(database.changesCount > 0, "the edit changed nothing: \(sql)")
                var verification = AuditVerification(database)
                let codes = try verification.run(noted: head).findings.map(\.code)
                #expect(codes.contains(code), "\(sql): \(codes)")
                return .rollback
            }
        }
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("Values that stand beside each other, and the question about them, do not go without being missed")
    func siblings() throws {
        let world = try world()
        for (office, label) in [(world.owner, "3a"), (world.guest, "3b")] {
            try office.edit("UPDATE job SET label = '\(label)'")
        }
        try world.settle()
        #expect(try world.hub.conflicts().count == 1)
        #expect(try world.hub.verifyAudit().findings == [] && world.hub.verify() == [])
        let database = try DatabaseQueue(path: world.folder.file("hub/hub.sqlite"))
        func run(_ sql: String) throws { try database.write { try $0.execute(sql: sql) } }
        try run(
            """
            CREATE TABLE kept_sibling AS SELECT * FROM hub_sibling;
            CREATE TABLE kept_conflict AS SELECT * FROM hub_conflict
            """)
        for sql in [
            "DELETE FROM hub_sibling; DELETE FROM hub_conflict WHERE closed IS NULL", "DELETE FROM hub_sibling",
            "DELETE FROM hub_sibling WHERE h = (SELECT max(h) FROM hub_sibling)",
            "DELETE FROM hub_conflict WHERE closed IS NULL", "UPDATE hub_conflict SET closed = 1, how = 'edit'",
            "INSERT INTO hub_sibling SELECT tbl, key, grp + 1, h, val FROM hub_sibling",
            "UPDATE hub_conflict SET grp = grp + 1 WHERE closed IS NULL",
        ] {
            try run(sql)
            #expect(try world.hub.verifyAudit().findings.map(\.code).contains("conflict"), "\(sql)")
            #expect(try world.hub.verify().map(\.kind.rawValue).contains("conflict"), "\(sql)")
            try run(
                """
                DELETE FROM hub_sibling; INSERT INTO hub_sibling SELECT * FROM kept_sibling;
                DELETE FROM hub_conflict; INSERT INTO hub_conflict SELECT * FROM kept_conflict
                """)
        }
        #expect(try world.hub.verifyAudit().findings == [] && world.hub.verify() == [])
    }

    @Test("A forged note beside the database is not believed")
    func forgedNote() throws {
        let world = try world()
        let note = try AuditNote.sign(
            AuditHead(size: 1, root: MerkleTree.emptyRoot), of: world.hub.id, with: DeviceKeys.generate())
        try Data(note.utf8).write(to: URL(fileURLWithPath: world.folder.file("hub/audit-checkpoint")))
        #expect(try world.hub.verifyAudit().findings.map(\.code) == ["note"])
    }

    /// Takes an entry out and builds the whole tree anew, as somebody with the database and this program could.
    private func rewrite(_ world: ScopeWorld, without kind: AuditKind) throws {
        try DatabaseQueue(path: world.folder.file("hub/hub.sqlite")).write { database in
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM hub_audit ORDER BY i")
            let gone = try #require(rows.first { $0["kind"] as Int64 == Int64(kind.rawValue) })["i"] as Int64
            try database.execute(sql: "DELETE FROM hub_audit")
            var frontier = MerkleFrontier()
            for row in rows where row["i"] as Int64 != gone {
                let leaf = try #require(MerkleHash(bytes: row.bytes("leaf")))
                let index = Int64(frontier.size)
                let nodes = frontier.append(leaf).flatMap(\.bytes)
                try database.execute(
                    sql: "INSERT INTO hub_audit VALUES(?, ?, ?, ?, ?, ?, ?, ?)",
                    arguments: [
                        index, row["kind"] as Int64, row["at_ms"] as Int64, row["scope"] as Data?,
                        row["salt"] as Data?, row["detail"] as Data?, row["leaf"] as Data?,
                        nodes.isEmpty ? nil : Data(nodes),
                    ])
            }
        }
    }

    @Test("History that was rewritten with every hash in order is refused by the first replica that syncs")
    func rewritten() throws {
        for isNoteKept in [true, false] {
            let world = try world()
            let known = try #require(try world.owner.replica.status().audit?.head)
            if !isNoteKept { try FileManager.default.removeItem(atPath: world.folder.file("hub/audit-checkpoint")) }
            try rewrite(world, without: .started)
            let codes = try world.hub.verifyAudit().findings.map(\.code)
            #expect(codes == (isNoteKept ? ["shortened"] : []), "\(codes)")
            // More has happened since, so that length alone does not tell.
            for _ in 0..<5 { try world.hub.noteServing() }
            try expectRefusal(by: world.owner, of: world)
            #expect(try world.owner.replica.status().audit?.head == known)
        }
    }

    // MARK: Forks

    /// A second hub with the same keys, as the first one is now.
    private func fork(_ world: ScopeWorld, _ name: String) throws -> Hub {
        try FileManager.default.copyItem(atPath: world.folder.file("hub"), toPath: world.folder.file(name))
        return try Hub.open(
            folder: world.folder.file(name), network: ScopeNetwork.network, time: world.time,
            randomness: ScriptedRandomness(seed: 123).identifier)
    }

    private func expectRefusal(by office: Office, of world: ScopeWorld) throws {
        let before = try #require(try office.replica.status().audit)
        let cursor = try office.replica.status().cursor
        do {
            try world.sync(office)
            Issue.record("two histories were believed")
        } catch let failure as Failure {
            #expect(failure.code == .badData && failure.what == "Checking the hub's audit log", "\(failure)")
        }
        let after = try #require(try office.replica.status().audit)
        #expect(after.head == before.head && after.checkedMilliseconds == before.checkedMilliseconds)
        #expect(after.refused != nil)
        #expect(try office.replica.status().cursor == cursor, "something of it was applied")
    }

    @Test(
        "A replica that saw one future of a hub refuses the other, whichever is longer, and works on",
        arguments: [(1, 1), (1, 9), (9, 1), (30, 31)])
    func forked(first: Int, second: Int) throws {
        let world = try world()
        let other = try fork(world, "other")
        for _ in 0..<first { try world.hub.noteServing() }
        try world.sync(world.guest)
        for _ in 0..<second { try other.noteServing() }
        let mine = world.guest.hub
        world.guest.hub = other
        try expectRefusal(by: world.guest, of: world)
        try expectRefusal(by: world.guest, of: world)
        // Its own work goes on, and the hub that it knows still has its trust.
        try world.guest.edit("UPDATE job SET due_ms = 77")
        #expect(try world.guest.replica.seal() == 1)
        world.guest.hub = mine
        try world.sync(world.guest)
        #expect(try world.guest.replica.status().audit?.head == world.hub.auditHead())
        #expect(try world.guest.replica.status().audit?.refused != nil, "the evidence is gone")
        #expect(try world.hub.verifyAudit().isConsistent)
    }

    @Test("A fork that shows other rows is refused before a row of it is applied")
    func forkedRows() throws {
        let world = try world()
        let other = try fork(world, "other")
        try world.hubSets(2, world.centre, groups: 1, [.text("one future")])
        try world.sync(world.guest)
        for name in ["another future", "and more of it"] {
            let ops = [
                Op(
                    table: 2, key: world.centre, kind: .set, groups: 1,
                    stamp: HybridTime(milliseconds: world.time.wallMilliseconds), values: [.text(name)])
            ]
            try other.submit(ops)
        }
        world.guest.hub = other
        try expectRefusal(by: world.guest, of: world)
        #expect(try world.guest.value("SELECT name FROM centre") == .text("one future"))
    }

    @Test("A hub that stops showing its log, or shows it without a proof, is refused")
    func withheld() throws {
        let world = try world()
        let facts = try world.guest.replica.facts()
        try world.hub.noteServing()
        let answer = try world.guest.exchange(
            try world.guest.replica.nextRequest(after: 0, limit: 64 * 1_024).request)
        guard case .idle(let checkpoint) = answer.body else {
            Issue.record("\(answer.body)")
            return
        }
        #expect(!answer.auditProof.hashes.isEmpty)
        let none = AuditProof(since: answer.auditProof.since, hashes: [])
        #expect(throws: Failure.self) {
            _ = try world.guest.replica.settle(checkpoint, auditProof: none, hubMilliseconds: 1)
        }
        #expect(try world.guest.replica.facts() == facts)
        #expect(
            try world.guest.replica.settle(checkpoint, auditProof: answer.auditProof, hubMilliseconds: 1))
    }

    @Test(
        "An idle answer does not repeat what the request names of the log; where the log grew it comes with its proof")
    func small() throws {
        let world = try world()
        func idle() throws -> (sealed: Int, answer: SyncAnswer) {
            let request = try world.guest.replica.nextRequest(after: 0, limit: 64 * 1_024).request
            let bytes = try world.guest.replica.seal(request)
            #expect(bytes.body.count <= 256, "\(bytes.body.count)")
            let admission = try world.hub.sync(
                Hub.SignedRequest(
                    device: bytes.device, keyNumber: try world.guest.replica.facts().keyNumber,
                    ticket: try world.guest.replica.ticket(), body: bytes.body))
            guard case .answer(let sealed) = admission else { throw FormatError(.malformed, "a challenge") }
            let answer = try world.guest.replica.open(answer: sealed, to: bytes)
            try world.guest.replica.keep(ticket: answer.ticket)
            return (sealed.count, answer)
        }
        let same = try idle()
        let head = try world.hub.auditHead()
        #expect(same.sealed <= 256 && same.answer.auditProof.hashes.isEmpty)
        guard case .idle(let checkpoint) = same.answer.body else {
            Issue.record("\(same.answer.body)")
            return
        }
        #expect(checkpoint.checkpoint.audit == head && checkpoint.isAuthentic(signedBy: world.hub.publicKeys))
        try world.hub.noteServing()
        let grown = try idle()
        guard case .idle(let later) = grown.answer.body else {
            Issue.record("\(grown.answer.body)")
            return
        }
        let shown = try #require(later.checkpoint.audit)
        #expect(shown.size == head.size + 1 && grown.answer.auditProof.since == head.size)
        #expect(MerkleProof.extends(shown, head, proof: grown.answer.auditProof.hashes))
        #expect(grown.sealed > same.sealed)
    }
}
