import GRDB
import ReUniteReplica
package import ReUniteSync

/// A part of a row's past: the newest first, and where the part before begins; zero where there is none.
package struct PastPage: Hashable, Sendable {
    package var entries: [HistoryAnswer.Entry]
    package var before: Position
}

extension SQLiteHubStore {
    /// What a device may know of a row's past; nil where it does not hold the row. That it was told is recorded in the same
    /// transaction, before the answer leaves.
    package func past(
        _ question: HistoryQuestion, for device: DeviceRecord, atMilliseconds now: Int64
    ) throws -> PastPage? {
        try write("Reading the history of a record") { database in
            guard let access = try PastAccess(question, device, schema, database) else { return nil }
            let page = try RowPast(access, database).page(before: question.before)
            try SQLiteHubStore.record(page, access, atMilliseconds: now, database)
            return page
        }
    }

    /// One line of the ledger, as for a delivery of this row, and one entry of the log that says what was asked for.
    private static func record(
        _ page: PastPage, _ access: PastAccess, atMilliseconds now: Int64, _ database: Database
    ) throws {
        let position = Position(try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0)
        let row = access.row
        var facts: [AuditFact] = [
            .id(.partner, access.device.partner), .id(.device, access.device.id), .id(.subject, row.key),
            .number(.position, position.rawValue), .number(.count, Int64(page.entries.count)),
        ]
        if let grant = access.grant {
            var writer = try DisclosureWriter(database, device: access.device)
            try writer.write(
                grant, [DisclosedRow(table: row.table, key: row.key, position: row.changed)], position: position,
                atMilliseconds: now)
            try writer.finish()
            facts += [.id(.scope, grant.id), .number(.opened, grant.opened.rawValue)]
        }
        try AuditLog(database).append([AuditRecord(.historyShown, atMilliseconds: now, facts)])
    }
}
