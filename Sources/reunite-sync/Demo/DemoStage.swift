import Foundation
import ReUniteSync

/// The demo's folder and the processes in it: this same program, run as anyone would run it.
final class DemoStage {
    let folder: String
    private let program: String
    private var hub: Process?

    init(folder: String?) throws {
        let manager = FileManager.default
        if let folder {
            if let contents = try? manager.contentsOfDirectory(atPath: folder), !contents.isEmpty {
                throw Failure(
                    .cannotCreate, what: "Preparing the demo", why: "\(folder) is not empty",
                    remedy: "Name an empty folder with --dir")
            }
            self.folder = URL(fileURLWithPath: folder).path
        } else {
            self.folder = manager.temporaryDirectory.appendingPathComponent("reunite-demo-\(UUID().uuidString)").path
        }
        do {
            try manager.createDirectory(atPath: self.folder, withIntermediateDirectories: true)
        } catch {
            throw Failure(
                .cannotCreate, what: "Preparing the demo", why: "the folder could not be made",
                remedy: "Name another one with --dir")
        }
        program = Bundle.main.executablePath ?? CommandLine.arguments[0]
    }

    func path(_ name: String) -> String { folder + "/" + name }

    // MARK: Commands

    /// Runs one command and returns its JSON.
    ///
    /// - Parameter allowing: exit statuses that are in order, besides 0.
    func run(_ arguments: [String], allowing allowed: Set<Int32> = []) throws -> [String: Any] {
        let (status, output, errors) = try execute(program, arguments + ["--json"])
        guard status == 0 || allowed.contains(status) else {
            throw Failure(
                .internalFault, what: "The demo's step 'reunite-sync \(arguments.prefix(2).joined(separator: " "))'",
                why: errors.isEmpty ? "exit status \(status)" : errors,
                remedy: "Run it again with --keep and look inside")
        }
        return (try? JSONSerialization.jsonObject(with: output)) as? [String: Any] ?? [:]
    }

    /// Runs SQL with the `sqlite3` shell, as a stranger to this program would.
    @discardableResult
    func sql(_ replica: String, _ statement: String) throws -> String {
        let (status, output, errors) = try execute(
            "/usr/bin/env", ["sqlite3", "-cmd", ".timeout 5000", path(replica), statement])
        guard status == 0 else {
            throw Failure(
                .unavailable, what: "Writing with the sqlite3 shell",
                why: errors.isEmpty ? "exit status \(status)" : errors, remedy: "Install sqlite3 and try again")
        }
        return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func execute(_ program: String, _ arguments: [String]) throws -> (Int32, Data, String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        // What these print fits into a pipe, so reading one after the other cannot stall.
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return (process.terminationStatus, printed, text)
    }

    // MARK: The hub

    /// Starts `hub serve` and returns its URL once it accepts connections.
    func serve() throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["hub", "serve", "--hub-dir", path("hub"), "--listen", "127.0.0.1:0"]
        let errors = Pipe()
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        hub = process
        var said = ""
        while process.isRunning {
            let data = errors.fileHandleForReading.availableData
            if data.isEmpty { break }
            said += String(decoding: data, as: UTF8.self)
            for line in said.split(separator: "\n") where line.hasPrefix("listening on ") {
                return String(line.dropFirst("listening on ".count))
            }
        }
        throw Failure(
            .unavailable, what: "Starting the hub", why: said.isEmpty ? "it ended at once" : said,
            remedy: "Run it again with --keep and look inside")
    }

    func stop() {
        guard let process = hub, process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: folder)
    }
}
