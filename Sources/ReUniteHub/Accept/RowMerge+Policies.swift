import GRDB
import ReUniteReplica
import ReUniteSync

/// The cells that hold one value only, because the hub works it out: counters and allocations.
extension RowMerge {
    /// What a cell of such a group becomes.
    enum Decided {
        /// The hub's value.
        case value([Value])
        /// The cell stays as it was.
        case refused(Reason)
    }

    /// What a cell of such a group becomes under this op.
    func decide(_ incoming: CellSibling, _ group: GroupDescription, over stood: [CellSibling]) throws -> Decided {
        group.policy == .counter
            ? count(incoming, over: stood.first?.values ?? []) : try allocate(incoming, over: stood)
    }

    /// Adds a difference to a counter. Nothing competes: each op is judged once, so each difference counts once.
    private func count(_ incoming: CellSibling, over current: [Value]) -> Decided {
        guard op.kind == .increment else {
            // A row that is there already is not counted from the beginning again.
            return .refused(.covered)
        }
        guard case .integer(let delta)? = incoming.values.first,
            let sum = Counter.sum(current.first ?? .null, delta)
        else { return .refused(.malformed) }
        return .value([sum])
    }

    /// Decides on a booking of a row that is there. Its author must have seen how it stands.
    private func allocate(_ incoming: CellSibling, over stood: [CellSibling]) throws -> Decided {
        guard let desk = AllocationDesk(transaction, table) else { return .refused(.malformed) }
        guard stood.allSatisfy({ $0.name == incoming.name || incoming.covers($0, lineage: judge.lineage) }) else {
            return .refused(.allocation)
        }
        switch try desk.decide(incoming.values, of: op.key, isByHub: isByHub) {
        case .taken(let values): return .value(values)
        case .refused: return .refused(.allocation)
        case .misuse(let reason): return .refused(reason)
        }
    }

    /// Decides on the booking of a new row, whose values it puts right. Returns what came of it.
    func allocateNew(_ values: inout [Value], in scope: Int64) throws -> BatchJudge.Outcome {
        guard let desk = AllocationDesk(transaction, table) else { return .accepted }
        let indexes = table.columnIndexes(of: 1 << UInt64(desk.group))
        let asked = indexes.map { values[$0] }
        let (decided, outcome): ([Value], BatchJudge.Outcome)
        switch try desk.decide(asked, of: op.key, in: scope, isByHub: isByHub) {
        case .taken(let taken): (decided, outcome) = (taken, .accepted)
        case .refused:
            (decided, outcome) = (desk.refusing(asked), .partly(.allocation, groups: 1 << UInt64(desk.group)))
        case .misuse(let reason): return .quarantined(reason)
        }
        for (index, value) in zip(indexes, decided) { values[index] = value }
        return outcome
    }

    /// The increments of a counter that the author of a deletion had not seen: they were covered by later ones, but
    /// each of them counted.
    func unseenIncrements(_ row: HubRow) throws -> [(group: UInt8, sibling: CellSibling)] {
        try table.groups.filter { $0.policy == .counter }.flatMap { group in
            try transaction.cells.covered(row.table, row.key, group: group.number, after: author.base)
                .filter { !author.covers($0, lineage: judge.lineage) }.map { (group.number, $0) }
        }
    }
}

/// The elements of a set.
extension RowMerge {
    /// Takes a removal: only of what its author had seen.
    func remove(_ row: HubRow) throws -> Result {
        guard row.isAlive, let first = table.groups.first else { return Result(.obsolete(.covered)) }
        if let reason = refusalOfRemoval { return Result(.quarantined(reason)) }
        let values = try transaction.values(of: table, op.key) ?? []
        let stood = try siblings(of: first.number, row, values: values)
        let left = AddWins.standing(stood, after: author, lineage: judge.lineage)
        if left.isEmpty { return try delete(row) }
        if left.count == stood.count { return Result(.obsolete(.covered)) }
        return try keep(Set(left.map(\.name)), of: row, values: values)
    }

