import Foundation
import Testing

@Suite("Where commands write")
struct OutputFilesTests {
    private func isThere(_ names: String..., in network: Network) -> Bool {
        names.contains { FileManager.default.fileExists(atPath: network.folder + "/" + $0) }
    }

    @Test("a stick that is not there does not become a file, and nothing but a plain file gives way to another")
    func places() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            try await office.writeCase("ZQFILE")
            for place in ["/nostick", "/nostick/", "/no/such/"] {
                expectRefusal(try await office.run("bundle", "export", "--to", network.folder + place, "--json"), 66)
                expectRefusal(
                    try await network.hub(
                        "bundle", "export", "--device", "SRY office", "--to", network.folder + place, "--json"), 66)
            }
            #expect(!isThere("nostick", "no", in: network))
            // A shell's variable that is not set: not the top of the machine's own disk.
            expectRefusal(try await office.run("bundle", "export", "--to", "", "--json"), 64)
            expectRefusal(
                try await network.hub("bundle", "export", "--device", "SRY office", "--to", "", "--json"), 64)
            expectRefusal(try await office.run("relay", "export", "--to", "", "--json"), 66)
            expectRefusal(try await office.run("bundle", "import", "", "--json"), 66)
            let code = try await network.code(for: "SRY")
            for place in ["", network.folder + "/nostick"] {
                let asked = try await network.reunite(
                    "join", network.url, "--code", code, "--request", place, "--replica",
                    network.folder + "/later.sqlite", "--json")
                expectRefusal(asked, place.isEmpty ? 64 : 66)
                #expect(!isThere("later.sqlite.device", in: network), "nothing was begun")
            }
            let whole = try await office.json("bundle", "export", "--to", network.folder + "/named.bundle")
            #expect(whole["verified"] == .bool(true))

            let pipe = network.folder + "/pipe"
            #expect(mkfifo(pipe, 0o600) == 0)
            for file in ["", "-", network.folder, pipe] {
                let ran = try await office.run("export", "person", file, "--replace", "--json")
                expectRefusal(ran, file.isEmpty || file == "-" ? 64 : 73)
            }
            #expect(try await office.count("data_export") == 0, "what was not written is not on record")
            #expect(!FileManager.default.fileExists(atPath: network.folder + "/-"))
            let svg = network.folder + "/figures.svg"
            try await office.json("report", "outcomes", "--svg", svg)
            expectRefusal(try await office.run("report", "outcomes", "--svg", svg, "--json"), 73)
            try await office.json("report", "outcomes", "--svg", svg, "--replace")
            expectRefusal(try await office.run("import", "person", network.folder, "--json"), 66)
        }
    }

    @Test("what could not be printed is no success", arguments: [[], ["--json"]])
    func fullOutput(options: [String]) async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            for command in [["case", "list", "--replica", office.file], ["hub", "status", "--hub-dir", "hub"]] {
                let line = ([network.program] + command + options).map { "'\($0)'" }.joined(separator: " ")
                let ran = try await network.running("/bin/sh", ["-c", "exec \(line) > /dev/full"]).finish()
                #expect(ran.status == 74 && ran.err.contains("no space left"), "\(ran)")
            }
            // Whoever reads the beginning only has had enough.
            let read = try await network.running(
                "/bin/sh", ["-c", "'\(network.program)' hub status --hub-dir hub | head -n 1"]
            ).finish()
            #expect(read.status == 0 && read.err.isEmpty, "\(read)")
        }
    }

    @Test("joining and restoring that fail leave nothing behind")
    func leftovers() async throws {
        try await Network.run { network in
            let code = try await network.code(for: "SRY")
            let first = try await network.reunite(
                "join", network.url, "--code", code, "--replica", network.folder + "/first.sqlite")
            #expect(first.status == 0, "\(first)")
            let key = network.folder + "/key.txt"
            _ = try await network.hub("backup-key", "--to", key)
            let backup = network.folder + "/hub.rub"
            #expect(try await network.hub("backup", backup).status == 0)
            let again = try await network.reunite(
                "join", network.url, "--code", code, "--replica", network.folder + "/second.sqlite", "--json")
            expectRefusal(again, 77)
            let restored = try await network.reunite(
                "hub", "restore", backup, "--key", key, "--hub-dir", network.folder + "/other", "--ledger",
                network.folder + "/none", "--json")
            expectRefusal(restored, 66)
            #expect(!isThere("second.sqlite", "second.sqlite.device", "other", in: network))
            let good = try await network.reunite(
                "hub", "restore", backup, "--key", key, "--hub-dir", network.folder + "/other", "--json")
            #expect(good.status == 0, "\(good)")
        }
    }

    @Test("doctor names what is wrong, changes nothing, and ends with 1 while somebody is needed")
    func doctor() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let before = try await office.fingerprint()
            func states(_ options: String...) async throws -> [String: String] {
                let arguments = ["doctor", "--replica", office.file, "--json"] + options
                let ran = try await network.running(network.program, arguments).finish()
                let report = try ran.json()
                let states = try report["checks"].items.map {
                    (try $0.requireText("check"), try $0.requireText("state"))
                }
                let found = Dictionary(states, uniquingKeysWith: { $1 })
                #expect(ran.status == (found.values.contains("attention") ? 1 : 0), "\(ran)")
                #expect(report["healthy"] == .bool(ran.status == 0))
                return found
            }
            for path in ["", "-wal"] { chmod(office.file + path, 0o600) }
            var found = try await states()
            for check in [
                "hub", "permissions", "sqlite", "structure", "triggers", "clock", "keys", "lease", "standing",
            ] {
                #expect(found[check] == "good", "\(check): \(found)")
            }
            #expect(
                Set(found.keys).isSuperset(of: ["disk_encryption", "free_space", "folder_kind", "folder_writable"]))
            chmod(office.file, 0o644)
            try await office.sql("CREATE TABLE copies(x); DROP TRIGGER ru_need_insert")
            await network.stop()
            found = try await states()
            #expect(
                try await office.count("sqlite_schema WHERE name = 'ru_need_insert'") == 1, "opening puts it back")
            for check in ["permissions", "additions", "hub"] {
                #expect(found[check] == "attention", "\(check): \(found)")
            }
            #expect(try await states("--offline")["hub"] == nil)
            #expect(try await office.fingerprint() == before)
            expectRefusal(
                try await network.reunite("doctor", "--replica", network.folder + "/none.sqlite", "--json"), 66)
        }
    }
}
