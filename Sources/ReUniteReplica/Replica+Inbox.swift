import GRDB
public import ReUniteSync

/// An edit that came back, with the reason.
public struct ReturnedEdit: Hashable, Sendable {
    /// What became of it.
    public enum State: Int64, Sendable {
        case waiting = 0
        case sentAgain = 1
        case letGo = 2
        /// An operator of the hub had it applied.
        case released = 3
        /// An operator of the hub refused it for good.
        case refused = 4

        /// The word that is printed: fixed, lower case, hyphenated.
        public var word: String {
            switch self {
            case .waiting: "waiting"
            case .sentAgain: "sent-again"
            case .letGo: "let-go"
            case .released: "released"
            case .refused: "refused"
            }
        }
    }

    public var number: Int64
    /// Its batch and its place in it.
    public var name: OpID
    public var table: String
    public var id: String
    public var columns: [String]
    public var reason: String
    public var explanation: String
    public var atMilliseconds: Int64
    public var state: State
    /// `create`, `set`, `delete` and so on.
    public var kind: String
    /// What had been typed, by column. Empty where this organisation may not see the record any more.
    public var value: [String: String?]
    /// Whether its row has left, so that this device no longer knows what was typed; no columns are named then.
    public var isWithheld: Bool
    /// Whether the table's class is secret: then no value is shown here, though it can be written again.
    public var isSecret: Bool
}

