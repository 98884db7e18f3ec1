import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A new, empty folder that goes away with its last user.
///
/// In memory where the system has room for that: a test that waits for a disk proves nothing more. What reaches the
/// disk, and when, is `KillTests`' business, which keeps its files where a user would.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        let url = TemporaryFolder.root.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// One folder for each run, named after its process, so that the next run can clear away what a dead one left.
    private static let root: URL = {
        let memory = "/dev/shm"
        let isNamed = ProcessInfo.processInfo.environment["TMPDIR"] != nil
        let parent =
            !isNamed && FileManager.default.isWritableFile(atPath: memory)
            ? URL(fileURLWithPath: memory) : FileManager.default.temporaryDirectory
        let prefix = "reunite-tests-"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: parent.path)) ?? [] {
            guard name.hasPrefix(prefix), let process = pid_t(name.dropFirst(prefix.count)) else { continue }
            if kill(process, 0) != 0 && errno == ESRCH {
                try? FileManager.default.removeItem(at: parent.appending(path: name))
            }
        }
        return parent.appending(path: prefix + String(getpid()))
    }()

    package func file(_ name: String) -> String { path + "/" + name }

    package func write(_ text: String, to name: String) throws -> String {
        try write(Array(text.utf8), to: name)
    }

    package func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    package func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    package func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: file(name))
    }

    /// What is in the folder, in order.
    package func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }
}
