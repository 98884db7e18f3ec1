import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A device with an older program than the hub goes on")
struct OlderDeviceTests {
    private let world: GardenWorld
    private var office: GardenDesk { world.office }
    private var laptop: GardenDesk { world.laptop }

    /// A plot that the laptop made, and the office has given what only newer programs know.
    init() throws {
        world = try GardenWorld(hub: 3, office: 3, laptop: 1)
        try laptop.add(plot: 1, name: "North")
        try world.syncAll()
        try office.edit("UPDATE plot SET soil = 'ZQCLAY', size = 20, sun = 'full'")
        try office.add(bed: 2, words: "ZQBEANS")
        try office.edit(
            "INSERT INTO grave(id, room_id, pet) VALUES(\(literal(row(3))), \(literal(GardenWorld.room)), 'ZQREX')")
        try world.syncAll()
    }

    @Test("its new rows are taken, with the defaults of what it does not know")
    func created() throws {
        try laptop.edit(
            """
            INSERT INTO tag(id, room_id, word) VALUES(\(literal(row(9))), \(literal(GardenWorld.room)), 'damp')
            """)
        try laptop.add(plot: 4, name: "East")
        try world.syncAll()
        #expect(try world.value("SELECT size || coalesce(soil, '-') || sun FROM plot \(at(4))") == .text("7-half"))
        #expect(try world.value("SELECT word || colour FROM tag") == .text("dampgreen"))
        #expect(try office.dump() == world.dump())
        #expect(try laptop.replica.status().returned == 0)
        #expect(try world.value("SELECT count(*) FROM hub_quarantine") == .integer(0))
    }

    @Test("its edits of a row leave alone what it does not know of the row")
    func edited() throws {
        try laptop.edit("UPDATE plot SET name = 'South', visits = visits + 2, stage = 'DUG', note = 'wet'")
        try world.syncAll()
        let all = "SELECT name || visits || stage || note || soil || size || sun FROM plot"
        #expect(try world.value(all) == .text("South2DUGwetZQCLAY20full"))
        #expect(try office.dump() == world.dump())
    }

    @Test("an element of a set that it adds again keeps what it does not know")
    func addedAgain() throws {
        let insert = "INSERT INTO tag(id, room_id, word"
        let values = "VALUES(\(literal(row(8))), \(literal(GardenWorld.room)), 'damp'"
        try office.edit("\(insert), colour) \(values), 'red')")
        try world.syncAll()
        try laptop.edit("DELETE FROM tag; \(insert)) \(values))")
        try world.syncAll()
        #expect(try world.value("SELECT colour FROM tag") == .text("red"))
        #expect(try office.dump() == world.dump())
    }

    @Test("a new row that lacks what its own version has is malformed")
    func incomplete() throws {
        let op = Op(
            table: GardenNetwork.plot, key: row(5), kind: .create, groups: 3, stamp: HybridTime(milliseconds: 1),
            values: [.blob(GardenWorld.room.bytes), .text("Half")])
        let transaction = try world.hub.submit([op])
        #expect(transaction.flatMap(\.exceptions).map(\.reason) == [.malformed])
    }

    @Test("it keeps what it cannot show, and agrees with the hub on versions and values")
    func kept() throws {
        #expect(try laptop.keptRows == 3)
        #expect(try laptop.value("SELECT count(*) FROM ru_kept") == .integer(9))
        let findings = try laptop.differences(from: world.hub)
        #expect(findings.isSound && findings.rows == 0)
        #expect(try laptop.replica.examine().isSound)
        let status = try laptop.replica.status()
        #expect(status.schema == 1 && status.hubSchema == 3)
    }

    @Test("a value that was changed behind its back is found as always")
    func drifted() throws {
        try EngineDatabase.open(path: laptop.replica.path, role: .engine, label: "stranger").write {
            try $0.execute(sql: "UPDATE plot SET name = 'Drifted'")
        }
        let findings = try laptop.differences(from: world.hub)
        #expect(findings.drifted == [RowKey(table: GardenNetwork.plot, key: row(1))])
    }

    @Test(
        "once its program is newer, what was kept is in its columns, and nothing is fetched again", arguments: [2, 3])
    func upgraded(to version: Int) throws {
        try laptop.upgrade(to: version)
        #expect(try laptop.value("SELECT soil || size FROM plot") == .text("ZQCLAY20"))
        #expect(try laptop.keptRows == (version == 3 ? 0 : 3))
        let outcome = try world.sync(laptop)
        #expect(outcome.pulledRows == 0)
        #expect(try laptop.differences(from: world.hub).rows == 0)
        if version == 2 { try laptop.upgrade(to: 3) }
        #expect(try laptop.dump() == world.dump())
        #expect(try world.sync(laptop).pulledRows == 0)
        #expect(try laptop.keptRows == 0)
        #expect(try laptop.differences(from: world.hub).rows == 0)
        try laptop.edit("UPDATE plot SET sun = 'none'; UPDATE bed SET depth = 9")
        try world.syncAll()
        #expect(try office.dump() == world.dump())
        #expect(try world.value("SELECT sun FROM plot") == .text("none"))
    }

