import Foundation
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// A backup that is lost discloses nothing; with the key on paper it is all that a hub needs (decision 61).
@Suite("A backup that is sealed to an offline key")
struct SealedBackupTests {
    private let world: World
    private let rows: CaseRows
    private let key: OfflineKey
    private let keyPath: String
    private let backup: String

    init() throws {
        world = try World(seed: 621)
        rows = try world.openCase(on: world.surreyOffice, marker: "Planted-backup", naming: world.gloucester)
        try world.settle()
        keyPath = world.folder.file("backup-key.txt")
        _ = try world.hub.makeBackupKey(to: keyPath, replaces: false)
        key = try Hub.offlineKey(in: keyPath)
        backup = world.folder.file("sealed.rub")
        _ = try world.hub.backup(to: backup)
    }

    private var bytes: [UInt8] {
        get throws { Array(try Data(contentsOf: URL(fileURLWithPath: backup))) }
    }

    private func restore(_ file: String, with key: OfflineKey?, to folder: String) throws -> Hub.Restored {
        let randomness = ScriptedRandomness(seed: 622)
        return try Hub.restore(
            from: file, key: key, folder: folder, network: .reunite, time: world.hubTime,
            randomness: { randomness.identifier() })
    }

    @Test(
        "made after an erasure, whose values its newest batch has lost, is opened and restored",
        arguments: [true, false])
    func afterErasure(isSealed: Bool) throws {
        let request = try world.hub.requestErasure(
            of: [rows.id], touching: [], code: "SUBJECT_REQUEST", by: "Ada", reason: "She asked for it in writing")
        _ = try world.hub.confirmErasure(request.id, by: "Grace")
        let later = world.folder.file("later.rub")
        _ = try world.hub.backup(to: later, isPlain: !isSealed)
        let restored = try restore(later, with: isSealed ? key : nil, to: world.folder.file(isSealed ? "new" : "hub"))
        #expect(restored.position > 0)
    }

    @Test("holds no readable byte of a case, nor of the hub's keys, and leaves none beside it")
    func discloses() throws {
        let hub = world.folder.file("hub")
        let plain = world.folder.file("plain.sqlite")
        #expect(try !world.hub.backup(to: plain, isPlain: true).isSealed)
        let found = try Data(contentsOf: URL(fileURLWithPath: plain)).range(of: Data("Planted-backup".utf8))
        #expect(found != nil, "the test looks for what is there")
        let sealed = Data(try bytes)
        let secrets = [
            Data("Planted-backup".utf8), Data("SQLite format 3".utf8),
            try Data(contentsOf: URL(fileURLWithPath: hub + "/keys")).suffix(32),
            try Data(contentsOf: URL(fileURLWithPath: hub + "/ticket-key")),
        ]
        for secret in secrets { #expect(sealed.range(of: secret) == nil) }
        let names = try FileManager.default.contentsOfDirectory(atPath: hub)
        #expect(names.filter { $0.hasPrefix("backup") }.sorted() == ["backup-key", "backup.lock"])
        #expect(!FileManager.default.fileExists(atPath: backup + ".making"))
        let held = try Data(contentsOf: URL(fileURLWithPath: hub + "/backup-key"))
        let secretHalf = Data(try key.keys().exportSecret().suffix(32))
        #expect(held.range(of: secretHalf) == nil, "the hub has the public half only")
    }

    @Test("puts a hub up again in an empty folder, with nothing but the file and the key; its devices go on")
    func anotherMachine() throws {
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "after the backup")
        try world.sync(world.surreyOffice)
        let other = world.folder.file("other")
        let restored = try restore(backup, with: key, to: other)
        #expect(restored.epoch == 2)
        let randomness = ScriptedRandomness(seed: 623)
        let hub = try Hub.open(
            folder: other, network: .reunite, time: world.hubTime, randomness: { randomness.identifier() })
        #expect(hub.publicKeys == world.hub.publicKeys)
        var wire = Wire(faults: nil)
        guard case .finished(let outcome) = try wire.sync(world.surreyOffice.replica, with: hub) else {
            Issue.record("the office was not served")
            return
        }
        #expect(outcome.digest == .match)
        #expect(try FileManager.default.contentsOfDirectory(atPath: other).filter { $0.contains("opened") } == [])
    }

