import Foundation
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Whoever restores a hub in a hurry forgets an option. The ledger that it names holds what no backup has.
@Suite("A hub that is restored without its ledger")
struct ForgottenLedgerTests {
    private let world: World
    private let rows: CaseRows

    init() throws {
        world = try World(seed: 705)
        rows = try world.openCase(on: world.surreyOffice, marker: "before", naming: world.gloucester)
        try world.settle()
    }

    private func isRefused(_ code: Failure.Code, _ why: String, _ work: () throws -> Void) {
        #expect {
            try work()
        } throws: { error in
            guard let failure = error as? Failure else { return false }
            return failure.code == code && failure.description.contains(why)
        }
    }

    @Test(
        "does not go on with it when batches are in there that devices let go of, and has them after a proper restore")
    func batches() throws {
        let backup = try world.keepLedger()
        let office = world.surreyOffice
        try office.set("detail", of: "need", rows.need, to: "only in the ledger")
        try world.sync(office)
        #expect(try office.replica.status().wipeWaitsFor == nil, "the office relies on the ledger")
        try world.loseHubDisk()
        _ = try world.restoreHub(from: backup)
        try world.reopenReader()
        let before = try ledgerBytes()

        isRefused(.configuration, "batches were taken") { try world.hub.keepLedger(in: world.ledgerFolder) }
        #expect(try world.hub.status().ledger == nil)
        _ = try world.backUpHub()
        #expect(try ledgerBytes() == before, "nothing in it is touched, by a backup neither")

        try world.loseHubDisk()
        let restored = try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(restored.replayed > 0)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "only in the ledger")
        try world.hub.keepLedger(in: world.ledgerFolder)
        #expect(try world.hub.status().ledger?.folder == world.ledgerFolder)
    }

    @Test("does not go on with it when the folder was named before its disk was there")
    func mountedLater() throws {
        let backup = try world.keepLedger()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "only in the ledger")
        try world.sync(world.surreyOffice)
        let away = world.ledgerFolder + ".away"
        try FileManager.default.moveItem(atPath: world.ledgerFolder, toPath: away)
        try world.loseHubDisk()
        _ = try world.restoreHub(from: backup)
        try world.reopenReader()
        try world.hub.keepLedger(in: world.ledgerFolder)
        _ = try world.backUpHub()
        try FileManager.default.removeItem(atPath: world.ledgerFolder)
        try FileManager.default.moveItem(atPath: away, toPath: world.ledgerFolder)
        let before = try ledgerBytes()

        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "in the new life")
        try world.sync(world.surreyLaptop)
        world.hub.secureLedger()
        #expect(try world.hub.status().ledger?.trouble?.contains("batches were taken") == true)
        #expect(try ledgerBytes() == before)
        isRefused(.configuration, "batches were taken") { try world.restartHub() }
    }

    @Test("does not go on with it when a device was revoked that the backup knows as enrolled")
    func closings() throws {
        let backup = try world.keepLedger()
        _ = try world.hub.revoke(device: world.gloucestershire.id.description)
        try world.loseHubDisk()
        _ = try world.restoreHub(from: backup)
        try world.reopenReader()
        isRefused(.configuration, "something was closed") { try world.hub.keepLedger(in: world.ledgerFolder) }
    }

    @Test("is not restored without a word where the backup was made beside a ledger")
    func asked() throws {
        try world.keepLedger()
        let backup = try world.backUpHub()
        try world.loseHubDisk()
        isRefused(.noInput, "a ledger was kept beside this hub") { _ = try world.restoreHub(from: backup) }
        let restored = try world.restoreHub(from: backup, ignoresBatches: true)
        #expect(restored.replayed == 0)
    }

    private func ledgerBytes() throws -> [[UInt8]] {
        try world.ledgerFiles().map { try DurableFile.read($0) ?? [] }
    }
}
