package import GRDB
package import ReUniteSync

/// Turns folded journal rows into ops, by comparing them with what the tables hold now and what the hub has decided.
///
/// Order: rows that were made, parents before children; then changes as they were made; then deletions, children
/// before parents. So the hub meets no op before what it refers to. Bookings that change stand among those that are new,
/// as they were typed: who leaves a home makes room for who is to have it next.
struct OpBuilder {
    private let database: Database
    private let schema: SchemaDescription
    private let ranks: [UInt16: Int]

    init(_ database: Database, schema: SchemaDescription) {
        self.database = database
        self.schema = schema
        ranks = OpBuilder.ranks(of: schema)
    }

    private struct Draft {
        let phase: Int
        let rank: Int
        let order: Int
        let op: Op
    }

    /// - Parameters:
    ///   - base: the position up to which the hub's rows have been applied.
    ///   - isClockSuspect: whether the device knows that its clock is off.
    ///   - limit: about how many bytes of values there may be; nil for any number.
    /// - Returns: nil when there are more.
    func ops(
        from fold: JournalFold, base: Position = .zero, isClockSuspect: Bool, limit: Int? = nil
    ) throws -> [Op]? {
        var byTable: [UInt16: [(row: JournalFold.Row, entry: JournalFold.Entry)]] = [:]
        for (row, entry) in fold.entries { byTable[row.table, default: []].append((row, entry)) }
        var drafts: [Draft] = []
        drafts.reserveCapacity(fold.entries.count)
        let past = try EditPast(database)
        var bytes = 0
        for (number, rows) in byTable {
            // Ids made one after the other lie beside each other, so reading in their order touches each page once.
            let sorted = rows.sorted { $0.row.key < $1.row.key }
            if let table = schema[number] { try past.expect(sorted.map(\.row.key), of: table) }
            for (row, entry) in sorted {
                for (phase, op) in try ops(
                    of: row, entry, steps: fold.steps[row] ?? [], past: past, base: base,
                    isClockSuspect: isClockSuspect)
                {
                    if let limit {
                        bytes += Seal.size(of: op)
                        if bytes > limit { return nil }
                    }
                    drafts.append(Draft(phase: phase, rank: rank(of: row, in: phase), order: entry.order, op: op))
                }
            }
        }
        drafts.sort {
            ($0.phase, $0.rank, $0.order) < ($1.phase, $1.rank, $1.order)
        }
        return drafts.map(\.op)
    }

    /// The place of a row's ops among those of their phase, before the order of the edits.
    func rank(of row: JournalFold.Row, in phase: Int) -> Int {
        let rank = ranks[row.table] ?? 0
        return phase == 2 ? -rank : phase == 0 ? rank : 0
    }

    /// The phases in which a row that nobody but this device knows may have ops, found without reading it; nil for a row
    /// that the hub knows or is being told of.
    func phases(ofNew row: JournalFold.Row, hasSteps: Bool, past: EditPast) throws -> Set<Int>? {
        guard let table = schema[row.table], case .no = try past.known(table, row.key) else { return nil }
        return hasSteps ? [0, 1] : [0]
    }

    /// The ops of one row, in order, each with its phase: 0 makes a row, 1 changes it, 2 deletes it.
    func ops(
        of row: JournalFold.Row, _ entry: JournalFold.Entry, steps: [JournalFold.Step], past: EditPast,
        base: Position, isClockSuspect: Bool
    ) throws -> [(phase: Int, op: Op)] {
        guard let table = schema[row.table] else { return [] }
        let known = try past.known(table, row.key)
        return ops(
            table, row.key, entry, steps: steps, current: try past.current(table, row.key), known: known, base: base,
            flags: isClockSuspect ? .clockSuspect : [])
    }

