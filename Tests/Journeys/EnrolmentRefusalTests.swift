import Foundation
import Testing

@Suite struct EnrolmentRefusalTests {
    @Test("a code that is wrong, used, too old or malformed is refused in one line, and nothing is made")
    func codes() async throws {
        try await Network.run { network in
            let file = network.folder + "/refused.sqlite"
            let before = try await network.hubFingerprint()
            for code in ["AAAA-BBBB-CCCC-DDDD", "nonsense", ""] {
                let ran = try await network.reunite(
                    "join", network.url, "--code", code, "--replica", file, "--json")
                expectRefusal(ran, 77)
            }
            let late = try await network.code(for: "GLS")
            _ = try await Shell.run(
                "UPDATE hub_device SET code_expires_ms = 1", file: network.hubFile, in: network.folder)
            let expired = try await network.reunite(
                "join", network.url, "--code", late, "--replica", file, "--json")
            expectRefusal(expired, 77)
            #expect(expired.err.contains("run out"))
            let code = try await network.code(for: "SRY")
            // One character differs: the hub knows half of it.
            let other = code.hasSuffix("0") ? "1" : "0"
            let close = String(code.dropLast()) + other
            expectRefusal(
                try await network.reunite("join", network.url, "--code", close, "--replica", file, "--json"), 77)
            let good = try await network.reunite(
                "join", network.url, "--code", code, "--replica", network.folder + "/first.sqlite")
            #expect(good.status == 0, "\(good)")
            let joined = try await network.hubFingerprint()
            expectRefusal(
                try await network.reunite("join", network.url, "--code", code, "--replica", file, "--json"), 77)
            #expect(try await network.hubFingerprint() == joined)
            #expect(joined != before)
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }

    @Test("a mistyped code leaves what was begun as it was, by file and by network")
    func mistyped() async throws {
        try await Network.run { network in
            let stick = network.folder + "/stick"
            try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
            for (number, isByFile) in [true, false].enumerated() {
                let code = try await network.code(for: "SRY")
                let file = network.folder + "/typed\(number).sqlite"
                func join(_ code: String, _ more: String...) async throws -> Ran {
                    let arguments = ["join", network.url, "--code", code, "--replica", file, "--json"]
                    return try await Running(network.program, arguments + more, in: network.folder).finish()
                }
                let request = try await join(code, "--request", stick + "/\(number).REQ").json().requireText("file")
                // A request with a mistyped code is refused to the operator, who looks at how it was typed.
                var typo = code
                typo.replaceSubrange(
                    code.index(before: code.endIndex)..., with: code.hasSuffix("7") ? "4" : "7")
                let mistyped = try await Running(
                    network.program,
                    [
                        "join", network.url, "--code", typo, "--replica", network.folder + "/typo\(number).sqlite",
                        "--json",
                        "--request", stick + "/T\(number).REQ",
                    ], in: network.folder
                ).finish().json().requireText("file")
                let told = try await network.hub("device", "admit", mistyped, "--to", stick + "/T\(number).ANS")
                expectRefusal(told, 77)
                #expect(told.err.contains("Look at how it was typed"))
                // The hub takes it: the code is used up, and only what was begun here can have the answer.
                let answer = stick + "/\(number).ANS"
                #expect(try await network.hub("device", "admit", request, "--to", answer).status == 0)
                // One character of what only the two know, and one of what the hub finds it by.
                for place in [code.startIndex, code.index(before: code.endIndex)] {
                    var wrong = code
                    wrong.replaceSubrange(place...place, with: code[place] == "7" ? "4" : "7")
                    let refused = try await isByFile ? join(wrong, "--answer", answer) : join(wrong)
                    expectRefusal(refused, 77)
                }
                let joined = try await isByFile ? join(code, "--answer", answer) : join(code)
                #expect(joined.status == 0, "\(joined)")
                let left = try FileManager.default.contentsOfDirectory(atPath: file + ".device")
                #expect(!left.contains { $0.hasPrefix("joining") }, "\(left)")
                try await Desk(network: network, file: file).synced()
            }
            // Nothing was begun at all.
            expectRefusal(
                try await network.reunite(
                    "join", network.url, "--code", try await network.code(for: "SRY"), "--replica",
                    network.folder + "/never.sqlite", "--answer", stick + "/0.ANS", "--json"), 77)
        }
    }

    @Test("a request with a mistyped code gives way to one with the right code, and nobody else's request does")
    func mistypedRequest() async throws {
        try await Network.run { network in
            let stick = network.folder + "/stick"
            try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: true)
            let code = try await network.code(for: "SRY")
            var typo = code
            typo.replaceSubrange(code.index(before: code.endIndex)..., with: code.hasSuffix("7") ? "4" : "7")
            let file = network.folder + "/typed.sqlite"
            func join(_ code: String, _ file: String, _ more: String...) async throws -> Ran {
                let arguments = ["join", network.url, "--code", code, "--replica", file, "--json"]
                return try await Running(network.program, arguments + more, in: network.folder).finish()
            }
            func bytes() throws -> Data { try Data(contentsOf: URL(fileURLWithPath: stick + "/JOIN.REQ")) }
            let asked = try await join(typo, file, "--request", stick).json()
            #expect(asked["replaced"] == .bool(false))
            let request = try asked.requireText("file")
            let mistyped = try bytes()
            expectRefusal(try await network.hub("device", "admit", request, "--to", stick), 77)
            // Into the folder, and by the file's name: nothing has to be removed by hand.
            for (place, isNew) in [(stick, true), (request, false)] {
                let again = try await join(code, file, "--request", place)
                #expect(again.status == 0, "\(again)")
                #expect(try again.json()["replaced"] == .bool(isNew) && again.json()["file"].text == request)
            }
            let right = try bytes()
            #expect(right != mistyped)
            let admitted = try await network.hub("device", "admit", request, "--to", stick, "--json")
            #expect(admitted.status == 0, "\(admitted)")
            // Mistyped once more when the answer is there already: it is still the answer.
            #expect(try await join(typo, file, "--request", stick).status == 0)
            #expect(try bytes() == mistyped)
            #expect(try await join(code, file, "--request", stick).status == 0)
            #expect(try bytes() == right)
            // Another device's request, and what is none, stay.
            let other = try await network.code(for: "SRY")
            expectRefusal(try await join(other, network.folder + "/other.sqlite", "--request", stick), 73)
            #expect(try bytes() == right)
            try Data("a letter".utf8).write(to: URL(fileURLWithPath: stick + "/LETTER.TXT"))
            expectRefusal(try await join(code, file, "--request", stick + "/LETTER.TXT"), 73)
            let joined = try await join(code, file, "--answer", stick + "/JOIN.ANS")
            #expect(joined.status == 0, "\(joined)")
            let left = try FileManager.default.contentsOfDirectory(atPath: file + ".device")
            #expect(!left.contains { $0.hasPrefix("joining") }, "\(left)")
            try await Desk(network: network, file: file).synced()
        }
    }