    /// Leaves some of several additions of one element standing. Their names stay with the cells even when there is
    /// one: the position that decided on it is that of the removal.
    private func keep(_ names: Set<OpID>, of original: HubRow, values: [Value]) throws -> Result {
        var row = original
        var shown: [Int: Value] = [:]
        for group in table.groups {
            let stood = try siblings(of: group.number, row, values: values)
            let left = stood.filter { names.contains($0.name) }
            try remember(stood.filter { !names.contains($0.name) }, of: row, group: group.number)
            let displayed = left[AddWins().displayed(left)]
            try transaction.cells.replaceSiblings(
                row.table, row.key, group: group.number, with: left, keepingOne: true)
            row.clock.set(group.number, to: position)
            row.clock.name(left.map(\.name), of: group.number, showing: displayed.name)
            for (column, value) in zip(table.columnIndexes(of: 1 << UInt64(group.number)), displayed.values) {
                shown[column] = value
            }
        }
        try transaction.writer(of: table).put(op.key, shown.sorted { $0.key < $1.key }.map(\.value))
        row.changed = position
        // Its author took the row away and must have it back.
        return Result(.partly(.none, groups: table.allGroups), row)
    }

    /// Why the author may not take a row of the table away, columns of others with it; nil when it may.
    var refusalOfRemoval: Reason? {
        if isByHub { return nil }
        let reasons = Set(table.groups.compactMap(refusalOfWriter))
        return reasons.contains(.role) ? .role : reasons.first
    }
}

/// Rows that are gone.
extension RowMerge {
    /// Brings a deleted row back, if its author had seen the deletion; in a set, if the deletion had not seen it.
    func revive(_ row: HubRow) throws -> Result {
        guard op.kind == .create,
            let deletion = try transaction.cells.sibling(at: row.clock.stamp, group: 0, values: [])
        else { return Result(.quarantined(.rowDeleted)) }
        guard try namesScope(of: row) else { return Result(.quarantined(.role)) }
        if table.isSet {
            return AddWins.revives(author, after: deletion, lineage: judge.lineage)
                ? try create(scope: row.scope) : Result(.obsolete(.covered))
        }
        return author.covers(deletion, lineage: judge.lineage)
            ? try create(scope: row.scope) : Result(.quarantined(.rowDeleted))
    }

    /// Whether a row that comes back names the scope that it was in: its author's right was judged there.
    func namesScope(of row: HubRow) throws -> Bool {
        guard let column = table.columns.firstIndex(where: { $0.name == table.scopeColumn }) else { return true }
        return op.values[column] == .blob(try transaction.scopeID(row.scope).bytes)
    }

    /// Takes everything that the hub knows of a row away, for ever; what remains is that there was one.
    func erase(_ original: HubRow) throws -> Result {
        var row = original
        try transaction.writer(of: table).delete(row.key)
        try transaction.cells.forget(row.table, row.key)
        try conflicts.erase(row, at: position, judge.batch.receivedMilliseconds)
        row.life = row.life.taking(.erased)
        row.clock = RowClock(stamp: position)
        row.changed = position
        return Result(.accepted, row)
    }

    /// Steps of the hub's own that somebody took too without knowing of it, and went on from: nobody is of two minds.
    func hubSteps(among stood: [CellSibling], leftBy incoming: CellSibling) throws -> [OpID] {
        let same = stood.filter {
            !incoming.covers($0, lineage: judge.lineage) && $0.values.first?.isIdentical(to: op.from) == true
        }
        guard !same.isEmpty else { return [] }
        let branches = Set(
            try Int64.fetchAll(
                transaction.database, sql: "SELECT no FROM hub_branch WHERE device = ?",
                arguments: [judge.batch.header.hub.sqlBlob]))
        return same.filter { branches.contains($0.dot.branch) }.map(\.name)
    }

    /// Values that stand again, at a later position, and stood already when the author saw the cell: they were replaced
    /// knowingly, whatever became of them in between.
    func cameBack(
        among stood: [CellSibling], afterSeenBy incoming: CellSibling, _ group: UInt8, _ row: HubRow
    ) throws -> [OpID] {
        let later = stood.filter { $0.position ?? .zero > incoming.base }
        guard !later.isEmpty else { return [] }
        let names = Set(
            try transaction.cells.rememberedSiblings(row.table, row.key, group: group, at: incoming.base).map(\.name))
        return later.map(\.name).filter { names.contains($0) }
    }
}