    @Test("opens with no other key, with none, or with digits mistyped; nothing is changed then")
    func wrongKeys() throws {
        let other = world.folder.file("other")
        #expect(throws: Failure.self) { try restore(backup, with: OfflineKey(), to: other) }
        do {
            _ = try restore(backup, with: nil, to: other)
            Issue.record("it was restored without a key")
        } catch let failure as Failure {
            #expect(failure.code == .usage)
        }
        #expect(!FileManager.default.fileExists(atPath: other + "/keys"))
        let text = try String(contentsOfFile: keyPath, encoding: .utf8)
        let digit = try #require(text.split(separator: "\n").last?.last)
        let typed = world.folder.file("typed.txt")
        let last = try #require(text.lastIndex(of: digit))
        try text.replacingCharacters(in: last...last, with: digit == "0" ? "1" : "0")
            .write(toFile: typed, atomically: true, encoding: .utf8)
        #expect(throws: Failure.self) { try Hub.offlineKey(in: typed) }
        // From paper: the digits alone, in capitals, in other groups.
        let digits = text.split(separator: "\n").suffix(3).joined().filter { $0 != " " }.uppercased()
        try digits.write(toFile: typed, atomically: true, encoding: .utf8)
        #expect(try world.hub.isBackupKey(try Hub.offlineKey(in: typed)))
        #expect(try restore(backup, with: try Hub.offlineKey(in: typed), to: other).epoch == 2)
    }

    @Test("is refused with a byte changed anywhere, cut short, or made longer", arguments: 0..<12)
    func damaged(round: Int) throws {
        var generator = SeededGenerator(seed: UInt64(624 + round))
        var damaged = try bytes
        switch round {
        case 0: damaged.removeLast()
        case 1: damaged.append(0)
        case 2: damaged.removeLast(20_000)
        default: damaged[Int(generator.next() % UInt64(damaged.count))] ^= UInt8(1 << (round % 8))
        }
        let file = world.folder.file("damaged.rub")
        try Data(damaged).write(to: URL(fileURLWithPath: file))
        #expect(throws: Failure.self) { try world.hub.check(backup: file, key: nil) }
        #expect(throws: Failure.self) { try restore(file, with: key, to: world.folder.file("other")) }
        #expect(!FileManager.default.fileExists(atPath: world.folder.file("other/hub.sqlite")))
    }

    @Test("is found whole without the key, and sound with it")
    func check() throws {
        let whole = try world.hub.check(backup: backup, key: nil)
        #expect(whole.isSealed && !whole.wasOpened)
        let opened = try world.hub.check(backup: backup, key: key)
        #expect(opened.wasOpened && opened.position == whole.position)
        #expect(throws: Failure.self) { try world.hub.check(backup: backup, key: OfflineKey()) }
        let plain = world.folder.file("plain.sqlite")
        _ = try world.hub.backup(to: plain, isPlain: true)
        #expect(try !world.hub.check(backup: plain, key: nil).isSealed)
    }

    @Test("a second key does not take the place of the first by mistake")
    func secondKey() throws {
        let other = world.folder.file("second.txt")
        #expect(throws: Failure.self) { try world.hub.makeBackupKey(to: other, replaces: false) }
        #expect(throws: Failure.self) { try world.hub.makeBackupKey(to: keyPath, replaces: true) }
        _ = try world.hub.makeBackupKey(to: other, replaces: true)
        #expect(try !world.hub.isBackupKey(key))
        #expect(try world.hub.check(backup: backup, key: key).wasOpened, "what was sealed before opens as before")
    }
}
