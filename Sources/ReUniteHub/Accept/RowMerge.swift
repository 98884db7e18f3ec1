import GRDB
import ReUniteReplica
import ReUniteSync

/// Merges one op into its row: decides each cell, writes what is shown, and keeps what was covered.
struct RowMerge {
    let judge: BatchJudge
    let conflicts: ConflictStore
    let quarantine: QuarantineStore
    let table: TableDescription
    let op: Op
    /// The op as a sibling, without values.
    let author: CellSibling
    let relations: Set<String>
    let isByHub: Bool
    let position: Position
    var transaction: HubTransaction { judge.transaction }

    /// What came of an op.
    struct Result {
        let outcome: BatchJudge.Outcome
        /// The row as it is now; nil when nothing changed.
        let row: HubRow?
        /// The round of the state that the op stepped to.
        var round: Int64 = 0

        init(_ outcome: BatchJudge.Outcome, _ row: HubRow? = nil) {
            self.outcome = outcome
            self.row = row
        }
    }

    init(
        _ judge: BatchJudge, conflicts: ConflictStore, quarantine: QuarantineStore, table: TableDescription, op: Op,
        author: CellSibling, relations: Set<String>, isByHub: Bool, position: Position
    ) {
        self.judge = judge
        self.conflicts = conflicts
        self.quarantine = quarantine
        self.table = table
        self.op = op
        self.author = author
        self.relations = relations
        self.isByHub = isByHub
        self.position = position
    }

    func run(_ row: HubRow?, scope: Int64) throws -> Result {
        guard let row else { return try create(scope: scope) }
        if op.kind == .erase { return try erase(row) }
        if op.kind == .delete { return table.isSet ? try remove(row) : try delete(row) }
        guard row.isAlive else {
            return judge.batch.isVouchedFor && !table.isSet ? try bringBack(row) : try revive(row)
        }
        if op.kind == .reopen { return try reopen(row) }
        if table.isAppendOnly || table.isSet && op.kind != .create { return Result(.quarantined(.appendOnly)) }
        return try change(row)
    }

    // MARK: A new row, or one that comes back

    func create(scope: Int64) throws -> Result {
        for group in table.groups where group.policy == .state {
            guard let index = table.columns.firstIndex(where: { $0.group == group.number }) else { continue }
            let column = table.columns[index].name
            guard transaction.schema.declaresBeginnings(table, column: column) else { continue }
            guard case .text(let state) = op.values[index],
                transaction.schema.allows(table, column: column, from: nil, to: state, relations: beginners)
            else { return Result(.quarantined(.transition)) }
        }
        var values = op.values
        let outcome = try allocateNew(&values, in: scope)
        if case .quarantined = outcome { return Result(outcome) }
        try transaction.writer(of: table).put(op.key, values)
        let row = HubRow(
            table: table.number, key: op.key, scope: scope, disclosureClass: table.disclosureClass, life: .alive,
            clock: RowClock(stamp: position), changed: position)
        return Result(outcome, row)
    }

    /// In which relations the author of a new row stands to its scope; nil where everyone may begin. Whoever opens a
    /// scope stands in none yet.
    private var beginners: Set<String>? {
        isByHub || judge.batch.isVouchedFor || relations.isEmpty ? nil : relations
    }

    // MARK: A row that goes

    func delete(_ row: HubRow) throws -> Result {
        guard row.isAlive else { return Result(.obsolete(.covered)) }
        if table.isAppendOnly { return Result(.quarantined(.appendOnly)) }
        if let reason = refusalOfRemoval { return Result(.quarantined(reason)) }
        for (group, increment) in try unseenIncrements(row) {
            guard let at = increment.position else { continue }
            try quarantine.putDisplaced(
                at: at, row: row, group: group, reason: .rowDeleted, by: position,
                atMilliseconds: judge.batch.receivedMilliseconds)
        }
        let values = try transaction.values(of: table, op.key) ?? []
        for group in table.groups {
            let stood = try siblings(of: group.number, row, values: values)
            try remember(stood, of: row, group: group.number)
            // The row stays deleted; an edit that its deleter had not seen waits for a person.
            let deletion = incoming(group.number, [])
            for sibling in stood where !deletion.covers(sibling, lineage: judge.lineage) {
                if let at = sibling.position {
                    try quarantine.putDisplaced(
                        at: at, row: row, group: group.number, reason: .rowDeleted, by: position,
                        atMilliseconds: judge.batch.receivedMilliseconds)
                }
            }
            try transaction.cells.replaceSiblings(row.table, row.key, group: group.number, with: [])
            try conflicts.close(
                row, group: group.number, how: .deletion, at: position, judge.batch.judgedMilliseconds)
        }
        try transaction.writer(of: table).delete(row.key)
        var row = row
        row.life = row.life.taking(.dead)
        row.clock = RowClock(stamp: position)
        row.changed = position
        return Result(.accepted, row)
    }

