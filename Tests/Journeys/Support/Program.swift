import Foundation
import Testing

/// The real executable, found beside the tests.
enum Program {
    /// - Throws: when it is nowhere: the tests are worth nothing without it.
    static func path() throws -> String {
        if let named = ProcessInfo.processInfo.environment["REUNITE_SYNC_BINARY"] { return named }
        let start = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        var folder = start.deletingLastPathComponent()
        while true {
            let candidate = folder.appendingPathComponent("reunite-sync").path
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder), !isFolder.boolValue {
                return candidate
            }
            guard folder.path != "/" else { throw Missing(start: start.path) }
            folder = folder.deletingLastPathComponent()
        }
    }

    struct Missing: Error, CustomStringConvertible {
        var start: String
        var description: String {
            "there is no executable 'reunite-sync' in the folder of \(start) or above it: build it, or name it in "
                + "REUNITE_SYNC_BINARY"
        }
    }

    /// Whether another program that a test needs is installed.
    static func exists(_ name: String) -> Bool {
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        return folders.contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
    }
}

/// Lets two networks be in use at once: enough for two cores, and little enough for the times that tests rely on.
actor Gate {
    static let networks = Gate(places: 2)

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) {
        self.places = places
    }

    func enter() async {
        if places > 0 {
            places -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    func leave() {
        if waiting.isEmpty {
            places += 1
        } else {
            waiting.removeFirst().resume()
        }
    }
}