extension Replica {
    /// Edits that came back and that nobody has dealt with, and what the hub's operator decided about them since;
    /// oldest first.
    public func inbox() throws -> [ReturnedEdit] {
        try read("Reading the inbox") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM ru_returned WHERE state IN (0, 3, 4) ORDER BY id")
                .compactMap { try returned($0, database) }
        }
    }

    /// One edit that came back, whatever has become of it.
    ///
    /// - Throws: ``Failure`` (noInput) when there is none of that number.
    public func returnedEdit(_ number: Int64) throws -> ReturnedEdit {
        let what = "Showing the edit"
        return try read(what) { database in
            guard let edit = try returned(try Replica.entry(number, what, database), database) else {
                throw Replica.noSuchEdit(what)
            }
            return edit
        }
    }

    /// Writes what came back once more, as any application would: the triggers make a new edit of it.
    ///
    /// - Throws: ``Failure``: noInput for an unknown number, badData when it was dealt with already, or cannot be
    ///   written now.
    public func retry(returned number: Int64) throws {
        let what = "Sending the edit again"
        // What is typed until now is an edit of its own, before this one.
        try seal()
        try edit(what) { database in
            let entry = try Replica.waiting(number, what, database)
            let found = try op(of: entry, database)
            if let found, found.isWithheld {
                throw Failure(
                    .badData, what: what,
                    why: "its values are withheld: the case has left, or the record was deleted",
                    remedy: "Ask the hub operator to release it, or let it go with 'inbox dismiss'")
            }
            guard let (op, table, _) = found, try isHere(entry, op, table, database) else {
                throw Failure(
                    .badData, what: what, why: "the record is not here any more",
                    remedy: "Let it go with 'inbox dismiss', or ask the hub operator")
            }
            try write(op, groups: UInt64(bitPattern: entry["groups"]), table, what, database)
            try database.execute(
                sql: "UPDATE ru_returned SET state = ? WHERE id = ?",
                arguments: [ReturnedEdit.State.sentAgain.rawValue, number])
        }
    }

    /// Takes an edit off the list. The hub keeps it.
    ///
    /// - Throws: ``Failure``: noInput for an unknown number, badData when it was dealt with already.
    public func dismiss(returned number: Int64) throws {
        let what = "Letting the edit go"
        try transaction(what) { database in
            let entry = try Replica.entry(number, what, database)
            let state = ReturnedEdit.State(rawValue: entry["state"])
            guard state == .waiting || state == .released || state == .refused else { throw Replica.dealtWith(what) }
            try database.execute(
                sql: "UPDATE ru_returned SET state = ? WHERE id = ?",
                arguments: [ReturnedEdit.State.letGo.rawValue, number])
        }
    }

    // MARK: Reading

    private static func entry(_ number: Int64, _ what: String, _ database: Database) throws -> Row {
        guard let row = try Row.fetchOne(database, sql: "SELECT * FROM ru_returned WHERE id = ?", arguments: [number])
        else { throw noSuchEdit(what) }
        return row
    }

    private static func waiting(_ number: Int64, _ what: String, _ database: Database) throws -> Row {
        let row = try entry(number, what, database)
        guard row["state"] as Int64 == ReturnedEdit.State.waiting.rawValue else { throw dealtWith(what) }
        return row
    }

    private static func noSuchEdit(_ what: String) -> Failure {
        Failure(
            .noInput, what: what, why: "no edit of that number came back",
            remedy: "Look at those that came back with 'inbox'")
    }

    private static func dealtWith(_ what: String) -> Failure {
        Failure(
            .badData, what: what, why: "it has been dealt with already",
            remedy: "Look at what became of it with 'inbox show'")
    }

    private func returned(_ row: Row, _ database: Database) throws -> ReturnedEdit? {
        let number: Int64 = row["tbl"]
        guard let table = schema[UInt16(truncatingIfNeeded: number)] else { return nil }
        let code: Int64 = row["reason"]
        let groups: Int64 = row["groups"]
        let reason = Reason(rawValue: UInt8(truncatingIfNeeded: code)) ?? .none
        var value: [String: String?] = [:]
        var kind = "?"
        var isWithheld = false
        if let (op, _, isGone) = try op(of: row, database) {
            kind = "\(op.kind)"
            isWithheld = isGone
            if try !isWithheld && isHere(row, op, table, database) {
                for (place, written) in zip(table.columnIndexes(of: op.groups), op.values)
                where UInt64(bitPattern: groups) & (1 << UInt64(table.columns[place].group)) != 0 {
                    value[table.columns[place].name] = written.readable
                }
            }
        }
        let isSecret =
            try Int.fetchOne(
                database, sql: "SELECT 1 FROM ru_class WHERE bit = ? AND secret = 1",
                arguments: [Int64(table.disclosureClass)]) != nil
        if isSecret { value = value.mapValues { _ in nil } }
        return ReturnedEdit(
            number: row["id"],
            name: OpID(
                batch: BatchID(bytes: row.bytes("batch"))?.short ?? .zero,
                index: UInt32(truncatingIfNeeded: row["idx"] as Int64)), table: table.name,
            id: row.identifier("key").description,
            columns: isWithheld ? [] : table.columnNames(of: UInt64(bitPattern: groups)),
            reason: reason.code, explanation: reason.explanation, atMilliseconds: row["at_ms"],
            state: ReturnedEdit.State(rawValue: row["state"]) ?? .waiting, kind: kind, value: value,
            isWithheld: isWithheld, isSecret: isSecret)
    }

    /// The op, from the batch that this device signed, and whether its values are not here any more.
    private func op(
        of row: Row, _ database: Database
    ) throws -> (op: Op, table: TableDescription, isWithheld: Bool)? {
        guard
            let batch = try Row.fetchOne(
                database, sql: "SELECT ops, op_count, safe FROM ru_outbox WHERE id = ?",
                arguments: [row.bytes("batch").sqlBlob])
        else { return nil }
        let ops = try OpCodec.decode(batch.bytes("ops"), expecting: batch["op_count"])
        let index = Int(row["idx"] as Int64)
        guard ops.indices.contains(index), let table = schema[ops[index].table] else { return nil }
        return (ops[index], table, ops[index].isWithheld || batch["safe"] as Int64 > 1)
    }

    /// Whether this replica may still show what was typed: not when the hub said that the record is none of its
    /// business, unless the record is here nevertheless.
    private func isHere(_ row: Row, _ op: Op, _ table: TableDescription, _ database: Database) throws -> Bool {
        let reason = Reason(rawValue: UInt8(truncatingIfNeeded: row["reason"] as Int64))
        let veiled: [Reason] = [.notInScope, .late, .mask, .proposal, .authorLeft]
        guard reason.map({ veiled.contains($0) }) ?? true else { return true }
        if try exists(op.key, table, database) { return true }
        guard op.kind == .create else { return false }
        guard let column = table.scopeColumn else { return true }
        let place = table.columns.firstIndex { $0.name == column }
        let scope: Identifier
        if let place, op.values.indices.contains(place), case .blob(let bytes) = op.values[place] {
            scope = Identifier(bytes: bytes) ?? .zero
        } else {
            scope = op.key
        }
        return try Int.fetchOne(
            database, sql: "SELECT 1 FROM ru_scope WHERE id = ? AND epoch > 0", arguments: [scope.sqlBlob]) != nil
    }

    private func exists(_ key: Identifier, _ table: TableDescription, _ database: Database) throws -> Bool {
        try Int.fetchOne(
            database, sql: "SELECT 1 FROM \(quoted(table.name)) WHERE id = ?", arguments: [key.sqlBlob]) != nil
    }

    // MARK: Writing

    private func write(
        _ op: Op, groups: UInt64, _ table: TableDescription, _ what: String, _ database: Database
    ) throws {
        let statements = try TableStatements(database, table)
        let current = try RowReader(database, table).read(op.key)
        switch op.kind {
        case .delete:
            guard current != nil else { throw Replica.changesNothing(what) }
            do {
                try statements.delete(op.key)
            } catch let fault as SQLiteFault where fault.isConstraint {
                throw Failure(
                    .badData, what: what, why: "other records here belong to this one",
                    remedy: "Delete those first, or let it go with 'inbox dismiss'")
            }
        case .create where current == nil:
            try statements.put(op.key, op.values)
        default:
            guard let current else {
                throw Failure(
                    .badData, what: what, why: "the record is not here any more",
                    remedy: "Let it go with 'inbox dismiss', or ask the hub operator to release it")
            }
            let wanted = op.kind == .create ? op.groups : op.groups & groups
            let places = table.columnIndexes(of: op.groups)
            var values: [Value] = []
            var isNew = false
            for (place, value) in zip(places, op.values) where wanted & (1 << UInt64(table.columns[place].group)) != 0 {
                values.append(value)
                if !value.isIdentical(to: current[place]) { isNew = true }
            }
            guard isNew else { throw Replica.changesNothing(what) }
            _ = try statements.update(op.key, groups: wanted, values: values)
        }
    }

    private static func changesNothing(_ what: String) -> Failure {
        Failure(
            .badData, what: what, why: "the record says so already", remedy: "Let it go with 'inbox dismiss'")
    }
}
