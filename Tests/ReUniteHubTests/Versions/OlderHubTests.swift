import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("An office with a newer program than its hub loses nothing")
struct OlderHubTests {
    @Test("what it writes waits, at the office and at the hub, and is judged once the hub is upgraded")
    func waits() throws {
        let world = try GardenWorld(hub: 1, office: 3, laptop: 1)
        try world.office.add(plot: 1, name: "North", [("soil", "'Clay'")])
        try world.office.add(bed: 2, words: "Beans")
        try world.syncAll()
        #expect(try world.hub.holds().map(\.schema) == [3])
        #expect(try world.value("SELECT count(*) FROM plot") == .integer(0))
        let status = try world.office.replica.status()
        #expect(status.unsentEdits == 0 && status.hubSchema == 1 && status.schema == 3)
        // It has been sent, and nothing of it is safe.
        #expect(status.wipeWaitsFor == "the hub's word on 2 edits that it was sent")
        #expect(status.returned == 0)
        #expect(try world.office.value("SELECT name || soil FROM plot") == .text("NorthClay"))

        try world.upgradeHub(to: 3)
        #expect(try world.hub.holds().isEmpty)
        #expect(try world.value("SELECT name || soil || words FROM plot, bed") == .text("NorthClayBeans"))
        try world.syncAll()
        #expect(try world.office.dump() == world.dump())
        #expect(try world.office.replica.status().unsentEdits == 0)
        #expect(try world.laptop.keptRows == 2)
    }

    @Test("a hub that is upgraded by one version takes what that version can say")
    func halfway() throws {
        let world = try GardenWorld(hub: 1, office: 2, laptop: 3)
        try world.office.add(plot: 1, name: "North", [("soil", "'Clay'")])
        try world.laptop.add(bed: 2, words: "Beans")
        try world.syncAll()
        try world.upgradeHub(to: 2)
        #expect(try world.hub.holds().map(\.schema) == [3])
        try world.syncAll()
        #expect(try world.office.dump() == world.dump())
        try world.upgradeHub(to: 3)
        try world.syncAll()
        #expect(try world.hub.holds().isEmpty)
        #expect(try world.laptop.dump() == world.dump())
        #expect(try world.office.keptRows == 2)
    }

    @Test("it goes on receiving, new rows too, and keeps its own newer columns")
    func receives() throws {
        let world = try GardenWorld(hub: 1, office: 1, laptop: 1)
        try world.laptop.add(plot: 1, name: "North")
        try world.syncAll()
        try world.office.upgrade(to: 3)
        try world.office.edit("UPDATE plot SET soil = 'Clay', size = 9")
        try world.laptop.edit("UPDATE plot SET name = 'South'")
        try world.laptop.add(plot: 2, name: "East")
        try world.syncAll()
        let all =
            "SELECT group_concat(name || coalesce(soil, '-') || size || sun, ' ') FROM (SELECT * FROM plot ORDER BY id)"
        #expect(try world.office.value(all) == .text("SouthClay9half East-7half"))
        #expect(try world.office.replica.examine().isSound)
        #expect(try world.office.differences(from: world.hub).rows == 0)
        // Everything anew, from a hub that has fewer columns.
        let whole = try world.hub.downFile(for: world.office.id, .whole)
        _ = try world.office.replica.take(file: whole.bytes)
        #expect(try world.office.value(all) == .text("SouthClay9half East-7half"))
        try world.upgradeHub(to: 3)
        try world.syncAll()
        #expect(try world.office.dump() == world.dump())
        #expect(try world.value(all) == .text("SouthClay9half East-7half"))
    }

    @Test("by files it is the same")
    func carried() throws {
        let world = try GardenWorld(hub: 1, office: 3, laptop: 1)
        try world.office.add(plot: 1, name: "North", [("soil", "'Clay'")])
        let file = try world.office.replica.upFile()
        #expect(try world.hub.take(upFile: file.bytes).held == 1)
        #expect(try world.hub.take(upFile: file.bytes).held == 1)
        try world.upgradeHub(to: 3)
        #expect(try world.value("SELECT soil FROM plot") == .text("Clay"))
        try world.carry(world.office)
        #expect(try world.office.replica.status().unsentEdits == 0)
        #expect(try world.office.dump() == world.dump())
    }

    @Test("what waits for the hub's upgrade cannot be released before")
    func released() throws {
        let world = try GardenWorld(hub: 1, office: 2, laptop: 1)
        try world.office.add(plot: 1, name: "North")
        try world.syncAll()
        let held = try #require(try world.hub.holds().first)
        let failure = #expect(throws: Failure.self) { _ = try world.hub.release(held: held.id) }
        #expect(failure?.code == .configuration)
        #expect(try world.hub.holds().count == 1)
    }
}

