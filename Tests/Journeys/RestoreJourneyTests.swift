import Foundation
import TestSupport
import Testing

@Suite("The hub is restored from a backup that is two days old, with real processes and files")
struct RestoreJourneyTests {
    private static let seed = UInt64.random(in: 0..<1_000_000)

    /// G11.
    @Test(
        "whoever comes back brings everything back, in any order; what was closed stays closed; one never comes",
        arguments: [seed])
    func sixDevices(seed: UInt64) async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let gloucestershire = try await network.desk("GLS")
            let van = try await network.desk("GLS", role: "field")
            for code in ["DBY", "BHM"] {
                let ran = try await network.hub("partner", "add", code, "--name", "\(code) project", "--area", "SRY")
                try #require(ran.status == 0, "\(ran)")
            }
            let (derby, birmingham) = (try await network.desk("DBY"), try await network.desk("BHM"))

            // Before the backup: one case that Gloucestershire works on, and one that it will lose.
            let shared = try await surrey.writeCase("ZQSHARED")
            let lost = try await surrey.writeCase("ZQCLOSED")
            try await network.put(shared.hex, on: laptop, by: surrey)
            try await laptop.synced()
            for written in [shared, lost] {
                let referral = try await surrey.refer(written, to: "GLS")
                for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
                try await gloucestershire.json("referral", "assess", referral, "--assessor", "Housing worker")
                try await gloucestershire.json("referral", "accept", referral)
                for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            }
            try await network.put(shared.hex, on: van, by: gloucestershire)
            try await van.synced()
            let backup = network.folder + "/backup.sqlite"
            let made = try await network.hub("backup", backup, "--json")
            try #require(made.status == 0, "\(made)")
            #expect(try await network.hub("backup", backup, "--json").status == 73)

            // Two days of work, all of it synced. Two people change one date; a case is closed to Gloucestershire.
            try await surrey.sql(
                "UPDATE person SET date_of_birth = '1991-05-02' WHERE case_id = x'\(shared.hex)'")
            try await laptop.sql("UPDATE person SET date_of_birth = '1991-04-03' WHERE case_id = x'\(shared.hex)'")
            try await surrey.sql("UPDATE person SET known_as = 'ZQNAME' WHERE case_id = x'\(shared.hex)'")
            try await laptop.synced()
            try await sync(surrey)
            try await sync(gloucestershire)
            try await van.sql("UPDATE need SET detail = 'ZQVAN' WHERE case_id = x'\(shared.hex)'")
            try await sync(van)
            try await derby.writeCase("ZQDERBY")
            try await birmingham.writeCase("ZQBIRMINGHAM")
            for desk in [derby, birmingham] { try await sync(desk) }
            try await surrey.json("consent", "withdraw", lost.id, "--partner", "GLS")
            try await sync(surrey)
            try await sync(gloucestershire)
            #expect(try !gloucestershire.holds("ZQCLOSED-first"))

            // The machine dies. Nothing is restored under a hub that serves.
            let refused = try await network.hub("restore", backup, "--json")
            #expect(refused.status == 75, "\(refused)")
            await network.killHub()
            let restored = try await network.hub("restore", backup, "--json")
            try #require(restored.status == 0, "\(restored)")
            let report = try restored.json()
            #expect(report["hub_epoch"].int == 2)
            #expect(try #require(report["lost_positions"].int) > 0)
            #expect(!report["recovery"]["bars"].items.isEmpty, "what was closed is known: \(restored)")
            try await network.serve()
            #expect(try await network.hub("conflicts", "list", "--json").json()["conflicts"].items.isEmpty)

