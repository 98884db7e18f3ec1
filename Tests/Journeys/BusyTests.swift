import Foundation
import Testing

@Suite struct BusyTests {
    @Test("a second hub serve on the same folder is refused at once")
    func secondServe() async throws {
        try await Network.run { network in
            let ran = try await network.hub("serve", "--listen", "127.0.0.1:0")
            expectRefusal(ran, 75)
            #expect(try await network.desk("SRY").count("partner") == 2)
        }
    }

    @Test("a port that is taken is said to be taken")
    func takenPort() async throws {
        try await Network.run { network in
            let copy = network.folder + "/copy"
            try FileManager.default.copyItem(atPath: network.hubFolder, toPath: copy)
            let listen = String(network.url.dropFirst("http://".count))
            expectRefusal(
                try await network.reunite("hub", "serve", "--hub-dir", copy, "--listen", listen), 75)
        }
    }

    @Test("a second sync of one replica is refused at once, and the lock ends with its holder however it ends")
    func secondSync() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let holder = try network.helper(Python.path, ["-c", Python.claim, desk.file + ".device/lock"])
            _ = try await holder.line(after: "holding it")
            let ran = try await desk.run("sync", "--json")
            expectRefusal(ran, 75)
            holder.send(SIGKILL)
            _ = await holder.finish()
            try await desk.synced()
        }
    }

    @Test("a file that another program is writing to is waited for, and after five seconds given up")
    func lockedReplica() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            try await desk.writeCase("ZQLOCKED")
            let writer = try network.helper(Python.path, ["-c", Python.writer, desk.file])
            _ = try await writer.line(after: "holding it")
            let ran = try await desk.run("sync", "--json")
            expectRefusal(ran, 75)
            #expect(ran.seconds > 4.5, "five seconds are promised: \(ran.seconds) s")
            let waiting = try network.start("sync", "--replica", desk.file)
            writer.send(SIGKILL, afterMilliseconds: 700)
            _ = await writer.finish()
            let waited = await waiting.finish()
            #expect(waited.status == 0, "\(waited)")
            #expect(try await desk.unsent() == 0)
        }
    }

    @Test("a hub whose database is being written to by another program says try later, and works afterwards")
    func lockedHub() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            try await desk.writeCase("ZQHUBLOCKED")
            let writer = try network.helper(Python.path, ["-c", Python.writer, network.hubFile])
            _ = try await writer.line(after: "holding it")
            expectRefusal(try await desk.run("sync", "--json"), 75)
            #expect(try await desk.unsent() > 0)
            writer.send(SIGKILL)
            _ = await writer.finish()
            try await desk.synced()
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == "1")
        }
    }

    @Test("a hub that cannot be reached costs nothing: work goes on and the next sync brings everything")
    func unreachable() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            await network.stop()
            try await desk.writeCase("ZQOFFLINE")
            expectRefusal(try await desk.run("sync", "--json"), 75)
            let before = try await desk.fingerprint()
            expectRefusal(try await desk.run("sync"), 75)
            #expect(try await desk.fingerprint() == before)
            #expect(try await desk.unsent() > 0)
            try await network.serve()
            try await desk.synced()
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == "1")
        }
    }
}
