import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Opening says what is wrong and harms no file")
struct OpeningTests {
    private func open(_ path: String) throws {
        let time = ScriptedTime()
        let randomness = ScriptedRandomness(seed: 1)
        _ = try Replica.open(
            path: path, network: TinyNetwork.network, time: time, randomness: randomness.identifier)
    }

    @Test("A file that is not SQLite is bad data, and stays as it was")
    func notSQLite() throws {
        let folder = try TemporaryFolder()
        let text = String(repeating: "This is a letter, not a database. ", count: 100)
        let path = try folder.write(text, to: "letter.sqlite")
        expectFailure(.badData) { try open(path) }
        #expect(try folder.bytes(of: "letter.sqlite") == Array(text.utf8))
        #expect(try folder.names() == ["letter.sqlite"])
    }

    @Test("A new database, and what SQLite puts beside it, are for their owner alone")
    func modes() throws {
        let folder = try TemporaryFolder()
        let database = try EngineDatabase.open(
            path: folder.file("new.sqlite"), role: .engine, label: "test", isNew: true)
        try database.write { try $0.execute(sql: "CREATE TABLE mine(a)") }
        #expect(try folder.names() == ["new.sqlite", "new.sqlite-shm", "new.sqlite-wal"])
        for name in try folder.names() {
            let mode = try FileManager.default.attributesOfItem(atPath: folder.file(name))[.posixPermissions]
            #expect(mode as? Int == 0o600, "\(name)")
        }
    }

