import Foundation
import Testing

@Suite struct FullDiskTests {
    /// Whether a small disk can be made here without being root.
    @Sendable private static func canMount() async -> Bool {
        let arguments = ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
        let folder = FileManager.default.temporaryDirectory.path
        let mount = try? Running("unshare", arguments, in: folder)
        return await mount?.finish().status == 0
    }

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
            let refused = try await desk.run("sync", "--json", "--patience", "1")
            expectRefusal(refused, 75)
            #expect(refused.err.contains("hub's disk") && !refused.err.contains("hub.sqlite"), "\(refused)")
            #expect(!refused.err.contains(network.folder), "\(refused)")
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
        "a ledger's disk that is full in the middle of a record stops nothing, and all of it is there once there is room",
        .enabled { await canMount() })
    func fullLedger() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let (key, backup) = (network.folder + "/backup-key.txt", network.folder + "/monday.rub")
            for line in [["backup-key", "--to", key], ["backup", backup]] {
                let ran = try await network.hub(line[0], line[1], line.count > 2 ? line[2] : "--json")
                try #require(ran.status == 0, "\(ran)")
            }
            let notes = try await writeNotes(desk, try await desk.writeCase("ZQFULL"), characters: 1_200_000)
            await network.stop()
            let script = """
                set -e
                mkdir disk
                mount -t tmpfs -o size=300k none disk
                "$1" hub serve --hub-dir "$2" --listen "$3" --ledger "$PWD/disk/ledger" >serve.out 2>&1 &
                serve=$!
                trap 'kill $serve' EXIT
                for i in $(seq 600); do grep -q "listening on" serve.out && break; sleep 0.1; done
                look() {
                  for end in "sync --replica $3" "status --replica $3" "hub status --hub-dir $2"; do
                    "$1" $end --json >"$4.$(echo $end | sed 's/ -.*//;s/ /-/')" || [ $? = 1 ]
                  done
                }
                look "$1" "$2" "$4" full
                mount -o remount,size=32m disk
                look "$1" "$2" "$4" room
                kill $serve
                wait $serve || true
                trap - EXIT
                cp -r disk/ledger ledger
                """
            let listen = String(network.url.dropFirst("http://".count))
            let ran = try await network.tool(
                "unshare", "-rm", "sh", "-c", script, "sh", network.program, network.hubFolder, listen, desk.file)
            try #require(ran.status == 0, "\(ran)")
            func report(_ name: String) throws -> JSON {
                try JSON(try String(contentsOfFile: network.folder + "/" + name, encoding: .utf8))
            }
            #expect(try report("full.sync")["digest"].text == "match")
            #expect(try report("full.hub-status")["ledger"]["trouble"].text?.contains("full") == true)
            #expect(try report("full.status")["safe_to_wipe"] == .bool(false))
            #expect(try report("room.hub-status")["ledger"]["trouble"] == .null)
            #expect(try report("room.status")["safe_to_wipe"] == .bool(true))
            // The hub's own disk dies now.
            try FileManager.default.removeItem(atPath: network.hubFolder)
            let restored = try await network.hub(
                "restore", backup, "--key", key, "--ledger", network.folder + "/ledger", "--json")
            try #require(restored.status == 0, "\(restored)")
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == String(notes + 1))
        }
    }

    @Test(
        "a full disk is told as such, loses nothing, and the sync succeeds when there is room",
        .enabled { await canMount() })
    func fullDisk() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let notes = try await writeNotes(desk, try await desk.writeCase("ZQFULL"), characters: 1_000_000)
            let script = """
                set -e
                mkdir disk
                mount -t tmpfs -o size=6m none disk
                rm "$2.device/ballast"
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

    @Test(
        "on a disk that others have filled, what was typed is sealed and sent all the same: there was ballast",
        .enabled { await canMount() })
    func ballast() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let written = try await desk.writeCase("ZQFULL")
            try await desk.synced()
            let notes = try await writeNotes(desk, written, characters: 1_000_000)
            let script = """
                set -e
                mkdir disk
                mount -t tmpfs -o size=100m none disk
                cp "$2" disk/
                mkdir disk/$(basename "$2").device
                cp "$2.device"/* disk/$(basename "$2").device/
                replica=disk/$(basename "$2")
                ballast="$replica.device/ballast"
                [ $(stat -c %s "$ballast") = 16777216 ]
                dd if=/dev/zero of=disk/filler bs=4096 2>/dev/null || true
                "$1" sync --replica "$replica" --json >full.out
                [ ! -e "$ballast" ]
                rm disk/filler
                "$1" sync --replica "$replica" --json >room.out
                [ $(stat -c %s "$ballast") = 16777216 ]
                """
            let ran = try await network.tool("unshare", "-rm", "sh", "-c", script, "sh", network.program, desk.file)
            #expect(ran.status == 0, "\(ran)")
            for name in ["full", "room"] {
                let report = try JSON(try String(contentsOfFile: "\(network.folder)/\(name).out", encoding: .utf8))
                #expect(report["digest"].text == "match")
            }
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == String(notes + 1))
        }
    }
}
