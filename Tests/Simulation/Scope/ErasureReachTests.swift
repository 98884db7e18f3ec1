import Foundation
import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Erasure reaches what others wrote of her and what nobody has decided yet")
struct ErasureReachTests {
    private static let words = ["late", "made", "again", "street", "sealed", "answer", "why"].map { "Planted-\($0)" }

    @Test("No proposal, no sealed edit and no edit in quarantine keeps a byte of her at the hub or at a device")
    func leavesNothing() throws {
        let leaving = try LeavingWorld(seed: 241)
        let (world, rows, worker, office) = (leaving.world, leaving.rows, leaving.worker, leaving.office)
        let (made, address) = (world.newID(), world.newID())
        try worker.set("detail", of: "need", rows.need, to: "Planted-late")
        try worker.edit {
            try $0.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', 'Planted-made')",
                arguments: [made.sqlBlob, rows.id.sqlBlob])
            try $0.execute(
                sql: "INSERT INTO address(id, case_id, lines) VALUES(?, ?, 'Planted-street')",
                arguments: [address.sqlBlob, rows.id.sqlBlob])
        }
        // Once packed for a request, nothing is sealed into a batch any more: the next edit is in one of its own, which
        // names only the row, and nobody takes the row.
        _ = try worker.replica.nextRequest(after: 0, limit: 64 * 1_024)
        try worker.set("lines", of: "address", address, to: "Planted-again")
        try leaving.withdraw()
        // What is typed while the case leaves travels sealed to the hub.
        _ = try leaving.sync(worker) { try worker.set("detail", of: "need", rows.need, to: "Planted-sealed") }
        try world.settle()

        let proposals = try office.read { try Row.fetchAll($0, sql: "SELECT id, values_json FROM edit_proposal") }
        let texts = proposals.map { $0["values_json"] as String }.joined()
        for word in ["Planted-late", "Planted-sealed"] { #expect(texts.contains(word), "\(word)") }
        let first = try #require(proposals.first).identifier("id")
        try office.edit {
            try $0.execute(
                sql: "UPDATE edit_proposal SET state = 'LEFT', answer = 'Planted-answer' WHERE id = ?",
                arguments: [first.sqlBlob])
        }
        try world.settle()
        let waiting = try #require(try world.hub.quarantine().first)
        _ = try world.hub.refuse(quarantined: waiting.id, by: "Ada", reason: "Planted-why, in words")
        let folder = world.folder.file("hub")
        for word in Self.words { #expect(try FileScan.find([word], ofHub: folder) != [], "\(word) was never there") }
        #expect(try FileScan.find(["Planted-late"], ofReplica: office.path) != [])

        let scopes = try world.hub.read("Finding her scopes") { try CaseScopes.of(rows.id, in: $0) }
        let request = try world.hub.requestErasure(
            of: scopes.all, touching: scopes.links, code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        #expect(try world.hub.confirmErasure(request.id, by: "Grace").isScrubbed)
        let everything = Self.words + [LeavingWorld.marker]
        #expect(try FileScan.find(everything, ofHub: folder) == [])
        try world.settle()
        #expect(try FileScan.find(everything, ofHub: folder) == [])
        for device in world.devices {
            #expect(try FileScan.find(everything, ofReplica: device.path) == [], "\(device.name)")
        }
        for edit in try world.hub.quarantine() {
            let values = try world.hub.quarantined(edit.id).value.values
            #expect(values.allSatisfy { $0 == nil || $0 == rows.id.description })
        }
    }
}
