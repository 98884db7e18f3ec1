import Foundation
import Synchronization
import Testing

/// What a process left behind.
struct Ran: CustomStringConvertible {
    var command: String
    /// The exit status, or minus the signal that ended it.
    var status: Int32
    var out: String
    var err: String
    var seconds: Double

    var description: String { "\(command)\n  status \(status)\n  out: \(out)\n  err: \(err)" }

    /// Standard output as the one JSON document that it must be.
    func json() throws -> JSON {
        do {
            return try JSON(out)
        } catch {
            throw JSON.Unexpected(description: "not one JSON document: \(self)")
        }
    }
}

/// A process that was started. Its output goes to files, so that it never blocks.
final class Running: Sendable {
    let identifier: Int32
    private let command: String
    private let output: String
    private let start = Date()
    private let end = End()

    /// - Parameter folder: the process's working folder; its output goes there too.
    init(_ program: String, _ arguments: [String], in folder: String) throws {
        output = folder + "/output-\(UUID().uuidString)"
        command = ([URL(fileURLWithPath: program).lastPathComponent] + arguments.map { String($0.prefix(120)) })
            .joined(separator: " ")
        let process = Process()
        if program.contains("/") {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        } else {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [program] + arguments
        }
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("REUNITE_") }
        variables["SWIFT_BACKTRACE"] = "enable=no"
        process.environment = variables
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Running.file(output + ".out")
        process.standardError = try Running.file(output + ".err")
        process.terminationHandler = { [end] process in
            let isSignal = process.terminationReason == .uncaughtSignal
            end.reached(isSignal ? -process.terminationStatus : process.terminationStatus)
        }
        try process.run()
        identifier = process.processIdentifier
    }

    private static func file(_ path: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    var out: String { (try? String(contentsOfFile: output + ".out", encoding: .utf8)) ?? "" }
    var err: String { (try? String(contentsOfFile: output + ".err", encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) {
        kill(identifier, signal)
    }

    /// Waits until it ends; after the seconds given it is killed, and its status says so.
    func finish(within seconds: Double = 60) async -> Ran {
        let watch = Task {
            try await Task.sleep(for: .seconds(seconds))
            send(SIGKILL)
        }
        let status = await end.status()
        watch.cancel()
        return Ran(
            command: command, status: status, out: out, err: err, seconds: Date().timeIntervalSince(start))
    }

    /// Waits until a line of standard error begins so, and returns the rest of it.
    func line(after beginning: String, within seconds: Double = 30) async throws -> String {
        let limit = Date().addingTimeInterval(seconds)
        while Date() < limit {
            // The last piece is not a whole line yet.
            for line in err.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            where line.hasPrefix(beginning) {
                return String(line.dropFirst(beginning.count))
            }
            if end.isReached { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw JSON.Unexpected(description: "'\(beginning)' never came from \(command): \(err)")
    }

    /// The end of a process, for whoever waits for it.
    private final class End: Sendable {
        private let state = Mutex<(status: Int32?, waiting: [CheckedContinuation<Int32, Never>])>((nil, []))

        var isReached: Bool { state.withLock { $0.status != nil } }

        func reached(_ status: Int32) {
            let waiting = state.withLock { state in
                state.status = status
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }

        func status() async -> Int32 {
            await withCheckedContinuation { continuation in
                let known = state.withLock { state -> Int32? in
                    if state.status == nil { state.waiting.append(continuation) }
                    return state.status
                }
                if let known { continuation.resume(returning: known) }
            }
        }
    }
}
