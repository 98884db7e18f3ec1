import GRDB
import ReUniteHub
import ReUnitePages
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Why an operator decided about an edit reaches who wrote it, and nobody else")
struct RefusalReasonTests {
    private let world: World
    private let rows: CaseRows
    private let referral: Identifier
    private var author: Device { world.gloucestershire }

    /// A case of Surrey's, on which Gloucestershire works too.
    init() throws {
        world = try World(seed: 1_021)
        rows = try world.openCase(on: world.surreyOffice, marker: "ZQstanding", naming: world.gloucester)
        referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
    }

    /// Gloucestershire changes what only the owner may. Returns the edit that waits.
    private func forbidden() throws -> QuarantinedEdit {
        try author.edit {
            try $0.execute(
                sql: "UPDATE person SET known_as = 'ZQtyped' WHERE case_id = ?", arguments: [rows.id.sqlBlob])
        }
        try world.settle()
        return try #require(try world.hub.quarantine().first { $0.table == "person" })
    }

    /// Gloucestershire writes while its grant ends. Returns the edit that waits.
    private func late() throws -> QuarantinedEdit {
        try world.withdraw(referral, on: world.surreyOffice)
        try world.sync(world.surreyOffice)
        world.advance(milliseconds: 3_600_000)
        try author.set("detail", of: "need", rows.need, to: "ZQlate")
        try world.settle()
        return try #require(try world.hub.quarantine().first { $0.table == "need" })
    }

    private func why(_ edit: ReturnedEdit) throws -> String? {
        try author.read { try EditDecisions.why(edit, in: $0) }
    }

    private func decisions(on device: Device) throws -> Int {
        try device.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM edit_decision") ?? -1 }
    }

    @Test("A refusal's reason is at the author's device with the verdict, and at no other organisation's")
    func refused() throws {
        let edit = try forbidden()
        #expect(try world.hub.refuseTelling(edit.id, by: "Ada", reason: "  ZQwhy: ask her own worker ").untold == nil)
        #expect(try author.replica.inbox().map(why) == [nil])
        try world.settle()
        let back = try #require(try author.replica.inbox().first)
        #expect(back.state == .refused)
        #expect(try why(back) == "ZQwhy: ask her own worker")
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try decisions(on: device) == 0)
            #expect(try FileScan.find(["ZQwhy"], ofReplica: device.path) == [], "\(device.name)")
        }
        #expect(try world.hub.verifyAudit().findings.isEmpty)
    }

    @Test("So is a release's")
    func released() throws {
        let edit = try forbidden()
        let (released, untold) = try world.hub.releaseTelling(edit.id, by: "Ada", reason: "ZQwhy: she asked for it")
        #expect(released.outcome == "accepted" && untold == nil)
        try world.settle()
        let back = try #require(try author.replica.inbox().first)
        #expect(back.state == .released)
        #expect(try why(back) == "ZQwhy: she asked for it")
    }

    @Test("After the case has left only the verdict is told, whatever the reason says")
    func left() throws {
        let first = try late()
        let untold = try world.hub.refuseTelling(first.id, by: "Ada", reason: "She is with Surrey now").untold
        #expect(untold?.contains("does not hold the case") == true)
        try world.settle()
        let back = try #require(try author.replica.inbox().first)
        #expect(back.state == .refused && back.value.isEmpty)
        #expect(try why(back) == nil && decisions(on: author) == 0)
        #expect(try FileScan.find(["ZQstanding"], ofReplica: author.path) == [])
    }

    @Test("A reason that comes after the entry was let go is kept beside it, and brings it back to nobody's list")
    func letGo() throws {
        let edit = try forbidden()
        let number = try #require(try author.replica.inbox().first).number
        try author.replica.dismiss(returned: number)
        #expect(try world.hub.refuseTelling(edit.id, by: "Ada", reason: "ZQwhy: ask Surrey").untold == nil)
        try world.settle()
        #expect(try author.replica.inbox().isEmpty)
        let entry = try author.replica.returnedEdit(number)
        #expect(entry.state == .letGo)
        #expect(try why(entry) == "ZQwhy: ask Surrey")
    }

    @Test("Whoever was never shown a case is not told by a reason that there is one")
    func strangers() throws {
        let secret = try world.openCase(on: world.surreyOffice, marker: "ZQsecret", naming: world.surrey)
        try world.settle()
        let need = world.newID()
        var careless = Configuration()
        careless.foreignKeysEnabled = false
        let shell = try DatabaseQueue(path: author.path, configuration: careless)
        try shell.write {
            try $0.execute(
                sql: "INSERT INTO need(id, case_id, category, detail) VALUES(?, ?, 'HEALTH', 'a guess')",
                arguments: [need.sqlBlob, secret.id.sqlBlob])
        }
        try shell.close()
        try world.settle()
        let edit = try #require(try world.hub.quarantine().first { $0.row == need.description })
        let untold = try world.hub.refuseTelling(edit.id, by: "Ada", reason: "It is none of theirs").untold
        #expect(untold?.contains("does not hold the case") == true)
        try world.settle()
        #expect(try decisions(on: author) == 0)
        let files = try world.hub.read("Counting") {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM own_file WHERE case_id = ?", arguments: [secret.id.sqlBlob])
        }
        #expect(files == 0)
        #expect(try author.replica.inbox().map(\.state) == [.refused])
    }

    @Test("An organisation that has left the network is told nothing")
    func ended() throws {
        let edit = try forbidden()
        _ = try world.hub.endPartner(code: author.partnerCode, by: "Operator")
        let membership = try world.hub.read("Reading") { try Partners.membership(of: world.gloucester, in: $0) }
        try world.hub.change("Ending", Partners.changes(ending: membership, on: "2026-02-28")) { _ in }
        let untold = try world.hub.refuseTelling(edit.id, by: "Ada", reason: "They are gone by now").untold
        #expect(untold?.contains("has left") == true)
    }

    @Test("An erasure takes it from the hub and from the author's device")
    func erased() throws {
        let edit = try forbidden()
        _ = try world.hub.refuseTelling(edit.id, by: "Ada", reason: "Planted-why, in words")
        try world.settle()
        let folder = world.folder.file("hub")
        #expect(try FileScan.find(["Planted-why"], ofReplica: author.path) != [])
        let scopes = try world.hub.read("Finding her scopes") { try CaseScopes.of(rows.id, in: $0) }
        let request = try world.hub.requestErasure(
            of: scopes.all, touching: scopes.links, code: "SUBJECT_REQUEST", by: "Ada", reason: "Asked for in writing")
        #expect(try world.hub.confirmErasure(request.id, by: "Grace").isScrubbed)
        try world.settle()
        #expect(try FileScan.find(["Planted-why"], ofHub: folder) == [])
        for device in world.devices {
            #expect(try FileScan.find(["Planted-why"], ofReplica: device.path) == [], "\(device.name)")
        }
        #expect(try author.replica.inbox().allSatisfy { try why($0) == nil })
    }
}