    // MARK: A row that changes

    private func change(_ original: HubRow) throws -> Result {
        var row = original
        let values = try transaction.values(of: table, op.key) ?? []
        var shown: UInt64 = 0
        var shownValues: [Int: Value] = [:]
        var refused: UInt64 = 0
        var reason = Reason.none
        var round: Int64 = 0
        for group in table.groups where op.groups & (1 << UInt64(group.number)) != 0 {
            var incoming = self.incoming(group.number, op.values(of: group.number, table))
            let stood = try siblings(of: group.number, row, values: values)
            if let no = try refusal(of: incoming, group, among: stood, row) {
                // A step that is not allowed is a person's business; a value that changes nothing is nobody's.
                if no == .transition, op.kind == .transit { return Result(.quarantined(no)) }
                refused |= 1 << UInt64(group.number)
                reason = .graver(reason, no)
                continue
            }
            let now: [Value]
            if group.policy.isDecidedByHub {
                switch try decide(incoming, group, over: stood) {
                case .refused(let no):
                    refused |= 1 << UInt64(group.number)
                    reason = .graver(reason, no)
                    continue
                case .value(let value):
                    try remember(stood, of: row, group: group.number)
                    row.clock.set(group.number, to: position)
                    now = value
                }
            } else {
                let policy = transaction.schema.policy(table, group: group.number)
                if op.kind == .transit, let order = policy as? StateOrder {
                    let known = stood.filter {
                        incoming.covers($0, lineage: judge.lineage) && $0.values.first?.isIdentical(to: op.from) == true
                    }
                    let left = try known.max { $0.round < $1.round } ?? seen(incoming, group.number, among: stood, row)
                    incoming.round = order.round(of: incoming, leaving: left)
                    round = incoming.round
                    incoming.supersedes += try hubSteps(among: stood, leftBy: incoming)
                }
                incoming.supersedes += try cameBack(among: stood, afterSeenBy: incoming, group.number, row)
                if try wasReplacedSince(incoming, group.number, row, policy: policy) {
                    refused |= 1 << UInt64(group.number)
                    reason = .graver(reason, .covered)
                    continue
                }
                guard case .joined(let joined) = join(stood, with: incoming, lineage: judge.lineage, policy: policy)
                else {
                    refused |= 1 << UInt64(group.number)
                    reason = .graver(reason, .covered)
                    continue
                }
                // Every value that stands is read with the cell and named in each of its deliveries. What closes or
                // protects more than all of them waits for nobody; there are only so many ranks.
                if joined.count > max(stood.count, CellLimits.standing), !policy.outranks(incoming, stood) {
                    refused |= 1 << UInt64(group.number)
                    reason = .graver(reason, .crowded)
                    continue
                }
                now = try settle(joined, group: group.number, over: stood, in: &row)
            }
            shown |= 1 << UInt64(group.number)
            for (column, value) in zip(table.columnIndexes(of: 1 << UInt64(group.number)), now) {
                shownValues[column] = value
            }
        }
        guard shown != 0 else {
            let isHarmless = reason == .unchanged || reason == .covered || reason == .none
            return Result(isHarmless ? .obsolete(reason) : .quarantined(reason))
        }
        _ = try transaction.writer(of: table).update(
            op.key, groups: shown, values: shownValues.sorted { $0.key < $1.key }.map(\.value))
        row.changed = position
        var result = Result(refused == 0 ? .accepted : .partly(reason, groups: refused), row)
        result.round = round
        return result
    }

