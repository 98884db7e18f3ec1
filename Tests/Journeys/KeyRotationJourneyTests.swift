import Foundation
import TestSupport
import Testing

@Suite("A device's new keys, with real processes")
struct KeyRotationJourneyTests {
    @Test("rotate-keys needs no hub, survives a kill at any moment, and shuts out who has the old keys")
    func rotate() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            let written = try await desk.writeCase("ZQKEYS")
            try await desk.synced()
            let copy = Desk(network: network, file: network.folder + "/copy.sqlite")
            for suffix in ["", "-wal", ".device"] where FileManager.default.fileExists(atPath: desk.file + suffix) {
                try FileManager.default.copyItem(atPath: desk.file + suffix, toPath: copy.file + suffix)
            }

            // Offline, and killed now and then: either the old keys are in use afterwards or the new ones.
            await network.killHub()
            for wait in [5, 40, 90] {
                let running = try network.start("device", "rotate-keys", "--replica", desk.file)
                running.send(SIGKILL, afterMilliseconds: wait)
                _ = await running.finish()
                let number = try #require(try await desk.json("status")["key_number"].int)
                #expect(number == 1 || number == 2)
            }
            let last = try await desk.run("device", "rotate-keys", "--json")
            // Refused only when an earlier one had done everything but say so.
            if last.status != 0 { expectRefusal(last, 75) }
            let state = try await desk.json("status")
            #expect(state["key_number"].int == 2)
            #expect(state["keys_known_to_hub"] == .bool(false))
            try await desk.sql("UPDATE need SET detail = 'ZQNEW' WHERE case_id = x'\(written.hex)'")
            expectRefusal(try await desk.run("sync", "--json"), 75)

            try await network.serve()
            try await desk.synced()
            #expect(try await desk.json("status")["keys_known_to_hub"] == .bool(true))
            #expect(try await network.atHub("SELECT detail FROM need") == "ZQNEW")
            let devices = try await network.hub("device", "list", "--json").json()["devices"].items
            #expect(devices.map { $0["key_number"].int } == [2])
            let shown = try await network.hub("device", "show", "SRY office", "--json").json()["keys"].items
            #expect(shown.map { $0["number"].int } == [1, 2])
            #expect(shown.last?["replaced"] == .null && shown.first?["replaced"] != .null)

            // Whoever has a copy of the old keys is served nothing, and what they wrote waits.
            try await copy.sql("UPDATE need SET detail = 'ZQCOPY' WHERE case_id = x'\(written.hex)'")
            expectRefusal(try await copy.run("sync", "--json"), 77)
            #expect(try await network.atHub("SELECT detail FROM need") == "ZQNEW")
            let waiting = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            #expect(waiting.map { $0["reason"].text } == ["clone"])
            try await desk.synced()

            // By stick: the hub hears of the third keys from a file, and its answer says that it has.
            try await desk.json("device", "rotate-keys")
            try await desk.sql("UPDATE need SET detail = 'ZQSTICK' WHERE case_id = x'\(written.hex)'")
            let (up, down) = (network.folder + "/up.rub", network.folder + "/down.rub")
            try await desk.json("bundle", "export", "--to", up)
            let taken = try await network.hub("bundle", "import", up, "--json")
            #expect(taken.status == 0, "\(taken)")
            let made = try await network.hub("bundle", "export", "--device", "SRY office", "--to", down, "--json")
            #expect(made.status == 0, "\(made)")
            try await desk.json("bundle", "import", down)
            #expect(try await desk.json("status")["keys_known_to_hub"] == .bool(true))
            #expect(try await network.atHub("SELECT detail FROM need") == "ZQSTICK")
            try await desk.synced()
        }
    }

    @Test(
        "after ninety days a sync replaces them, and nobody has to do anything", .enabled(if: MovedClock.library != nil)
    )
    func byThemselves() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            for days in [45, 46] {
                try await network.pass(days: days)
                // It hears what day it is; the next one acts on it.
                try await desk.synced()
            }
            #expect(try await desk.json("status")["key_number"].int == 1)
            try await desk.synced()
            let state = try await desk.json("status")
            #expect(state["key_number"].int == 2 && state["keys_known_to_hub"] == .bool(true))
            try await desk.synced()
            #expect(try await desk.json("status")["key_number"].int == 2)
        }
    }
}
