import GRDB
import ReUniteReplica
public import ReUniteSync

extension SQLiteHubStore {
    public func preview(
        _ question: StepQuestion, by device: DeviceRecord?, atMilliseconds now: Int64
    ) throws -> StepForecast {
        do {
            return try database.writeWithoutTransaction { database in
                var forecast = StepForecast.unknown
                try database.inTransaction(.immediate) {
                    let transaction = try HubTransaction(database, schema: schema, at: now)
                    forecast = try StepPreview(transaction, by: device).run(question)
                    // Whatever was tried is taken back.
                    return .rollback
                }
                return forecast
            }
        } catch {
            throw Failure(sqlite: error, what: "Previewing the step", file: "hub.sqlite")
        }
    }
}

/// Tries a step out, in a transaction that is rolled back.
private struct StepPreview {
    private let transaction: HubTransaction
    /// Who asks; nil for the hub's operator.
    private let device: DeviceRecord?
    private var database: Database { transaction.database }

    init(_ transaction: HubTransaction, by device: DeviceRecord?) {
        self.transaction = transaction
        self.device = device
    }

    func run(_ question: StepQuestion) throws -> StepForecast {
        guard let table = transaction.schema.tables[question.table],
            let column = table.columns.first(where: { $0.group == question.group }),
            table.policy(of: question.group) == .state,
            let row = try transaction.rows.row(table.number, question.key), row.isAlive, try mayKnow(row),
            let from = try String.fetchOne(
                database, sql: "SELECT \(quoted(column.name)) FROM \(quoted(table.name)) WHERE id = ?",
                arguments: [question.key.sqlBlob])
        else { return .unknown }
        let scope = try transaction.scopeID(row.scope)
        var open = transaction.schema.next(table, column: column.name, from: from)
        open.formUnion(
            transaction.schema.reach(
                table, column: column.name, from: from, by: try device.map { try relations(of: $0, to: scope) }))
        guard open.contains(question.to) else { return .notOpen(from: from, open: open.sorted()) }
        var effects = [
            ProposedRow(table: table.name, key: question.key, cells: [(column.name, .text(question.to))])
        ]
        effects += try along(with: question, table, column.name)
        let viewer = device.map { AccessComparison.Viewer(device: $0, scope: row.scope) }
        do {
            return .moves(from: from, try AccessComparison(transaction).run(effects, for: viewer))
        } catch let fault as SQLiteFault where fault.isConstraint {
            // The tables would refuse the step, as they would if it were taken. Which of their rules, is not told.
            return .notOpen(from: from, open: open.subtracting([question.to]).sorted())
        }
    }

    /// Whether the one who asks holds the row. One look-up, whose answer is the same for what is foreign and for what
    /// never was.
    private func mayKnow(_ row: HubRow) throws -> Bool {
        guard let device else { return true }
        let mask = try Int64.fetchOne(
            database, sql: "SELECT read_mask FROM hub_grant WHERE sub = ? AND scope = ? AND closed IS NULL",
            arguments: [device.subscription, row.scope])
        return UInt64(bitPattern: mask ?? 0) & (1 << UInt64(row.disclosureClass)) != 0
    }

    private func relations(of device: DeviceRecord, to scope: Identifier) throws -> Set<String> {
        let found = try String.fetchAll(
            database, sql: "SELECT relation FROM ru_grant_source WHERE scope = ? AND partner = ?",
            arguments: [scope.sqlBlob, device.partner.sqlBlob])
        return Entitlement.named(Set(found), device)
    }

    /// What the network says is written along with the step.
    private func along(
        with question: StepQuestion, _ table: TableDescription, _ column: String
    ) throws -> [ProposedRow] {
        guard transaction.schema.has(.stepEffect) else { return [] }
        let lines = try EngineStatement(
            database,
            """
            SELECT effect_tbl, effect_key, effect_col, value FROM ru_step_effect
            WHERE tbl = ? AND col = ? AND key = ? AND to_value = ? ORDER BY effect_tbl, effect_key, effect_col
            """)
        lines.bind(1, table.name)
        lines.bind(2, column)
        lines.bind(3, question.key)
        lines.bind(4, question.to)
        var rows: [ProposedRow] = []
        while try lines.step() {
            let name = lines.text(0)
            let key = lines.identifier(1)
            let cell = (lines.text(2), lines.value(3))
            if let last = rows.indices.last, rows[last].table == name, rows[last].key == key {
                rows[last].cells.append(cell)
            } else {
                rows.append(ProposedRow(table: name, key: key, cells: [cell]))
            }
        }
        return rows
    }
}

/// A row that would have other values, or a new one.
struct ProposedRow {
    var table: String
    /// Nil for a new row.
    var key: Identifier?
    var cells: [(column: String, value: Value)]
}
