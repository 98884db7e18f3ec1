import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// What a backup of the hub is worth to those who wrote what is in it.
@Suite("Only a backup of the hub frees what a device keeps")
struct BackedUpTests {
    private static func settled(seed: UInt64) throws -> (world: World, rows: CaseRows) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "kept", naming: world.gloucester)
        try world.settle()
        return (world, rows)
    }

    @Test("status says what it waits for, and that the device may be wiped once a backup holds every edit")
    func safeToWipe() throws {
        let (world, rows) = try BackedUpTests.settled(seed: 521)
        let office = world.surreyOffice
        #expect(try office.replica.status().wipeWaitsFor?.hasPrefix("a backup of the hub that holds") == true)
        try office.set("detail", of: "need", rows.need, to: "typed")
        #expect(try office.replica.status().wipeWaitsFor == "1 edit that has not been sent")
        try world.sync(office)
        _ = try world.backUpHub(counts: false)
        try world.sync(office)
        #expect(try office.replica.status().wipeWaitsFor != nil, "nobody answers for that copy")
        _ = try world.backUpHub()
        #expect(try office.replica.status().wipeWaitsFor != nil, "it has not been told")
        #expect(try world.sync(office).roundTrips == 1, "what it is told costs no exchange more")
        #expect(try office.replica.status().wipeWaitsFor == nil)
        try office.set("detail", of: "need", rows.need, to: "typed since")
        #expect(try office.replica.status().wipeWaitsFor != nil)
        try world.sync(office)
        #expect(try office.replica.status().wipeWaitsFor == "a backup of the hub that holds 1 edit which the hub has")
        #expect(try world.surreyLaptop.replica.status().wipeWaitsFor == nil, "it never wrote anything")
    }

    @Test("what a backup holds goes from the outbox, and the log still says what was done")
    func freed() throws {
        let (world, rows) = try BackedUpTests.settled(seed: 522)
        let office = world.surreyOffice
        try office.set("detail", of: "need", rows.need, to: "overwritten later")
        try world.sync(office)
        try office.set("detail", of: "need", rows.need, to: "stands")
        try world.sync(office)
        let before = try office.replica.log()
        #expect(try office.outboxHolds("overwritten later"))
        #expect(before.allSatisfy { !$0.isSafe })
        _ = try world.backUpHub()
        try world.sync(office)
        #expect(try !office.outboxHolds("overwritten later") && !office.outboxHolds("stands"))
        let after = try office.replica.log()
        #expect(after.allSatisfy { $0.isSafe })
        #expect(after.map { $0.seenBefore } == before)
        #expect(try office.count("SELECT count(*) FROM ru_checkpoint") == 0)
        // A case that leaves takes its columns out of the log all the same.
        try world.give(rows.id, to: world.gloucester)
        try world.settle()
        #expect(try !office.holds("need", rows.need))
        #expect(try office.replica.log(table: "need").allSatisfy { $0.isWithheld && $0.columns.isEmpty })
        #expect(try world.gloucestershire.text("detail", of: "need", rows.need) == "stands")
    }

    @Test("a hub that is restored from that backup gets back what came after it, on top of what it holds")
    func restored() throws {
        let (world, rows) = try BackedUpTests.settled(seed: 523)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "in the backup")
        try world.settle()
        let backup = try world.backUpHub()
        try world.settle()
        #expect(try world.surreyOffice.replica.status().wipeWaitsFor == nil)
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "after the backup")
        try world.settle()
        try world.restoreHub(from: backup)
        try world.surreyOffice.set("first_name", of: "child", rows.child, to: "after the restore")
        try world.settle()
        #expect(try world.reader.text("detail", of: "need", rows.need) == "in the backup")
        #expect(try world.reader.text("known_as", of: "person", rows.person) == "after the backup")
        #expect(try world.reader.text("first_name", of: "child", rows.child) == "after the restore")
        #expect(try world.hub.holds().isEmpty && world.hub.conflicts().isEmpty && world.hub.salvage().isEmpty)
        #expect(try world.surreyOffice.replica.status().wipeWaitsFor?.hasPrefix("a backup") == true)
        _ = try world.backUpHub()
        try world.settle()
        #expect(try world.surreyOffice.replica.status().wipeWaitsFor == nil)
    }

    @Test("a backup older than one that devices rely on is put back only by who says so, and what was lost is salvage")
    func older() throws {
        let (world, rows) = try BackedUpTests.settled(seed: 524)
        let old = try world.backUpHub()
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "freed")
        try world.settle()
        _ = try world.backUpHub()
        try world.settle()
        #expect(try world.surreyOffice.replica.status().wipeWaitsFor == nil)
        #expect { try world.restoreHub(from: old) } throws: {
            ($0 as? Failure)?.code == .badData && "\($0)".contains("--older")
        }
        try world.restartHub()
        #expect(world.hub.epoch.number == 1)
        try world.restoreHub(from: old, acceptsOlder: true)
        try world.sync(world.surreyOffice)
        #expect(try world.hub.salvage().map(\.values) == [["freed"]])
        #expect(try world.hub.recovery().missing > 0)
    }

    @Test("a receipt that comes once more leaves freed what is free")
    func wholeAgain() throws {
        let (world, rows) = try BackedUpTests.settled(seed: 525)
        _ = try world.backUpHub()
        try world.settle()
        let office = world.surreyOffice
        let file = try world.hub.downFile(for: office.id, .whole)
        _ = try office.replica.take(file: file.bytes)
        #expect(try office.replica.status().wipeWaitsFor == nil)
        #expect(try office.text("detail", of: "need", rows.need) == "kept need")
        #expect(try world.sync(office).digest == .match)
    }

    @Test("a stick tells the device of a backup as a sync does")
    func byStick() throws {
        let (world, rows) = try BackedUpTests.settled(seed: 526)
        let office = world.surreyOffice
        try office.set("detail", of: "need", rows.need, to: "typed")
        _ = try world.hub.take(upFile: try office.replica.upFile().bytes)
        _ = try world.backUpHub()
        _ = try office.replica.take(file: try world.hub.downFile(for: office.id).bytes)
        #expect(try office.replica.status().wipeWaitsFor == nil)
    }
}

extension LogEntry {
    /// The same before a backup held it.
    fileprivate var seenBefore: LogEntry {
        var entry = self
        entry.isSafe = false
        return entry
    }
}

extension Device {
    func count(_ sql: String) throws -> Int { try read { try Int.fetchOne($0, sql: sql) ?? 0 } }

    /// Whether a value is in any batch of the outbox.
    func outboxHolds(_ word: String) throws -> Bool {
        try unjudgedOps(andOthers: true).contains { $0.values.contains(.text(word)) }
    }
}