@Suite("A hub that is upgraded does what follows from its new schema")
struct HubUpgradeTests {
    @Test("new reference rows go out, those that are here stay as they are, those that were taken away stay away")
    func reference() throws {
        let world = try GardenWorld(hub: 1, office: 1, laptop: 1)
        let names = "SELECT group_concat(name, ' ') FROM (SELECT name FROM crop ORDER BY id)"
        #expect(try world.value(names) == .text("Kale Beans"))
        try rename(crop: 0, to: "Curly kale", in: world)
        #expect(
            try world.hub.submit([
                Op(table: 4, key: crop(1), kind: .delete, groups: 0, stamp: HybridTime(milliseconds: 1), values: [])
            ]).flatMap(\.exceptions).isEmpty)
        try world.upgradeHub(to: 3)
        #expect(try world.value(names) == .text("Curly kale Leek Quince"))
        let batches = try world.value("SELECT count(*) FROM hub_batch")
        try world.upgradeHub(to: 3)
        #expect(try world.value("SELECT count(*) FROM hub_batch") == batches)
        try world.syncAll()
        #expect(try world.laptop.value(names) == .text("Curly kale Leek Quince"))
    }

    @Test("grants become what the new rules say, without an edit of any row")
    func grants() throws {
        let world = try GardenWorld(hub: 1, office: 1, laptop: 1)
        let masks =
            "SELECT group_concat(DISTINCT read_mask) FROM hub_grant WHERE closed IS NULL AND scope = "
            + "(SELECT no FROM hub_scope WHERE id = \(literal(GardenWorld.room)))"
        #expect(try world.value(masks) == .text("1"))
        try world.upgradeHub(to: 3)
        #expect(try world.value(masks) == .text("33"))
        try world.syncAll()
        try world.office.upgrade(to: 3)
        try world.office.edit("INSERT INTO grave(room_id, pet) VALUES(\(literal(GardenWorld.room)), 'Rex')")
        try world.syncAll()
        #expect(try world.value("SELECT pet FROM grave") == .text("Rex"))
        #expect(try world.laptop.keptRows == 1)
    }

    @Test("a row that was deleted before the upgrade comes back with an edit that is released after it")
    func broughtBack() throws {
        let world = try GardenWorld(hub: 1, office: 1, laptop: 1)
        try world.office.add(plot: 1, name: "North")
        try world.syncAll()
        try world.office.edit("DELETE FROM plot")
        try world.laptop.edit("UPDATE plot SET name = 'South'")
        try world.syncAll()
        try world.upgradeHub(to: 3)
        let waiting = try #require(try world.hub.quarantine().first)
        _ = try world.hub.release(quarantined: waiting.id, by: "operator", reason: "She has moved to the other plot")
        #expect(try world.value("SELECT name || size || sun FROM plot") == .text("South7half"))
        try world.syncAll()
        try world.laptop.upgrade(to: 3)
        #expect(try world.laptop.dump() == world.dump())
    }

    @Test("the first program's hub opens, and holds what is newer; one of a newer engine is left as it was")
    func engine() throws {
        let world = try GardenWorld(hub: 1, office: 1, laptop: 1)
        try world.office.add(plot: 1, name: "North")
        try world.syncAll()
        func change(_ sql: String) throws {
            try EngineDatabase.open(path: world.folder.file("hub/hub.sqlite"), role: .engine, label: "first").write {
                try $0.execute(sql: sql)
            }
        }
        try change(
            """
            DROP INDEX hub_hold_told;
            ALTER TABLE hub_hold DROP COLUMN schema_version;
            ALTER TABLE hub_device_key DROP COLUMN succession;
            ALTER TABLE hub_device_key DROP COLUMN last_batch;
            ALTER TABLE hub_device_key DROP COLUMN replaced_ms;
            ALTER TABLE hub_epoch DROP COLUMN parent_number;
            ALTER TABLE hub_epoch DROP COLUMN parent_salt;
            DROP TABLE hub_lost_epoch;
            DROP TABLE hub_operator;
            DROP TABLE hub_night;
            DROP TABLE hub_key;
            DROP TABLE hub_key_use;
            ALTER TABLE hub_device DROP COLUMN enrolled_at;
            DROP INDEX hub_hold_untold;
            ALTER TABLE hub_hold DROP COLUMN told;
            DROP VIEW ru_taken;
            DROP INDEX hub_quarantine_op;
            DELETE FROM hub_meta WHERE name IN ('engine_version', 'settled_schema')
            """)
        try world.upgradeHub(to: 1)
        try world.office.upgrade(to: 2)
        try world.office.edit("UPDATE plot SET soil = 'Clay'")
        try world.syncAll()
        #expect(try world.hub.holds().map(\.schema) == [2])
        try world.upgradeHub(to: 2)
        #expect(try world.value("SELECT name || soil FROM plot") == .text("NorthClay"))
        try change("UPDATE hub_meta SET value = 99 WHERE name = 'engine_version'")
        let failure = #expect(throws: Failure.self) { try world.upgradeHub(to: 2) }
        #expect(failure?.code == .configuration)
    }

    private func crop(_ number: UInt64) -> Identifier {
        Identifier(high: 0x0000_0004_0001_8000, low: 0x8000_0000_0000_0000 + number)
    }

    private func rename(crop number: UInt64, to name: String, in world: GardenWorld) throws {
        let op = Op(
            table: 4, key: crop(number), kind: .set, groups: 1, stamp: HybridTime(milliseconds: 1),
            values: [.text(name)])
        #expect(try world.hub.submit([op]).flatMap(\.exceptions).isEmpty)
    }
}