    @Test("A replica that is not there any more is asked for, and no empty file takes its place")
    func away() throws {
        let desk = try TestDesk()
        expectFailure(.noInput) { try open(desk.path + ".other") }
        #expect(!DurableFile.exists(desk.path + ".other"))
        try DurableFile.move(desk.path, to: desk.path + ".away")
        #expect {
            try desk.replica.edit("Writing") { try $0.execute(sql: "CREATE TABLE mine(a)") }
        } throws: {
            let failure = $0 as? Failure
            return failure?.code == .noInput && failure?.why == "the file \(desk.path) is not there"
        }
        expectFailure(.noInput) { try open(desk.path) }
        #expect(!DurableFile.exists(desk.path))
    }

    @Test("An SQLite file that is not a replica is bad data")
    func stranger() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("other.sqlite")
        _ = try ForeignClient.shell("CREATE TABLE mine(a); INSERT INTO mine VALUES(1);", on: path)
        expectFailure(.badData) { try open(path) }
    }

    @Test(
        "An SQLite file that is not a replica stays as it was, byte for byte",
        arguments: ["", "PRAGMA journal_mode = WAL;", "PRAGMA application_id = 1;"])
    func strangerUntouched(pragma: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("other.sqlite")
        _ = try ForeignClient.shell("\(pragma) CREATE TABLE mine(a); INSERT INTO mine VALUES(1);", on: path)
        let before = try folder.bytes(of: "other.sqlite")
        expectFailure(.badData) { try open(path) }
        let after = try folder.bytes(of: "other.sqlite")
        #expect(after == before)
        #expect(try folder.names() == ["other.sqlite"])
    }

    @Test("An empty file is bad data, and stays empty")
    func emptyFile() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("", to: "empty.sqlite")
        expectFailure(.badData) { try open(path) }
        let after = try folder.bytes(of: "empty.sqlite")
        #expect(after.isEmpty)
    }

    @Test("A missing file is no input, and is not made")
    func missing() throws {
        let folder = try TemporaryFolder()
        expectFailure(.noInput) { try open(folder.file("nothing.sqlite")) }
        #expect(try folder.names().isEmpty)
    }

    @Test("A file that a newer program made is a matter of configuration, and stays usable by that program")
    func newer() throws {
        let desk = try TestDesk(network: TinyNetwork.newer)
        expectFailure(.configuration) { _ = try desk.reopened(network: TinyNetwork.network) }
        try desk.shell("\(insertBook(1)) UPDATE book SET blurb = 'A novel';")
        #expect(try desk.sealed().first?.values.last == .text("A novel"))
    }

    @Test("An older file is brought to the new schema, and its new column is captured")
    func older() throws {
        let desk = try TestDesk.withBooks(1)
        let replica = try desk.reopened(network: TinyNetwork.newer)
        try desk.shell("UPDATE book SET blurb = 'A novel';")
        try replica.seal()
        #expect(try decodedOps(of: replica).map(\.groups) == [1 << 10])
        #expect(try sealedBatches(of: replica).last?.header.schemaVersion == 2)
    }

    @Test("Without the device's keys it opens and is read, and nothing is sealed")
    func keysGone() throws {
        let desk = try TestDesk.withBooks(1)
        try desk.folder.remove("library.sqlite.device")
        let replica = try desk.reopened()
        try desk.shell("UPDATE book SET title = 'Another';")
        expectFailure(.notPermitted) { _ = try replica.seal() }
        #expect(try !replica.status().keysAreHere && replica.status().unsentEdits > 0)
    }

    @Test("So it does with damaged keys, which are bad data")
    func keysDamaged() throws {
        let desk = try TestDesk.withBooks(1)
        _ = try desk.folder.write("nonsense", to: "library.sqlite.device/keys")
        let replica = try desk.reopened()
        try desk.shell("UPDATE book SET title = 'Another';")
        expectFailure(.badData) { _ = try replica.seal() }
        #expect(try !replica.status().keysAreHere && replica.status().unsentEdits > 0)
    }

    @Test("Making a replica never overwrites a file")
    func noOverwriting() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("precious", to: "library.sqlite")
        expectFailure(.cannotCreate) {
            _ = try makeReplica(
                at: path, network: TinyNetwork.network, hub: TestHub(), keys: .generate(), time: ScriptedTime(),
                randomness: ScriptedRandomness(seed: 1))
        }
        #expect(try folder.bytes(of: "library.sqlite") == Array("precious".utf8))
        #expect(try folder.names() == ["library.sqlite"])
    }

    @Test("A replica whose making failed half-way can be made again")
    func failedMaking() throws {
        let folder = try TemporaryFolder()
        func make(_ network: NetworkSchema) throws {
            _ = try makeReplica(
                at: folder.file("library.sqlite"), network: network, hub: TestHub(), keys: .generate(),
                time: ScriptedTime(), randomness: ScriptedRandomness(seed: 1))
        }
        let broken = NetworkSchema(migrations: TinyNetwork.network.migrations + [.init(name: "bad", sql: "nonsense")])
        #expect(throws: Failure.self) { try make(broken) }
        #expect(try folder.names().isEmpty)
        #expect(throws: Never.self) { try make(TinyNetwork.network) }
    }

    @Test("A replica that was just made is one file and its device's folder")
    func nothingBeside() throws {
        let folder = try TemporaryFolder()
        let replica = try makeReplica(
            at: folder.file("library.sqlite"), network: TinyNetwork.network, hub: TestHub(), keys: .generate(),
            time: ScriptedTime(), randomness: ScriptedRandomness(seed: 1))
        try replica.database.close()
        #expect(try folder.names() == ["library.sqlite", "library.sqlite.device"])
    }

    @Test("Making a replica where a device's keys lie already keeps those keys")
    func keysKept() throws {
        let desk = try TestDesk()
        let keys = try desk.folder.bytes(of: "library.sqlite.device/keys")
        try desk.replica.database.close()
        try desk.folder.remove("library.sqlite")
        expectFailure(.cannotCreate) {
            _ = try makeReplica(
                at: desk.path, network: TinyNetwork.network, hub: desk.hub, keys: .generate(), time: desk.time,
                randomness: desk.randomness)
        }
        let kept = try desk.folder.bytes(of: "library.sqlite.device/keys")
        #expect(kept == keys)
    }

    @Test("The attempt to join, and the same keys from a making that was cut short, are no reason to refuse")
    func attemptKept() throws {
        let folder = try TemporaryFolder()
        let keys = DeviceKeys.generate()
        let path = folder.file("library.sqlite")
        try DeviceVault(replicaPath: path).store(keys)
        _ = try folder.write("an attempt", to: "library.sqlite.device/joining")
        _ = try makeReplica(
            at: path, network: TinyNetwork.network, hub: TestHub(), keys: keys, time: ScriptedTime(),
            randomness: ScriptedRandomness(seed: 1))
        #expect(try folder.bytes(of: "library.sqlite.device/joining") == Array("an attempt".utf8))
    }

    @Test("Opening twice changes nothing in the file's schema")
    func twice() throws {
        let desk = try TestDesk()
        let version = try desk.value("PRAGMA schema_version")
        _ = try desk.reopened()
        #expect(try desk.value("PRAGMA schema_version") == version)
    }
}
