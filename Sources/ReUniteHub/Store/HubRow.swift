import GRDB
import ReUniteReplica
import ReUniteSync

/// A row as the hub holds it: where it belongs, whether it lives, and what its cells were decided at.
struct HubRow {
    let table: UInt16
    let key: Identifier
    var scope: Int64
    var disclosureClass: UInt8
    var life: RowLife
    var clock: RowClock
    var changed: Position
    /// When its class last changed; zero if it never did.
    var classed = Position.zero

    var isAlive: Bool { life == .alive }
    var leaf: Identifier? { isAlive ? clock.leaf(table: table, key: key) : nil }
}

/// Reads and writes `hub_row`.
final class HubRowStore {
    private let find: EngineStatement
    private let write: EngineStatement

    init(_ database: Database) throws {
        find = try EngineStatement(
            database, "SELECT scope, class, life, h, changed, ext, classed FROM hub_row WHERE tbl = ? AND key = ?")
        write = try EngineStatement(
            database,
            """
            INSERT OR REPLACE INTO hub_row(tbl, key, scope, class, life, h, changed, ext, classed)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
    }

    func row(_ table: UInt16, _ key: Identifier) throws -> HubRow? {
        find.bind(1, Int64(table))
        find.bind(2, key)
        defer { find.reset() }
        guard try find.step() else { return nil }
        return HubRow(
            table: table, key: key, scope: find.int64(0), disclosureClass: UInt8(truncatingIfNeeded: find.int64(1)),
            life: RowLife(rawValue: UInt8(truncatingIfNeeded: find.int64(2))) ?? .dead,
            clock: try RowClock(stamp: Position(find.int64(3)), extension: find.blob(5)),
            changed: Position(find.int64(4)), classed: Position(find.int64(6)))
    }

    func save(_ row: HubRow) throws {
        write.bind(1, Int64(row.table))
        write.bind(2, row.key)
        write.bind(3, row.scope)
        write.bind(4, Int64(row.disclosureClass))
        write.bind(5, Int64(row.life.rawValue))
        write.bind(6, row.clock.stamp.rawValue)
        write.bind(7, row.changed.rawValue)
        let more = row.clock.encodedExtension()
        if more.isEmpty { write.bindNull(8) } else { write.bind(8, more) }
        write.bind(9, row.classed.rawValue)
        try write.run()
    }
}

/// Reads and writes the ops that stand or stood, and the values of cells that have siblings or had other values.
final class HubCellStore {
    private let findOp: EngineStatement
    private let writeOp: EngineStatement
    private let findSiblings: EngineStatement
    private let writeSibling: EngineStatement
    private let removeSiblings: EngineStatement
    private let writeHistory: EngineStatement
    private let findHistory: EngineStatement
    private let findCovered: EngineStatement
    private let forgetSiblings: EngineStatement
    private let forgetHistory: EngineStatement

    init(_ database: Database) throws {
        findOp = try EngineStatement(
            database,
            """
            SELECT o.branch, o.sequence, o.base, o.stamp, o.flags, o.ctx, o.idx, b.id, o.round, o.earlier, o.returned
            FROM hub_op o JOIN hub_batch b ON b.no = o.batch WHERE o.h = ?
            """)
        writeOp = try EngineStatement(
            database,
            """
            INSERT INTO hub_op(h, batch, idx, branch, sequence, base, stamp, flags, ctx, round, earlier, returned)
            VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        findSiblings = try EngineStatement(
            database, "SELECT h, val FROM hub_sibling WHERE tbl = ? AND key = ? AND grp = ? ORDER BY h")
        writeSibling = try EngineStatement(
            database, "INSERT OR REPLACE INTO hub_sibling(tbl, key, grp, h, val) VALUES(?, ?, ?, ?, ?)")
        removeSiblings = try EngineStatement(
            database, "DELETE FROM hub_sibling WHERE tbl = ? AND key = ? AND grp = ?")
        writeHistory = try EngineStatement(
            database, "INSERT OR REPLACE INTO hub_history(tbl, key, grp, h, until, val) VALUES(?, ?, ?, ?, ?, ?)")
        findHistory = try EngineStatement(
            database,
            """
            SELECT h, val FROM hub_history WHERE tbl = ? AND key = ? AND grp = ? AND h <= ? AND until > ?
            ORDER BY h DESC
            """)
        forgetSiblings = try EngineStatement(database, "DELETE FROM hub_sibling WHERE tbl = ? AND key = ?")
        forgetHistory = try EngineStatement(database, "DELETE FROM hub_history WHERE tbl = ? AND key = ?")
        findCovered = try EngineStatement(
            database, "SELECT h, val FROM hub_history WHERE tbl = ? AND key = ? AND grp = ? AND h > ?")
    }

    /// The op that was decided at a position, as a sibling with these values.
    func sibling(at position: Position, group: UInt8, values: [Value]) throws -> CellSibling? {
        findOp.bind(1, position.rawValue)
        defer { findOp.reset() }
        guard try findOp.step() else { return nil }
        var sibling = CellSibling(
            name: OpID(
                batch: BatchID(bytes: findOp.blob(7))?.short ?? .zero,
                index: UInt32(truncatingIfNeeded: findOp.int64(6))),
            dot: Dot(branch: findOp.int64(0), sequence: UInt64(bitPattern: findOp.int64(1))), position: position,
            base: Position(findOp.int64(2)), stamp: HybridTime(rawValue: UInt64(bitPattern: findOp.int64(3))),
            isClockSuspect: Op.Flags(rawValue: UInt8(truncatingIfNeeded: findOp.int64(4))).contains(.clockSuspect),
            round: findOp.int64(8), values: values)
        if !findOp.isNull(9) {
            sibling.earlier = EarlierPosition(
                position: Position(findOp.int64(9)), returned: Position(findOp.int64(10)))
        }
        let context = findOp.blob(5)
        if !context.isEmpty { try StoredContext.restore(context, group: group, into: &sibling) }
        return sibling
    }

    func save(_ sibling: CellSibling, at position: Position, batch: Int64, flags: Op.Flags, context: [UInt8]) throws {
        writeOp.bind(1, position.rawValue)
        writeOp.bind(2, batch)
        writeOp.bind(3, Int64(sibling.name.index))
        writeOp.bind(4, sibling.dot.branch)
        writeOp.bind(5, Int64(bitPattern: sibling.dot.sequence))
        writeOp.bind(6, sibling.base.rawValue)
        writeOp.bind(7, Int64(bitPattern: sibling.stamp.rawValue))
        writeOp.bind(8, Int64(flags.rawValue))
        if context.isEmpty { writeOp.bindNull(9) } else { writeOp.bind(9, context) }
        writeOp.bind(10, sibling.round)
        if let earlier = sibling.earlier {
            writeOp.bind(11, earlier.position.rawValue)
            writeOp.bind(12, earlier.returned.rawValue)
        } else {
            writeOp.bindNull(11)
            writeOp.bindNull(12)
        }
        try writeOp.run()
    }

    /// The siblings of a cell that has more than one.
    func siblings(_ table: UInt16, _ key: Identifier, group: UInt8) throws -> [CellSibling] {
        findSiblings.bind(1, Int64(table))
        findSiblings.bind(2, key)
        findSiblings.bind(3, Int64(group))
        var stored: [(Position, [Value])] = []
        while try findSiblings.step() {
            stored.append((Position(findSiblings.int64(0)), try ValueList.decode(findSiblings.blob(1))))
        }
        return try stored.compactMap { try sibling(at: $0.0, group: group, values: $0.1) }
    }

    /// Replaces what is stored of a cell's siblings; one sibling needs no rows, unless it must be told from the op
    /// that decided on it.
    func replaceSiblings(
        _ table: UInt16, _ key: Identifier, group: UInt8, with siblings: [CellSibling], keepingOne: Bool = false
    ) throws {
        removeSiblings.bind(1, Int64(table))
        removeSiblings.bind(2, key)
        removeSiblings.bind(3, Int64(group))
        try removeSiblings.run()
        guard siblings.count > 1 || keepingOne else { return }
        for sibling in siblings {
            guard let position = sibling.position else { continue }
            writeSibling.bind(1, Int64(table))
            writeSibling.bind(2, key)
            writeSibling.bind(3, Int64(group))
            writeSibling.bind(4, position.rawValue)
            writeSibling.bind(5, ValueList.encode(sibling.values))
            try writeSibling.run()
        }
    }

    /// Keeps a value that a later one covered.
    func remember(
        _ values: [Value], _ table: UInt16, _ key: Identifier, group: UInt8, from: Position, until: Position
    ) throws {
        writeHistory.bind(1, Int64(table))
        writeHistory.bind(2, key)
        writeHistory.bind(3, Int64(group))
        writeHistory.bind(4, from.rawValue)
        writeHistory.bind(5, until.rawValue)
        writeHistory.bind(6, ValueList.encode(values))
        try writeHistory.run()
    }

    /// The values of a cell that were decided after a position and have been covered since.
    func covered(_ table: UInt16, _ key: Identifier, group: UInt8, after position: Position) throws -> [CellSibling] {
        findCovered.bind(1, Int64(table))
        findCovered.bind(2, key)
        findCovered.bind(3, Int64(group))
        findCovered.bind(4, position.rawValue)
        var stored: [(Position, [Value])] = []
        while try findCovered.step() {
            stored.append((Position(findCovered.int64(0)), try ValueList.decode(findCovered.blob(1))))
        }
        return try stored.compactMap { try sibling(at: $0.0, group: group, values: $0.1) }
    }

    /// The value that a cell showed at a position, if it was covered since and is still kept; of several that stood
    /// beside each other, the newest.
    func remembered(_ table: UInt16, _ key: Identifier, group: UInt8, at position: Position) throws -> [Value]? {
        try rememberedSiblings(table, key, group: group, at: position).first?.values
    }

    /// Every value of a cell that stood at a position, was covered since and is still kept, the newest first.
    func rememberedSiblings(
        _ table: UInt16, _ key: Identifier, group: UInt8, at position: Position
    ) throws -> [CellSibling] {
        findHistory.bind(1, Int64(table))
        findHistory.bind(2, key)
        findHistory.bind(3, Int64(group))
        findHistory.bind(4, position.rawValue)
        findHistory.bind(5, position.rawValue)
        defer { findHistory.reset() }
        var siblings: [CellSibling] = []
        while try findHistory.step() {
            let values = try ValueList.decode(findHistory.blob(1))
            if let found = try sibling(at: Position(findHistory.int64(0)), group: group, values: values) {
                siblings.append(found)
            }
        }
        return siblings
    }

    /// Forgets every value that is kept of a row.
    func forget(_ table: UInt16, _ key: Identifier) throws {
        for statement in [forgetSiblings, forgetHistory] {
            statement.bind(1, Int64(table))
            statement.bind(2, key)
            try statement.run()
        }
    }
}

extension RowClock {
    /// Records which values of a cell stand: the shown one first, the others by name.
    mutating func name(_ ops: [OpID], of group: UInt8, showing shown: OpID) {
        siblings.removeAll { $0.group == group }
        let place = siblings.firstIndex { $0.group > group } ?? siblings.endIndex
        let ordered = ops.filter { $0 == shown } + ops.filter { $0 != shown }.sorted()
        siblings.insert(contentsOf: ordered.map { SiblingName(group: group, op: $0) }, at: place)
    }
}
