import Foundation
import ReUniteHub
import ReUniteSync
import TestSupport
import Testing

@Suite("Opening a hub says what is wrong and harms no file")
struct HubOpeningTests {
    @Test("A new hub's folder and database are for their owner alone, wherever the folder is")
    func modes() throws {
        let world = try ScopeWorld()
        func mode(_ name: String) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: world.folder.file(name))[.posixPermissions] as? Int
        }
        #expect(try mode("hub") == 0o700)
        for name in ["hub.sqlite", "hub.sqlite-wal", "hub.sqlite-shm"] {
            #expect(try mode("hub/\(name)") == 0o600, "\(name)")
        }
    }

    @Test("A file in the hub's place that is not a hub's is a matter of configuration, and stays as it was")
    func stranger() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("", to: "hub.sqlite")
        let failure = #expect(throws: Failure.self) {
            _ = try Hub.open(
                folder: folder.path, network: TinyNetwork.network, time: ScriptedTime(),
                randomness: ScriptedRandomness(seed: 1).identifier)
        }
        #expect(failure?.code == .configuration)
        #expect(try folder.bytes(of: "hub.sqlite").isEmpty)
        #expect(try folder.names() == ["hub.sqlite"])
    }
}
