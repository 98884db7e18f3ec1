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
            try laptop.replica.unsentEdits(before: laptop.time.wallMilliseconds - Hub.overdue)
        }
        #expect(try overdue() == 0)
        world.advance(milliseconds: 2 * Self.hour)
        #expect(try overdue() == 1)
        try world.settle()
        #expect(try overdue() == 0)
        let after = try world.hub.editDelays(since: 0)
        #expect(after.late == before.late + 1 && after.received > before.received && after.waiting == 0)
        try expectAgreement(world)
    }
}
