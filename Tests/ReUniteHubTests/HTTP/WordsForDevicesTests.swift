import ReUniteSync
import Testing

@testable import ReUniteHub

@Suite("A device is told of its own faults, and of none of the hub's files")
struct WordsForDevicesTests {
    @Test("A folder that is called 'hub' hides no refusal", arguments: ["hub", "./hub", "hub/"])
    func words(folder: String) {
        let refusal = Failure(
            .notPermitted, what: "Asking the hub", why: "the hub does not know this device",
            remedy: "Ask the hub operator for a code")
        #expect(refusal.forDevices(ofHubIn: folder) == refusal)
    }

    @Test(
        "Where a file of the hub's is named, neither its place nor what is wrong is told",
        arguments: ["hub", "/a/hub/"])
    func files(folder: String) {
        let path = folder.hasSuffix("/") ? folder + "hub.sqlite" : folder + "/hub.sqlite"
        let fault = Failure(.badData, what: "Reading", why: "\(path) is no database", remedy: "Look at \(path)")
        let told = fault.forDevices(ofHubIn: folder)
        #expect(![told.what, told.why, told.remedy].contains { $0.contains("hub.sqlite") || $0.contains("database") })
        #expect(
            Failure(.inputOutput, what: "Noting", why: "the disk of \(path) is full", remedy: "Free some space")
                .forDevices(ofHubIn: folder) == .hubsDisk)
        #expect(
            Failure(.noInput, what: "Reading \(path)", why: "it belongs to somebody else", remedy: "Name another")
                .forDevices(ofHubIn: folder) == .hubsDisk)
    }
}
