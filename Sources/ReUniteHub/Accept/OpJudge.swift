import GRDB
import ReUniteReplica
import ReUniteSync

/// Judges one op: its shape, its author's right to it, what it refers to, and then cell by cell against what stands.
struct OpJudge {
    private let judge: BatchJudge
    private let conflicts: ConflictStore
    private let quarantine: QuarantineStore
    private var transaction: HubTransaction { judge.transaction }
    private var batch: BatchJudge.Batch { judge.batch }

    init(_ judge: BatchJudge, conflicts: ConflictStore, quarantine: QuarantineStore) {
        self.judge = judge
        self.conflicts = conflicts
        self.quarantine = quarantine
    }

    func judge(_ op: Op, name: OpID, at position: Position) throws -> BatchJudge.Outcome {
        guard let table = transaction.schema.tables[op.table] else { return .quarantined(.schema) }
        let isByHub = if case .hub = batch.author { true } else { false }
        guard try isWellFormed(op, table, isByHub: isByHub) else { return .quarantined(.malformed) }
        // An op may have seen less than its batch, never more: else it would overwrite what its author never saw.
        guard op.context?.cellBase ?? .zero <= batch.header.base else { return .quarantined(.unprovenBase) }
        var op = op
        let row = try transaction.rows.row(op.table, op.key)
        let scopeID: Identifier
        if let row {
            scopeID = try transaction.scopeID(row.scope)
        } else if op.kind == .create, let named = table.scopeKind == .shared ? .zero : op.namedScope(in: table) {
            scopeID = named
        } else {
            guard op.kind != .create else { return .quarantined(.malformed) }
            // What the author itself made, and what waits, it may know to be waiting.
            let waits = try quarantine.holds(op.table, op.key, of: batch.header.device)
            return .quarantined(waits ? .parentGone : .notInScope)
        }
        let dot = batch.dot(of: name)
        let effective = EffectiveTime(
            claimed: op.stamp, skew: batch.header.clock.skewMilliseconds, issued: batch.issuedMilliseconds,
            received: batch.receivedMilliseconds)
        var flags = op.flags
        if effective.isSuspect { flags.insert(.clockSuspect) }
        if !batch.isVouchedFor, try hasAuthorLeft(by: effective.stamp.milliseconds, flags) {
            return .quarantined(.authorLeft)
        }
        var entitlement = try Entitlement(
            judge, table: table, row: row, scope: scopeID, dot: dot, base: op.context?.cellBase,
            writtenMilliseconds: flags.contains(.clockSuspect) ? nil : effective.stamp.milliseconds)
        if !batch.isVouchedFor, let reason = try entitlement.refusal(isNewRow: row == nil) {
            return .quarantined(reason)
        }
        let relations = try entitlement.relations().union(batch.isVouchedFor ? ["HUB"] : [])
        // Nothing undoes an erasure, whatever its author had seen.
        if row?.life == .erased { return op.kind == .erase ? .obsolete(.covered) : .quarantined(.erased) }
        // A mark for lists at home. Whoever set it here could hide from the operator what is to be released.
        guard !op.flags.contains(.withheld) else { return .quarantined(.malformed) }
        guard isByHub || (op.kind != .erase && op.kind != .resolve) else { return .quarantined(.role) }
        let isNew = row?.isAlive != true
        if op.kind == .create, isNew || table.isSet {
            try OlderRows(transaction, version: batch.header.schemaVersion).complete(&op, of: table, from: row)
        }
        let filled = op.kind == .create && (isNew || table.isSet) ? try entitlement.fill(&op) : 0
        guard let filled = filled ?? (batch.isVouchedFor ? 0 : nil) else { return .quarantined(.role) }
        var cleared: UInt64 = 0
        if isNew, op.kind == .create {
            let (groups, reason) = transaction.schema.restricted.clear(
                &op, of: table, relations: relations, opensScope: row == nil && entitlement.isRoot)
            if let reason { return .quarantined(reason) }
            cleared = groups
        }
        if let row, op.kind == .resolve { try leaveUnnamed(of: row, table, in: &op) }
        if let reason = try missingParent(of: op, table, entitlement) { return .quarantined(reason) }

        let base = op.context?.cellBase ?? batch.header.base
        var author = CellSibling(
            name: name, dot: dot, position: nil, earlier: batch.recalled?.position(of: name), base: base,
            stamp: effective.stamp,
            isClockSuspect: flags.contains(.clockSuspect), values: [])
        let merge = RowMerge(
            judge, conflicts: conflicts, quarantine: quarantine, table: table, op: op, author: author,
            relations: relations, isByHub: isByHub, position: position)
        let before = row?.leaf
        // What the row said of grants until now: once it is gone, or names another scope, nothing else tells.
        let reached = try transaction.grantScopes(table, op.key, scopeID: scopeID)
        let result = try merge.run(row, scope: try transaction.scope(scopeID))
        guard let changed = result.row else { return result.outcome }
        if !batch.isVouchedFor, isNew || op.kind == .transit, try judge.guards.forbids(op, table) {
            return .quarantined(.transition)
        }
        author.round = result.round
        try transaction.cells.save(
            author, at: position, batch: batch.number, flags: flags,
            context: StoredContext.encode(op.context, extras: []))
        try transaction.rows.save(changed)
        if op.kind == .transit, !isByHub, op.table == transaction.schema.proposals?.number {
            transaction.answered.insert(op.key)
        }
        if table.classColumn != nil { transaction.noteClass(of: changed) }
        if row == nil, entitlement.isRoot, case .device(let device) = batch.author, device.hasCaseload {
            try transaction.setMaker(device.id, of: changed.scope)
        }
        try judge.clashes.examine(
            table, op, isAlive: changed.isAlive, at: position, batch.receivedMilliseconds)
        let bit = UInt64(1) << UInt64(changed.disclosureClass)
        let readers = try judge.grants.open(on: changed.scope).filter { $0.readMask & bit != 0 }.map(\.subscription)
        try judge.feed.changed(
            changed, from: before, readers: readers, isShared: table.scopeKind == .shared, at: position)
        if let row, row.isAlive, row.changed > base {
            try ParallelStore(transaction).note(op, author: author, at: position, over: row, of: table, judge)
        }
        if transaction.schema.givesDuties(table) { transaction.moved.insert(scopeID) }
        for scope in try reached.union(transaction.grantScopes(table, op.key, scopeID: scopeID)).sorted() {
            try judge.grants.evaluate(scope, at: position)
        }
        // A row that its own author may not hold would be a row that nobody asked for.
        if !batch.isVouchedFor, !entitlement.isLate, isNew, op.kind == .create, try entitlement.refusalAfterwards() {
            return .quarantined(.role)
        }
        return result.outcome.adding(.none, groups: filled).adding(.role, groups: cleared)
    }