    /// Records the siblings that stand in a cell now. Returns the values to show.
    private func settle(
        _ joined: [CellSibling], group: UInt8, over stood: [CellSibling], in row: inout HubRow
    ) throws -> [Value] {
        var joined = joined
        joined[joined.count - 1].position = position
        let standing = Set(joined.map(\.name))
        try remember(stood.filter { !standing.contains($0.name) }, of: row, group: group)
        if stood.count > 1 || joined.count > 1 {
            try transaction.cells.replaceSiblings(row.table, row.key, group: group, with: joined)
        }
        return try show(joined, group: group, at: position, in: &row)
    }

    /// Records which siblings stand in a cell: in the row's clock, and on the operator's list. Returns the values to
    /// show.
    ///
    /// - Parameters:
    ///   - position: the newest of theirs.
    ///   - decided: the position of a decision that is taken back with this.
    func show(
        _ joined: [CellSibling], group: UInt8, at position: Position, reopening decided: Position? = nil,
        in row: inout HubRow
    ) throws -> [Value] {
        let policy = transaction.schema.policy(table, group: group)
        let displayed = joined[policy.displayed(joined)]
        row.clock.set(group, to: position)
        row.clock.name(joined.count > 1 ? joined.map(\.name) : [], of: group, showing: displayed.name)
        if policy.needsPerson(joined) {
            let base = try transaction.cells.remembered(
                row.table, row.key, group: group, at: joined.map(\.base).min() ?? .zero)
            try conflicts.open(
                row, group: group, base: base, over: joined.compactMap(\.position) + (decided.map { [$0] } ?? []),
                at: position, judge.batch.judgedMilliseconds)
        } else {
            try conflicts.close(
                row, group: group, how: op.kind == .resolve ? .decision : .edit, at: position,
                judge.batch.judgedMilliseconds)
        }
        return displayed.values
    }

    /// Keeps values that this op took away.
    func remember(_ gone: [CellSibling], of row: HubRow, group: UInt8) throws {
        for sibling in gone {
            guard let from = sibling.position else { continue }
            try transaction.cells.remember(
                sibling.values, row.table, row.key, group: group, from: from, until: position)
        }
    }

    // MARK: One cell

    func incoming(_ group: UInt8, _ values: [Value]) -> CellSibling {
        var sibling = author
        sibling.values = values
        sibling.kept = op.context?.kept.filter { $0.group == group }.map(\.op) ?? []
        sibling.supersedes = op.context?.supersedes.filter { $0.group == group }.map(\.op) ?? []
        return sibling
    }

    func siblings(of group: UInt8, _ row: HubRow, values: [Value]) throws -> [CellSibling] {
        if row.clock.siblings.contains(where: { $0.group == group }) {
            return try transaction.cells.siblings(row.table, row.key, group: group)
        }
        let cell = table.columnIndexes(of: 1 << UInt64(group)).map { values.indices.contains($0) ? values[$0] : .null }
        return try transaction.cells.sibling(at: row.clock.position(of: group), group: group, values: cell)
            .map { [$0] } ?? []
    }

    /// Why a cell's new value is not even joined; nil when it is.
    func refusal(
        of incoming: CellSibling, _ group: GroupDescription, among stood: [CellSibling], _ row: HubRow
    ) throws -> Reason? {
        if op.kind == .create, group.policy == .state {
            // A row that is there changes its state by declared steps only, whoever makes it once more.
            return stood.contains { ValueList.areIdentical($0.values, incoming.values) } ? .unchanged : .transition
        }
        if op.kind == .transit {
            return try refusalOfStep(incoming, group, among: stood, row)
        }
        if let recalled = judge.batch.recalled, let isSame = recalled.isUnchanged(op, author.name.index, group.number) {
            // What its author had seen may be lost, and what the hub had said of it is not.
            if isSame { return .unchanged }
            if try movesScope(incoming, group, row) { return .role }
            return op.kind == .resolve && isByHub ? nil : refusalOfWriter(group)
        }
        // A difference is never the value that it began with, and an element that is added again was added again.
        let mayBeSame = op.kind != .resolve && op.kind != .increment && group.policy != .set
        if mayBeSame, let base = try seenValues(incoming, group.number, among: stood, row),
            ValueList.areIdentical(base, incoming.values)
        {
            return .unchanged
        }
        if try movesScope(incoming, group, row) { return .role }
        if op.kind == .resolve, isByHub { return nil }
        return refusalOfWriter(group)
    }

