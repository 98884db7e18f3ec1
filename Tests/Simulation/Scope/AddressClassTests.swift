import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Addresses are shown by what they say of themselves")
struct AddressClassTests {
    /// Joint work on a case, with an address of each kind, whose ids are in the order of the kinds.
    private func jointWork(_ kinds: [String], seed: UInt64) throws -> (world: World, addresses: [Identifier]) {
        let world = try World(seed: seed)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Mistletoe", naming: world.gloucester)
        let addresses = kinds.map { _ in world.newID() }
        try world.surreyOffice.edit { database in
            for (id, kind) in zip(addresses, kinds) {
                try database.execute(
                    sql: "INSERT INTO address(id, case_id, lines, confidentiality) VALUES(?, ?, ?, ?)",
                    arguments: [id.sqlBlob, rows.id.sqlBlob, "\(kind) Street", kind])
            }
        }
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester, kind: "REFER_SHARED")
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        return (world, addresses)
    }

    @Test("Who works on the case too reads an address that endangers nobody, and no other")
    func byConfidentiality() throws {
        let kinds = ["NORMAL", "RESTRICTED", "NO_CONTACT", "REFUGE"]
        let (world, addresses) = try jointWork(kinds, seed: 51)
        #expect(try addresses.map { try world.gloucestershire.holds("address", $0) } == [true, false, false, false])
        for device in [world.surreyOffice, world.surreyLaptop] {
            for id in addresses { #expect(try device.holds("address", id)) }
        }
        for kind in kinds.dropFirst() { #expect(try !fileMentions("\(kind) Street", world.gloucestershire.path)) }
    }

    @Test("An address of which nobody said anything is kept close")
    func byDefault() throws {
        let (world, _) = try jointWork([], seed: 52)
        let id = world.newID()
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO address(id, case_id, lines) SELECT ?, id, '1 Quiet Lane' FROM case_file",
                arguments: [id.sqlBlob])
        }
        try world.settle()
        #expect(try world.surreyLaptop.holds("address", id) && !world.gloucestershire.holds("address", id))
        #expect(try world.reader.text("confidentiality", of: "address", id) == "RESTRICTED")
    }

    @Test("She is found by somebody: the address goes from the receiver at once, and comes back when a person says so")
    func raised() throws {
        let (world, addresses) = try jointWork(["NORMAL"], seed: 53)
        try world.surreyLaptop.set("confidentiality", of: "address", addresses[0], to: "REFUGE")
        try world.settle()
        #expect(try !world.gloucestershire.holds("address", addresses[0]))
        // Lowering it is a proposal: nobody gains by it yet.
        try world.surreyOffice.set("confidentiality", of: "address", addresses[0], to: "NORMAL")
        try world.settle()
        #expect(try !world.gloucestershire.holds("address", addresses[0]))
        let conflict = try #require(try world.hub.conflicts().first)
        _ = try world.hub.resolve(
            conflict.id, .value(json: "\"NORMAL\""), by: "Ada", reason: "He moved to another country")
        try world.settle()
        #expect(try world.gloucestershire.text("lines", of: "address", addresses[0]) == "NORMAL Street")
    }

    @Test("What an owner raised on its last day goes from its replica once the next owner takes the proposal")
    func raisedByAProposal() throws {
        let (world, addresses) = try jointWork(["NORMAL"], seed: 54)
        let (surrey, gloucester) = (world.surreyOffice, world.gloucestershire)
        let id = try #require(try surrey.read { try Row.fetchOne($0, sql: "SELECT id FROM case_file") })
            .identifier("id")
        try world.give(id, to: world.gloucester)
        try world.settle()
        try gloucester.set("confidentiality", of: "address", addresses[0], to: "REFUGE")
        try world.give(id, to: world.surrey)
        try world.settle()
        #expect(try gloucester.holds("address", addresses[0]))
        let proposal = try #require(try surrey.read { try EditProposals.list(in: $0) }.first)
        try surrey.edit { _ = try EditProposals.take(proposal.id, in: $0) }
        try world.settle()
        #expect(try surrey.text("confidentiality", of: "address", addresses[0]) == "REFUGE")
        #expect(try !gloucester.holds("address", addresses[0]))
        #expect(try !fileMentions("NORMAL Street", gloucester.path))
    }
}
