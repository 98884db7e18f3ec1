import Foundation
import Testing

@Suite("A replica is copied with all its files, and both copies are used")
struct CopyJourneyTests {
    @Test("the hub notices, keeps what both wrote, and takes all of it once one is let in again")
    func both() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let written = try await office.writeCase("ZQTWICE")
            try await office.synced()
            let copy = Desk(network: network, file: network.folder + "/copy.sqlite")
            for suffix in ["", "-wal", ".device"]
            where FileManager.default.fileExists(atPath: office.file + suffix) {
                try FileManager.default.copyItem(atPath: office.file + suffix, toPath: copy.file + suffix)
            }
            try await office.sql("UPDATE need SET detail = 'ZQHERE' WHERE case_id = x'\(written.hex)'")
            try await copy.sql("INSERT INTO case_note(case_id, body) VALUES(x'\(written.hex)', 'ZQTHERE')")
            try await office.synced()
            let refused = try await copy.run("sync", "--json")
            #expect(refused.status == 77, "\(refused)")
            let devices = try await network.hub("device", "list", "--json").json()["devices"].items
            let device = try #require(devices.first { $0["state"].text == "suspended" }, "the hub notices")
            let waiting = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            #expect(waiting.map { $0["reason"].text } == ["clone"], "the hub keeps what the copy wrote")
            // Nothing is served to either of them, and what the other writes now waits too.
            try await office.sql("INSERT INTO case_note(case_id, body) VALUES(x'\(written.hex)', 'ZQAFTER')")
            #expect(try await office.run("sync").status == 77)

            let id = try device.requireText("device")
            #expect(try await network.hub("device", "readmit", id, "--by", "Operator", "--reason", "no").status == 64)
            let admitted = try await network.hub(
                "device", "readmit", id, "--by", "Operator", "--reason", "The copy is a backup that was opened",
                "--json")
            #expect(admitted.status == 0, "\(admitted)")
            #expect(try admitted.json()["taken"].int == 2)
            try await office.synced()
            #expect(try await network.atHub("SELECT group_concat(detail) FROM need") == "ZQHERE")
            #expect(
                try await office.sql("SELECT count(*) FROM case_note WHERE body IN ('ZQTHERE', 'ZQAFTER')") == "2")
            // Again: once is enough.
            #expect(
                try await network.hub("device", "readmit", id, "--by", "Operator", "--reason", "Once more, to be sure")
                    .status == 65)
        }
    }

    @Test("copies that only ever use sticks are announced in the list of devices")
    func bySticks() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let written = try await office.writeCase("ZQSTICKS")
            try await office.synced()
            func listed() async throws -> JSON {
                let devices = try await network.hub("device", "list", "--json").json()["devices"].items
                return try #require(devices.first)
            }
            #expect(try await listed()["forks"].int == 0)
            #expect(try await !network.hub("device", "list").out.contains("forked"))
            // The words of its enrolment are where its operator looks for them.
            let words = try await listed().requireText("words")
            #expect(try await network.hub("device", "list").out.contains(words))
            let copy = Desk(network: network, file: network.folder + "/copy.sqlite")
            for suffix in ["", "-wal", ".device"]
            where FileManager.default.fileExists(atPath: office.file + suffix) {
                try FileManager.default.copyItem(atPath: office.file + suffix, toPath: copy.file + suffix)
            }
            for (number, desk) in [office, copy].enumerated() {
                try await desk.sql("INSERT INTO case_note(case_id, body) VALUES(x'\(written.hex)', 'ZQ\(number)')")
                let file = network.folder + "/copy\(number).rub"
                try await desk.json("bundle", "export", "--to", file)
                _ = try await network.hub("bundle", "import", file)
            }
            #expect(try await network.atHub("SELECT count(*) FROM case_note WHERE body LIKE 'ZQ_'") == "2")
            #expect(try await listed()["forks"].int == 1)
            #expect(try await network.hub("device", "list").out.contains("forked"))
        }
    }
}
