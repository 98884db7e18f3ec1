import Foundation
import Testing

/// The machines that run these tests have neither a systemd of their own nor a cron: programs of the same names note what
/// they are told.
@Suite("schedule syncs a replica every night")
struct ScheduleTests {
    /// A folder with a `systemctl` and a `crontab`, of which the first works where it is asked to.
    private func makeMachine(_ network: Network, hasSystemd: Bool) throws -> [String] {
        let folder = network.folder + "/programs"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let scripts = [
            "systemctl": "echo \"$@\" >> '\(folder)/told'; exit \(hasSystemd ? 0 : 1)",
            "crontab": """
            if [ "$1" = -l ]; then cat '\(folder)/table' 2>/dev/null; else cat > '\(folder)/table'; fi
            """,
        ]
        for (name, script) in scripts {
            try "#!/bin/sh\n\(script)\n".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
        }
        return ["/usr/bin/env", "PATH=\(folder):/usr/bin:/bin", "XDG_CONFIG_HOME=\(network.folder)/config"]
    }

    private func schedule(_ network: Network, _ machine: [String], _ arguments: String...) async throws -> Ran {
        try await network.running(
            machine[0], Array(machine.dropFirst()) + [network.program, "schedule"] + arguments + ["--json"]
        ).finish(within: 60)
    }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test("where systemd looks after the user it is a timer, and another time takes its place")
    func timer() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let machine = try makeMachine(network, hasSystemd: true)
            for time in ["22:30", "05:00"] {
                let ran = try await schedule(network, machine, "--at", time, "--replica", office.file)
                #expect(ran.status == 0, "\(ran)")
                #expect(try ran.json()["installed"] == .text("systemd"))
            }
            let folder = network.folder + "/config/systemd/user"
            let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            #expect(names.count == 2)
            let timer = try text(folder + "/" + (try #require(names.last { $0.hasSuffix(".timer") })))
            #expect(timer.contains("OnCalendar=*-*-* 05:00:00\n") && timer.contains("Persistent=true"))
            let service = try text(folder + "/" + (try #require(names.first { $0.hasSuffix(".service") })))
            #expect(
                service.contains("sync --patience 1800 --replica \"\(office.file)\"")
                    && service.contains("SuccessExitStatus=1"))
            #expect(try text(network.folder + "/programs/told").contains("--user enable --now \(names[1])"))
            // What it runs is a sync.
            let line = try #require(service.split(separator: "\n").first { $0.hasPrefix("ExecStart=") })
            try await office.writeCase("SCHEDULED")
            let ran = try await network.running("/bin/sh", ["-c", String(line.dropFirst("ExecStart=".count))]).finish()
            #expect(ran.status == 0 || ran.status == 1, "\(ran)")
            #expect(try await office.unsent() == 0)
        }
    }

    @Test("elsewhere it is a line of cron's, beside what stood there")
    func cron() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let machine = try makeMachine(network, hasSystemd: false)
            let table = network.folder + "/programs/table"
            try "7 3 * * * /usr/bin/true\n".write(toFile: table, atomically: true, encoding: .utf8)
            for time in ["22:30", "23:15"] {
                let ran = try await schedule(network, machine, "--at", time, "--replica", office.file)
                #expect(try ran.json()["installed"] == .text("cron"), "\(ran)")
            }
            let lines = try text(table).split(separator: "\n")
            #expect(lines.count == 2 && lines[0] == "7 3 * * * /usr/bin/true")
            #expect(
                lines[1].hasPrefix("15 23 * * * '")
                    && lines[1].contains("sync --patience 1800 --replica '\(office.file)'"))
        }
    }

    @Test("--print installs nothing, and a time that is none is refused")
    func printed() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let machine = try makeMachine(network, hasSystemd: true)
            let ran = try await schedule(network, machine, "--at", "06:05", "--print", "--replica", office.file)
            #expect(try ran.json()["installed"] == .text("none"), "\(ran)")
            #expect(try ran.json()["cron"].text?.hasPrefix("5 6 * * *") == true)
            #expect(!FileManager.default.fileExists(atPath: network.folder + "/config"))
            #expect(!FileManager.default.fileExists(atPath: network.folder + "/programs/told"))
            for time in ["24:00", "7", "22:60", "ab:cd", "-1:00"] {
                expectRefusal(
                    try await schedule(network, machine, "--at=\(time)", "--replica", office.file), 64)
            }
            expectRefusal(
                try await schedule(network, machine, "--replica", network.folder + "/none.sqlite"), 66)
        }
    }
}