    @Test("join never overwrites a file, and leaves the code good")
    func existingFile() async throws {
        try await Network.run { network in
            let file = network.folder + "/mine.sqlite"
            try "mine".write(toFile: file, atomically: true, encoding: .utf8)
            let code = try await network.code(for: "SRY")
            expectRefusal(
                try await network.reunite("join", network.url, "--code", code, "--replica", file, "--json"), 73)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
            let other = try await network.reunite(
                "join", network.url, "--code", code, "--replica", network.folder + "/other.sqlite")
            #expect(other.status == 0, "\(other)")
            expectRefusal(
                try await network.reunite(
                    "join", network.url, "--code", try await network.code(for: "SRY"), "--replica",
                    network.folder + "/no/such/folder/x.sqlite", "--json"), 73)
        }
    }

    @Test("an address that is no hub's is told apart: no address 64, nobody there 75, somebody else 69")
    func addresses() async throws {
        try await Network.run { network in
            let file = network.folder + "/refused.sqlite"
            let code = try await network.code(for: "SRY")
            func join(_ address: String) async throws -> Ran {
                try await network.reunite("join", address, "--code", code, "--replica", file, "--json")
            }
            for address in ["nonsense", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:8470/?x=1"] {
                expectRefusal(try await join(address), 64)
            }
            expectRefusal(try await join("http://127.0.0.1:1"), 75)
            let web = try network.helper(Python.path, ["-c", Python.webServer])
            expectRefusal(try await join(try await web.line(after: "listening on ")), 69)
            #expect(!FileManager.default.fileExists(atPath: file))
            #expect(try await join(network.url).status == 0)
        }
    }

