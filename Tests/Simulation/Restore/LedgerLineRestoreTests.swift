import Foundation
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// The hub's disk is lost, and somebody could write to the one with its ledger.
@Suite("A hub is restored by the lines that it signed")
struct LedgerLineRestoreTests {
    private let world: World
    private let rows: CaseRows
    private let backup: String
    private let stranger = DeviceKeys.generate()

    /// A device is revoked after the backup, and something is taken.
    init() throws {
        world = try World(seed: 981)
        rows = try world.openCase(on: world.surreyOffice, marker: "before", naming: world.gloucester)
        try world.settle()
        backup = try world.keepLedger()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "freed")
        try world.sync(world.surreyOffice)
        _ = try world.hub.revoke(device: world.surreyLaptop.id.description)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "freed too")
        try world.sync(world.surreyOffice)
    }

    private var path: String { world.ledgerFolder + "/closings" }

    private func lines() throws -> [String] {
        String(decoding: try DurableFile.read(path) ?? [], as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func put(_ lines: [String]) throws {
        try DurableFile.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: path)
    }

    /// A device that never joined.
    private func enrolment() throws -> String {
        let entry = ClosingLedger.Entry(
            kind: .enrolled, position: try world.hub.status().position, atMilliseconds: World.start,
            partner: world.gloucester.description, device: Identifier(high: 9, low: 9).description, name: "Planted",
            role: "office", keys: Data(stranger.publicKeys.encoded()))
        return String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)
    }

    private func isRevoked() throws -> Bool {
        try world.hub.devices().contains { $0.id == world.surreyLaptop.id.description && $0.state == "revoked" }
    }

    private func isPlanted() throws -> Bool { try world.hub.devices().contains { $0.name == "Planted" } }

    @Test("as it left them they bring everything back")
    func whole() throws {
        try world.loseHubDisk()
        let restored = try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try isRevoked() && restored.unprovedLines == 0 && restored.leftOutLines == 0)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "freed too")
        // From there on it goes on behind them, and is restored again.
        _ = try world.hub.revoke(device: world.gloucestershire.id.description)
        let second = try world.backUpHub()
        try world.loseHubDisk()
        try world.restoreHub(from: second, ledger: world.ledgerFolder)
        #expect(try isRevoked())
        #expect(try world.hub.devices().count { $0.state == "revoked" } == 2)
    }

    @Test(
        "an enrolment that somebody wrote there is refused with its line; who goes on takes what closes, and no enrolment",
        arguments: [0, 1, 99])
    func planted(place: Int) throws {
        var lines = try lines()
        let at = min(place, lines.count)
        lines.insert(try enrolment(), at: at)
        try put(lines)
        try world.loseHubDisk()
        #expect {
            try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("line \(at + 1) of \(path)")
                && "\($0)".contains("--ignore-lines")
        }
        #expect(try self.lines() == lines)
        let restored = try world.restoreHub(
            from: backup, ledger: world.ledgerFolder, ignoresBatches: true, ignoresLines: true)
        try world.reopenReader()
        #expect(try isRevoked())
        #expect(try !isPlanted())
        #expect(restored.leftOutLines > 0)
        #expect(try world.hub.verifyAudit().findings.isEmpty)
        // What was there is kept, and from now on the files are the hub's own again.
        #expect(DurableFile.exists(path + ".damaged"))
        let second = try world.backUpHub()
        try world.loseHubDisk()
        #expect(try world.restoreHub(from: second, ledger: world.ledgerFolder).unprovedLines == 0)
        #expect(try isRevoked())
    }

    @Test(
        "a revocation that somebody took away is missed, in the middle and at the end",
        arguments: ["middle", "end", "all"])
    func missing(what: String) throws {
        var lines = try lines()
        let place = try #require(lines.firstIndex { $0.contains("\"revoked\"") })
        switch what {
        case "middle":
            _ = try world.hub.revoke(device: world.gloucestershire.id.description)
            try world.sync(world.surreyOffice)
            lines = try self.lines()
            lines.remove(at: place)
        case "end": lines.removeSubrange(place...)
        default: lines = []
        }
        try put(lines)
        try world.loseHubDisk()
        #expect {
            try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("missing") && "\($0)".contains("--ignore-lines")
        }
        try world.restoreHub(from: backup, ledger: world.ledgerFolder, ignoresLines: true)
        #expect(try isRevoked() == false)
    }

    @Test("a position that nobody could have reached, in a line that nobody signed, moves nothing")
    func farPosition() throws {
        let reached = try world.hub.status().position
        let entry = ClosingLedger.Entry(
            kind: .revoked, position: .max - 5, atMilliseconds: 0, device: world.gloucestershire.id.description)
        try put(try lines() + [String(decoding: try JSONEncoder().encode(entry), as: UTF8.self)])
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder, ignoresLines: true)
        #expect(try world.hub.status().position <= reached + 3 * SQLiteHubStore.gap)
        #expect(try isRevoked())
    }

    @Test("a hub that is served says what somebody wrote there, goes on, and takes none of it")
    func served() throws {
        try put(try lines() + [try enrolment()])
        try world.restartHub()
        try world.hub.keepLedger(in: world.ledgerFolder)
        let trouble = try #require(try world.hub.status().ledger?.trouble)
        #expect(trouble.contains("line \(try lines().count) of \(path)"))
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "after it")
        try world.sync(world.surreyOffice)
        #expect(try !isPlanted())
        // The file is taken away, as it says: the hub writes it anew.
        try FileManager.default.moveItem(atPath: path, toPath: world.folder.file("evidence"))
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "after that")
        try world.sync(world.surreyOffice)
        #expect(try world.hub.status().ledger?.trouble == nil)
        #expect(try DurableFile.read(path) == DurableFile.read(world.folder.file("hub/closings")))
    }

    @Test("an erasure that somebody wrote there erases nobody")
    func plantedErasure() throws {
        let entry = ErasureLedger.Entry(
            erasure: Identifier(high: 7, low: 7).description, atMilliseconds: World.start, code: "request",
            requestedBy: "Somebody", confirmedBy: "Somebody else", scopes: [rows.id.description], touching: [], rows: []
        )
        let path = world.ledgerFolder + "/erasures"
        try DurableFile.append(Array(try JSONEncoder().encode(entry)) + [10], to: path)
        // Neither a hub that is opened nor one that is restored.
        try world.restartHub()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "freed too")
        try world.loseHubDisk()
        #expect {
            try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("line 1 of \(path)")
        }
        DurableFile.remove(path)
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "freed too")
    }

    @Test("a true ledger of before one that was written anew is missed by whoever counted the new one")
    func earlierChain() throws {
        let whole = try lines()
        try put(whole + [try enrolment()])
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder, ignoresLines: true)
        // In the new life somebody else is revoked; the ledger of before knows nothing of it.
        _ = try world.hub.revoke(device: world.gloucestershire.id.description)
        let second = try world.backUpHub()
        let written = try lines()
        try put(whole)
        try world.loseHubDisk()
        #expect {
            try world.restoreHub(from: second, ledger: world.ledgerFolder)
        } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("missing")
        }
        try put(written)
        try world.restoreHub(from: second, ledger: world.ledgerFolder)
        #expect(try world.hub.devices().count { $0.state == "revoked" } == 2)
        // The first backup is followed by it too: the one that was counted there is named in it.
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder, acceptsOlder: true, ignoresBatches: true)
        #expect(try world.hub.devices().count { $0.state == "revoked" } == 2)
    }

    @Test(
        "a line that is on the hub's own disk alone, since it was killed between the two, is on both before it is counted"
    )
    func killedBetween() throws {
        let before = try lines()
        _ = try world.hub.revoke(device: world.gloucestershire.id.description)
        try put(before)
        try world.restartHub()
        #expect(!HubFiles(folder: world.folder.file("hub")).owes(.lines))
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "after the kill")
        try world.sync(world.surreyOffice)
        #expect(try world.hub.status().ledger?.trouble == nil)
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.hub.devices().count { $0.state == "revoked" } == 2)
        #expect(try world.reader.text("detail", of: "need", rows.need) == "after the kill")
    }

    @Test("an erasure that is signed with keys which were replaced erases nobody")
    func erasureOfOldKeys() throws {
        let stolen = try HubFiles(folder: world.folder.file("hub")).ring().current
        try world.hub.rotateKeys()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "in new keys")
        try world.sync(world.surreyOffice)
        let entry = ErasureLedger.Entry(
            erasure: Identifier(high: 7, low: 7).description, atMilliseconds: World.start, code: "request",
            requestedBy: "Somebody", confirmedBy: "Somebody else", scopes: [rows.id.description], touching: [], rows: []
        )
        let path = world.ledgerFolder + "/erasures"
        let file = try DurableFile.read(path) ?? []
        var tail = LedgerTail()
        for line in file.split(separator: 10) { tail.add(line, key: 1) }
        let line = try LedgerLine.encode(
            [Array(try JSONEncoder().encode(entry))], after: tail, in: "erasures", signedWith: stolen
        ).bytes
        try DurableFile.write(file + line, to: path)
        try world.loseHubDisk()
        #expect {
            try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("of \(path)")
        }
        try DurableFile.write(file, to: path)
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        try world.reopenReader()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "in new keys")
    }
}
