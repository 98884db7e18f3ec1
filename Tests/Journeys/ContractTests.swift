import Foundation
import Testing

/// What scripts and timers rely on.
@Suite struct ContractTests {
    @Test("every reporting command prints exactly one JSON document with the keys that are promised")
    func keys() async throws {
        try await Network.run { network in
            let file = network.folder + "/desk.sqlite"
            let enrol = try await network.hub("device", "enrol", "SRY", "--name", "d", "--role", "office", "--json")
            let invitation = try enrol.json()
            #expect(invitation.keys.isSuperset(of: ["code", "device", "expires"]))
            let join = try await network.reunite(
                "join", network.url, "--code", try invitation.requireText("code"), "--replica", file, "--json")
            #expect(try join.json()["device"] == invitation["device"])
            let desk = Desk(network: network, file: file)
            let statusKeys: Set = [
                "device", "partner", "role", "hub", "hub_epoch", "cursor", "last_sync", "unsent", "conflicts",
                "returned", "safe_to_wipe", "schema", "hub_schema", "kept_rows", "clock_skew_seconds",
            ]
            func checkStatus() async throws -> JSON {
                let status = try await desk.json("status")
                #expect(status.keys.isSuperset(of: statusKeys), "missing: \(statusKeys.subtracting(status.keys))")
                #expect(status["unsent"].keys == ["edits", "oldest"])
                #expect(status["safe_to_wipe"] == .bool(true) || status["wipe_waits_for"].text != nil)
                return status
            }
            _ = try await checkStatus()
            try await desk.writeCase("ZQKEYS")
            let status = try await checkStatus()
            #expect(status["safe_to_wipe"] == .bool(false))
            #expect(status["unsent"]["oldest"].text?.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil)

            let sync = try await desk.json("sync")
            let syncKeys: Set = [
                "hub_epoch", "cursor", "pushed", "pulled", "entered", "left", "conflicts", "returned", "digest",
                "round_trips", "seconds", "schema", "hub_schema",
            ]
            #expect(sync.keys.isSuperset(of: syncKeys), "missing: \(syncKeys.subtracting(sync.keys))")
            #expect(sync["pushed"].keys == ["edits", "bytes"])
            #expect(sync["pulled"].keys == ["rows", "bytes"])
            let agreed = try await checkStatus()
            #expect(agreed["hub_schema"] == agreed["schema"] && agreed["kept_rows"] == .number(0))
            for (version, words) in [(1, "The hub's program is older"), (99, "The hub's program is newer")] {
                try await desk.sql("UPDATE ru_meta SET value = \(version) WHERE name = 'hub_schema'")
                #expect(try await desk.run("status").out.contains(words))
            }

            for arguments in [["log"], ["inbox"], ["case", "list"], ["referral", "list"]] {
                let ran = try await Running(
                    network.program, arguments + ["--replica", file, "--json"], in: network.folder
                ).finish()
                #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
                _ = try ran.json()
            }
            let id = try #require(try await desk.json("case", "list")["cases"].items.first?["id"].text)
            _ = try await desk.json("case", "show", id)
            _ = try await desk.json("case", "show", id, "--why")
        }
    }

    @Test("hub commands answer with one JSON document each while the hub serves")
    func hubCommands() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            for arguments in [
                ["status"], ["partner", "list"], ["device", "list"], ["conflicts", "list"], ["quarantine", "list"],
                ["partner", "add", "DBY", "--name", "Derby Women's Centre", "--area", "DBY"],
            ] {
                let ran = try await Running(
                    network.program, ["hub"] + arguments + ["--hub-dir", network.hubFolder, "--json"],
                    in: network.folder
                ).finish()
                #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
                _ = try ran.json()
            }
            // What the operator did while it served reaches the replicas.
            try await desk.synced()
            #expect(try await desk.sql("SELECT name FROM partner WHERE code = 'DBY'") == "Derby Women's Centre")
            let devices = try await network.hub("device", "list", "--json").json()["devices"].items
            try #require(devices.count == 1)
            #expect(devices[0]["digest"].text == "match")
            #expect(devices[0]["behind"].int == 0)
        }
    }

    @Test("a command line that cannot be understood is refused in the same shape as everything else")
    func usage() async throws {
        try await Network.run { network in
            for arguments in [
                ["sync", "--nonsense"], ["join"], ["join", network.url], ["hub", "device", "enrol", "SRY"],
                ["hub", "serve", "--hub-dir", network.hubFolder, "--listen", "nowhere"], ["nonsense"],
                ["hub", "device", "enrol", "SRY", "--name", "x", "--role", "queen", "--hub-dir", network.hubFolder],
            ] {
                for extra in [[], ["--json"]] {
                    let ran = try await Running(network.program, arguments + extra, in: network.folder).finish()
                    expectRefusal(ran, 64)
                }
            }
        }
    }

    @Test("--help of every command says what it does and gives an example")
    func help() async throws {
        let folder = try Network.temporaryFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let program = try Program.path()
        var waiting: [[String]] = [[]]
        var seen = 0
        while let path = waiting.popLast() {
            let ran = try await Running(program, path + ["--help"], in: folder).finish()
            let name = path.joined(separator: " ")
            #expect(ran.status == 0 && ran.err.isEmpty, "\(ran)")
            #expect(ran.out.hasPrefix("OVERVIEW: "), "'\(name)' does not say what it does")
            let below = ran.out.split(separator: "SUBCOMMANDS:\n").dropFirst().first ?? ""
            let commands = below.split(separator: "\n").compactMap { line in
                line.firstMatch(of: /^  ([a-z][a-z-]*)/).map { String($0.1) }
            }.filter { $0 != "See" }
            if commands.isEmpty {
                #expect(ran.out.contains("reunite-sync \(path[0])"), "'\(name)' has no example")
                #expect(ran.out.contains("Example:"), "'\(name)' has no example")
            }
            waiting += commands.map { path + [$0] }
            seen += 1
        }
        #expect(seen > 25, "only \(seen) commands were found")
    }

    @Test(
        "an idle hub that is told to stop does so, and says it is well",
        arguments: [SIGTERM, SIGINT])
    func stops(signal: Int32) async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let hub = try #require(network.hub)
            hub.send(signal)
            let ran = await hub.finish(within: 300)
            #expect(ran.status == 0, "\(ran)")
            try await network.serve()
            try await desk.synced()
        }
    }

    @Test("connections that others keep open do not keep a hub from stopping", arguments: ["whole", "half"])
    func stopsWithConnections(kind: String) async throws {
        try await Network.run { network in
            let hub = try #require(network.hub)
            let client = try network.helper(Python.path, ["-c", Python.lingering, network.url, kind])
            _ = try await client.line(after: "holding it")
            hub.send(SIGTERM)
            // The connections would be held for ten minutes.
            let ran = await hub.finish(within: 300)
            #expect(ran.status == 0, "\(ran)")
        }
    }
}
