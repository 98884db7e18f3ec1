import Foundation
import Testing

@Suite struct FileRefusalTests {
    @Test("a replica that is missing, no SQLite file, somebody else's or damaged is refused and left as it was")
    func replicaFiles() async throws {
        try await Network.run { network in
            let missing = network.folder + "/missing.sqlite"
            for command in ["sync", "status", "log", "inbox"] {
                expectRefusal(try await network.reunite(command, "--replica", missing, "--json"), 66)
            }
            #expect(!FileManager.default.fileExists(atPath: missing))

            let text = network.folder + "/letter.txt"
            try String(repeating: "Dear all, ", count: 1_000).write(toFile: text, atomically: true, encoding: .utf8)
            let empty = network.folder + "/empty.sqlite"
            try Data().write(to: URL(fileURLWithPath: empty))
            let other = network.folder + "/other.sqlite"
            _ = try await Shell.run("CREATE TABLE t(x); INSERT INTO t VALUES(1)", file: other, in: network.folder)
            for file in [text, empty, other] {
                let before = try Data(contentsOf: URL(fileURLWithPath: file))
                for command in ["sync", "status"] {
                    let ran = try await network.reunite(command, "--replica", file, "--json")
                    expectRefusal(ran, 65)
                }
                #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before, "\(file) was changed")
                #expect(!FileManager.default.fileExists(atPath: file + "-wal"))
            }
            expectRefusal(try await network.reunite("sync", "--replica", network.folder, "--json"), 66)
        }
    }

    @Test("a replica whose schema is newer than the program is refused and left as it was")
    func newerReplica() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            try await desk.writeCase("ZQNEWER")
            try await desk.sql("INSERT INTO ru_migration(version, name, applied_ms) VALUES(99, 'future', 0)")
            let before = try await desk.fingerprint()
            for command in ["sync", "status"] { expectRefusal(try await desk.run(command, "--json"), 78) }
            #expect(try await desk.fingerprint() == before)
        }
    }

    @Test("a folder that holds no hub, or one this program cannot use, is refused")
    func hubFolders() async throws {
        try await Network.run { network in
            await network.stop()
            let empty = network.folder + "/empty"
            try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: false)
            let foreign = network.folder + "/foreign"
            try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: false)
            _ = try await Shell.run("CREATE TABLE t(x)", file: foreign + "/hub.sqlite", in: network.folder)
            let text = network.folder + "/text"
            try FileManager.default.createDirectory(atPath: text, withIntermediateDirectories: false)
            try String(repeating: "no hub ", count: 999).write(
                toFile: text + "/hub.sqlite", atomically: true, encoding: .utf8)
            let newer = network.folder + "/newer"
            try FileManager.default.copyItem(atPath: network.hubFolder, toPath: newer)
            _ = try await Shell.run(
                "INSERT INTO ru_migration(version, name, applied_ms) VALUES(99, 'future', 0)",
                file: newer + "/hub.sqlite", in: network.folder)
            let keyless = network.folder + "/keyless"
            try FileManager.default.copyItem(atPath: network.hubFolder, toPath: keyless)
            try FileManager.default.removeItem(atPath: keyless + "/keys")
            let foreigners = [foreign, text].map { URL(fileURLWithPath: $0 + "/hub.sqlite") }
            let before = try foreigners.map { try Data(contentsOf: $0) }
            for folder in [empty, foreign, text, newer, keyless, network.folder + "/missing"] {
                expectRefusal(
                    try await network.reunite("hub", "status", "--hub-dir", folder, "--json"), 78)
                expectRefusal(
                    try await network.reunite(
                        "hub", "serve", "--hub-dir", folder, "--listen", "127.0.0.1:0"), 78)
            }
            #expect(try foreigners.map { try Data(contentsOf: $0) } == before)
            #expect(try FileManager.default.contentsOfDirectory(atPath: empty).isEmpty)
            #expect(!FileManager.default.fileExists(atPath: keyless + "/keys"))
        }
    }

    @Test("a hub is made once: hub init refuses a folder that holds one")
    func initTwice() async throws {
        try await Network.run { network in
            let before = try await network.hubFingerprint()
            let keys = try Data(contentsOf: URL(fileURLWithPath: network.hubFolder + "/keys"))
            expectRefusal(try await network.hub("init", "--name", "Again", "--json"), 73)
            #expect(try await network.hubFingerprint() == before)
            #expect(try Data(contentsOf: URL(fileURLWithPath: network.hubFolder + "/keys")) == keys)
            expectRefusal(
                try await network.hub("partner", "add", "SRY", "--name", "X", "--area", "SRY", "--json"), 73)
            #expect(try await network.hubFingerprint() == before)
        }
    }
}
