import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A replica's file is damaged where it says which numbers its scopes have.
@Suite("No number of a scope is given twice, whatever a replica's file says of the highest")
struct DamagedFactTests {
    @Test(
        "neither where the fact is too low nor where no number is above it", arguments: [0, -7, .max, .max - 1, .min])
    func damaged(value: Int64) throws {
        let world = try World(seed: 1_013)
        let device = world.surreyOffice
        let other = world.gloucestershire
        _ = try world.openCase(on: other, marker: "one", naming: world.surrey)
        let first = try world.openCase(on: device, marker: "two", naming: world.gloucester)
        try world.settle()
        try device.restart()
        let file = try EngineDatabase.open(path: device.path, role: .engine, label: "damage")
        try file.immediately {
            try $0.execute(
                sql: "UPDATE ru_meta SET value = ? WHERE name = 'scope_high'", arguments: [value])
        }
        try file.close()
        try device.restart()
        let next = try world.openCase(on: device, marker: "three", naming: world.gloucester)
        try world.settle()
        let numbers = try device.read {
            try Row.fetchOne($0, sql: "SELECT count(*) AS all_of_them, count(DISTINCT no) AS different FROM ru_scope")
        }
        #expect(numbers?["all_of_them"] as Int? == numbers?["different"] as Int?)
        #expect(try device.holds("need", first.need) && device.holds("need", next.need))
        #expect(try device.text("detail", of: "need", next.need) != nil)
    }
}
