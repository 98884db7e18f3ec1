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
///
/// Spawned without Foundation's `Process`, which can crash when many are started in a row from several threads.
final class Running: Sendable {
    private let command: String
    private let output: String
    private let start = Date()
    private let end: End

    /// - Parameter folder: the process's working folder; its output goes there too.
    init(_ program: String, _ arguments: [String], in folder: String) throws {
        output = folder + "/output-\(UUID().uuidString)"
        command = ([URL(fileURLWithPath: program).lastPathComponent] + arguments.map { String($0.prefix(120)) })
            .joined(separator: " ")
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("REUNITE_") }
        variables["SWIFT_BACKTRACE"] = "enable=no"
        // A test that waits says so.
        variables["REUNITE_PATIENCE"] = "0"
        let identifier = try Spawn.start(
            [program] + arguments, environment: variables, folder: folder, out: output + ".out", err: output + ".err")
        end = End(of: identifier)
    }

    /// The process's number; another's as soon as it has ended.
    var identifier: Int32 { end.identifier }

    var out: String { (try? String(contentsOfFile: output + ".out", encoding: .utf8)) ?? "" }
    var err: String { (try? String(contentsOfFile: output + ".err", encoding: .utf8)) ?? "" }

    func send(_ signal: Int32) {
        end.send(signal)
    }

    /// Sends a signal so many milliseconds from now, from a thread of its own: tasks wait for their turn while
    /// hundreds of tests run, and a moment in the middle of something would be over.
    func send(_ signal: Int32, afterMilliseconds wait: Int) {
        Thread.detachNewThread { [end] in
            Thread.sleep(forTimeInterval: Double(wait) / 1000)
            end.send(signal)
        }
    }

    /// Waits until it ends; after the seconds given it is killed, and its status says so.
    func finish(within seconds: Double = 3000) async -> Ran {
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
    func line(after beginning: String, within seconds: Double = 300) async throws -> String {
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
        let identifier: Int32
        private let state = Mutex<(status: Int32?, waiting: [CheckedContinuation<Int32, Never>])>((nil, []))

        init(of identifier: Int32) {
            self.identifier = identifier
            Thread.detachNewThread { self.watch() }
        }

        var isReached: Bool { state.withLock { $0.status != nil } }

        /// Sends a signal, unless the process has ended: its number may be another's by then.
        func send(_ signal: Int32) {
            state.withLock { if $0.status == nil { kill(identifier, signal) } }
        }

        private func watch() {
            Spawn.wait(for: identifier)
            let (status, waiting) = state.withLock { state in
                let status = Spawn.reap(identifier)
                defer { state = (status, []) }
                return (status, state.waiting)
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
