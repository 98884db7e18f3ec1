import ReUniteReplica
import ReUniteSync
import Synchronization
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("No device fills the hub's disk by itself")
struct DeviceIntakeTests {
    @Test("who brings too much in a day is told so and keeps the rest, which goes the day after; others go on")
    func limit() throws {
        let world = try World(seed: 1_014)
        let device = world.surreyOffice
        let rows = try world.openCase(on: device, marker: "first", naming: world.gloucester)
        try world.settle()
        world.hub.intake.withLock { $0.limit = 6_000 }
        var refused: Failure?
        for number in 0..<40 where refused == nil {
            let words = (0..<40).map { _ in String(UInt64.random(in: 0 ... .max), radix: 36) }
            try device.set("detail", of: "need", rows.need, to: "note \(number) \(words.joined(separator: " "))")
            do {
                try world.sync(device)
            } catch let failure as Failure {
                refused = failure
            }
        }
        let failure = try #require(refused)
        #expect(failure.code == .tryLater && failure.why.contains("more within a day"))
        let typed = try #require(try device.text("detail", of: "need", rows.need))
        #expect(try world.reader.text("detail", of: "need", rows.need) != typed)
        #expect(try world.hub.status().intakeTrouble?.contains(device.replica.facts().deviceName) == true)
        // Another device is none of its business.
        _ = try world.openCase(on: world.gloucestershire, marker: "second", naming: world.surrey)
        try world.sync(world.gloucestershire)
        // The day after it goes, with nothing lost.
        world.advance(milliseconds: 86_400_000)
        try world.sync(device)
        #expect(try world.reader.text("detail", of: "need", rows.need) == typed)
    }
}
