import ReUniteHub
import ReUniteSync
import TestSupport
import Testing

@Suite("Opening a hub says what is wrong and harms no file")
struct HubOpeningTests {
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
