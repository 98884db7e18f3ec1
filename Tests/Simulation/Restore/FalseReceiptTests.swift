import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A restored hub learns from each device where its batches had lain. Nothing signed says so.
@Suite("Whatever a device says of where its batches had lain, nobody else's salvage goes")
struct FalseReceiptTests {
    /// A restored world. The laptop's words were lost with the hub and are on the office's desk; the other partner's
    /// device had written a case of its own.
    private func restored(seed: UInt64) throws -> (world: World, lost: Int64) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "restored", naming: world.gloucester)
        try world.settle()
        let backup = try world.backUpHub()
        _ = try world.openCase(on: world.gloucestershire, marker: "its own", naming: world.surrey)
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "the laptop's")
        try world.settle()
        let lost = try world.reader.read {
            try Int64.fetchOne(
                $0, sql: "SELECT max(b.first_position) FROM hub_batch b WHERE b.device = ?",
                arguments: [world.surreyLaptop.id.sqlBlob])
        }
        try world.restoreHub(from: backup, ignoresBatches: true)
        return (world, try #require(lost))
    }

    /// The liar's newest batch, which has come back, is said to have lain where another's had.
    private func lie(_ world: World, covering position: Int64) throws {
        let liar = world.gloucestershire
        let row = try #require(
            try world.reader.read {
                try Row.fetchOne(
                    $0, sql: "SELECT receipt FROM hub_batch WHERE device = ? ORDER BY no DESC LIMIT 1",
                    arguments: [liar.id.sqlBlob])
            })
        let genuine = try Receipt(decoding: row.bytes("receipt"))
        #expect(genuine.opCount > 1)
        for first in (position - Int64(genuine.opCount) + 1)...position {
            let receipt = Receipt(
                batch: genuine.batch, firstPosition: Position(first), opCount: genuine.opCount,
                exceptions: genuine.exceptions)
            let facts = try liar.replica.facts()
            let report = RecoveryReport(
                epoch: facts.epoch,
                known: try Delivery(
                    from: .zero, checkpoint: SignedCheckpoint(decoding: facts.checkpoint), receipts: [receipt], rows: []
                ))
            let content = try report.encoded(layout: liar.replica.schema)
            _ = try TrueSender(liar, world.hub).send(content, to: world.hub.recover)
        }
    }

    @Test("What is listed stays listed, and what its author brings goes off the list as ever")
    func listed() throws {
        let (world, lost) = try restored(seed: 521)
        try world.sync(world.surreyOffice)
        try world.sync(world.gloucestershire)
        #expect(try world.hub.salvage().map(\.values) == [["the laptop's"]])
        try lie(world, covering: lost)
        #expect(try world.hub.salvage().map(\.values) == [["the laptop's"]])
        try world.sync(world.surreyLaptop)
        #expect(try world.hub.salvage().isEmpty)
    }

    @Test("A place that cannot be is no recovery report, and stops nobody", arguments: [Int64.max, .max - 1, -1, .min])
    func impossible(position: Int64) throws {
        let (world, _) = try restored(seed: 523)
        try world.sync(world.gloucestershire)
        let liar = world.gloucestershire
        func noted() throws -> Int? {
            try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_recalled") }
        }
        let before = try noted()
        let facts = try liar.replica.facts()
        let receipt = Receipt(batch: .none, firstPosition: Position(position), opCount: 5, exceptions: [])
        let report = RecoveryReport(
            epoch: facts.epoch,
            known: try Delivery(
                from: .zero, checkpoint: SignedCheckpoint(decoding: facts.checkpoint), receipts: [receipt], rows: []))
        let content = try report.encoded(layout: liar.replica.schema)
        #expect(try TrueSender(liar, world.hub).send(content, to: world.hub.recover) == nil)
        #expect(try noted() == before)
        try world.settle()
    }

    @Test("What is shown after that is listed too")
    func shownLater() throws {
        let (world, lost) = try restored(seed: 522)
        try world.sync(world.gloucestershire)
        try lie(world, covering: lost)
        try world.sync(world.surreyOffice)
        #expect(try world.hub.salvage().map(\.values) == [["the laptop's"]])
        // Nothing that anybody showed is thrown away, not even what has come back.
        try world.sync(world.surreyLaptop)
        #expect(try world.hub.salvage().isEmpty)
        let kept = try world.reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM hub_salvage") ?? 0 }
        #expect(kept > 0)
    }
}
