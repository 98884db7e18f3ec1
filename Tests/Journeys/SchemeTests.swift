import Foundation
import Testing

@Suite("An address that says http for https, or the other way round, is told so")
struct SchemeTests {
    @Test("a hub without TLS, asked with it: join and sync say which of the two the address needs")
    func plain() async throws {
        try await Network.run { network in
            let secure = network.url.replacingOccurrences(of: "http://", with: "https://")
            let file = network.folder + "/scheme.sqlite"
            let code = try await network.code(for: "SRY")
            let refused = try await network.reunite("join", secure, "--code", code, "--replica", file, "--json")
            expectRefusal(refused, 69)
            #expect(refused.err.contains("the hub there speaks plain HTTP"), "\(refused)")
            #expect(refused.err.contains("Use \(network.url) if the hub's operator says the same"), "\(refused)")
            #expect(!FileManager.default.fileExists(atPath: file))
            // The code is as good as before, and with it what was begun.
            #expect(try await network.reunite("join", network.url, "--code", code, "--replica", file).status == 0)
            try await stored(secure, in: Desk(network: network, file: file), asking: [], network)
        }
    }

    @Test("a hub with TLS, asked without: the same", .enabled(if: Program.exists("openssl")))
    func secure() async throws {
        try await Network.run { network in
            let certificate = try await network.serveSecurely().certificate
            let plain = network.url.replacingOccurrences(of: "https://", with: "http://")
            let file = network.folder + "/scheme.sqlite"
            let code = try await network.code(for: "SRY")
            // With an authority that is trusted, and with none: whose certificate it is, is another question.
            for more in [[], ["--ca", certificate]] {
                let refused = try await Running(
                    network.program, ["join", plain, "--code", code, "--replica", file, "--json"] + more,
                    in: network.folder
                ).finish()
                expectRefusal(refused, 69)
                #expect(refused.err.contains("the hub there speaks TLS"), "\(refused)")
                #expect(refused.err.contains("Use \(network.url) if the hub's operator says the same"), "\(refused)")
            }
            let joined = try await network.reunite(
                "join", network.url, "--code", code, "--replica", file, "--ca", certificate)
            #expect(joined.status == 0, "\(joined)")
            try await stored(
                plain, in: Desk(network: network, file: file), asking: ["--ca", certificate], network)
        }
    }

    /// A replica that knows the hub under the wrong address says so at each sync, until it is told the right one.
    private func stored(_ wrong: String, in desk: Desk, asking more: [String], _ network: Network) async throws {
        func sync(_ arguments: String...) async throws -> Ran {
            try await Running(
                network.program, ["sync", "--replica", desk.file, "--json"] + arguments + more, in: network.folder
            ).finish()
        }
        func known() async throws -> String? { try await desk.json("status")["hub"].text }
        #expect(try await sync("--hub", network.url).status == 0)
        try await desk.sql("UPDATE ru_meta SET value = '\(wrong)' WHERE name = 'hub_url'")
        for _ in 0..<2 {
            let refused = try await sync()
            expectRefusal(refused, 69)
            #expect(refused.err.contains("the address begins with") && refused.err.contains(network.url), "\(refused)")
        }
        // Where this replica's hub does not answer, nothing is kept.
        expectRefusal(try await sync("--hub", "http://127.0.0.1:1"), 75)
        expectRefusal(try await sync("--hub", "127.0.0.1"), 64)
        #expect(try await known() == wrong)
        let moved = try await sync("--hub", network.url + "/")
        #expect(moved.status == 0, "\(moved)")
        #expect(try await known() == network.url)
        #expect(try await sync().status == 0)
    }

    @Test("what is no hub is not taken for one that speaks the other way")
    func somebodyElse() async throws {
        try await Network.run { network in
            let web = try network.helper(Python.path, ["-c", Python.webServer])
            let address = try await web.line(after: "listening on ")
            let ran = try await network.reunite(
                "join", address.replacingOccurrences(of: "http://", with: "https://"), "--code",
                try await network.code(for: "SRY"), "--replica", network.folder + "/none.sqlite", "--json")
            expectRefusal(ran, 75)
            #expect(!ran.err.contains("speaks"), "\(ran)")
        }
    }
}
