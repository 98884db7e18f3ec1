import Foundation
import Testing

@Suite struct TamperingTests {
    @Test(
        "what was changed on the way is refused, changes nothing, and the next sync succeeds",
        arguments: [("flip-request", 65), ("flip-answer", 65), ("short-answer", 65), ("cut-answer", 75)])
    func tampered(mode: String, status: Int32) async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let desk = try await network.desk("SRY", via: proxy.url)
            let written = try await desk.writeCase("ZQTAMPER")
            try proxy.set(mode)
            let first = try await desk.run("sync", "--json")
            expectRefusal(first, status)
            let replica = try await desk.fingerprint()
            expectRefusal(try await desk.run("sync"), status)
            #expect(try await desk.fingerprint() == replica)
            #expect(try await desk.unsent() > 0)
            if mode == "flip-request" {
                #expect(try await network.atHub("SELECT count(*) FROM case_note") == "0")
            }
            try proxy.set("pass")
            try await desk.synced()
            #expect(try await desk.unsent() == 0)
            #expect(try await network.atHub("SELECT count(*) FROM case_file WHERE id = x'\(written.hex)'") == "1")
            #expect(try await network.atHub("SELECT count(*) FROM case_note") == "1")
        }
    }

    @Test("an answer without end, a redirection and a broken gateway are refused")
    func strange() async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let desk = try await network.desk("SRY", via: proxy.url)
            try await desk.writeCase("ZQSTRANGE")
            try proxy.set("long-answer")
            expectRefusal(try await desk.run("sync", "--json"), 65)
            for mode in ["redirect", "portal", "empty", "proxy-wants-a-name", "error"] {
                try proxy.set(mode)
                let refused = try await desk.run("sync", "--json", "--patience", "0")
                expectRefusal(refused, 75)
                #expect(mode == "error" || refused.err.contains("not the hub"), "\(refused)")
            }
            try proxy.set("pass")
            try await desk.synced()
        }
    }

    @Test("a page of a large delivery that was changed on the way is refused, and nothing of the delivery is applied")
    func tamperedPage() async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let office = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field", via: proxy.url)
            let written = try await office.writeCase("ZQPAGE")
            try await office.sql(
                """
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 150)
                INSERT INTO case_note(case_id, body) SELECT x'\(written.hex)', hex(randomblob(5000)) FROM n
                """)
            try await network.put(written.hex, on: laptop, by: office)
            let before = try await laptop.fingerprint()
            try proxy.set("flip-page")
            expectRefusal(try await laptop.run("sync", "--json"), 65)
            #expect(try await laptop.fingerprint() == before)
            try proxy.set("pass")
            try await laptop.synced()
            #expect(try await laptop.count("case_note") == 151)
        }
    }

    @Test(
        "a join whose request or answer was changed is refused, and works when repeated",
        arguments: [("flip-request", [65, 77]), ("flip-answer", [65])])
    func tamperedJoin(mode: String, statuses: [Int32]) async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let file = network.folder + "/joining.sqlite"
            let code = try await network.code(for: "SRY")
            try proxy.set(mode)
            let refused = try await network.reunite("join", proxy.url, "--code", code, "--replica", file, "--json")
            // Where the changed byte lies decides whether the hub can read the request at all.
            expectRefusal(refused, statuses.contains(refused.status) ? refused.status : statuses[0])
            #expect(!FileManager.default.fileExists(atPath: file))
            try proxy.set("pass")
            let again = try await network.reunite("join", proxy.url, "--code", code, "--replica", file)
            #expect(again.status == 0, "\(again)")
        }
    }

    @Test("garbage and oversized bodies on any route are refused with a status, and the hub stays up")
    func garbage() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let before = try await network.hubFingerprint()
            func send(_ method: String, _ path: String, _ bytes: Int) async throws -> String {
                try await network.tool(
                    Python.path, "-c", Python.post, method, network.url + path, String(bytes)
                ).out
            }
            for path in ["/v1/enrol", "/v1/sync", "/v1/preview", "/v1/history"] {
                for bytes in [0, 1, 100, 100_000] {
                    let answer = try await send("POST", path, bytes)
                    #expect(answer.hasPrefix("400 ") || answer.hasPrefix("403 "), "\(path) \(bytes): \(answer)")
                }
                let answer = try await send("POST", path, 3 << 20)
                #expect(answer.hasPrefix("400 "), "\(path), 3 MiB: \(answer)")
            }
            let zero = "00000000-0000-0000-0000-000000000000"
            for path in ["/v1/delivery/\(zero)/0", "/v1/delivery/x/-1", "/v1/delivery/", "/v2/sync", "/%00/../etc"] {
                let answer = try await send("GET", path, 0)
                #expect(answer.hasPrefix("4"), "\(path): \(answer)")
            }
            #expect(try await send("GET", "/v1/health", 0).hasPrefix("200 ok"))
            #expect(try await network.hubFingerprint() == before)
            try await desk.synced()
        }
    }
}