    /// Whether the staff member who is named in the batch had left by then. Where the clock cannot be trusted, by the
    /// time at which it arrived.
    private func hasAuthorLeft(by milliseconds: Int64, _ flags: Op.Flags) throws -> Bool {
        guard batch.header.author != .zero, transaction.schema.has(.authorUntil) else { return false }
        let until = try Int64.fetchOne(
            transaction.database, sql: "SELECT min(until_ms) FROM ru_author_until WHERE author = ?",
            arguments: [batch.header.author.sqlBlob])
        guard let until else { return false }
        return until <= (flags.contains(.clockSuspect) ? batch.receivedMilliseconds : milliseconds)
    }

    /// A resolution decides on what it names. What stands beside that stays open, although its author's base says that
    /// it had been there.
    private func leaveUnnamed(of row: HubRow, _ table: TableDescription, in op: inout Op) throws {
        var context = op.context ?? Op.Context()
        for group in table.groups where op.groups & (1 << UInt64(group.number)) != 0 {
            var standing = row.clock.siblings.filter { $0.group == group.number }
            if standing.isEmpty,
                let only = try transaction.cells.sibling(
                    at: row.clock.position(of: group.number), group: group.number, values: [])
            {
                standing = [SiblingName(group: group.number, op: only.name)]
            }
            context.kept += standing.filter { !context.supersedes.contains($0) && !context.kept.contains($0) }
        }
        op.context = context.isEmpty ? nil : context
    }

    // MARK: Shape

    private func isWellFormed(_ op: Op, _ table: TableDescription, isByHub: Bool) throws -> Bool {
        guard op.groups & ~table.allGroups == 0, isByHub || StoredContext.isPossible(op.context)
        else { return false }
        let only = op.groups.nonzeroBitCount == 1 ? table.policy(of: UInt8(op.groups.trailingZeroBitCount)) : nil
        switch op.kind {
        case .delete, .erase: return op.groups == 0 && op.values.isEmpty
        case .create:
            let rows = OlderRows(transaction, version: batch.header.schemaVersion)
            guard try rows.isWhole(op, of: table) else { return false }
        case .transit: guard only == .state else { return false }
        case .increment: guard only == .counter, op.values.first != .null else { return false }
        case .set, .resolve:
            // States step and counters count; neither is ever set. Only the hub decides about a state.
            let decidesState = op.kind == .resolve && isByHub && only == .state
            guard op.groups != 0, decidesState || op.groups & table.steppedGroups == 0 else { return false }
        // It needs positions beyond its own, so it is alone in its batch.
        case .reopen: return isByHub && only != nil && op.values.isEmpty && batch.header.opCount == 1
        }
        let indexes = table.columnIndexes(of: op.groups)
        guard indexes.count == op.values.count else { return false }
        return zip(indexes, op.values).allSatisfy { place, value in
            table.columns[place].type.accepts(value) && transaction.schema.isWithin(table, column: place, value)
        }
    }

    // MARK: References

    private func missingParent(
        of op: Op, _ table: TableDescription, _ entitlement: Entitlement
    ) throws -> Reason? {
        guard op.kind != .delete && op.kind != .erase else {
            for (child, column) in transaction.schema.children(of: table) {
                let found = try Int.fetchOne(
                    transaction.database,
                    sql: "SELECT 1 FROM \(quoted(child.name)) WHERE \(quoted(column)) = ? LIMIT 1",
                    arguments: [op.key.sqlBlob])
                if found != nil { return .hasChildren }
            }
            return nil
        }
        let indexes = table.columnIndexes(of: op.groups)
        for reference in table.references {
            let parent: Identifier?
            if let column = reference.column {
                guard let place = indexes.firstIndex(of: column), case .blob(let bytes) = op.values[place] else {
                    continue
                }
                parent = Identifier(bytes: bytes)
            } else {
                parent = op.key
            }
            // What the author may not see is not there: the answer must not tell that it is.
            guard let parent, let row = try transaction.rows.row(reference.table, parent), row.isAlive,
                try batch.isVouchedFor || entitlement.mayRead(row)
            else { return .parentGone }
        }
        return nil
    }
}

extension ColumnType {
    /// Whether a STRICT column of this type takes the value as it is.
    func accepts(_ value: Value) -> Bool {
        switch (self, value) {
        case (_, .null), (.integer, .integer), (.real, .real), (.real, .integer), (.text, .text), (.blob, .blob): true
        default: false
        }
    }
}