    @Test("what was kept and cannot be put into its column is fetched, and nothing else")
    func unfit() throws {
        try EngineDatabase.open(path: laptop.replica.path, role: .engine, label: "stranger").write {
            try $0.execute(
                sql: "UPDATE ru_kept SET val = ? WHERE tbl = 9 AND grp = 2",
                arguments: [ValueList.encode([.integer(1), .integer(2)]).sqlBlob])
        }
        try laptop.upgrade(to: 3)
        #expect(try world.sync(laptop).pulledRows == 1)
        #expect(try laptop.dump() == world.dump())
        #expect(try laptop.differences(from: world.hub).rows == 0)
    }

    @Test("what it cannot show is kept when it comes in a file too")
    func carried() throws {
        try office.edit("UPDATE plot SET soil = 'Sand'; UPDATE bed SET words = 'Peas'")
        _ = try world.sync(office)
        try laptop.edit("UPDATE plot SET name = 'By stick'")
        try world.carry(laptop)
        // And by an office that carries it for the laptop, with a program of its own age.
        try office.edit("UPDATE plot SET size = 30")
        _ = try world.sync(office)
        let down = try world.hub.downFile(for: laptop.id).bytes
        try office.replica.carry(downFile: down, for: laptop.id)
        let letter = try #require(office.replica.relayBox.letters().first)
        let carried = try office.replica.relayBox.read(letter)
        #expect(carried == down)
        guard case .applied = try laptop.replica.take(file: carried) else { throw FormatError(.malformed, "letter") }
        try world.syncAll()
        try laptop.upgrade(to: 3)
        #expect(try laptop.dump() == world.dump())
        #expect(try laptop.value("SELECT name || soil || size FROM plot") == .text("By stickSand30"))
    }

    @Test("a row that goes takes along what was kept of it")
    func deleted() throws {
        try office.edit("DELETE FROM bed; DELETE FROM plot")
        try world.syncAll()
        #expect(try laptop.keptRows == 1)
        #expect(try FileScan.find(["ZQCLAY", "ZQBEANS"], ofReplica: laptop.replica.path) == [])
    }

    @Test("a class that is taken away takes along the rows of tables that are not known")
    func masked() throws {
        #expect(try !FileScan.find(["ZQREX"], ofReplica: laptop.replica.path).isEmpty)
        try world.set(reads: 2, of: 1)
        try world.syncAll()
        #expect(try FileScan.find(["ZQREX"], ofReplica: laptop.replica.path) == [])
        #expect(try laptop.keptRows == 2)
        #expect(try laptop.differences(from: world.hub).rows == 0)
    }

    @Test("a scope that leaves takes along everything, and comes back with everything")
    func left() throws {
        try world.set(reads: 0, of: 1)
        try world.syncAll()
        #expect(try laptop.keptRows == 0)
        let words = ["ZQCLAY", "ZQBEANS", "ZQREX", "North"]
        #expect(try FileScan.find(words, ofReplica: laptop.replica.path) == [])
        try world.set(reads: 1, of: 1)
        try world.syncAll()
        #expect(try laptop.keptRows == 3)
        try laptop.upgrade(to: 3)
        #expect(try laptop.dump() == world.dump())
    }

    @Test("a hub that was put back learns from it what it had sent and has lost")
    func salvaged() throws {
        let copy = try world.copyHub()
        try office.edit("UPDATE plot SET soil = 'Lost'; UPDATE bed SET depth = 8")
        try world.syncAll()
        try world.putBack(copy)
        #expect(try world.hub.salvage().isEmpty)
        _ = try world.sync(laptop)
        let found = try world.hub.salvage().map { "\($0.table) \($0.columns) \($0.values)" }
        #expect(Set(found) == ["plot [\"soil\"] [Optional(\"Lost\")]", "bed [\"depth\"] [Optional(\"8\")]"])
    }

    @Test("codes and labels: new codes come as rows, new labels with the program")
    func codes() throws {
        #expect(try laptop.value("SELECT count(*) FROM crop") == .integer(4))
        #expect(try laptop.value("SELECT label FROM ru_table WHERE name = 'plot'") == .text("Plot"))
        try laptop.upgrade(to: 2)
        #expect(try laptop.value("SELECT label FROM ru_table WHERE name = 'plot'") == .text("Allotment"))
    }
}

/// `WHERE` for one row.
private func at(_ number: UInt64) -> String { "WHERE id = \(literal(row(number)))" }
