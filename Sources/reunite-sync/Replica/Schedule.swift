import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync

struct Schedule: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Sync every night by itself.",
        discussion: """
            A timer of systemd's for this user, or a line of cron's where there is no systemd. Run again, it takes the place \
            of the one before. --print shows both and changes nothing. \
            Example: reunite-sync schedule --at 22:30 --replica /home/me/surrey.sqlite
            """)

    @OptionGroup var options: ReplicaOptions
    @Option(help: "When, by this machine's clock, such as 22:30.") var at = "22:30"
    @Flag(help: "Print what would be installed, and install nothing.") var print = false

    private static let what = "Scheduling the sync"

    struct Report: Encodable {
        var at: String
        /// `systemd`, `cron`, or `none` where it was only printed.
        var installed: String
        var name: String
        var service: String
        var timer: String
        var cron: String
    }

    func run() throws {
        let nightly = try NightlySync(at: at, program: try Schedule.program(), replica: Schedule.full(options.path))
        var report = Report(
            at: at, installed: "none", name: nightly.name, service: nightly.service, timer: nightly.timer,
            cron: nightly.cronLine)
        if !print {
            // What is not there cannot sync tonight.
            guard DurableFile.exists(nightly.replica) else {
                throw Failure(
                    .noInput, what: Schedule.what, why: "there is no replica at that place",
                    remedy: "Name it with --replica")
            }
            report.installed = try Schedule.isServed ? Schedule.installTimer(nightly) : Schedule.installLine(nightly)
        }
        try Output.show(report, as: options.json) {
            if print {
                Output.exact(
                    "# \(nightly.name).service\n\(nightly.service)\n# \(nightly.name).timer\n\(nightly.timer)\n"
                        + "# or, in cron's table\n\(nightly.cronLine)\n")
            } else {
                say("This replica syncs every day at \(at), by \(report.installed) (\(nightly.name)).")
            }
        }
    }

    // MARK: Installing

    /// Whether systemd looks after this user.
    private static var isServed: Bool { (try? run("systemctl", ["--user", "show-environment"]).status) == 0 }

    private static func installTimer(_ nightly: NightlySync) throws -> String {
        let variables = ProcessInfo.processInfo.environment
        let home = variables["HOME"] ?? NSHomeDirectory()
        let folder = (variables["XDG_CONFIG_HOME"] ?? home + "/.config") + "/systemd/user"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (suffix, text) in [("service", nightly.service), ("timer", nightly.timer)] {
            try DurableFile.write(Array(text.utf8), to: "\(folder)/\(nightly.name).\(suffix)")
        }
        for arguments in [
            ["daemon-reload"], ["enable", "--now", nightly.name + ".timer"], ["restart", nightly.name + ".timer"],
        ] {
            try succeed("systemctl", ["--user"] + arguments)
        }
        return "systemd"
    }

    private static func installLine(_ nightly: NightlySync) throws -> String {
        guard let former = try? run("crontab", ["-l"]) else {
            throw Failure(
                .unavailable, what: what, why: "there is neither systemd for this user nor cron",
                remedy: "Install cron, or have another timer run the command that is printed with --print")
        }
        // Without a table it says so on standard error and prints none.
        let table = nightly.table(from: former.status == 0 ? former.output : "")
        try succeed("crontab", ["-"], input: table)
        return "cron"
    }

    private static func succeed(_ program: String, _ arguments: [String], input: String = "") throws {
        let ran = try run(program, arguments, input: input)
        guard ran.status == 0 else {
            throw Failure(
                .unavailable, what: what,
                why: "'\(program) \(arguments.joined(separator: " "))' ended with status \(ran.status)",
                remedy: "Run it by hand to see why, or have another timer run the command that is printed with --print")
        }
    }

    private static func run(
        _ program: String, _ arguments: [String], input: String = ""
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let (source, output) = (Pipe(), Pipe())
        process.standardInput = source
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try? source.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? source.fileHandleForWriting.close()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        // env says so when there is no such program.
        guard process.terminationStatus != 127 else {
            throw Failure(.unavailable, what: what, why: "there is no \(program)", remedy: "Install it")
        }
        return (process.terminationStatus, String(decoding: said, as: UTF8.self))
    }

    /// This program, in full.
    private static func program() throws -> String {
        if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") { return path }
        return full(CommandLine.arguments[0])
    }

    private static func full(_ path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.path
    }
}
