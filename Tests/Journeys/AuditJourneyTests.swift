import Foundation
import Testing

@Suite("The audit log, with the real program")
struct AuditJourneyTests {
    @Test("the log is verified, an entry proved and checked without the hub, and a change by hand is found")
    func verifyAndProve() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            _ = try await office.writeCase("ZQAUDIT")
            try await office.synced()
            try await office.synced()
            let verified = try await network.hub("audit", "verify", "--json")
            #expect(verified.status == 0, "\(verified)")
            let report = try verified.json()
            #expect(report["consistent"] == .bool(true) && report["findings"].items.isEmpty)
            let status = try await office.run("status", "--json").json()
            #expect(status["audit"]["size"] == report["size"] && status["audit"]["root"] == report["root"])
            #expect(status["audit"]["checked"].text != nil)

            let list = try await network.hub("audit", "list", "--kind", "grant-opened", "--json").json()
            let entry = try #require(list["entries"].items.last?["index"].int)
            let proof = try await network.hub("audit", "prove", String(entry))
            #expect(proof.status == 0 && !proof.out.contains("ZQAUDIT"), "\(proof)")
            let file = network.folder + "/entry.json"
            try Data(proof.out.utf8).write(to: URL(fileURLWithPath: file))
            let key = try await network.hub("audit", "sign", "--json").json().requireText("key")
            let checked = try await network.reunite("hub", "audit", "check", file, "--key", key, "--json")
            #expect(checked.status == 0, "\(checked)")
            #expect(try checked.json()["index"].int == entry)
            let script = network.folder + "/check.py"
            try Data(try documentedScript().utf8).write(to: URL(fileURLWithPath: script))
            let python = try await network.tool(Python.path, script, file)
            #expect(python.status == 0 && python.out.hasPrefix("entry \(entry) of "), "\(python)")

            let bent = proof.out.replacingOccurrences(of: "\"index\" : \(entry)", with: "\"index\" : \(entry - 1)")
            try #require(bent != proof.out)
            try Data(bent.utf8).write(to: URL(fileURLWithPath: file))
            expectRefusal(try await network.reunite("hub", "audit", "check", file, "--key", key, "--json"), 65)
            #expect(try await network.tool(Python.path, script, file).status != 0)
            expectRefusal(try await network.hub("audit", "prove", "999999", "--json"), 66)

            let edited = try await network.tool(
                "sqlite3", network.hubFile, "UPDATE hub_grant SET write_mask = 0 WHERE closed IS NULL")
            #expect(edited.status == 0, "\(edited)")
            let found = try await network.hub("audit", "verify", "--json")
            #expect(found.status == 1)
            let findings = try found.json()["findings"].items
            #expect(findings.allSatisfy { $0["code"].text == "grant" })
            let said = try await network.hub("audit", "verify").out
            #expect(
                said.contains(findings.count == 1 ? "1 thing does not fit." : "\(findings.count) things do not fit."))
        }
    }

    @Test("a hub that was put back from a copy without saying so learns it from the office, which brings back its own")
    func rolledBack() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            _ = try await office.writeCase("ZQONE")
            try await office.synced()
            await network.stop()
            let copy = network.folder + "/copy"
            try FileManager.default.copyItem(atPath: network.hubFolder, toPath: copy)
            try await network.serve()
            _ = try await office.writeCase("ZQTWO")
            try await office.synced()
            await network.stop()
            try FileManager.default.removeItem(atPath: network.hubFolder)
            try FileManager.default.moveItem(atPath: copy, toPath: network.hubFolder)
            try await network.serve()
            let sync = try await office.run("sync", "--json").json()
            #expect(sync["hub_epoch"].int == 2 && sync["digest"].text == "match", "\(sync)")
            let status = try await office.run("status", "--json").json()
            #expect(status["audit"]["size"].int ?? 0 > 0 && status["audit"]["refused"]["at"].text == nil, "\(status)")
            let count = try await network.tool(
                "sqlite3", network.hubFile, "SELECT count(*) FROM person WHERE legal_first = 'ZQTWO-first'")
            #expect(count.out == "1\n", "\(count)")
            let recovery = try await network.hub("recovery", "status", "--json").json()
            #expect(recovery["open"] == .bool(false), "\(recovery)")
        }
    }

    /// The lines of Python that docs/audit.md gives to whoever wants to check a proof.
    private func documentedScript() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appending(path: "docs/audit.md"), encoding: .utf8)
        let start = try #require(text.range(of: "```python\n"))
        let rest = text[start.upperBound...]
        return String(rest[..<(try #require(rest.range(of: "```")).lowerBound)])
    }
}
