import Crypto
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// A batch says how many edits it has; what cannot be read proves none of them.
@Suite("A batch that cannot be read waits as one, whatever it claims to hold")
struct UnreadableBatchTests {
    private let claimed = DecodeLimits.opsPerBatch

    private func unreadable(_ world: PolicyWorld) throws -> BatchID {
        let batch = try world.guest.forged(body: Array("no edits at all".utf8), count: UInt32(claimed))
        _ = try world.guest.exchange(bringing: [batch])
        return batch.id
    }

    /// What the author is told of a batch.
    private func receipt(_ batch: BatchID, _ world: PolicyWorld) throws -> Receipt {
        let row = try world.read {
            try Row.fetchOne($0, sql: "SELECT receipt FROM hub_batch WHERE id = ?", arguments: [batch.bytes.sqlBlob])
        }
        return try Receipt(decoding: try #require(row).bytes("receipt"))
    }

    @Test("One entry for the operator; its author is told that all of it came back")
    func one() throws {
        let world = try PolicyWorld()
        let told = try receipt(unreadable(world), world)
        #expect(told.exceptions.count == claimed)
        #expect(told.exceptions.allSatisfy { $0.verdict == .quarantined && $0.reason == .malformed })
        #expect(told.exceptions.map(\.index) == (0..<UInt32(claimed)).map { $0 })
        #expect(try world.quarantined() == [.malformed])
        #expect(try world.hub.quarantine().count == 1)
        #expect(try world.hub.quarantined(world.hub.quarantine()[0].id).isReleasable == false)
    }

    @Test("An operator's refusal is of all of it, and its author is told so of every edit")
    func refused() throws {
        let world = try PolicyWorld()
        let batch = try unreadable(world)
        let id = try world.hub.quarantine()[0].id
        _ = try world.hub.refuse(quarantined: id, by: "Op", reason: "Nobody can read it")
        let amended = try receipt(batch, world)
        #expect(amended.exceptions.count == claimed)
        #expect(amended.exceptions.allSatisfy { $0.verdict == .refused })
        #expect(try world.hub.quarantine().isEmpty)
    }
}
