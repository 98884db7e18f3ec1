import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteProgramme

@Suite("Links make classes, and taking a link back restores the classes that were there before")
struct IdentityClassesTests {
    private static let people = (1...9).map { Identifier(high: 0x0001_0000_0000_7000, low: 1 << 63 | UInt64($0)) }

    /// Classes worked out the slow way: everyone who can be reached, link by link.
    private static func oracle(_ links: [PersonLink]) -> [Identifier: Set<Identifier>] {
        var classes = Dictionary(uniqueKeysWithValues: people.map { ($0, Set([$0])) })
        var isMoving = true
        while isMoving {
            isMoving = false
            for link in links where link.decision == .same {
                let union = (classes[link.a] ?? []).union(classes[link.b] ?? [])
                for person in union where classes[person] != union {
                    classes[person] = union
                    isMoving = true
                }
            }
        }
        return classes
    }

    @Test("Random links and unlinks agree with a slow oracle, in Swift and in SQL", arguments: UInt64(1)...24)
    func random(seed: UInt64) throws {
        let network = try Network()
        var generator = SeededGenerator(seed: seed)
        try network.edit { database in
            let file = try database.add("case_file", ["cohort": "PRISON_LEAVER"])
            for person in Self.people {
                try database.execute(
                    sql: "INSERT INTO person(id, case_id) VALUES(?, ?)", arguments: [person.sqlBlob, file.sqlBlob])
            }
            /// What stood before each link that still holds.
            var before: [(pair: Set<Identifier>, classes: [Identifier: Identifier])] = []
            func classes() throws -> [Identifier: Identifier] {
                let classes = IdentityClasses(try PersonLinks.live(in: database))
                return Dictionary(uniqueKeysWithValues: Self.people.map { ($0, classes.identity(of: $0)) })
            }
            for step in 0..<40 {
                let pair = Self.people.shuffled(using: &generator).prefix(2).map(\.self)
                let names = pair.map(\.description)
                if Int.random(in: 0..<3, using: &generator) > 0 {
                    let now = try classes()
                    let isDifferent = Int.random(in: 0..<4, using: &generator) == 0
                    // What contradicts an earlier decision is refused, which is not what is tested here.
                    guard
                        let row = try? PersonLinks.decide(
                            names[0], names[1], isDifferent: isDifferent, isVerified: false,
                            reason: "decided at random", in: database)
                    else { continue }
                    try row.insert(into: database, now: Network.noon)
                    before.append((Set(pair), now))
                } else if let last = before.popLast() {
                    // The last decision taken back: exactly what was there before it.
                    let names = last.pair.map(\.description)
                    for row in try PersonLinks.undo(
                        names[0], names[1], reason: "taken back at random", in: database)
                    {
                        try row.insert(into: database, now: Network.noon)
                    }
                    #expect(try classes() == last.classes, "seed \(seed), step \(step)")
                }
                try check(database, "seed \(seed), step \(step)")
            }
            // In any order too.
            for last in before.shuffled(using: &generator) {
                let names = last.pair.map(\.description)
                for row in try PersonLinks.undo(names[0], names[1], reason: "taken back at random", in: database) {
                    try row.insert(into: database, now: Network.noon)
                }
                try check(database, "seed \(seed), in the end")
            }
            #expect(try classes().allSatisfy { $0.key == $0.value })
        }
    }

    private func check(_ database: Database, _ place: String) throws {
        let links = try PersonLinks.live(in: database)
        let classes = IdentityClasses(links)
        let expected = Self.oracle(links)
        let inSQL = Dictionary(
            uniqueKeysWithValues: try Row.fetchAll(database, sql: "SELECT * FROM person_identity").map {
                ($0.identifier("person_id"), $0.identifier("identity_id"))
            })
        for person in Self.people {
            #expect(classes.identity(of: person) == expected[person]?.min(), "\(place)")
            #expect(inSQL[person] == expected[person]?.min(), "\(place)")
        }
        for link in links where link.decision == .different {
            #expect(!classes.areSame(link.a, link.b) && classes.areDifferent(link.a, link.b), "\(place)")
        }
    }
}
