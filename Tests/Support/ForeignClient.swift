import Foundation

/// A program of somebody else's, run as its own process: it knows nothing of the engine.
package struct ForeignClient: Sendable {
    package struct Result: Hashable, Sendable {
        package let status: Int32
        package let output: String
        package let errors: String

        package var succeeded: Bool { status == 0 }
    }

    /// Runs any program that is on the path, with this on its standard input.
    package static func run(_ command: [String], input: String = "") throws -> Result {
        try start(command, input: input).wait()
    }

    /// Runs SQL, and dot commands, in the `sqlite3` shell; it stops at the first error.
    package static func shell(_ script: String, on path: String) throws -> Result {
        try start(["sqlite3", "-batch", "-bail", path], input: script).wait()
    }

    /// Runs a Python programme whose `db` is an open connection with one transaction a statement.
    package static func python(_ programme: String, on path: String) throws -> Result {
        try startPython(programme, on: path).wait()
    }

    /// The same without waiting for it to end.
    package static func startPython(_ programme: String, on path: String) throws -> ForeignClient {
        let opening = """
            import os, sqlite3, sys, time
            db = sqlite3.connect(sys.argv[1], timeout=300, isolation_level=None)

            """
        return try start(["python3", "-c", opening + programme, path], input: "")
    }

    /// A python3 that has the package `cryptography`; `scripts/setup` sees to it.
    package static let pythonWithKeys: String? = ["python3", "/usr/bin/python3"].first {
        (try? run([$0, "-c", "import cryptography"]).succeeded) == true
    }

    private let process: Process
    private let folder: TemporaryFolder

    private static func start(_ command: [String], input: String) throws -> ForeignClient {
        // Files, not pipes: a pipe that nobody empties would stop the other program.
        let folder = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = try FileHandle(
            forReadingFrom: URL(fileURLWithPath: try folder.write(input, to: "input")))
        process.standardOutput = try FileHandle(
            forWritingTo: URL(fileURLWithPath: try folder.write("", to: "output")))
        process.standardError = try FileHandle(
            forWritingTo: URL(fileURLWithPath: try folder.write("", to: "errors")))
        try process.run()
        return ForeignClient(process: process, folder: folder)
    }

    package var isRunning: Bool { process.isRunning }

    package func wait() throws -> Result {
        process.waitUntilExit()
        return Result(
            status: process.terminationStatus, output: String(decoding: try folder.bytes(of: "output"), as: UTF8.self),
            errors: String(decoding: try folder.bytes(of: "errors"), as: UTF8.self))
    }
}
