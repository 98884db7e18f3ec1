import Foundation
import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("How long people and edits waited is counted")
struct WaitingTests {
    private static let figures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Figures/figures.py").path
    private static let hour: Int64 = 3_600_000

    /// What somebody else counts from the hub's file.
    private func others(_ world: World) throws -> [String] {
        let arguments = ["python3", "-B", Self.figures, world.hubPath, "--waiting", String(world.hub.now)]
        let result = try ForeignClient.run(arguments)
        #expect(result.succeeded, "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }

    private func expectAgreement(_ world: World) throws {
        let since = world.hub.now - 90 * 24 * Self.hour
        let (times, delays) = (try world.hub.decisionTimes(since: since), try world.hub.editDelays(since: since))
        var own = ["delays \(delays.received) \(delays.late) \(delays.waiting)"]
        if let mean = times.meanHours, let median = times.medianHours, let longest = times.longestHours {
            own.insert("decisions \(times.decided) \(mean) \(median) \(longest)", at: 0)
        }
        let looking = try world.hub.lookingTimes(since: since)
        if let mean = looking.meanMinutes, let median = looking.medianMinutes {
            own.append("looking \(looking.decided) \(mean) \(median)")
        }
        #expect(try others(world) == own)
    }

    @Test("From the question to the answer: conflicts by their first decision, edits released or refused, rows alike")
    func decisions() throws {
        let world = try World(seed: 661)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        try world.settle()
        #expect(try world.hub.decisionTimes(since: 0).decided == 0)
        for (device, name) in [(world.surreyOffice, "Ash"), (world.surreyLaptop, "Bryony")] {
            try device.set("legal_first", of: "person", rows.person, to: name)
            try device.edit {
                try $0.execute(
                    sql: "INSERT INTO case_assignment(case_id, role) VALUES(?, 'SUPPORT_WORKER')",
                    arguments: [rows.id.sqlBlob])
            }
        }
        try world.settle()
        world.advance(milliseconds: 2 * Self.hour)
        let conflict = try #require(try world.hub.conflicts().first)
        _ = try world.hub.resolve(conflict.id, .keep(1), by: "operator", reason: "She said so on the telephone")
        world.advance(milliseconds: 4 * Self.hour)
        // Decided once more later on: the question had its answer before.
        _ = try world.hub.reopen(conflict.id, by: "operator", reason: "It was somebody else who rang")
        _ = try world.hub.resolve(conflict.id, .keep(2), by: "operator", reason: "She came to the office herself")
        let clash = try #require(try world.hub.clashes().first)
        try world.hub.keepBoth(clash: clash.id, by: "operator", reason: "Two workers share the role for a month")
        let times = try world.hub.decisionTimes(since: 0)
        #expect(times.decided == 2)
        #expect((2.0...2.2).contains(times.medianHours ?? 0) && (6.0...6.2).contains(times.longestHours ?? 0))
        #expect((4.0...4.2).contains(times.meanHours ?? 0))
        try expectAgreement(world)
    }

    @Test("For how long operators looked: views of the question by whoever answered it, without what lay between")
    func looking() throws {
        let world = try World(seed: 663)
        let minute: Int64 = 60_000
        let (ruth, may) = (
            try world.hub.admit(operator: "Ruth").operator, try world.hub.admit(operator: "May").operator
        )
        var conflicts: [String] = []
        for name in ["Rowantree", "Whitethorn", "Blackthorn", "Elder"] {
            let rows = try world.openCase(on: world.surreyOffice, marker: name, naming: world.gloucester)
            try world.settle()
            for (device, word) in [(world.surreyOffice, "Ash"), (world.surreyLaptop, "Bryony")] {
                try device.set("legal_first", of: "person", rows.person, to: word)
            }
            try world.settle()
            let open = try world.hub.conflicts().map(\.id)
            conflicts += open.filter { !conflicts.contains($0) }
        }
        #expect(conflicts.count == 4)
        func see(_ conflict: String, by person: Hub.Operator, after minutes: Int64) throws {
            world.advance(milliseconds: minutes * minute)
            let scope = Identifier(try world.hub.conflict(conflict).conflict.scope)
            try world.hub.noteView(by: person, of: "conflict", scope: scope, question: Identifier(conflict))
        }
        func decide(_ conflict: String, by person: String, after minutes: Int64) throws {
            world.advance(milliseconds: minutes * minute)
            _ = try world.hub.resolve(conflict, .keep(1), by: person, reason: "She said so on the telephone")
        }
        // Ten minutes, and six on the next day; the night between and May's look do not count.
        try see(conflicts[0], by: ruth, after: 1)
        try see(conflicts[0], by: may, after: 5)
        try see(conflicts[0], by: ruth, after: 5)
        try see(conflicts[0], by: ruth, after: 20 * 60)
        try decide(conflicts[0], by: "Ruth", after: 6)
        // Nearly half an hour is one look; what is seen after the answer is none.
        try see(conflicts[1], by: may, after: 1)
        try decide(conflicts[1], by: "May", after: 29)
        try see(conflicts[1], by: may, after: 1)
        // Nobody knows how long: longer than that ago, and another's view.
        try see(conflicts[2], by: ruth, after: 1)
        try decide(conflicts[2], by: "Ruth", after: 31)
        try see(conflicts[3], by: ruth, after: 1)
        try decide(conflicts[3], by: "operator", after: 1)
        // A question may be opened and answered again: it had its answer.
        _ = try world.hub.reopen(conflicts[2], by: "Ruth", reason: "It was somebody else who rang")
        try see(conflicts[2], by: ruth, after: 1)
        try decide(conflicts[2], by: "Ruth", after: 2)
        let times = try world.hub.lookingTimes(since: 0)
        #expect(times.decided == 2)
        #expect((16.0...16.2).contains(times.medianMinutes ?? 0), "\(times)")
        #expect((22.5...22.7).contains(times.meanMinutes ?? 0), "\(times)")
        try expectAgreement(world)
        #expect(try world.hub.verifyAudit().isConsistent)
    }

    @Test("Edits that were on a laptop for more than 48 hours, before they came and while they have not")
    func delays() throws {
        let world = try World(seed: 662)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Rowantree", naming: world.gloucester)
        try world.settle()
        let before = try world.hub.editDelays(since: 0)
        try world.surreyLaptop.set("known_as", of: "person", rows.person, to: "Ash")
        world.advance(milliseconds: 47 * Self.hour)
        let laptop = world.surreyLaptop
        func overdue() throws -> Int {
            let now = laptop.time.wallMilliseconds
            let found = try laptop.replica.unsentEdits(before: now - Hub.overdue)
            let path = laptop.replica.path
            let result = try ForeignClient.run(["python3", "-B", Self.figures, path, "--unsent", String(now)])
            #expect(result.output == "unsent \(found)\n", "\(result.errors)")
            return found
        }
        #expect(try overdue() == 0)
        world.advance(milliseconds: 2 * Self.hour)
        #expect(try overdue() == 1)
        // Sealed, and one more that is not; a row that was written twice is one edit until it is sealed.
        try laptop.replica.seal()
        #expect(try overdue() == 1)
        try laptop.set("known_as", of: "person", rows.person, to: "Rowan")
        try laptop.set("legal_first", of: "person", rows.person, to: "Rowan")
        #expect(try overdue() == 1)
        world.advance(milliseconds: 49 * Self.hour)
        #expect(try overdue() == 2)
        try world.settle()
        #expect(try overdue() == 0)
        let after = try world.hub.editDelays(since: 0)
        #expect(after.late > before.late && after.received > before.received && after.waiting == 0)
        try expectAgreement(world)
    }
}
