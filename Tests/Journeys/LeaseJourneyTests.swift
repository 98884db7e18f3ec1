import Foundation
import TestSupport
import Testing

@Suite("A lease ends, with real processes and days that pass", .enabled(if: MovedClock.library != nil))
struct LeaseJourneyTests {
    @Test("what was typed arrives, no case is shown on either side, and one command of the operator's brings all back")
    func ended() async throws {
        try await Network.run { network in
            let set = try await network.hub(
                "device", "lease", "--days", "30", "--by", "Operator", "--reason", "The board decided so", "--json")
            #expect(try set.json()["days"].int == 30)
            let office = try await network.desk("SRY")
            try await office.writeCase("ZQLEASED")
            try await office.synced()
            #expect(try await office.json("status")["lease_over"] == .bool(false))
            try await network.pass(days: 40)
            try await office.sql("UPDATE person SET known_as = 'ZQTYPED'")

            let status = try await office.json("status")
            #expect(status["lease_over"] == .bool(true) && status["unsent"]["edits"].int == 1)
            expectRefusal(try await office.run("case", "list", "--json"), 77)
            expectRefusal(try await office.run("open", "--listen", "127.0.0.1:0"), 77)
            expectRefusal(try await office.run("sync", "--json"), 77)
            #expect(try await network.atHub("SELECT known_as FROM person") == "ZQTYPED")
            let listed = try await network.hub("device", "list", "--json").json()["devices"].items
            #expect(listed.map { $0["state"].text } == ["expired"], "\(listed)")

            let device = try status.requireText("device")
            let renewed = try await network.hub(
                "device", "renew", device, "--by", "Ada", "--reason", "Telephoned her", "--json")
            #expect(try renewed.json()["state"].text == "enrolled", "\(renewed)")
            try await office.synced()
            #expect(try await office.json("case", "list")["cases"].items.count == 1)
            #expect(try await office.json("status")["unsent"]["edits"].int == 0)
        }
    }
}
