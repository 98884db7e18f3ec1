import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// One device can begin its chain anew as often as it likes, and each beginning has seen nothing of the others.
@Suite("However many values somebody puts beside each other, a cell holds some of them and the rest waits")
struct CrowdedCellTests {
    private let plan = row(1)

    private func world() throws -> PolicyWorld {
        let world = try PolicyWorld()
        try world.owner.edit(
            "INSERT INTO plan(id, centre_id, note) VALUES(\(literal(plan)), \(world.centreLiteral), 'first');")
        try world.settle()
        return world
    }

    private func note(_ text: String) -> Op {
        Op(
            table: 8, key: plan, kind: .set, groups: 1 << 4, stamp: HybridTime(milliseconds: 1), values: [.text(text)])
    }

    private func standing(_ world: PolicyWorld) throws -> Value {
        try world.value("SELECT count(*) FROM hub_sibling WHERE tbl = 8 AND grp = 4")
    }

    @Test("More than the cell holds wait, each with its reason; a decision makes room, and what waited can be released")
    func crowd() throws {
        let world = try world()
        let many = CellLimits.standing + 6
        try world.guest.forgeRoots((0..<many).map { note("value \($0)") })
        #expect(try standing(world) == .integer(Int64(CellLimits.standing)))
        #expect(try world.quarantined() == Array(repeating: .crowded, count: 6))
        let waiting = try world.hub.quarantine()
        #expect(waiting.allSatisfy { $0.reason == "crowded" && !$0.explanation.isEmpty })
        // Everybody goes on, and is told of all that stands.
        try world.owner.sync()
        let names = try world.siblings(of: 8, plan, group: 4)
        #expect(names.count == CellLimits.standing)
        // Nor does an operator's word put one more beside them.
        #expect(throws: Failure.self) {
            try world.hub.release(quarantined: waiting[0].id, by: "Op", reason: "It was hers")
        }
        let decision = Op(
            table: 8, key: plan, kind: .resolve, groups: 1 << 4, stamp: HybridTime(milliseconds: 2),
            values: [.text("decided")], context: Op.Context(supersedes: names))
        #expect(try world.submit([decision]) == [])
        #expect(try world.value("SELECT note FROM plan") == .text("decided"))
        let released = try world.hub.release(quarantined: waiting[0].id, by: "Op", reason: "It was hers")
        #expect(released.outcome == "accepted")
        try world.owner.sync()
    }

    @Test("A release that leaves part of an edit waiting is nothing that somebody put back")
    func partly() throws {
        let world = try world()
        let both = Op(
            table: 8, key: plan, kind: .set, groups: 1 << 3 | 1 << 4, stamp: HybridTime(milliseconds: 1),
            values: [.text("an aim"), .text("one value more")])
        try world.guest.forgeRoots((0..<CellLimits.standing).map { note("value \($0)") } + [both])
        let waiting = try #require(try world.hub.quarantine().first)
        let released = try world.hub.release(quarantined: waiting.id, by: "Op", reason: "It was hers")
        #expect(released.outcome == "accepted" && released.reason == "crowded")
        #expect(try world.value("SELECT aim FROM plan") == .text("an aim"))
        #expect(try world.hub.quarantine().map(\.id) == [waiting.id])
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("Where a cell is full, an edit that has seen what stands takes its place as ever")
    func full() throws {
        let world = try world()
        try world.guest.forgeRoots((0..<CellLimits.standing + 1).map { note("value \($0)") })
        try world.owner.sync()
        try world.owner.edit("UPDATE plan SET note = 'seen';")
        try world.owner.sync()
        #expect(try world.owner.returned() == [])
        // A program that shows one value replaces that one and leaves the others.
        #expect(try standing(world) == .integer(Int64(CellLimits.standing)))
        #expect(try world.openConflicts() == 1)
        #expect(try world.quarantined() == [.crowded])
    }

    @Test("However crowded a cell is, what protects more than all that stands there does not wait")
    func raised() throws {
        let world = try PolicyWorld()
        try world.owner.edit(
            "INSERT INTO risk(id, centre_id, level) VALUES(\(literal(plan)), \(world.centreLiteral), 'MEDIUM');")
        try world.settle()
        try world.owner.edit("UPDATE risk SET level = 'HIGH';")
        let low = Op(
            table: 4, key: plan, kind: .set, groups: 2, stamp: HybridTime(milliseconds: 1), values: [.text("LOW")])
        try world.guest.forgeRoots(Array(repeating: low, count: CellLimits.standing + 1))
        #expect(try world.quarantined().contains(.crowded), "the cell is full")
        try world.owner.sync()
        #expect(try world.owner.returned() == [])
        #expect(try world.value("SELECT level FROM risk") == .text("HIGH"))
    }

    @Test("Beyond what copies can explain, what a device begins anew waits whole, and no operator lets it in again")
    func roots() throws {
        let world = try world()
        try world.guest.forgeRoots((0..<BranchStore.branchesPerDevice + 3).map { note("value \($0)") })
        #expect(try world.quarantined().count { $0 == .clone } == 3)
        let device = try world.guest.replica.facts().device.description
        #expect {
            try world.hub.readmit(device: device, by: "Operator", reason: "It is her laptop")
        } throws: {
            ($0 as? Failure)?.code == .notPermitted && "\($0)".contains("\(BranchStore.branchesPerDevice) times")
        }
        #expect(try world.quarantined().count { $0 == .clone } == 3, "nothing was changed")
        // Each of them is decided by itself.
        let waiting = try #require(try world.hub.quarantine().first { $0.reason == Reason.clone.code })
        _ = try world.hub.refuse(quarantined: waiting.id, by: "Operator", reason: "Nobody typed it")
        #expect(try world.hub.quarantine().count { $0.reason == Reason.clone.code } == 2)
        try world.owner.sync()
    }
}

extension Office {
    /// Sends each op as the first batch of a chain of its own, as so many copies of this device could.
    func forgeRoots(_ ops: [Op]) throws {
        let facts = try replica.facts()
        for part in stride(from: 0, to: ops.count, by: 100) {
            var request = try replica.nextRequest(after: 0, limit: 64 * 1_024).request
            request.checkpoints = [facts.checkpoint]
            request.batches = try ops[part..<min(part + 100, ops.count)].enumerated().map { place, op in
                try forged([op], salt: row(UInt64(10_000 + part + place)), facts)
            }
            _ = try exchange(request)
        }
    }
}
