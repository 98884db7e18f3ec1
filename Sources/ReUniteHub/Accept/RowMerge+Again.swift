import GRDB
import ReUniteReplica
import ReUniteSync

/// What stood once and stands again: a decision that is taken back, a row that comes back under an edit.
///
/// Values come back under their own names and at new positions (`docs/decisions/0018-undo-shows-values-again.md`).
extension RowMerge {
    /// Takes a decision back: the values that it covered stand again, beside whatever was written since.
    func reopen(_ original: HubRow) throws -> Result {
        let group = UInt8(op.groups.trailingZeroBitCount)
        guard let named = op.context?.supersedes.first(where: { $0.group == group })?.op,
            let decided = try transaction.position(of: named)
        else { return Result(.quarantined(.malformed)) }
        var row = original
        let values = try transaction.values(of: table, op.key) ?? []
        var standing = try siblings(of: group, row, values: values)
        let names = Set(standing.map(\.name))
        var covered = try transaction.covered(row.table, row.key, group: group, by: decided)
            .filter { !names.contains($0.name) }
        // Who wrote beside the decision, and so had not seen it, may have replaced one of these knowingly.
        if let decision = try transaction.cells.sibling(at: decided, group: group, values: []) {
            for other in standing where other.name != named {
                let lineage = try BranchStore(transaction.database).lineage(of: other.dot.branch)
                if other.covers(decision, lineage: lineage) { continue }
                covered.removeAll { other.covers($0, lineage: lineage) }
            }
        }
        guard !covered.isEmpty else { return Result(.obsolete(.covered)) }
        if standing.map(\.name) == [named] {
            try remember(standing, of: row, group: group)
            standing = []
        }
        for sibling in covered { standing.append(try transaction.showAgain(sibling)) }
        try transaction.cells.replaceSiblings(row.table, row.key, group: group, with: standing)
        let shown = try show(standing, group: group, at: transaction.position, reopening: decided, in: &row)
        _ = try transaction.writer(of: table).update(row.key, groups: op.groups, values: shown)
        row.changed = transaction.position
        return Result(.accepted, row)
    }

    /// Brings a deleted row back as it was when it was deleted, with this op on top.
    ///
    /// What the op's author had seen is asked of the positions that the values had before the deletion.
    func bringBack(_ dead: HubRow) throws -> Result {
        if table.isAppendOnly { return Result(.quarantined(.appendOnly)) }
        if op.kind == .create {
            return try namesScope(of: dead) ? try create(scope: dead.scope) : Result(.quarantined(.role))
        }
        var stood: [UInt8: [CellSibling]] = [:]
        for group in table.groups {
            stood[group.number] = try transaction.covered(
                dead.table, dead.key, group: group.number, by: dead.clock.stamp)
        }
        // Without all of its values a row cannot come back as it was.
        guard try fillLater(&stood) else { return Result(.quarantined(.rowDeleted)) }
        var refused: UInt64 = 0
        var reason = Reason.none
        if !judge.batch.stoodUntilDeletion {
            for group in table.groups where op.groups & (1 << UInt64(group.number)) != 0 {
                guard let no = try put(into: &stood, group, of: dead) else { continue }
                if no == .transition, op.kind == .transit { return Result(.quarantined(no)) }
                refused |= 1 << UInt64(group.number)
                reason = .graver(reason, no)
            }
            guard refused != op.groups else {
                return Result(
                    reason == .unchanged || reason == .covered ? .obsolete(reason) : .quarantined(reason))
            }
        }
        return try show(stood, of: dead, outcome: refused == 0 ? .accepted : .partly(reason, groups: refused))
    }

    /// Gives a row that was deleted before its table had a group that group's default, as written with the row. Returns
    /// false where a value is missing for another reason.
    private func fillLater(_ stood: inout [UInt8: [CellSibling]]) throws -> Bool {
        let first = stood.values.joined().min { ($0.position ?? .zero) < ($1.position ?? .zero) }
        for group in table.groups where stood[group.number]?.isEmpty != false {
            guard var sibling = first,
                let values = try OlderRows.values(
                    of: group.number, in: table, transaction.schema, transaction.database)
            else { return false }
            sibling.values = values
            stood[group.number] = [sibling]
        }
        return true
    }

    /// Puts one cell of the op beside or in place of what stood. Returns why not; nil when it is done.
    private func put(
        into stood: inout [UInt8: [CellSibling]], _ group: GroupDescription, of dead: HubRow
    ) throws -> Reason? {
        let there = stood[group.number] ?? []
        var incoming = self.incoming(group.number, op.values(of: group.number, table))
        if let no = try refusal(of: incoming, group, among: there, dead) { return no }
        if group.policy.isDecidedByHub {
            switch try decide(incoming, group, over: there) {
            case .refused(let no): return no
            case .value(let values):
                incoming.values = values
                stood[group.number] = [incoming]
                return nil
            }
        }
        let policy = transaction.schema.policy(table, group: group.number)
        guard case .joined(let joined) = join(there, with: incoming, lineage: judge.lineage, policy: policy) else {
            return .covered
        }
        guard joined.count <= max(there.count, CellLimits.standing) || policy.outranks(incoming, there) else {
            return .crowded
        }
        stood[group.number] = joined
        return nil
    }

    /// Puts a whole row in place from the siblings of its cells. An op that wrote several of them has one new position.
    private func show(
        _ standing: [UInt8: [CellSibling]], of dead: HubRow, outcome: BatchJudge.Outcome
    ) throws -> Result {
        var stood = standing
        var outcome = outcome
        if let group = table.groups.first(where: { $0.policy == .alloc })?.number, let desk = stood[group]?.first {
            // What it had booked may have gone to somebody else meanwhile: it is asked for once more.
            var values: [Value] = table.columns.map { _ in .null }
            let places = table.columnIndexes(of: 1 << UInt64(group))
            for (place, value) in zip(places, desk.values) { values[place] = value }
            let asked = try allocateNew(&values, in: dead.scope)
            if case .quarantined = asked { return Result(asked) }
            if case .partly(let reason, let groups) = asked { outcome = outcome.adding(reason, groups: groups) }
            stood[group] = [incoming(group, places.map { values[$0] })]
        }
        var again: [Position: Position] = [:]
        var row = dead
        row.life = row.life.taking(.alive)
        row.clock = RowClock(stamp: position)
        var values: [Int: Value] = [:]
        for group in table.groups {
            let cells = try (stood[group.number] ?? []).map { try placed($0, &again) }
            try transaction.cells.replaceSiblings(row.table, row.key, group: group.number, with: cells)
            let newest = cells.compactMap(\.position).max() ?? position
            let shown = try show(cells, group: group.number, at: newest, in: &row)
            for (column, value) in zip(table.columnIndexes(of: 1 << UInt64(group.number)), shown) {
                values[column] = value
            }
        }
        try transaction.writer(of: table).put(row.key, values.sorted { $0.key < $1.key }.map(\.value))
        row.changed = transaction.position
        return Result(outcome, row)
    }

    /// A sibling at the position that it has from now on.
    private func placed(_ sibling: CellSibling, _ again: inout [Position: Position]) throws -> CellSibling {
        var sibling = sibling
        guard let old = sibling.position else {
            sibling.position = position
            return sibling
        }
        if let known = again[old] {
            sibling.position = known
            return sibling
        }
        sibling = try transaction.showAgain(sibling)
        again[old] = sibling.position
        return sibling
    }
}
