import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Whatever happens to classes, rows and grants, each replica holds exactly what it may read")
struct RandomClassTests {
    private static let values = ["OPEN", "SECRET", "VAULT"]

    /// Any set of classes; one in four reads nothing at all.
    private static func mask(_ generator: inout SeededGenerator) -> UInt64 {
        guard Int.random(in: 0..<4, using: &generator) > 0 else { return 0 }
        return ClassNetwork.stock
            | [ClassNetwork.open, ClassNetwork.secret, ClassNetwork.vault].filter { _ in Bool.random(using: &generator)
            }
            .reduce(0, |)
    }

    @Test(
        "Bytewise equal, digests agree, and no word of a hidden row is in any table",
        arguments: Array(1...24) as [UInt64])
    func random(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let world = try ClassWorld(
            masks: [ClassNetwork.all, RandomClassTests.mask(&generator), RandomClassTests.mask(&generator)], seed: seed)
        var bodies: [Identifier: Set<String>] = [:]
        var serial: UInt64 = 0
        func word() -> String {
            serial += 1
            return "word\(seed)x\(serial)y"
        }
        func someone() -> Int { Int.random(in: 0..<3, using: &generator) }
        func pick(on office: Office) throws -> Identifier? {
            let keys = try office.replica.read("Reading") {
                try Row.fetchAll($0, sql: "SELECT id FROM paper ORDER BY id").map { $0.identifier("id") }
            }
            return keys.randomElement(using: &generator)
        }
        for _ in 0..<60 {
            world.time.advance(milliseconds: 1_000)
            let number = someone()
            let office = world.offices[number]
            switch Int.random(in: 0..<14, using: &generator) {
            case 0..<2:
                let (key, body) = (row(serial + 1), word())
                bodies[key, default: []].insert(body)
                let secrecy = try #require(RandomClassTests.values.randomElement(using: &generator))
                try world.add(key, secrecy, body: body, on: office)
            case 2..<4:
                guard let key = try pick(on: office) else { continue }
                let body = word()
                bodies[key, default: []].insert(body)
                try office.edit("UPDATE paper SET body = '\(body)' WHERE id = \(literal(key))")
            case 4..<6:
                guard let key = try pick(on: office) else { continue }
                let secrecy = try #require(RandomClassTests.values.randomElement(using: &generator))
                try office.edit("UPDATE paper SET secrecy = '\(secrecy)' WHERE id = \(literal(key))")
            case 6:
                guard let key = try pick(on: office) else { continue }
                try office.edit("DELETE FROM paper WHERE id = \(literal(key))")
            case 7..<9:
                let keys = try world.read {
                    try Row.fetchAll($0, sql: "SELECT id FROM paper ORDER BY id").map { $0.identifier("id") }
                }
                guard let key = keys.randomElement(using: &generator) else { continue }
                try world.resolve(key, to: try #require(RandomClassTests.values.randomElement(using: &generator)))
            case 9:
                try world.set(mask: RandomClassTests.mask(&generator), of: Int.random(in: 1..<3, using: &generator))
            default:
                try office.sync()
                try check(world, number, bodies, "seed \(seed)")
            }
        }
        try world.syncAll()
        for number in 0..<3 { try check(world, number, bodies, "seed \(seed), at the end") }
    }

    private func check(
        _ world: ClassWorld, _ number: Int, _ bodies: [Identifier: Set<String>], _ where: Comment
    ) throws {
        let office = world.offices[number]
        #expect(try world.papers(on: office) == world.papers(for: number), `where`)
        let held = try Set(
            office.replica.read("Reading") {
                try Row.fetchAll($0, sql: "SELECT id FROM paper").map { $0.identifier("id") }
            })
        for (key, words) in bodies where !held.contains(key) {
            for word in words { #expect(try !world.mentions(word, on: office), `where`) }
        }
    }
}