    /// Why the author may not write a group of a row that exists; nil when it may.
    func refusalOfWriter(_ group: GroupDescription) -> Reason? {
        // An operator who vouches for an edit answers for this too.
        if judge.batch.isVouchedFor { return nil }
        guard transaction.schema.mayChange(table, group: group.number, relations: relations) else { return .role }
        return WriterRule.refusal(group.policy, relations: relations)
    }

    /// Whether a value would put a row into another scope than the one that it was made in.
    private func movesScope(_ incoming: CellSibling, _ group: GroupDescription, _ row: HubRow) throws -> Bool {
        let columns = table.columns.filter { $0.group == group.number }
        guard let place = columns.firstIndex(where: { $0.name == table.scopeColumn }) else { return false }
        return incoming.values[place] != .blob(try transaction.scopeID(row.scope).bytes)
    }

    /// The values that the author had before it changed them, where the hub still knows.
    private func seenValues(
        _ incoming: CellSibling, _ group: UInt8, among stood: [CellSibling], _ row: HubRow
    ) throws -> [Value]? {
        try seen(incoming, group, among: stood, row)?.values
    }

    /// The same as the op that wrote them.
    private func seen(
        _ incoming: CellSibling, _ group: UInt8, among stood: [CellSibling], _ row: HubRow
    ) throws -> CellSibling? {
        // What the author itself had typed there and the hub had not yet answered is what it saw, whatever came since.
        let later = try transaction.cells.covered(row.table, row.key, group: group, after: incoming.base)
        // A value that came back, or was released, stands at a later position than the one at which it was answered.
        let own = try (stood + later).filter { earlier in
            guard earlier.position ?? .zero > incoming.base, judge.lineage.precedes(earlier.dot, incoming.dot) else {
                return false
            }
            return try transaction.position(of: earlier.name) ?? .zero > incoming.base
        }
        if let last = own.max(by: { judge.lineage.precedes($0.dot, $1.dot) }) { return last }
        // Of several values that stood at the base, whether or not they stand now, the author was shown one.
        let past =
            try stood.filter { ($0.position ?? .zero) <= incoming.base }
            + transaction.cells.rememberedSiblings(row.table, row.key, group: group, at: incoming.base)
        return past.isEmpty ? nil : past[transaction.schema.policy(table, group: group).displayed(past)]
    }

    /// Why a step is not taken; nil when it is.
    private func refusalOfStep(
        _ incoming: CellSibling, _ group: GroupDescription, among stood: [CellSibling], _ row: HubRow
    ) throws -> Reason? {
        let policy = transaction.schema.policy(table, group: group.number)
        let shown = stood.isEmpty ? nil : stood[policy.displayed(stood)]
        // What its author had seen may have been lost with a life of the hub: then nobody knows which state it left.
        let seen = shown.flatMap {
            judge.batch.recalled?.mayHaveSeenLost(at: incoming.base) != true
                && incoming.covers($0, lineage: judge.lineage) ? $0.values.first : nil
        }
        var left = op.from
        // An operator who releases a step takes it from the state that the row is in by then.
        if judge.batch.isVouchedFor, let now = shown?.values.first { left = now }
        if case .null = left, op.flags.contains(.coarse) {
            // Its author replaced the row, and so does not say which state it was in.
            let cells = transaction.cells
            left =
                try seen
                ?? cells.remembered(row.table, row.key, group: group.number, at: incoming.base)?.first ?? .null
            if let to = incoming.values.first, to.isIdentical(to: left) { return .unchanged }
        }
        guard case .text(let to)? = incoming.values.first, case .text(let from) = left,
            let column = table.columns.first(where: { $0.group == group.number })?.name,
            transaction.schema.allows(table, column: column, from: from, to: to, relations: relations)
        else { return .transition }
        // Someone who had seen the present state must have left it, and no other.
        return seen?.isIdentical(to: left) ?? true || judge.batch.isVouchedFor ? nil : .transition
    }
}

extension Reason {
    /// Of two reasons that met in one op, the one that a person should know about.
    static func graver(_ left: Reason, _ right: Reason) -> Reason {
        let harmless: [Reason] = [.none, .unchanged, .covered]
        func weight(_ reason: Reason) -> Int { harmless.firstIndex(of: reason) ?? harmless.count }
        return weight(left) < weight(right) ? right : left
    }
}
