public import ReUniteSync

extension Hub {
    /// How long a decision can be taken back, in milliseconds: 30 days.
    public static let undoAge: Int64 = 30 * 86_400_000

    /// The open conflicts, oldest first, each with every value that stands.
    public func conflicts(_ filter: ConflictFilter = .open) throws -> [OpenConflict] {
        try store.conflicts(filter, by: .opened, .whole).entries
    }

    /// A page of the conflicts, each with every value that stands.
    public func conflicts(
        _ filter: ConflictFilter, by order: ConflictOrder = .opened, _ part: ListPart
    ) throws -> ListPage<OpenConflict> {
        try store.conflicts(filter, by: order, part)
    }

    /// One conflict with what an operator needs to decide it.
    ///
    /// - Parameter id: its id, or at least the first four digits of it.
    public func conflict(_ id: String) throws -> ConflictDetail {
        try store.conflict(id)
    }

    /// Edits that merged by themselves, newest first; of the last 90 days.
    public func parallelEdits() throws -> [ParallelEdit] {
        try parallelEdits(.whole).entries
    }

    /// A page of them.
    public func parallelEdits(_ part: ListPart) throws -> ListPage<ParallelEdit> {
        try store.parallels(part)
    }

    /// Decides a conflict: an op of the hub's own that covers exactly the values that it names.
    ///
    /// - Parameters:
    ///   - asOf: decide between the values that stood at this position, as `conflict(_:)` gave it; nil for now. A
    ///     value that came later is not named, so it keeps the conflict open beside the decision.
    ///   - by: who decides.
    /// - Throws: ``Failure``: badData when it is closed already, or the value does not fit; usage when the reason says
    ///   too little or there is no such number.
    public func resolve(
        _ id: String, _ choice: Choice, asOf: Int64? = nil, by person: String, reason: String,
        signedIn: Identifier? = nil
    ) throws -> DecidedConflict {
        let what = "Resolving the conflict"
        let reason = try TypedText.reason(reason, what)
        let cell = try store.conflictCell(id, asOf: asOf.map { Position($0) }, what: what)
        guard cell.isOpen, let table = store.tables[cell.table] else {
            throw Failure(
                .badData, what: what, why: "it is closed already",
                remedy: "Look at it with 'hub conflicts show'; a decision can be taken back with 'hub conflicts reopen'"
            )
        }
        guard !cell.siblings.isEmpty else {
            throw Failure(
                .badData, what: what, why: "there was no conflict yet at that time",
                remedy: "Look at it again with 'hub conflicts show'")
        }
        let values: [Value]
        switch choice {
        case .keep(let number):
            guard cell.siblings.indices.contains(number - 1) else {
                throw Failure(
                    .usage, what: what, why: "it has no value with the number \(number)",
                    remedy: "Choose one of its values with 'hub conflicts show'")
            }
            values = cell.siblings[number - 1].values
        case .value(let json):
            let columns = table.columnIndexes(of: 1 << UInt64(cell.group)).map { table.columns[$0] }
            values = try DecidedValue.read(json, for: columns)
            try store.checkState(values, table: cell.table, group: cell.group, what: what)
        case .typed(let fields):
            let columns = table.columnIndexes(of: 1 << UInt64(cell.group)).map { table.columns[$0] }
            values = try DecidedValue.read(typed: fields, for: columns)
            try store.checkState(values, table: cell.table, group: cell.group, what: what)
        }
        let names = cell.siblings.map { SiblingName(group: cell.group, op: $0.name) }
        return try decide(
            Op(
                table: cell.table, key: cell.key, kind: .resolve, groups: 1 << UInt64(cell.group),
                stamp: HybridTime(milliseconds: time.wallMilliseconds), values: values,
                context: Op.Context(cellBase: cell.asOf, supersedes: names)),
            DecisionNote(conflict: cell.id, isReopening: false, by: person, reason: reason, signedIn: signedIn))
    }

    /// Takes the newest decision about a conflict back: what it covered stands again, and a person is asked again.
    ///
    /// - Throws: ``Failure`` (badData) when there is none, or it is older than ``undoAge``.
    public func reopen(
        _ id: String, by person: String, reason: String, signedIn: Identifier? = nil
    ) throws -> DecidedConflict {
        let what = "Reopening the conflict"
        let reason = try TypedText.reason(reason, what)
        let cell = try store.conflictCell(id, asOf: nil, what: what)
        guard let decision = cell.decision else {
            throw Failure(
                .badData, what: what, why: "no decision about it stands",
                remedy: "Look at what closed it with 'hub conflicts show'")
        }
        guard time.wallMilliseconds - decision.atMilliseconds <= Hub.undoAge else {
            throw Failure(
                .badData, what: what, why: "it was decided more than 30 days ago",
                remedy: "Write the value that is right as an ordinary edit")
        }
        return try decide(
            Op(
                table: cell.table, key: cell.key, kind: .reopen, groups: 1 << UInt64(cell.group),
                stamp: HybridTime(milliseconds: time.wallMilliseconds), values: [],
                context: Op.Context(supersedes: [SiblingName(group: cell.group, op: decision.op)])),
            DecisionNote(
                conflict: cell.id, isReopening: true, undoes: decision.position, by: person, reason: reason,
                signedIn: signedIn))
    }

    private func decide(_ op: Op, _ note: DecisionNote) throws -> DecidedConflict {
        let batch = try sealed([op])
        let (_, isOpen) = try store.decide(batch, as: id, note, atMilliseconds: time.wallMilliseconds)
        attendInPassing()
        return DecidedConflict(
            conflict: note.conflict.description, op: "\(batch.id.short)/0", isOpen: isOpen)
    }
}
