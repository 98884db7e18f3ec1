import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situation 9 of the catalogue of conflicts.
@Suite("A refuge flag and a new address text, written apart from each other")
struct RefugeAddressTests {
    /// Words of the address that are nowhere else: as it stood, as the office typed it, as the other partner did.
    private static let words = (old: "Oldbrick", office: "Newharbour", guest: "Theirwords")

    /// Joint work on a case whose one address endangers nobody so far: Gloucestershire reads it.
    private func jointWork(seed: UInt64) throws -> (world: World, address: Identifier) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Mistletoe", naming: world.gloucester)
        let address = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO address(id, case_id, lines, confidentiality) VALUES(?, ?, ?, 'NORMAL')",
                arguments: [address.sqlBlob, rows.id.sqlBlob, "4 \(Self.words.old) Terrace"])
        }
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester, kind: "REFER_SHARED")
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        #expect(try FileScan.find([Self.words.old], ofReplica: world.gloucestershire.path) != [])
        return (world, address)
    }

    private func expectGone(_ world: World, _ address: Identifier, _ when: Comment) throws {
        let device = world.gloucestershire
        #expect(try !device.holds("address", address), when)
        let words = [Self.words.old, Self.words.office, Self.words.guest]
        #expect(try FileScan.find(words, ofReplica: device.path) == [], when)
    }

    @Test(
        "9: flag from the laptop, text from the office: whichever comes first, no byte stays with who may not hold it",
        arguments: SyncOrder.ofTwo, [false, true])
    func textOfTheOwner(order: SyncOrder, isReadBetween: Bool) throws {
        let (world, address) = try jointWork(seed: 91)
        try world.surreyLaptop.set("confidentiality", of: "address", address, to: "REFUGE")
        world.advance(milliseconds: 60_000)
        try world.surreyOffice.set("lines", of: "address", address, to: "\(Self.words.office) House")
        var isFlagged = false
        for device in order.apply(to: [world.surreyLaptop, world.surreyOffice]) {
            try world.sync(device)
            isFlagged = isFlagged || device === world.surreyLaptop
            guard isReadBetween else { continue }
            try world.sync(world.gloucestershire)
            if isFlagged {
                try expectGone(world, address, "as soon as the flag is at the hub")
            } else {
                #expect(try FileScan.find([Self.words.office], ofReplica: world.gloucestershire.path) != [])
            }
        }
        try world.settle()
        try expectGone(world, address, "in the end")
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("confidentiality", of: "address", address) == "REFUGE")
            #expect(try device.text("lines", of: "address", address) == "\(Self.words.office) House")
            #expect(try FileScan.find([Self.words.office], ofReplica: device.path) != [])
        }
        for device in world.devices { #expect(try world.sync(device).digest == .match) }
    }

    @Test(
        "9: flag from the owner, text from who only reads: the text waits at the hub, and leaves its own author's laptop",
        arguments: SyncOrder.ofTwo)
    func textOfAnother(order: SyncOrder) throws {
        let (world, address) = try jointWork(seed: 92)
        try world.surreyLaptop.set("confidentiality", of: "address", address, to: "REFUGE")
        world.advance(milliseconds: 60_000)
        try world.gloucestershire.set("lines", of: "address", address, to: "\(Self.words.guest) Lane")
        #expect(try FileScan.find([Self.words.guest], ofReplica: world.gloucestershire.path) != [])
        for device in order.apply(to: [world.surreyLaptop, world.gloucestershire]) { try world.sync(device) }
        try world.settle()
        try expectGone(world, address, "in the end")
        let inbox = try world.gloucestershire.replica.inbox()
        #expect(inbox.count == 1 && inbox.allSatisfy { $0.isWithheld && $0.value.isEmpty })
        for device in [world.surreyOffice, world.surreyLaptop] {
            #expect(try device.text("lines", of: "address", address) == "4 \(Self.words.old) Terrace")
        }
        #expect(try world.hub.quarantine().contains { $0.row == address.description })
    }
}
