import Foundation
import Testing

/// G10.
@Suite("A hub is killed between committing and answering", .enabled(if: Program.exists("openssl")))
struct KilledAtCommitTests {
    @Test("an increment counts once, over HTTPS and by stick, however often it comes again")
    func onceAfterAKill() async throws {
        try await Network.run { network in
            let secured = try await serveSecured(network)
            func sync(_ desk: Desk) async throws -> Ran {
                try await network.reunite(
                    "sync", "--replica", desk.file, "--json", "--ca", secured.certificate)
            }
            let file = network.folder + "/desk.sqlite"
            let joined = try await network.reunite(
                "join", network.url, "--code", try await network.code(for: "SRY"), "--replica", file, "--ca",
                secured.certificate)
            try #require(joined.status == 0, "\(joined)")
            let desk = Desk(network: network, file: file)
            try #require(try await sync(desk).status == 0)
            try await desk.sql(
                "INSERT INTO drop_in_session(partner_id, held_on, attendees) "
                    + "SELECT value, '2026-03-02', 4 FROM ru_meta WHERE name = 'partner'")
            try #require(try await sync(desk).status == 0)

            // The moment between the two is short: until it was met, once more.
            let attendees = "SELECT attendees FROM drop_in_session"
            var expected = 4
            var wasLost = false
            for round in 0..<10 where !wasLost {
                try await desk.sql("UPDATE drop_in_session SET attendees = attendees + 1")
                expected += 1
                let hub = try #require(network.hub)
                let killer = try network.helper(
                    Python.path, ["-c", Python.killer, network.hubFile, String(hub.identifier)])
                _ = try await killer.line(after: "watching")
                let ran = try await sync(desk)
                #expect(await killer.finish().status == 0)
                #expect(await hub.finish().status == -SIGKILL)
                await network.killHub()
                #expect(try await network.atHub(attendees) == String(expected), "it had committed")
                wasLost = ran.status != 0
                guard wasLost else {
                    try await secured.serve()
                    continue
                }
                expectRefusal(ran, 75)
                // By stick while it is down, over the network when it is up, and by stick once more.
                let stick = network.folder + "/\(round).rub"
                try await desk.json("bundle", "export", "--to", stick)
                let first = try await network.hub("bundle", "import", stick, "--json").json()
                #expect(first["duplicates"].int == 1 && first["taken"].int == 0, "\(first)")
                try await secured.serve()
                #expect(try await sync(desk).status == 0)
                #expect(try await network.hub("bundle", "import", stick, "--json").json()["duplicates"].int == 1)
            }
            #expect(wasLost, "no answer was lost in ten kills")
            #expect(try await network.atHub(attendees) == String(expected))
            #expect(try await desk.sql(attendees) == String(expected))
            #expect(try await network.atHub("SELECT count(*) FROM hub_quarantine") == "0")
            let last = try await sync(desk)
            #expect(try last.json()["digest"].text == "match", "\(last)")
            #expect(try await desk.unsent() == 0)
            #expect(try await network.hub("verify").status == 0)
        }
    }

    /// A network that is served over TLS, and how to serve it again.
    private struct Secured {
        let network: Network
        let certificate: String
        let key: String
        let listen: String

        func serve() async throws {
            try await network.serve(
                by: network.start(
                    "hub", "serve", "--hub-dir", network.hubFolder, "--listen", listen, "--tls-certificate",
                    certificate, "--tls-key", key))
        }
    }

    private func serveSecured(_ network: Network) async throws -> Secured {
        let secured = Secured(
            network: network, certificate: network.folder + "/hub.pem", key: network.folder + "/hub.key",
            listen: String(network.url.dropFirst("http://".count)))
        let made = try await network.tool(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", secured.key, "-out",
            secured.certificate)
        try #require(made.status == 0, "\(made)")
        await network.stop()
        try await secured.serve()
        return secured
    }
}
