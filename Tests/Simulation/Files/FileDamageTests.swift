import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A file that was cut short, changed, or is somebody else's changes nothing")
struct FileDamageTests {
    @Test("For the hub: every length and every changed byte of a small file is refused as bad data")
    func everyByteUp() throws {
        let world = try World(seed: 421)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "words")
        let file = try laptop.replica.upFile().bytes
        let before = try world.fingerprint()
        for bytes in FileDamageTests.damaged(file) {
            do {
                let report = try world.hub.take(upFile: bytes)
                #expect(!report.isWhole && report.batches == 0, "taken as whole: \(report)")
            } catch let failure as Failure {
                #expect(failure.code == .badData, "\(failure)")
            }
        }
        #expect(try world.fingerprint() == before)
        #expect(try world.hub.take(upFile: file).taken == 1)
    }

    @Test("For a device: every length and every changed byte of a small file is refused as bad data")
    func everyByteDown() throws {
        let world = try World(seed: 422)
        let (laptop, rows) = try world.laptopWithCase()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "words")
        try world.sync(world.surreyOffice)
        let file = try world.hub.downFile(for: laptop.id)
        let before = try laptop.replica.facts()
        for bytes in FileDamageTests.damaged(try file.bytes) {
            #expect { try laptop.replica.take(file: bytes) } throws: { ($0 as? Failure)?.code == .badData }
        }
        #expect(try laptop.replica.facts() == before)
        #expect(try laptop.text("detail", of: "need", rows.need) == "file need")
        #expect(try laptop.applied(file).digestMatches)
    }

    /// G13.
    @Test("Of a long file the whole batches before the damage count once, and the rest comes by another carrier")
    func prefix() throws {
        let world = try World(seed: 423)
        let (laptop, rows) = try world.laptopWithCase()
        for number in 0..<20 {
            let words = String(
                (0..<3_900).map { _ in
                    Character(UnicodeScalar(UInt8.random(in: 35...126, using: &world.generator)))
                })
            try laptop.set("detail", of: "need", rows.need, to: "\(number) \(words)")
            // Each edit leaves the device in a batch of its own.
            _ = try laptop.replica.upFile()
        }
        let file = try laptop.replica.upFile()
        #expect(file.batches == 20)
        let cut = Array(try file.bytes.prefix(file.parcel.length * 4 / 10))
        let report = try world.hub.take(upFile: cut)
        #expect(!report.isWhole)
        #expect((3...7).contains(report.taken) && report.batches == report.taken, "\(report)")
        #expect(try world.hub.take(upFile: cut).duplicates == report.taken)
        // A byte in the middle: everything before its chunk, and nothing of what the device says of itself.
        var changed = try file.bytes
        changed[changed.count * 7 / 10] ^= 1
        let more = try world.hub.take(upFile: changed)
        #expect(!more.isWhole && more.duplicates == report.taken && more.taken > 0)
        #expect(try world.hub.store.carried(by: laptop.id) == nil)

        let down = try world.hub.downFile(for: laptop.id)
        let facts = try laptop.replica.facts()
        for share in [1, 4, 9] {
            let part = Array(try down.bytes.prefix(down.parcel.length * share / 10))
            #expect { try laptop.replica.take(file: part) } throws: { ($0 as? Failure)?.code == .badData }
        }
        #expect(try laptop.replica.facts() == facts)
        let outcome = try world.sync(laptop)
        #expect(outcome.digest == .match)
        #expect(try world.reader.text("detail", of: "need", rows.need)?.hasPrefix("19 ") == true)
        #expect(try laptop.unjudgedOps().isEmpty)
        #expect(try world.reader.branches(of: laptop.id) == 1)
        #expect(try world.reader.openConflicts().isEmpty)
    }

    @Test("Another hub's file, another device's, and one on its way in the other direction are refused by name")
    func foreign() throws {
        let world = try World(seed: 424)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "words")
        let up = try laptop.replica.upFile().bytes
        let down = try world.hub.downFile(for: laptop.id).bytes
        let office = world.surreyOffice
        func why<Result>(_ body: () throws -> Result) -> String {
            do {
                _ = try body()
                return "it was taken"
            } catch let failure as Failure where failure.code == .badData {
                return failure.why
            } catch {
                return "\(error)"
            }
        }
        #expect(why { try office.replica.take(file: down) } == "it is for another device")
        #expect(why { try office.replica.take(file: up) } == "it is on its way to a hub")
        #expect(why { try world.hub.take(upFile: down) } == "it is on its way to a device")

        let folder = try TemporaryFolder()
        let other = try Hub.create(
            folder: folder.file("hub"), name: "Another", network: .reunite, time: world.hubTime,
            randomness: { Identifier(high: UInt64.random(in: 1 ... .max), low: 7) })
        #expect(why { try other.take(upFile: up) } == "it is for another hub")
        // A device's file, changed so that it names another sender, is damaged, and not a stranger's.
        let label = try SealedBundle.readHeader(up).label
        let place = try #require(up.firstRange(of: label.sender.bytes)).lowerBound
        var renamed = up
        renamed[place] ^= 1
        #expect(why { try world.hub.take(upFile: renamed) }.hasPrefix("its beginning is damaged"))
    }

    @Test("A file whose batches another program changes before they are written is not written, and can be made anew")
    func overtaken() throws {
        let world = try World(seed: 426)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "words")
        let file = try laptop.replica.upFile()
        // As when a row in it has left, and it was sealed.
        try laptop.replica.database.writeWithoutTransaction {
            try $0.execute(sql: "UPDATE ru_outbox SET sealed = zeroblob(5) WHERE state < 2")
        }
        let failure = #expect(throws: Failure.self) { try file.bytes }
        #expect(failure?.code == .tryLater)
        try laptop.replica.database.writeWithoutTransaction {
            try $0.execute(sql: "UPDATE ru_outbox SET sealed = NULL")
        }
        #expect(try world.hub.take(upFile: laptop.replica.upFile().bytes).taken == 1)
    }

    @Test("A file that somebody else sealed to the hub in a device's name is taken for damage, not for the device's")
    func forged() throws {
        let world = try World(seed: 425)
        let (laptop, rows) = try world.laptopWithCase()
        try laptop.set("detail", of: "need", rows.need, to: "words")
        let file = try laptop.replica.upFile()
        // Anybody can seal to the hub. Without the device's key it proves nothing of what the device says of itself.
        var request = file.request
        request.cursor = Position(1)
        let forged = try SealedBundle.seal(
            content: request.encoded(), label: file.parcel.label, to: [world.hub.publicKeys],
            signedWith: DeviceKeys.generate())
        let before = try world.fingerprint()
        #expect(try !world.hub.take(upFile: forged).isWhole)
        #expect(try world.fingerprint() == before)
    }

    /// Every proper beginning of a file, the file with each of its bytes changed in turn, and with a byte after it.
    private static func damaged(_ file: [UInt8]) -> [[UInt8]] {
        (0..<file.count).map { Array(file.prefix($0)) }
            + file.indices.map { index in
                var copy = file
                copy[index] ^= UInt8(1 << (index % 8))
                return copy
            } + [file + [0], file + file]
    }
}

extension World {
    /// What a refused file may not change at the hub.
    func fingerprint() throws -> [String] {
        try reader.read { database in
            try [
                "SELECT position FROM hub_clock", "SELECT count(*) FROM hub_batch", "SELECT count(*) FROM hub_hold",
                "SELECT count(*) FROM hub_quarantine", "SELECT count(*) FROM hub_carried",
                "SELECT group_concat(cursor || '.' || ticket || '.' || coalesce(last_seen_ms, 0)) FROM hub_device",
            ].map { try String.fetchOne(database, sql: $0) ?? "" }
        }
    }
}