    @Test("a revoked device is refused; what it wrote stays with it, and waits at the hub for a person")
    func revoked() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            try await desk.writeCase("ZQREVOKED")
            let unsent = try await desk.unsent()
            #expect(unsent > 0)
            let device = try await desk.json("status").requireText("device")
            let revoked = try await network.hub("device", "revoke", device, "--json")
            #expect(revoked.status == 0, "\(revoked)")
            #expect(try revoked.json()["state"].text == "revoked")
            expectRefusal(try await desk.run("sync", "--json"), 77)
            let hub = try await network.hubFingerprint()
            expectRefusal(try await desk.run("sync"), 77)
            #expect(try await desk.unsent() == unsent)
            #expect(try await desk.count("case_note WHERE body = 'ZQREVOKED-note'") == 1)
            #expect(try await network.hubFingerprint() == hub)
            #expect(try await network.atHub("SELECT count(*) FROM case_file") == "0")
            let kept = try await network.hub("quarantine", "list", "--json").json()["quarantine"].items
            #expect(kept.count == unsent && kept.allSatisfy { $0["reason"].text == "device-revoked" })
            expectRefusal(try await network.hub("device", "revoke", "nobody", "--json"), 66)
        }
    }

    @Test("a device of another network is refused, and a replica whose keys are gone says so")
    func unknownDevice() async throws {
        try await Network.run { network in
            let desk = try await network.desk("SRY")
            try await desk.writeCase("ZQUNKNOWN")
            // The hub forgets the device, as a hub that was put back from before its enrolment would have.
            let unsent = try await desk.unsent()
            _ = try await Shell.run(
                "DELETE FROM hub_device; DELETE FROM hub_device_key", file: network.hubFile, in: network.folder)
            expectRefusal(try await desk.run("sync", "--json"), 77)
            #expect(try await desk.unsent() == unsent)
            try FileManager.default.removeItem(atPath: desk.file + ".device/keys")
            let before = try Data(contentsOf: URL(fileURLWithPath: desk.file))
            expectRefusal(try await desk.run("sync", "--json"), 77)
            #expect(try Data(contentsOf: URL(fileURLWithPath: desk.file)) == before)
        }
    }

    @Test("a device that was revoked before is not revoked again, and who did it and why is on the log")
    func revokedTwice() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            let device = try await office.json("status").requireText("device")
            let once = try await network.hub(
                "device", "revoke", device, "--by", "Ada", "--reason", "The laptop was stolen")
            #expect(once.status == 0 && once.out.hasPrefix("Revoked "), "\(once)")
            let entries = "SELECT count(*) || ' ' || (SELECT max(revoked_at) FROM hub_device) FROM hub_audit"
            let before = try await network.atHub(entries)
            let twice = try await network.hub("device", "revoke", device)
            #expect(twice.status == 0 && twice.out.contains("was revoked already"), "\(twice)")
            #expect(try await network.atHub(entries) == before)
            #expect(try await network.hub("audit", "verify").status == 0)
        }
    }
}
