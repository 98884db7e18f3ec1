import Foundation
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Pipes, links and files that others may read")
struct OddFilesTests {
    @Test("a pipe among files is refused at once, and holds nothing up")
    func pipes() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let stick = network.folder + "/stick"
            try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
            let pipe = stick + "/PIPE.RUB"
            try #require(mkfifo(pipe, 0o600) == 0)
            for arguments in [["bundle", "import", pipe], ["bundle", "inspect", pipe], ["relay", "import", pipe]] {
                let line = arguments + ["--replica", desk.file, "--json"]
                expectRefusal(
                    try await network.running(network.program, line).finish(within: 60), 65)
            }
            expectRefusal(
                try await network.running(
                    network.program, ["hub", "bundle", "import", pipe, "--hub-dir", network.hubFolder, "--json"]
                ).finish(within: 60), 65)
            // Beside it lies a file that somebody wants to take along.
            let mate = try await network.desk("SRY", role: "field")
            try await desk.writeCase("ZQPIPE")
            try await desk.synced()
            try await mate.json("bundle", "export", "--to", stick)
            let taken = try await desk.json("relay", "import", stick)
            #expect(taken["taken"].items.count == 1)
            try await desk.json("bundle", "export", "--to", stick)
        }
    }

    @Test("a file that may not be read is no input, and nobody is told that one could not be made")
    func unreadable() async throws {
        try await Network.run { network in
            let file = network.folder + "/closed.rub"
            try Data("closed".utf8).write(to: URL(fileURLWithPath: file))
            #expect(chmod(file, 0) == 0)
            // The superuser may read anything.
            let nobody = geteuid() == 0 ? ["setpriv", "--reuid=65534", "--clear-groups"] : []
            let ran = try await network.running(
                "/usr/bin/env", nobody + [network.program, "bundle", "inspect", file, "--json"]
            ).finish()
            expectRefusal(ran, 66)
            #expect(ran.err.contains("permission denied"), "\(ran)")
        }
    }

    @Test("a link to a replica is the replica, with its keys")
    func links() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let folder = network.folder + "/elsewhere"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            let link = folder + "/mine.sqlite"
            try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: desk.file)
            try await desk.writeCase("ZQLINK")
            let linked = Desk(network: network, file: link)
            try await linked.synced()
            #expect(try await network.atHub("SELECT count(*) FROM case_note WHERE body = 'ZQLINK-note'") == "1")
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["mine.sqlite"])
            try await desk.synced()
        }
    }

    @Test("a hub's secrets that others may read are remarked on")
    func readableKeys() async throws {
        try await Network.run { network in
            #expect(try await network.hub("status", "--json").json()["readable_by_others"].items.isEmpty)
            let keys = network.hubFolder + "/keys"
            try #require(chmod(keys, 0o644) == 0)
            let status = try await network.hub("status", "--json").json()
            #expect(status["readable_by_others"].items.map(\.text) == [keys])
            #expect(try await network.hub("status").out.contains("chmod 600"))
            await network.stop()
            let running = try network.start(
                "hub", "serve", "--hub-dir", network.hubFolder, "--listen",
                String(network.url.dropFirst("http://".count)))
            #expect(try await running.line(after: "WARNING: others on this machine").contains(keys))
            try await network.serve(by: running)
        }
    }
}