            // They come back in an order that nobody chose; the van never does. Something new was typed meanwhile.
            try await birmingham.sql("UPDATE person SET known_as = 'ZQUNSENT'")
            var random = SeededGenerator(seed: seed)
            for desk in [surrey, laptop, gloucestershire, derby, birmingham].shuffled(using: &random) {
                #expect(try await sync(desk)["hub_epoch"].int == 2)
                #expect(try !gloucestershire.holds("ZQCLOSED-first"), "what was closed is not shown again")
            }
            #expect(
                try await network.atHub("SELECT group_concat(known_as) FROM (SELECT known_as FROM person ORDER BY 1)")
                    == "ZQCLOSED-known,ZQDERBY-known,ZQNAME,ZQUNSENT")
            #expect(try await network.hub("conflicts", "list", "--json").json()["conflicts"].items.count == 1)
            let waiting = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            #expect(waiting.isEmpty, "nothing of what had been accepted is in quarantine: \(waiting)")

            // What only the van had written is known from those who had read it.
            let state = try await network.hub("recovery", "status", "--json")
            #expect(state.status == 1, "\(state)")
            #expect(try state.json()["awaited"].items.map { $0["name"].text } == ["GLS field"])
            let salvage = try await network.hub("recovery", "salvage", "--json").json()["salvage"].items
            #expect(salvage.map { $0["values"] } == [.list([.text("ZQVAN")])], "\(salvage)")

            // The operator opens the hub: everybody agrees with it, and what was closed stays closed.
            let opened = try await network.hub(
                "recovery", "open", "--by", "Operator", "--reason", "All but the van have synced", "--json")
            #expect(opened.status == 0, "\(opened)")
            for desk in [surrey, gloucestershire, laptop, surrey, gloucestershire] {
                let report = try await sync(desk)
                #expect(report["digest"].text == "match", "\(report)")
            }
            for desk in [derby, birmingham] { try await sync(desk) }
            #expect(try await gloucestershire.sql("SELECT known_as FROM person") == "ZQNAME")
            #expect(try !gloucestershire.holds("ZQCLOSED-first"))
            #expect(try await network.hub("verify", "--json").status <= 1)

            // She takes what the van had written into the case, and it reaches everybody.
            let id = try #require(salvage.first).requireText("id")
            let taken = try await network.hub(
                "recovery", "take", id, "--by", "Operator", "--reason", "The van is lost", "--json")
            #expect(taken.status == 0, "\(taken)")
            try await sync(surrey)
            #expect(try await surrey.sql("SELECT detail FROM need WHERE case_id = x'\(shared.hex)'") == "ZQVAN")
        }
    }

    @Test("a hub whose disk is lost comes back from keys, backup and ledger: the revoked and the erased stay so")
    func anotherMachine() async throws {
        try await Network.run { network in
            await network.stop()
            let ledger = network.folder + "/ledger"
            let listen = String(network.url.dropFirst("http://".count))
            try await network.serve(
                by: network.start(
                    "hub", "serve", "--hub-dir", network.hubFolder, "--listen", listen, "--ledger", ledger))
            let surrey = try await network.desk("SRY")
            let gloucestershire = try await network.desk("GLS")
            let hers = try await surrey.writeCase("ZQERASED")
            try await surrey.synced()
            let backup = network.folder + "/backup.sqlite"
            #expect(try await surrey.json("status")["wipe_waits_for"].text?.hasPrefix("a backup of the hub") == true)
            try #require(try await network.hub("backup", backup, "--json").status == 0)
            try await surrey.synced()
            #expect(try await surrey.json("status")["safe_to_wipe"] == .bool(true))
            let device = try await gloucestershire.json("status").requireText("device")
            let revoked = try await network.hub("device", "revoke", device, "--json")
            try #require(revoked.status == 0, "\(revoked)")
            let asked = try await network.hub(
                "erase", hers.id, "--reason", "Asked for in writing", "--by", "Ada", "--json")
            let erasure = try asked.json().requireText("id")
            let done = try await network.hub("erase", "--confirm", erasure, "--by", "Grace", "--json")
            try #require(done.status == 0, "\(done)")
            await network.killHub()

            let other = network.folder + "/other"
            try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
            for name in ["keys", "ticket-key"] {
                try FileManager.default.copyItem(atPath: network.hubFolder + "/" + name, toPath: other + "/" + name)
            }
            let missing = try await network.reunite(
                "hub", "restore", backup, "--hub-dir", other, "--ledger", network.folder + "/nowhere", "--json")
            expectRefusal(missing, 66)
            let restored = try await network.reunite(
                "hub", "restore", backup, "--hub-dir", other, "--ledger", ledger, "--json")
            try #require(restored.status == 0, "\(restored)")
            let devices = try await network.reunite("hub", "device", "list", "--hub-dir", other, "--json").json()
            let states = devices["devices"].items.map { $0["state"].text }
            #expect(states.contains("revoked"), "\(devices)")
            let left = try await Shell.run(
                "SELECT count(*) FROM person WHERE known_as LIKE 'ZQERASED%'", file: other + "/hub.sqlite",
                in: network.folder)
            #expect(left == "0")
        }
    }

    /// Syncs, whether or not something then needs a person.
    @discardableResult
    private func sync(_ desk: Desk) async throws -> JSON {
        let ran = try await desk.run("sync", "--json")
        try #require(ran.status == 0 || ran.status == 1, "\(ran)")
        let report = try ran.json()
        #expect(report["digest"].text != "mismatch", "\(report)")
        return report
    }
}

