import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Found in a random world.
@Suite("A value that came back counts as seen by those who had seen it")
struct CameBackTests {
    @Test("An edit replaces the value that its author saw, though the row was deleted and came back meanwhile")
    func deletedAndReleased() throws {
        let world = try World(seed: 505, withSharedCases: true)
        let rows = try #require(world.sharedCases.first)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "seen by all")
        try world.settle()
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "typed over it")
        try world.gloucestershire.set("section", of: "need", rows.need, to: "not seen by who deletes")
        try world.surreyOffice.edit {
            try $0.execute(sql: "DELETE FROM need WHERE id = ?", arguments: [rows.need.sqlBlob])
        }
        try world.sync(world.surreyOffice)
        try world.sync(world.gloucestershire)
        let waiting = try #require(try world.hub.quarantine().first { $0.columns.contains("section") })
        _ = try world.hub.release(quarantined: waiting.id, by: "Ada", reason: "The need is still there")
        #expect(try world.reader.text("detail", of: "need", rows.need) == "seen by all")
        try world.sync(world.surreyLaptop)
        try world.settle()
        #expect(try world.reader.siblings("need", rows.need, column: "detail").isEmpty)
        for device in world.devices {
            #expect(try device.text("detail", of: "need", rows.need) == "typed over it", "\(device.name)")
        }
    }
}
