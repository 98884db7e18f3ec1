import Crypto
import Foundation
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// A ledger is believed as far as the hub's signatures go, and missed wherever devices rely on it.
@Suite("A ledger that somebody wrote in, and one that is missing")
struct LedgerProofTests {
    private let world: World
    private let rows: CaseRows
    private let backup: String

    init() throws {
        world = try World(seed: 731)
        rows = try world.openCase(on: world.surreyOffice, marker: "before", naming: world.gloucester)
        try world.settle()
        backup = try world.keepLedger()
        for word in ["freed", "freed too"] {
            try world.surreyOffice.set("detail", of: "need", rows.need, to: word)
            try world.settle()
        }
    }

    /// The last file of the ledger with another end: the record that begins at its last head, said to reach elsewhere.
    private func forge(to position: Int64, inPlace: Bool) throws {
        let path = try #require(try world.ledgerFiles().last)
        var content = Array(try #require(FileManager.default.contents(atPath: path)))
        var last: LedgerSegment.Record?
        _ = try LedgerSegment.scan(path) { record, _ in last = record }
        let place = try #require(last?.place)
        let start = place.lowerBound - LedgerSegment.headLength
        var head = ByteWriter()
        head.raw(content[start..<start + 24])
        head.fixed64(UInt64(bitPattern: position))
        let forged = head.bytes + SHA256.hash(data: head.bytes).prefix(8)
        if inPlace {
            content.replaceSubrange(start..<place.lowerBound, with: forged)
        } else {
            content += forged + content[place]
        }
        try Data(content).write(to: URL(fileURLWithPath: path))
    }

    @Test(
        "a head that names any position it likes is refused, and who goes on without it is told nothing by it",
        arguments: [true, false], [Int64(1) << 50, .max])
    func forgedHead(inPlace: Bool, position: Int64) throws {
        let reached = try world.hub.status().position
        try forge(to: position, inPlace: inPlace)
        try world.loseHubDisk()
        #expect { try world.restoreHub(from: backup, ledger: world.ledgerFolder) } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("--ignore-batches")
        }
        let restored = try world.restoreHub(from: backup, ledger: world.ledgerFolder, ignoresBatches: true)
        try world.reopenReader()
        #expect(restored.reached <= reached)
        #expect(try world.hub.status().position < reached + 2 * SQLiteHubStore.gap)
        #expect(try world.reader.text("detail", of: "need", rows.need) == (inPlace ? "freed" : "freed too"))
        try world.settle()
    }

    @Test("a hub that is served goes on in spite of it, and writes its ledger anew", arguments: [true, false])
    func servedOn(inPlace: Bool) throws {
        try forge(to: 1 << 50, inPlace: inPlace)
        try world.restartHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "after it")
        try world.sync(world.surreyOffice)
        #expect(try world.hub.status().ledger?.trouble == nil)
        #expect(try world.hub.status().ledger?.reach == world.hub.status().position)
        let receipts = try world.hubReceipts()
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.hubReceipts() == receipts)
    }

    @Test("a file that says that it was written anew, and is not the hub's, takes the place of none")
    func forgedFile() throws {
        let path = try #require(try world.ledgerFiles().first)
        let content = Array(try #require(FileManager.default.contents(atPath: path)))
        let end = try #require(try LedgerSegment(reading: path, number: 1)).first.place.upperBound
        var first = Array(content[..<end])
        first[end - 1] ^= 1
        try Data(first).write(to: URL(fileURLWithPath: world.ledgerFolder + "/batches-0000000099"))
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "freed too")
    }

    @Test(
        "whatever byte is changed and wherever it is cut, it never says more than the hub signed, and no group is read")
    func everyByte() throws {
        let path = try #require(try world.ledgerFiles().first)
        let whole = Array(try #require(FileManager.default.contents(atPath: path)))
        let first = try #require(try LedgerSegment(reading: path, number: 1)).first
        let record = Array(whole[..<first.place.upperBound])
        let folder = world.folder.file("changed")
        try DurableFile.makeFolder(folder)
        let proof = LedgerProof(hub: world.hub.id, chain: world.hub.chain)
        func reach(_ bytes: [UInt8]) throws -> Position? {
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/batches-0000000001"))
            return try proof.reach(of: BatchLedger(in: folder))
        }
        #expect(try reach(record) == first.to)
        for place in record.indices {
            var changed = record
            changed[place] ^= 1 << UInt8(place % 8)
            #expect(try reach(changed) == nil, "byte \(place)")
            if place % 7 == 0 { #expect(try reach(Array(record[..<place])) == nil, "\(place) bytes") }
        }
        // What is in it, once it is opened.
        let group = try #require(try world.ledgerGroups().first).encoded()
        for place in group.indices {
            #expect(throws: FormatError.self, "\(place) bytes") { try LedgerGroup(decoding: Array(group[..<place])) }
            var changed = group
            changed[place] ^= 0x81
            do throws(FormatError) {
                let other = try LedgerGroup(decoding: changed)
                #expect(try LedgerGroup(decoding: other.encoded()) == other, "byte \(place)")
            } catch {}
        }
    }

    // MARK: Missing

    private func refused(_ backup: String, ledger: String? = nil) throws {
        try? world.loseHubDisk()
        #expect { try world.restoreHub(from: backup, ledger: ledger) } throws: {
            ($0 as? Failure)?.code == .noInput && "\($0)".contains("--ignore-batches")
        }
    }

    @Test("is missed by a copy that nobody counts on and that is later than the backup that it follows")
    func laterCopy() throws {
        let copy = try world.backUpHub(counts: false)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "only in the ledger")
        try world.settle()
        try world.loseHubDisk()
        let away = world.folder.file("away")
        try FileManager.default.moveItem(atPath: world.ledgerFolder, toPath: away)
        try refused(copy)
        // The lines are there, the batches are not.
        try FileManager.default.createDirectory(atPath: world.ledgerFolder, withIntermediateDirectories: true)
        for name in ["closings", "erasures"] where FileManager.default.fileExists(atPath: "\(away)/\(name)") {
            try FileManager.default.copyItem(atPath: "\(away)/\(name)", toPath: "\(world.ledgerFolder)/\(name)")
        }
        try refused(copy, ledger: world.ledgerFolder)
        // With it, everything is there.
        try world.restoreHub(from: copy, ledger: away)
        try world.reopenReader()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "only in the ledger")
        // The new life owes nothing to that ledger.
        let next = try world.backUpHub(counts: false)
        try world.loseHubDisk()
        try world.restoreHub(from: next)
    }

    @Test("is missed by the newest backup too, where all that knew of it is lost with it; an empty one is enough")
    func newestBackup() throws {
        let newest = try world.backUpHub()
        #expect(try world.ledgerFiles().isEmpty)
        try refused(newest)
        try world.restoreHub(from: newest, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "freed too")
    }

    @Test("who says that it is lost goes on with what there is")
    func ignored() throws {
        let copy = try world.backUpHub(counts: false)
        try world.loseHubDisk()
        try FileManager.default.removeItem(atPath: world.ledgerFolder)
        try world.restoreHub(from: copy, ignoresBatches: true)
        try world.settle()
        #expect(world.hub.epoch.number == 2)
    }
}