    private func ops(
        _ table: TableDescription, _ key: Identifier, _ entry: JournalFold.Entry, steps: [JournalFold.Step],
        current: [Value]?, known: EditPast.Known, base: Position, flags: Op.Flags
    ) -> [(phase: Int, op: Op)] {
        func op(
            _ kind: Op.Kind, _ groups: UInt64, _ values: [Value], from: Value = .null, stamp: HybridTime? = nil,
            more: Op.Flags = [], context: Op.Context? = nil
        ) -> Op {
            Op(
                table: table.number, key: key, kind: kind,
                flags: flags.union(more).union(entry.wasScanned ? .scanned : []), groups: groups,
                stamp: stamp ?? entry.stamp, values: values, from: from, context: context)
        }
        guard var values = current else {
            guard case .yes = known else { return [] }
            return [(2, op(.delete, 0, []))]
        }
        let stepped = table.steppedGroups
        let counters = table.columns.indices.filter { table.policy(of: table.columns[$0].group) == .counter }
            .map { (index: $0, steps: CounterSteps(steps, of: table.columns[$0].group, current: values[$0])) }
        func increments(_ deltas: (CounterSteps) -> [Int64]) -> [(phase: Int, op: Op)] {
            counters.flatMap { index, steps in
                deltas(steps).map { (1, op(.increment, 1 << UInt64(table.columns[index].group), [.integer($0)])) }
            }
        }
        var waiting: [EditPast.Waiting] = []
        if case .yes(_, let edits) = known { waiting = edits }
        let linked = stepsInOrder(steps, table, values)
        func step(
            _ group: UInt8, to new: Value, from old: Value = .null, stamp: HybridTime? = nil, more: Op.Flags = []
        ) -> (phase: Int, op: Op) {
            let seen = OpBuilder.seen(of: group, table, under: waiting, base: base)
            let context = seen < base ? Op.Context(cellBase: seen) : nil
            return (1, op(.transit, 1 << UInt64(group), [new], from: old, stamp: stamp, more: more, context: context))
        }
        let transits = linked.map { step($0.group, to: $0.new, from: $0.old, stamp: $0.stamp) }
        guard case .yes(let open, _) = known else {
            // A new row begins in the state that its first step left.
            for index in table.columns.indices {
                let group = table.columns[index].group
                if let first = linked.first(where: { $0.group == group }) { values[index] = first.old }
            }
            for (index, steps) in counters { values[index] = steps.beginning }
            return [(0, op(.create, table.allGroups, values))] + transits + increments(\.deltasOfNewRow)
        }
        if table.isSet {
            // An element that was removed and added again was added: nothing else happens to an element.
            return entry.wasInserted ? [(0, op(.create, table.allGroups, values))] : []
        }
        var groups = entry.groups & table.allGroups
        // The value that the author of a drifted cell started from is not known.
        var more: Op.Flags = entry.hasDrifted ? .coarse : []
        var jumps: [(phase: Int, op: Op)] = []
        if entry.wasInserted || entry.wasDeleted {
            // The row was replaced as a whole: some of its values may not be the author's.
            groups = table.allGroups
            more = .coarse
            // The state from before is not logged: a step from nowhere stands for one from what the author had seen.
            for index in table.columns.indices where table.policy(of: table.columns[index].group) == .state {
                let group = table.columns[index].group
                let start = linked.first { $0.group == group }?.old ?? values[index]
                jumps.append(step(group, to: start, more: .coarse))
            }
        }
        groups &= ~stepped
        let counted = increments(\.deltas)
        guard groups != 0 else { return jumps + transits + counted }
        // One plain value replaces the one that was shown; siblings that the author was not shown stay.
        let shown = Dictionary(open.map { ($0.group, $0) }, uniquingKeysWith: { first, _ in first })
        var bySeen: [Position: UInt64] = [:]
        for group in table.groups where groups & (1 << UInt64(group.number)) != 0 {
            let seen = OpBuilder.seen(of: group.number, table, under: waiting, base: base)
            bySeen[seen, default: 0] |= 1 << UInt64(group.number)
        }
        let sets = bySeen.sorted { $0.key > $1.key }.map { seen, groups in
            let kept = table.groups.filter { groups & (1 << UInt64($0.number)) != 0 }.flatMap { group in
                // On top of an unjudged edit of this device its author still sees what stood when that one was typed.
                let hiding = waiting.first { $0.groups & (1 << UInt64(group.number)) != 0 }
                return (hiding?.kept ?? open.filter { shown[group.number] != $0 }).filter { $0.group == group.number }
            }
            let context = Op.Context(cellBase: seen < base ? seen : nil, kept: kept)
            let written = table.columnIndexes(of: groups).map { values[$0] }
            // Whatever a row refers to has a lower rank than its own, so among the new ones it comes late enough.
            let isBooking = table.allocation.map { groups & (1 << UInt64($0.group)) != 0 } ?? false
            return (
                isBooking ? 0 : 1, op(.set, groups, written, more: more, context: context.isEmpty ? nil : context)
            )
        }
        return sets + jumps + transits + counted
    }

