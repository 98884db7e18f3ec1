import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Sealing once more hides nothing")
struct TailResealScenarioTests {
    /// G3: A1 is sealed and has not left, B's value of the same cell is applied, A2 changes another cell.
    @Test("An edit sealed before a delivery still conflicts with what the delivery brought")
    func stillConflicts() throws {
        let world = try World(seed: 41)
        let rows = try world.openCase(on: world.surreyOffice, marker: "reseal", naming: world.gloucester)
        try world.settle()
        try world.surreyLaptop.set("detail", of: "need", rows.need, to: "B15")
        try world.sync(world.surreyLaptop)
        // Typed while the answer is under way: it is sealed, has not left, and then the answer is applied.
        var wire = Wire(faults: nil)
        var seams = 0
        wire.meanwhile = {
            seams += 1
            if seams == 3 {
                try world.surreyOffice.set("detail", of: "need", rows.need, to: "A1")
                try world.surreyOffice.replica.seal()
            }
        }
        wire.limit = 1
        _ = try wire.sync(world.surreyOffice.replica, with: world.hub, stoppingAfterApply: true)
        try world.surreyOffice.set("known_as", of: "person", rows.person, to: "A2")
        try world.surreyOffice.replica.seal()
        try world.settle()
        #expect(
            Set(try world.reader.siblings("need", rows.need, column: "detail")) == [[.text("B15")], [.text("A1")]])
        #expect(try world.reader.openConflicts().count == 1)
        #expect(try world.surreyLaptop.text("known_as", of: "person", rows.person) == "A2")
    }

    @Test("What was sealed many times without a network arrives once, as it was typed last")
    func manyTries() throws {
        let world = try World(seed: 42)
        let rows = try world.openCase(on: world.surreyOffice, marker: "tries", naming: world.gloucester)
        try world.settle()
        for number in 1...5 {
            try world.surreyLaptop.set("detail", of: "need", rows.need, to: "try \(number)")
            try world.surreyLaptop.replica.seal()
            world.advance(milliseconds: 60_000)
        }
        let outcome = try world.sync(world.surreyLaptop)
        #expect(outcome.pushedEdits == 1)
        try world.settle()
        #expect(try world.surreyOffice.text("detail", of: "need", rows.need) == "try 5")
        #expect(try world.reader.openConflicts().isEmpty)
    }
}
