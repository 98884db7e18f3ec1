import GRDB
import ReUniteReplica
import ReUniteSync

/// What every step of one hub transaction shares: the connection, the rules, the next position, and statements that
/// are prepared once.
final class HubTransaction {
    let database: Database
    let schema: HubSchema
    let rows: HubRowStore
    let cells: HubCellStore
    private(set) var position: Position
    /// The hub's time, milliseconds since 1970.
    let now: Int64
    /// Scopes in which something moved that the hub's duties may hang on: a grant, or a conflict.
    var moved = Set<Identifier>()
    /// Proposals that were answered, or that an operator decided in the owner's place.
    var answered = Set<Identifier>()
    /// What goes into the audit log with this transaction.
    var audit = AuditDraft()
    /// What goes into the ledger of closings with this transaction.
    var closings: [ClosingLedger.Entry] = []
    /// Where that goes instead, while batches are taken again that the ledger has.
    var collector: ClosingCollector?
    /// The partner that what is judged now is from; nil for what the hub itself does.
    var author: Identifier?
    /// Rows whose class may be another by the end of the batch.
    private var unclassified = Set<RowKey>()
    private var writers: [UInt16: TableStatements] = [:]
    private var readers: [UInt16: RowReader] = [:]
    private var scopeNumbers: [Identifier: Int64] = [:]
    private var scopeIDs: [Int64: Identifier] = [:]

    /// - Parameter now: the hub's time, which the network's rules see in `ru_now` from here on.
    init(_ database: Database, schema: HubSchema, at now: Int64) throws {
        self.database = database
        self.now = now
        try DueList.set(now: now, database)
        self.schema = schema
        rows = try HubRowStore(database)
        cells = try HubCellStore(database)
        position = Position(try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0)
    }

    /// Takes the next position: every verdict has one of its own.
    func takePosition() -> Position {
        position = position.next
        return position
    }

    /// Notes that a row's value may have given it another class.
    func noteClass(of row: HubRow) {
        unclassified.insert(RowKey(table: row.table, key: row.key))
    }

    /// The rows noted so far, in order; they are forgotten here.
    func takeUnclassified() -> [RowKey] {
        defer { unclassified = [] }
        return unclassified.sorted()
    }

    /// Records which field device opened a scope.
    func setMaker(_ device: Identifier, of scope: Int64) throws {
        try database.execute(
            sql: "UPDATE hub_scope SET maker = ? WHERE no = ? AND maker IS NULL", arguments: [device.sqlBlob, scope])
    }

    /// Puts rows into the classes that they have by now, writes the counter back, the audit log, and what the hub must see
    /// to next. The last thing in every transaction that took positions.
    func savePosition() throws {
        try RowClasses(self).settle()
        try database.execute(sql: "UPDATE hub_clock SET position = ?", arguments: [position.rawValue])
        try saveAudit()
        let due = DueList(database, schema)
        try due.note(moved)
        try due.note(answered: answered)
        // The last thing before the commit: what is not in the ledger was not closed.
        if let collector {
            collector.add(closings)
        } else if !closings.isEmpty {
            try ClosingLedger(beside: database).append(closings)
        }
        closings = []
    }

    /// Writes what was noted for the audit log.
    func saveAudit() throws {
        try AuditLog(database).append(audit.take())
    }

    /// Stores a batch's receipt, as news for its author's devices.
    func save(_ receipt: Receipt, of batch: Int64) throws {
        let bytes = receipt.encoded()
        audit.note(
            AuditRecord(
                .verdict, atMilliseconds: now,
                [
                    .hash(.batch, receipt.batch.bytes), .hash(.receipt, Hub.digest(of: bytes)),
                    .number(.position, position.rawValue), .number(.count, Int64(receipt.opCount)),
                ]))
        try database.execute(
            sql: "UPDATE hub_batch SET receipt = ?, receipt_position = ? WHERE no = ?",
            arguments: [bytes.sqlBlob, position.rawValue, batch])
    }

    func writer(of table: TableDescription) throws -> TableStatements {
        if let writer = writers[table.number] { return writer }
        let writer = try TableStatements(database, table)
        writers[table.number] = writer
        return writer
    }

    func values(of table: TableDescription, _ key: Identifier) throws -> [Value]? {
        if let reader = readers[table.number] { return try reader.read(key) }
        let reader = try RowReader(database, table)
        readers[table.number] = reader
        return try reader.read(key)
    }

    /// The scope's number; nil when nothing of it was ever here.
    func existingScope(_ id: Identifier) throws -> Int64? {
        if let number = scopeNumbers[id] { return number }
        guard
            let number = try Int64.fetchOne(
                database, sql: "SELECT no FROM hub_scope WHERE id = ?", arguments: [id.sqlBlob])
        else { return nil }
        scopeNumbers[id] = number
        return number
    }

    func scope(_ id: Identifier) throws -> Int64 {
        if let number = try existingScope(id) { return number }
        try database.execute(sql: "INSERT INTO hub_scope(id) VALUES(?)", arguments: [id.sqlBlob])
        let number = database.lastInsertedRowID
        scopeNumbers[id] = number
        return number
    }

    func scopeID(_ number: Int64) throws -> Identifier {
        if let id = scopeIDs[number] { return id }
        let row = try Row.fetchOne(database, sql: "SELECT id FROM hub_scope WHERE no = ?", arguments: [number])
        let id = row?.identifier("id") ?? .zero
        scopeIDs[number] = id
        return id
    }

    /// Forgets scopes that a rolled-back step may have made.
    func forgetScopes() {
        scopeNumbers = [:]
    }
}
