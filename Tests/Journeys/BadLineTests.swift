import Foundation
import TestLine
import Testing

@Suite struct BadLineTests {
    @Test("a sync that is killed in the middle of a delivery goes on at the byte that it had")
    func killedWhileFetching() async throws {
        try await Network.run { network in
            let writer = try await network.desk("SRY")
            let written = try await writer.writeCase("ZQLONG")
            try await writer.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
                INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(4000)) FROM n
                """)
            try await writer.synced()
            var shape = LineShape()
            // Slow enough to be killed in the middle by a test that waits for its turn.
            shape.bytesPerSecond = 20_000
            let port = try #require(network.url.split(separator: ":").last.flatMap { Int($0) })
            let proxy = try FaultProxy(target: port, shape: shape)
            let file = network.folder + "/reader.sqlite"
            let joined = try await network.reunite(
                "join", proxy.url, "--code", try await network.code(for: "SRY"), "--replica", file)
            try #require(joined.status == 0, "\(joined)")
            let reader = Desk(network: network, file: file)
            func staged() -> Int {
                let path = file + ".device/delivery.part"
                return (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
            }
            proxy.reset()
            var last = 0
            for _ in 0..<3 {
                let sync = try network.start("sync", "--replica", file)
                let limit = Date().addingTimeInterval(300)
                while staged() < last + 30_000, Date() < limit { try await Task.sleep(for: .milliseconds(5)) }
                sync.send(SIGKILL)
                let ran = await sync.finish()
                #expect(ran.status == -SIGKILL, "\(ran)")
                let here = staged()
                #expect(here >= last + 30_000, "the offset grows: \(here) after \(last)")
                last = here
            }
            shape.bytesPerSecond = nil
            proxy.set(shape)
            let done = try await reader.synced()
            proxy.close()
            #expect(try await reader.count("case_note") == 61)
            let size = try #require(done["pulled"]["bytes"].int)
            // What was on its way when it was killed comes twice. Had it begun anew each time, 180 KB would have.
            let again = proxy.count.down - size
            #expect(again < 120_000, "\(proxy.count) for \(size)")
            #expect(staged() == 0)
        }
    }

    @Test("a device that is revoked while a slow line brings a delivery takes nothing of it")
    func revokedWhileFetching() async throws {
        try await Network.run { network in
            let writer = try await network.desk("SRY")
            let written = try await writer.writeCase("ZQSLOW")
            try await writer.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
                INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(4000)) FROM n
                """)
            try await writer.synced()
            var shape = LineShape()
            shape.bytesPerSecond = 8_000
            let port = try #require(network.url.split(separator: ":").last.flatMap { Int($0) })
            let proxy = try FaultProxy(target: port, shape: shape)
            defer { proxy.close() }
            let file = network.folder + "/slow.sqlite"
            let invited = try await network.hub(
                "device", "enrol", "SRY", "--name", "slow", "--role", "office", "--json")
            let joined = try await network.reunite(
                "join", proxy.url, "--code", try invited.json().requireText("code"), "--replica", file)
            try #require(joined.status == 0, "\(joined)")
            let reader = Desk(network: network, file: file)
            let sync = try network.start("sync", "--replica", file, "--patience", "5")
            let path = file + ".device/delivery.part"
            let limit = Date().addingTimeInterval(300)
            while (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0 < 20_000, Date() < limit
            {
                try await Task.sleep(for: .milliseconds(5))
            }
            // No cut and no second request: all the rest is on its way.
            let revoked = try await network.hub("device", "revoke", "slow")
            try #require(revoked.status == 0, "\(revoked)")
            let ran = await sync.finish()
            #expect(ran.status == 77, "\(ran)")
            #expect(try await reader.count("case_note") == 0)
            #expect(try await reader.count("person") == 0)
        }
    }

    @Test(
        "a hub with a certificate of its own serves over TLS, and nobody else is taken for it",
        .enabled(if: Program.exists("openssl")))
    func tls() async throws {
        try await Network.run { network in
            let (certificate, key) = try await network.serveSecurely()
            #expect(network.url.hasPrefix("https://"))
            let file = network.folder + "/secure.sqlite"
            let code = try await network.code(for: "SRY")
            // The system's authorities know nothing of it.
            expectRefusal(
                try await network.reunite("join", network.url, "--code", code, "--replica", file), 75)
            let joined = try await network.reunite(
                "join", network.url, "--code", code, "--replica", file, "--ca", certificate)
            #expect(joined.status == 0, "\(joined)")
            let desk = Desk(network: network, file: file)
            #expect(try await desk.run("sync", "--ca", certificate).status == 0)
            expectRefusal(try await desk.run("sync"), 75)
            expectRefusal(try await desk.run("sync", "--ca", key), 78)
        }
    }

    @Test(
        "a key that is not the certificate's is said in one line before anything is served",
        .enabled(if: Program.exists("openssl")))
    func strangeKey() async throws {
        try await Network.run { network in
            await network.stop()
            var files: [String] = []
            for name in ["one", "other"] {
                let (key, certificate) = (network.folder + "/\(name).key", network.folder + "/\(name).pem")
                let made = try await network.tool(
                    "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-keyout", key, "-out", certificate)
                try #require(made.status == 0, "\(made)")
                files += [key, certificate]
            }
            let ran = try await network.hub(
                "serve", "--listen", "127.0.0.1:0", "--tls-certificate", files[1], "--tls-key", files[2])
            expectRefusal(ran, 78)
            #expect(ran.err.contains("does not belong to the certificate"), "\(ran)")
            // Nor is a file that holds something else.
            for (certificate, key) in [(files[0], files[0]), (files[1], files[1])] {
                expectRefusal(
                    try await network.hub(
                        "serve", "--listen", "127.0.0.1:0", "--tls-certificate", certificate, "--tls-key", key), 78)
            }
            try await network.serve()
        }
    }

    @Test(
        "a machine whose clock is outside a certificate's days is told to look at its clock",
        .enabled(if: Program.exists("openssl") && MovedClock.library != nil))
    func wrongClock() async throws {
        try await Network.run { network in
            let certificate = try await network.serveSecurely().certificate
            let file = network.folder + "/late.sqlite"
            let code = try await network.code(for: "SRY")
            let joined = try await network.reunite(
                "join", network.url, "--code", code, "--replica", file, "--ca", certificate)
            #expect(joined.status == 0, "\(joined)")
            let desk = Desk(network: network, file: file)
            #expect(try await desk.run("sync", "--ca", certificate).status == 0)
            // The machine's battery was empty, or somebody set it wrong.
            for days in [400, -400] {
                network.clock = MovedClock(days: days)
                let ran = try await desk.run("sync", "--ca", certificate, "--patience", "0", "--json")
                expectRefusal(ran, 75)
                #expect(ran.err.contains("clock"), "\(ran)")
            }
            network.clock = MovedClock()
            #expect(try await desk.run("sync", "--ca", certificate).status == 0)
        }
    }

    @Test("patience waits for a hub that comes back")
    func patience() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            await network.stop()
            try await desk.writeCase("ZQPATIENT")
            let waiting = try network.start("sync", "--replica", desk.file, "--patience", "600")
            try await Task.sleep(for: .milliseconds(1_500))
            try await network.serve()
            let ran = await waiting.finish()
            #expect(ran.status == 0, "\(ran)")
            #expect(try await desk.unsent() == 0)
        }
    }
}
