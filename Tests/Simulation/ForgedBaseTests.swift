import Crypto
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A device cannot claim to have seen what it was not shown")
struct ForgedBaseTests {
    @Test("An edit that claims a later base than its batch proves waits in quarantine")
    func cellBase() throws {
        let (world, rows) = try competingEdit()
        try forge(on: world.surreyLaptop) { ops, _ in ops[0].context = Op.Context(cellBase: Position(1 << 40)) }
        try world.sync(world.surreyLaptop)
        try expectQuarantine(world, rows)
    }

    @Test("A batch with a base that the hub never signed waits in quarantine, edit by edit, and is given back")
    func batchBase() throws {
        let (world, rows) = try competingEdit()
        try forge(on: world.surreyLaptop) { _, header in header.base = Position(1 << 40) }
        try world.sync(world.surreyLaptop)
        try expectQuarantine(world, rows)
    }

    private func expectQuarantine(_ world: World, _ rows: CaseRows) throws {
        #expect(try world.reader.quarantined() == ["unproven-base"])
        #expect(try world.surreyLaptop.returned() == ["unproven-base"])
        #expect(try world.reader.text("detail", of: "need", rows.need) == "from the office")
        #expect(try world.surreyLaptop.text("detail", of: "need", rows.need) == "from the office")
    }

    /// The office's edit is at the hub; the laptop's of the same cell is not.
    private func competingEdit() throws -> (World, CaseRows) {
        let world = try World(seed: 9)
        let rows = try world.openCase(on: world.surreyOffice, marker: "forged", naming: world.gloucester)
        try world.settle()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "from the office")
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "over what nobody showed it")
        try world.sync(world.surreyOffice)
        return (world, rows)
    }

    /// Seals, and puts another batch with a good signature in the place of the last one.
    private func forge(on device: Device, _ change: (inout [Op], inout BatchHeader) -> Void) throws {
        try device.replica.seal()
        let keys = try DeviceVault(replicaPath: device.path).keys()
        let last = try #require(try sealedBatches(of: device.replica).last)
        var ops = last.ops
        var header = last.header
        change(&ops, &header)
        let body = try OpCodec.encode(ops, layout: device.replica.schema)
        header.opsDigest = Array(SHA256.hash(data: body))
        let batch = try SignedBatch.sign(header: header, ops: body, with: keys)
        try device.edit {
            try $0.execute(
                sql: "UPDATE ru_outbox SET id = ?, header = ?, ops = ?, signature = ? WHERE id = ?",
                arguments: [
                    batch.id.bytes.sqlBlob, batch.header.sqlBlob, batch.ops.sqlBlob, batch.signature.sqlBlob,
                    last.signed.id.bytes.sqlBlob,
                ])
        }
    }
}
