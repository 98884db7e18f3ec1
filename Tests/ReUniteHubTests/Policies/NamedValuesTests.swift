import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// An edit can name values of other batches. What it names is its author's word, and is read again with the cell.
@Suite("Whatever an edit names, the others who read its cell go on")
struct NamedValuesTests {
    private let plan = row(1)
    private let other = row(2)

    private func world() throws -> PolicyWorld {
        let world = try PolicyWorld()
        for key in [plan, other] {
            try world.owner.edit(
                "INSERT INTO plan(id, centre_id, note) VALUES(\(literal(key)), \(world.centreLiteral), 'first');")
        }
        try world.settle()
        return world
    }

    private func note(_ text: String, of key: Identifier, naming context: Op.Context?) -> Op {
        Op(
            table: 8, key: key, kind: .set, groups: 1 << 4, stamp: HybridTime(milliseconds: 1), values: [.text(text)],
            context: context)
    }

    private func names(_ count: Int, index: UInt32 = 0) -> [SiblingName] {
        (0..<count).map { SiblingName(group: 4, op: OpID(batch: row(UInt64(1_000 + $0)), index: index)) }
    }

    @Test("No batch has an edit of that number, no row has so many values: it waits, and what came with it counts")
    func impossible() throws {
        for list in [names(1, index: 20_000), names(1, index: 5_000), names(StoredContext.namesPerList + 1)] {
            for context in [Op.Context(kept: list), Op.Context(supersedes: list)] {
                let world = try world()
                try world.guest.forge([
                    note("planted", of: plan, naming: context), note("beside it", of: other, naming: nil),
                ])
                #expect(try world.quarantined() == [.malformed])
                #expect(try world.value("SELECT note FROM plan WHERE id = \(literal(plan))") == .text("first"))
                #expect(try world.value("SELECT note FROM plan WHERE id = \(literal(other))") == .text("beside it"))
                try world.owner.edit("UPDATE plan SET note = 'after' WHERE id = \(literal(plan));")
                try world.owner.sync()
                #expect(try world.value("SELECT note FROM plan WHERE id = \(literal(plan))") == .text("after"))
                #expect(try world.owner.dump().contains { $0.contains("beside it") })
            }
        }
    }

    @Test("As much as an edit may name is taken, and the cell is read and changed after it")
    func most() throws {
        let world = try world()
        let context = Op.Context(
            kept: names(StoredContext.namesPerList, index: 4_999), supersedes: names(StoredContext.namesPerList))
        try world.guest.forge([note("much", of: plan, naming: context)])
        #expect(try world.quarantined() == [])
        try world.owner.sync()
        try world.owner.edit("UPDATE plan SET note = 'after' WHERE id = \(literal(plan));")
        try world.owner.sync()
        #expect(try world.value("SELECT note FROM plan WHERE id = \(literal(plan))") == .text("after"))
    }

    @Test("What an older hub had taken of such names is read again: the cell heals by itself")
    func heals() throws {
        let world = try world()
        let context = Op.Context(kept: names(12_000) + names(1, index: .max), supersedes: names(12_000, index: 70_000))
        try world.change(
            "UPDATE hub_op SET ctx = ? WHERE h = (SELECT max(h) FROM hub_op)",
            [StoredContext.encode(context, extras: [Dot(branch: -1, sequence: .max)]).sqlBlob])
        for key in [plan, other] {
            try world.owner.edit("UPDATE plan SET note = 'after' WHERE id = \(literal(key));")
            try world.owner.sync()
        }
        #expect(try world.quarantined() == [])
        #expect(try world.value("SELECT count(*) FROM plan WHERE note = 'after'") == .integer(2))
    }

    @Test(
        "An edit that meets what cannot be read at all waits alone: its batch, its sync and the next ones go on",
        arguments: [false, true])
    func unreadable(byStick: Bool) throws {
        let world = try world()
        try world.change(
            "UPDATE hub_op SET ctx = x'ff' WHERE h = (SELECT h FROM hub_row WHERE tbl = 8 AND key = ?)",
            [plan.sqlBlob])
        try world.guest.edit("UPDATE plan SET note = 'from the guest' WHERE id = \(literal(other));")
        try world.guest.sync()
        try world.owner.edit(
            """
            UPDATE plan SET note = 'meets it' WHERE id = \(literal(plan));
            INSERT INTO plan(id, centre_id, note) VALUES(\(literal(row(3))), \(world.centreLiteral), 'new');
            """)
        if byStick {
            let report = try world.hub.take(upFile: world.owner.replica.upFile().bytes)
            #expect(report.quarantined == 1 && report.taken == 1)
        }
        try world.owner.sync()
        #expect(try world.quarantined() == [.malformed])
        #expect(try world.owner.returned() == [.malformed])
        #expect(try world.value("SELECT note FROM plan WHERE id = \(literal(row(3)))") == .text("new"))
        try world.settle()
        #expect(try world.owner.value("SELECT note FROM plan WHERE id = \(literal(other))") == .text("from the guest"))
    }

    @Test("Every context that may be kept is restored as it was, by group")
    func restores() throws {
        var random = SeededGenerator(seed: 92)
        for _ in 0..<300 {
            func list() -> [SiblingName] {
                (0..<Int.random(in: 0...40, using: &random)).map { _ in
                    SiblingName(
                        group: .random(in: 0...63, using: &random),
                        op: OpID(
                            batch: row(.random(in: 0...9, using: &random)),
                            index: .random(in: 0...UInt32.max, using: &random)))
                }
            }
            let context = Op.Context(kept: list(), supersedes: list())
            let bytes = StoredContext.encode(context, extras: [])
            guard !bytes.isEmpty else { continue }
            for group in UInt8(0)..<64 {
                var sibling = CellSibling(
                    name: OpID(batch: plan, index: 0), dot: Dot(branch: 1, sequence: 1), position: nil, base: .zero,
                    stamp: HybridTime(milliseconds: 1), values: [])
                try StoredContext.restore(bytes, group: group, into: &sibling)
                #expect(sibling.kept == context.kept.filter { $0.group == group }.map(\.op))
                #expect(sibling.supersedes == context.supersedes.filter { $0.group == group }.map(\.op))
            }
        }
    }
}

extension PolicyWorld {
    /// Changes what the hub holds behind its back, as an older version or a fault left it.
    func change(_ sql: String, _ arguments: StatementArguments) throws {
        try DatabaseQueue(path: folder.file("hub/hub.sqlite")).write { database in
            try database.execute(sql: sql, arguments: arguments)
            #expect(database.changesCount > 0)
        }
    }
}
