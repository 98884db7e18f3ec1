import Foundation
import Testing

@Suite struct FullDiskTests {
    /// Whether a small disk can be made here without being root.
    private static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// About as many characters of notes, which do not compress.
    private func writeNotes(_ desk: Desk, _ written: WrittenCase, characters: Int) async throws -> Int {
        let notes = characters / 10_000
        try await desk.sql(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(notes))
            INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(5000)) FROM n
            """)
        return notes
    }

    @Test("a replica that may not grow is told so, loses nothing, and syncs when there is room")
    func limitedReplica() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let notes = try await writeNotes(desk, try await desk.writeCase("ZQFULL"), characters: 600_000)
            let ran = try await network.tool(
                Python.path, "-c", Python.limited, "100000", network.program, "sync", "--replica", desk.file, "--json")
            expectRefusal(ran, 74)
            #expect(try await desk.count("case_note") == notes + 1)
            #expect(try await desk.sql("PRAGMA integrity_check") == "ok")
            try await desk.synced()
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == String(notes + 1))
        }
    }

    @Test("a hub that may not grow says so, acknowledges nothing it did not keep, and goes on when there is room")
    func limitedHub() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let notes = try await writeNotes(desk, try await desk.writeCase("ZQFULL"), characters: 1_200_000)
            await network.stop()
            let listen = String(network.url.dropFirst("http://".count))
            try await network.serve(
                by: Running(
                    Python.path,
                    [
                        "-c", Python.limited, "200000", network.program, "hub", "serve", "--hub-dir",
                        network.hubFolder, "--listen", listen,
                    ], in: network.folder))
            expectRefusal(try await desk.run("sync", "--json"), 74)
            #expect(try await desk.unsent() > 0)
            #expect(
                try await network.tool(Python.path, "-c", Python.post, "GET", network.url + "/v1/health", "0")
                    .out.hasPrefix("200"))
            await network.stop()
            try await network.serve()
            try await desk.synced()
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == String(notes + 1))
            #expect(try await desk.unsent() == 0)
        }
    }

    @Test(
        "a full disk is told as such, loses nothing, and the sync succeeds when there is room", .enabled(if: canMount))
    func fullDisk() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let notes = try await writeNotes(desk, try await desk.writeCase("ZQFULL"), characters: 1_000_000)
            let script = """
                set -e
                mkdir disk
                mount -t tmpfs -o size=6m none disk
                cp -r "$2" "$2.device" disk/
                replica=disk/$(basename "$2")
                dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null || true
                set +e
                "$1" sync --replica "$replica" --json >full.out 2>full.err
                echo $? >full.status
                truncate -s -200K disk/filler
                "$1" sync --replica "$replica" --json >nearly.out 2>nearly.err
                echo $? >nearly.status
                rm disk/filler
                "$1" sync --replica "$replica" --json
                """
            let ran = try await network.tool("unshare", "-rm", "sh", "-c", script, "sh", network.program, desk.file)
            #expect(ran.status == 0, "\(ran)")
            #expect(try ran.json()["digest"].text == "match")
            func file(_ name: String) throws -> String {
                try String(contentsOfFile: network.folder + "/" + name, encoding: .utf8)
            }
            for name in ["full", "nearly"] {
                let refused = Ran(
                    command: "sync --json", status: Int32(try file("\(name).status").dropLast()) ?? -1,
                    out: try file("\(name).out"), err: try file("\(name).err"), seconds: 0)
                expectRefusal(refused, 74)
                #expect(refused.err.contains("full"), "\(refused)")
            }
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == String(notes + 1))
        }
    }
}
