import GRDB
import ReUniteReplica
import ReUniteSync

/// Whether an author may write rows of a class in a scope: when it was written, and now.
///
/// The answer for what an author may not see is the same whether it is foreign, dead or was never there.
struct Entitlement {
    private let judge: BatchJudge
    private let table: TableDescription
    private let scope: Identifier
    private let dot: Dot
    /// What the author is taken to have known of grants: its op's base, or, where it had never been sent anything, what
    /// was so when its device joined (`docs/decisions/0090-a-device-begins-with-its-partners-grants.md`).
    private let base: Position
    /// The row's present class; of a new row, or one that was deleted, its table's.
    private let bit: UInt64
    /// When it was written, milliseconds since 1970; nil where the clock cannot be trusted.
    private let written: Int64?
    /// The grant under which a row is added although it has closed since.
    private var late: GrantStore.Grant?

    init(
        _ judge: BatchJudge, table: TableDescription, row: HubRow?, scope: Identifier, dot: Dot, base: Position?,
        writtenMilliseconds written: Int64?
    ) throws {
        self.written = written
        self.judge = judge
        self.table = table
        bit = 1 << UInt64(row.flatMap { $0.isAlive ? $0.disclosureClass : nil } ?? table.disclosureClass)
        self.scope = scope
        self.dot = dot
        let base = base ?? judge.batch.header.base
        guard base == .zero, case .device(let device) = judge.batch.author,
            try row.map({ try Entitlement.wasMade($0, before: dot, judge) }) ?? true
        else {
            self.base = base
            return
        }
        self.base = device.enrolled
    }

    /// Whether the author's own chain made a row: nothing else can be known to whoever was never sent anything.
    private static func wasMade(_ row: HubRow, before dot: Dot, _ judge: BatchJudge) throws -> Bool {
        try judge.transaction.cells.sibling(at: row.clock.stamp, group: 0, values: [])
            .map { judge.lineage.precedes($0.dot, dot) } ?? false
    }

    private var device: DeviceRecord? {
        if case .device(let device) = judge.batch.author { return device }
        return nil
    }

    /// Whether a row is added under a grant that has closed since. Its author does not get it back.
    var isLate: Bool { late != nil }

    /// The relations in which the author stands to the scope; where its grant has closed, in which it stood then.
    func relations() throws -> Set<String> {
        guard let device else { return ["HUB"] }
        if let late, let number = try judge.transaction.existingScope(scope) {
            let stood = try String.fetchOne(
                judge.transaction.database,
                sql: "SELECT relations FROM hub_grant WHERE sub = ? AND scope = ? AND opened = ?",
                arguments: [late.subscription, number, late.opened.rawValue])
            return Entitlement.named(Set((stood ?? "").split(separator: ",").map(String.init)), device)
        }
        return Entitlement.named(try judge.grants.relations(of: device.partner, to: scope), device)
    }

    /// The relations in which a device acts: an office of the owner may do more than its laptops.
    static func named(_ relations: Set<String>, _ device: DeviceRecord) -> Set<String> {
        device.role == "office" && relations.contains("OWNER") ? relations.union(["OFFICE"]) : relations
    }

    /// Why the author may not write there; nil when it may.
    mutating func refusal(isNewRow: Bool) throws -> Reason? {
        guard let device else { return nil }
        if table.writer == .hub || table.scopeKind == .shared { return .role }
        guard let number = try judge.transaction.existingScope(scope),
            case let history = try judge.grants.history(of: device.partnerSubscription, on: number), !history.isEmpty
        else {
            // The first row of a new scope makes the grant that allows it; nobody else can have been there before.
            return isNewRow && isRoot ? try takenScope() : .notInScope
        }
        guard try heldAtBase(device, number) else { return .notInScope }
        let canWriteNow = history.contains { $0.closed == nil && $0.writeMask & bit != 0 }
        let atBase = try history.last { try couldSee(opening: $0.opened) && ($0.closed.map { $0 > base } ?? true) }
        let couldWrite = atBase.map { $0.writeMask & bit != 0 } ?? false
        if canWriteNow, couldWrite, let atBase, isUnbroken(history, since: atBase) { return nil }
        if couldWrite, isNewRow, let atBase, try mayAddLate(closing(of: atBase, in: history, bit), device) {
            late = atBase
            return nil
        }
        if canWriteNow {
            return atBase == nil ? .notInScope : .late
        }
        if couldWrite { return .late }
        let canRead = history.contains { $0.closed == nil && $0.judgedMask & bit != 0 }
        return canRead ? .mask : .notInScope
    }