    /// Up to which position an author had seen a cell: where an edit of the device stands on it unjudged, whatever the
    /// hub sent since was applied beneath that edit and shown to nobody.
    ///
    /// Only where a person must decide what was not seen; elsewhere an edit replaces all that the replica has.
    private static func seen(
        of group: UInt8, _ table: TableDescription, under waiting: [EditPast.Waiting], base: Position
    ) -> Position {
        guard let policy = table.policy(of: group), [.review, .state, .mostProtective].contains(policy) else {
            return base
        }
        let hiding = waiting.filter { $0.groups & (1 << UInt64(group)) != 0 }
        return min(base, hiding.map(\.base).min() ?? base)
    }

    /// The steps that led to what the row shows, linked backwards from there: a trigger of somebody's own that steps
    /// on is logged before the step that set it off, and steps from before a deletion lead nowhere.
    private func stepsInOrder(
        _ steps: [JournalFold.Step], _ table: TableDescription, _ values: [Value]
    ) -> [JournalFold.Step] {
        guard !steps.isEmpty else { return [] }
        var result: [JournalFold.Step] = []
        for index in table.columns.indices where table.policy(of: table.columns[index].group) == .state {
            let group = table.columns[index].group
            var left = steps.filter { $0.group == group }
            var chain: [JournalFold.Step] = []
            var state = values[index]
            while let last = left.lastIndex(where: { $0.new.isIdentical(to: state) }) {
                let step = left.remove(at: last)
                chain.append(step)
                state = step.old
            }
            result += chain.reversed()
        }
        return result
    }

    /// How many tables each table's rows depend on, one behind the other. Tables that give away the same units have one
    /// rank, so that their rows stay in the order in which they were typed.
    static func ranks(of schema: SchemaDescription) -> [UInt16: Int] {
        let numbers = Dictionary(schema.tables.map { ($0.name, $0.number) }, uniquingKeysWith: { first, _ in first })
        let together = ranks(of: schema) { ($0.allocation?.others ?? []).compactMap { numbers[$0] } }
        // One of them may refer to the other.
        return together ?? ranks(of: schema) { _ in [] } ?? [:]
    }

    /// Nil where that has no end and `peers` names any: they depend on each other.
    private static func ranks(
        of schema: SchemaDescription, peers: (TableDescription) -> [UInt16]
    ) -> [UInt16: Int]? {
        var ranks: [UInt16: Int] = [:]
        // A schema whose tables refer to each other in a circle has no order; the bound ends the search.
        for _ in 0...schema.tables.count {
            var changed = false
            for table in schema.tables {
                let parents = table.references.filter { $0.table != table.number }.map { (ranks[$0.table] ?? 0) + 1 }
                let beside = peers(table).map { ranks[$0] ?? 0 }
                let rank = min((parents + beside).max() ?? 0, schema.tables.count)
                if ranks[table.number] != rank {
                    ranks[table.number] = rank
                    changed = true
                }
            }
            if !changed { return ranks }
        }
        return schema.tables.contains { !peers($0).isEmpty } ? nil : ranks
    }
}

/// Reads the synced columns of single rows of one table.
package struct RowReader {
    private let statement: EngineStatement
    private let count: Int32

    package init(_ database: Database, _ table: TableDescription) throws {
        let fields = table.columns.isEmpty ? ["1"] : table.columns.map { quoted($0.name) }
        statement = try EngineStatement(
            database, "SELECT \(fields.joined(separator: ", ")) FROM \(quoted(table.name)) WHERE id = ?")
        count = Int32(table.columns.count)
    }

    /// The values in the table's column order; nil when there is no such row.
    package func read(_ key: Identifier) throws -> [Value]? {
        statement.bind(1, key)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        var values: [Value] = []
        values.reserveCapacity(Int(count))
        for index in 0..<count { values.append(statement.value(index)) }
        return values
    }
}