@Suite("A hub comes back from a sealed backup, with real processes and files")
struct SealedBackupJourneyTests {
    @Test("from the file and the key on a stick alone, in a new folder; without the key nobody reads a byte")
    func stick() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let written = try await surrey.writeCase("ZQSEALED")
            try await surrey.synced()
            let key = network.folder + "/backup-key.txt"
            let none = try await network.hub("backup-key", "--json").json()
            #expect(none["key"] == .null)
            let plain = try await network.hub("backup", network.folder + "/plain.sqlite", "--json")
            #expect(plain.status == 0 && plain.err.contains("not encrypted"), "\(plain)")
            let made = try await network.hub("backup-key", "--to", key, "--json")
            try #require(made.status == 0, "\(made)")
            expectRefusal(try await network.hub("backup-key", "--to", network.folder + "/second.txt", "--json"), 73)
            #expect(try await network.hub("backup-key", "--check", key, "--json").status == 0)

            let backup = network.folder + "/monday.rub"
            let sealed = try await network.hub("backup", backup, "--json")
            try #require(sealed.status == 0 && sealed.err.isEmpty, "\(sealed)")
            #expect(try sealed.json()["sealed"] == .bool(true))
            #expect(try Data(contentsOf: URL(fileURLWithPath: backup)).range(of: Data("ZQSEALED".utf8)) == nil)
            let whole = try await network.hub("backup", "--verify", backup, "--json")
            #expect(whole.status == 0, "\(whole)")
            #expect(try whole.json()["opened"] == .bool(false))
            let sound = try await network.hub("backup", "--verify", backup, "--key", key, "--json")
            #expect(try sound.json()["opened"] == .bool(true), "\(sound)")

            // The machine is gone, with everything on it.
            await network.killHub()
            try FileManager.default.removeItem(atPath: network.hubFolder)
            expectRefusal(try await network.hub("restore", backup, "--json"), 64)
            let wrong = network.folder + "/plain.sqlite"
            expectRefusal(try await network.hub("restore", backup, "--key", wrong, "--json"), 65)
            let restored = try await network.hub("restore", backup, "--key", key, "--json")
            try #require(restored.status == 0, "\(restored)")
            #expect(try restored.json()["hub_epoch"].int == 2)
            try await network.serve()
            try await surrey.sql("UPDATE need SET detail = 'ZQAFTER' WHERE case_id = x'\(written.hex)'")
            let synced = try await surrey.run("sync", "--json")
            #expect(synced.status == 0 || synced.status == 1, "\(synced)")
            #expect(try synced.json()["digest"].text != "mismatch")
            #expect(try await network.atHub("SELECT detail FROM need") == "ZQAFTER")
        }
    }
}
