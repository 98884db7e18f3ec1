import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// Situation 6 of the catalogue of conflicts, on the Re-Unite network: a referral is withdrawn by its sender while its
/// receiver accepts it, and neither knows.
@Suite("A withdrawal and an acceptance that did not know of each other")
struct WithdrawalTests {
    @Test(
        "The withdrawal stands, whichever comes first, and the case is not at the receiver", arguments: [false, true])
    func crossed(acceptanceFirst: Bool) throws {
        let world = try World(seed: 21)
        let rows = try world.openCase(on: world.surreyOffice, marker: "Sycamore", naming: world.gloucester)
        let referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.withdraw(referral, on: world.surreyOffice)
        let order =
            acceptanceFirst
            ? [world.gloucestershire, world.surreyOffice] : [world.surreyOffice, world.gloucestershire]
        for device in order { try world.sync(device) }
        try world.settle()
        #expect(try world.reader.text("state", of: "referral", referral) == "WITHDRAWN")
        for device in world.devices {
            #expect(try device.text("state", of: "referral", referral) == "WITHDRAWN", "\(device.name)")
        }
        for (table, id) in [
            ("case_file", rows.id), ("person", rows.person), ("need", rows.need), ("child", rows.child),
        ] {
            #expect(try !world.gloucestershire.holds(table, id), "\(table)")
        }
        #expect(try !fileMentions("Sycamore need", world.gloucestershire.path))
        // Both thought differently of it: a person is told.
        #expect(try world.hub.conflicts().contains { $0.row == referral.description })
    }
}
