import Foundation
import TestSupport
import Testing

@Suite("An address that must not be known is in no output of the program")
struct PlantedMarkerTests {
    private static let secrets = ["ZQREFUGE", "ZQOFFICE", "ZQLAPTOP", "ZQTYPED", "ZQWHY"]

    /// Each command in words and as JSON, errors included: none says any of it.
    private func expectNothing(
        of words: [String] = secrets, _ run: ([String]) async throws -> Ran, _ commands: [[String]],
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for command in commands {
            for arguments in [command, command + ["--json"]] {
                let ran = try await run(arguments)
                #expect(ran.status != 2 && ran.status >= 0, "\(ran)", sourceLocation: sourceLocation)
                for word in words {
                    #expect(
                        !ran.out.contains(word) && !ran.err.contains(word), "\(word) in \(ran)",
                        sourceLocation: sourceLocation)
                }
            }
        }
    }

    @Test("Lists, details, logs, refusals and reports, at the hub and at who may not see it; its owner reads it")
    func nowhere() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let gloucestershire = try await network.desk("GLS")
            let maya = try await surrey.writeCase("ZQMAYA")
            let address = UUID().uuidString.replacingOccurrences(of: "-", with: "").lowercased()
            try await surrey.sql(
                """
                INSERT INTO address(id, case_id, lines, confidentiality)
                VALUES(x'\(address)', x'\(maya.hex)', 'ZQREFUGE', 'REFUGE')
                """)
            try await network.put(maya.hex, on: laptop, by: surrey)
            try await laptop.synced()
            let referral = try await surrey.refer(maya, to: "GLS")
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            try await gloucestershire.json("referral", "assess", referral, "--assessor", "Housing worker")
            try await gloucestershire.json("referral", "accept", referral)
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }

            // Two texts that compete; one by somebody who may not write it; and a decision that is not hers.
            try await surrey.sql("UPDATE address SET lines = 'ZQOFFICE'")
            try await laptop.sql("UPDATE address SET lines = 'ZQLAPTOP'")
            try await gloucestershire.sql(
                "INSERT INTO address(case_id, lines, confidentiality) VALUES(x'\(maya.hex)', 'ZQTYPED', 'REFUGE')")
            try await surrey.json(
                "consent", "override", maya.id, "--partner", "GLS", "--basis", "SAFEGUARDING_CHILD", "--manager",
                "R. Shah", "--reason", "ZQWHY the younger child")
            try await surrey.synced()
            try await laptop.synced(status: 1)
            try await gloucestershire.synced(status: 1)
            try await surrey.synced(status: 1)

            // The positive control: what is looked for is there, and its owner reads it.
            #expect(try FileScan.find(["ZQLAPTOP", "ZQTYPED", "ZQWHY"], ofHub: network.hubFolder).count >= 3)
            #expect(try await surrey.sql("SELECT lines FROM address WHERE id = x'\(address)'") != "")
            let own = try await surrey.run("consent", "list", maya.id, "--json")
            #expect(own.out.contains("ZQWHY"), "\(own)")

            let conflict = try #require(
                try await network.hub("conflicts", "list", "--json").json()["conflicts"].items.first)
            let waiting = try #require(
                try await network.hub("quarantine", "list", "--json").json()["quarantine"].items.first)
            let (open, edit) = (try conflict.requireText("id"), try waiting.requireText("id"))
            try await expectNothing(
                {
                    try await Running(
                        network.program, ["hub"] + $0 + ["--hub-dir", network.hubFolder], in: network.folder
                    ).finish()
                },
                [
                    ["status"], ["conflicts", "list"], ["conflicts", "show", open],
                    ["conflicts", "resolve", open, "--value", "{\"lines\": 17}", "--reason", "It is not a text"],
                    ["conflicts", "resolve", open, "--keep", "99", "--reason", "There is no such number"],
                    ["quarantine", "list"], ["quarantine", "show", edit], ["hold", "list"], ["purge", "list", "--all"],
                    ["case", "why", maya.id], ["referral", "preview", referral, "--to", "CONSENT_WITHDRAWN"],
                    ["person", "candidates"], ["report", "disclosures", "--case", maya.id], ["report", "overrides"],
                    ["erase", "list"], ["legal-hold", "list"], ["device", "list"], ["partner", "list"], ["tend"],
                ])
            let csv = try await network.hub("report", "disclosures", "--case", maya.id, "--csv")
            #expect(Self.secrets.allSatisfy { !csv.out.contains($0) })
            let overrides = try await network.hub("report", "overrides", "--json")
            #expect(overrides.status == 1 && overrides.out.contains("SAFEGUARDING_CHILD"), "\(overrides)")
            #expect(try await network.hub("status", "--json").json()["overrides"].items.count == 1)

            let desks = [
                ["case", "list"], ["case", "show", maya.id], ["case", "show", maya.id, "--why"], ["log"],
                ["log", "address"], ["inbox", "list"], ["status"], ["sync"], ["referral", "list"],
                ["referral", "show", referral], ["proposals", "list"], ["caseload", "list"],
                ["consent", "list", maya.id],
            ]
            func run(_ desk: Desk) -> ([String]) async throws -> Ran {
                { try await Running(network.program, $0 + ["--replica", desk.file], in: network.folder).finish() }
            }
            try await expectNothing(run(gloucestershire), desks)
            // Who holds it: in lists and logs it is withheld all the same.
            try await expectNothing(
                run(surrey),
                [["log"], ["log", "address"], ["inbox", "list"], ["status"], ["sync"], ["case", "list"]])
            #expect(try FileScan.find(["ZQREFUGE", "ZQOFFICE", "ZQLAPTOP"], ofReplica: gloucestershire.file) == [])

            let serving = network.hub
            await network.stop()
            for word in Self.secrets {
                #expect(serving?.out.contains(word) == false && serving?.err.contains(word) == false)
            }
        }
    }
}
