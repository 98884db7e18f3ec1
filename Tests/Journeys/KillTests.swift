import Foundation
import TestSupport
import Testing

@Suite(.serialized) struct KillTests {
    private static let rounds = ProcessInfo.processInfo.environment["REUNITE_KILLS"].flatMap { Int($0) } ?? 40
    private static let seed = UInt64.random(in: 0..<1_000_000)

    @Test("whatever is killed during a sync, each written row reaches the hub exactly once", arguments: [seed])
    func syncIsKilled(seed: UInt64) async throws {
        try await Network.run { network in
            var random = SeededGenerator(seed: seed)
            let desk = try await network.desk("SRY")
            let written = try await desk.writeCase("ZQKILL")
            let mate = try await network.desk("SRY", role: "field")
            try await network.put(written.hex, on: mate, by: desk)
            var notes = 1
            var killed = 0
            for round in 0..<KillTests.rounds {
                let new = Int.random(in: 1...6, using: &random)
                let inserts = (0..<new).map { _ in
                    notes += 1
                    return """
                        INSERT INTO case_note(case_id, body) VALUES(x'\(written.hex)', 'ZQKILL note \(notes) of seed');
                        """
                }
                try await desk.sql(
                    "BEGIN; \(inserts.joined()) UPDATE need SET detail = 'round \(round)'; COMMIT;")
                let sync = try network.start("sync", "--replica", desk.file)
                let wait = Int.random(in: 0...150, using: &random)
                let hubToo = round % 3 == 2
                let hubWait = Int.random(in: 0...wait, using: &random)
                sync.send(SIGKILL, afterMilliseconds: wait)
                if hubToo { network.hub?.send(SIGKILL, afterMilliseconds: hubWait) }
                if await sync.finish().status == -SIGKILL { killed += 1 }
                if hubToo {
                    await network.killHub()
                    try await network.serve()
                }
                if round % 4 == 3 { try await desk.synced() }
            }
            #expect(killed > KillTests.rounds / 10, "only \(killed) were killed before they had ended")
            try await desk.synced()
            try await mate.synced()
            try await desk.synced()

            let count = "SELECT count(*), count(DISTINCT body) FROM case_note WHERE body LIKE 'ZQKILL note%'"
            let expected = "\(notes - 1)|\(notes - 1)"
            #expect(try await network.atHub(count) == expected)
            #expect(try await desk.sql(count) == expected)
            #expect(try await mate.sql(count) == expected)
            let need = "SELECT count(*), max(detail) FROM need"
            let last = "1|round \(KillTests.rounds - 1)"
            #expect(try await network.atHub(need) == last)
            #expect(try await mate.sql(need) == last)
            // Judged exactly once too: one op for each note, none of them returned or in quarantine.
            #expect(try await network.atHub("SELECT count(*) FROM hub_quarantine") == "0")
            #expect(try await network.atHub("SELECT count(*) FROM hub_hold") == "0")
            #expect(try await desk.count("ru_returned") == 0)
            #expect(try await desk.unsent() == 0)
            let devices = try await network.hub("device", "list", "--json").json()["devices"].items
            #expect(devices.map { $0["digest"].text } == ["match", "match"])
            for file in [desk.file, mate.file, network.hubFile] {
                #expect(try await Shell.run("PRAGMA integrity_check", file: file, in: network.folder) == "ok")
            }
        }
    }

    @Test("a join that is killed at any moment can be repeated with the same code", arguments: [seed])
    func joinIsKilled(seed: UInt64) async throws {
        try await Network.run { network in
            var random = SeededGenerator(seed: seed)
            for round in 0..<8 {
                let file = network.folder + "/joined-\(round).sqlite"
                let code = try await network.code(for: "SRY")
                for _ in 0..<3 {
                    let join = try network.start("join", network.url, "--code", code, "--replica", file)
                    join.send(SIGKILL, afterMilliseconds: Int.random(in: 5...160, using: &random))
                    let ran = await join.finish()
                    let allowed: [Int32] = [0, 73, -SIGKILL]
                    #expect(allowed.contains(ran.status), "seed \(seed), round \(round): \(ran)")
                }
                let last = try await network.reunite("join", network.url, "--code", code, "--replica", file)
                // Refused only when an earlier one had done everything but say so.
                if last.status != 0 { expectRefusal(last, 73) }
                let desk = Desk(network: network, file: file)
                let sync = try await desk.run("sync")
                #expect(sync.status == 0, "seed \(seed), round \(round): \(sync)\nafter \(last)")
            }
        }
    }

    @Test("an answer that is lost after the hub has acted is no harm: the repeated sync sends nothing twice")
    func answersAreLost() async throws {
        try await Network.run { network in
            let proxy = try await network.proxy()
            let desk = try await network.desk("SRY", via: proxy.url)
            try await desk.writeCase("ZQLOST")
            try proxy.set("lose-answer")
            expectRefusal(try await desk.run("sync", "--json"), 75)
            expectRefusal(try await desk.run("sync"), 75)
            try proxy.set("pass")
            try await desk.synced()
            #expect(try await network.atHub("SELECT count(*) FROM case_note WHERE body LIKE 'ZQLOST%'") == "1")
            #expect(try await desk.unsent() == 0)
        }
    }
}