    /// Whether the author, once its new row stands, is still without the right to it.
    func refusalAfterwards() throws -> Bool {
        guard let device, let number = try judge.transaction.existingScope(scope) else { return device != nil }
        return try !judge.grants.open(on: number).contains {
            $0.subscription == device.partnerSubscription && $0.writeMask & bit != 0
        }
    }

    /// Whether the author may read a row now.
    func mayRead(_ row: HubRow) throws -> Bool {
        guard let device else { return true }
        if judge.transaction.schema.tables[row.table]?.scopeKind == .shared { return true }
        let bit = UInt64(1) << UInt64(row.disclosureClass)
        if let late, row.scope == (try judge.transaction.existingScope(scope)), late.judgedMask & bit != 0 {
            return true
        }
        return try heldAtBase(device, row.scope)
            && judge.grants.open(on: row.scope).contains {
                $0.subscription == device.partnerSubscription && $0.judgedMask & bit != 0
            }
    }

    /// Puts the author's partner where a new row names it with NULL. Returns the groups that this changed, or nil
    /// when the row names another partner.
    func fill(_ op: inout Op) throws -> UInt64? {
        guard let device else { return 0 }
        var changed: UInt64 = 0
        for index in judge.transaction.schema.authorColumns(of: table) {
            switch op.values[index] {
            case .null:
                op.values[index] = .blob(device.partner.bytes)
                changed |= 1 << UInt64(table.columns[index].group)
            case .blob(device.partner.bytes): continue
            default: return nil
            }
        }
        return changed
    }

    /// Whether the row's own key names its scope.
    var isRoot: Bool {
        guard let column = table.scopeColumn else { return false }
        return !table.columns.contains { $0.name == column }
    }

    /// A scope that holds anything belongs to somebody.
    private func takenScope() throws -> Reason? {
        guard let number = try judge.transaction.existingScope(scope) else { return nil }
        let held = try Int.fetchOne(
            judge.transaction.database, sql: "SELECT 1 FROM hub_row WHERE scope = ? LIMIT 1", arguments: [number])
        return held == nil ? nil : .notInScope
    }

    /// Whether a scope was in a field device's caseload when it wrote. Whether it still is does not matter: a worker may
    /// hand over a case with edits of it on the laptop.
    private func heldAtBase(_ device: DeviceRecord, _ scope: Int64) throws -> Bool {
        guard device.hasCaseload else { return true }
        return try judge.grants.history(of: device.subscription, on: scope).contains {
            try couldSee(opening: $0.opened) && ($0.closed.map { $0 > base } ?? true)
        }
    }

    /// Whether the author had seen the op that opened a grant, or had made it.
    private func couldSee(opening position: Position) throws -> Bool {
        if position <= base { return true }
        guard let opening = try judge.transaction.cells.sibling(at: position, group: 0, values: []) else {
            return false
        }
        if opening.earlier?.isSeen(at: base) == true { return true }
        return judge.lineage.precedes(opening.dot, dot)
    }

    /// Whether a row that was written before a closing is added although it arrives after it. Nothing else is: who
    /// changes what somebody else owns by now proposes it to them.
    ///
    /// - Parameter closing: milliseconds since 1970.
    private func mayAddLate(_ closing: Int64?, _ device: DeviceRecord) throws -> Bool {
        guard let written, let closing, written < closing else { return false }
        guard judge.transaction.schema.has(.strictClosing) else { return true }
        return try Int.fetchOne(
            judge.transaction.database,
            sql: "SELECT 1 FROM ru_strict_closing WHERE scope = ? AND partner = ? LIMIT 1",
            arguments: [scope.sqlBlob, device.partner.sqlBlob]) == nil
    }

    /// When the right to write a class ended, of a grant that had it: not where the next grant took over without a gap.
    private func closing(of first: GrantStore.Grant, in history: [GrantStore.Grant], _ bit: UInt64) -> Int64? {
        var last = first
        for grant in history where grant.opened > first.opened {
            guard last.closed == grant.opened, grant.writeMask & bit != 0 else { break }
            last = grant
        }
        return last.closedMilliseconds
    }

    /// Whether one grant followed the other without a gap: a raised mask never sends honest work to quarantine.
    private func isUnbroken(_ history: [GrantStore.Grant], since first: GrantStore.Grant) -> Bool {
        var closed = first.closed
        for grant in history where grant.opened > first.opened {
            guard closed == grant.opened else { return false }
            closed = grant.closed
        }
        return closed == nil
    }
}
