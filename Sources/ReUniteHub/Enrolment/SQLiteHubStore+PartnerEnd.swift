import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func endPartner(
        code: String, by person: String, atMilliseconds now: Int64
    ) throws -> (id: Identifier, isNews: Bool, devices: [Identifier]) {
        let what = "Ending the partner"
        return try write(what) { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT id, ended_ms IS NOT NULL AS over FROM hub_partner WHERE code = ?",
                    arguments: [code])
            else {
                throw Failure(
                    .noInput, what: what, why: "there is no partner with the code \(code)",
                    remedy: "Look at the partners with 'hub partner list'")
            }
            let id = row.identifier("id")
            let isNews: Bool = row["over"] == false
            if isNews {
                let transaction = try HubTransaction(database, schema: schema, at: now)
                let scopes = try SQLiteHubStore.end(id, atMilliseconds: now, database)
                transaction.closings.append(
                    ClosingLedger.Entry(
                        kind: .ended, position: transaction.position.rawValue, atMilliseconds: now,
                        partner: id.description, code: code))
                transaction.audit.note(
                    AuditRecord(
                        .written, atMilliseconds: now,
                        [.id(.partner, id), .word(.code, "partner-end"), .why(by: person, "")]))
                try RestoredAccess(transaction).evaluate(scopes)
                try transaction.savePosition()
            }
            let devices = try Row.fetchAll(
                database, sql: "SELECT id FROM hub_device WHERE partner = ? AND state <> 2 ORDER BY no",
                arguments: [id.sqlBlob])
            return (id, isNews, devices.map { $0.identifier("id") })
        }
    }

    /// From now on no rule gives a partner anything. Returns the scopes that it has to be evaluated on.
    static func end(_ partner: Identifier, atMilliseconds now: Int64, _ database: Database) throws -> [Int64] {
        try database.execute(
            sql: "UPDATE hub_partner SET ended_ms = ? WHERE id = ? AND ended_ms IS NULL",
            arguments: [now, partner.sqlBlob])
        return try Int64.fetchAll(
            database,
            sql: """
                SELECT DISTINCT g.scope FROM hub_grant g JOIN hub_sub s ON s.no = g.sub
                WHERE s.partner = ? AND g.closed IS NULL ORDER BY g.scope
                """, arguments: [partner.sqlBlob])
    }
}

extension Hub {
    /// What came of ending a partner.
    package struct EndedPartner: Hashable, Sendable {
        package var id: Identifier
        /// Its devices that were revoked by it.
        package var revoked: Int
    }

    /// Ends a partner's membership: nothing is given to it any more, whatever the rows say, and its devices are revoked.
    /// What it owns stays as it is, with nobody to read it but the hub, until somebody hands it over. Run again, it does
    /// what an earlier run did not get to.
    ///
    /// - Returns: what was done; nil where it had ended already, and nothing was left to do.
    /// - Throws: ``Failure`` (noInput) where there is no such partner.
    package func endPartner(code: String, by person: String) throws -> EndedPartner? {
        let who = try Hub.name(person, "Ending the partner")
        let ended = try store.endPartner(code: code, by: who, atMilliseconds: time.wallMilliseconds)
        var revoked = 0
        for device in ended.devices
        where try store.revoke(device: device, noting: nil, atMilliseconds: time.wallMilliseconds) {
            revoked += 1
        }
        attendInPassing()
        return ended.isNews || revoked > 0 ? EndedPartner(id: ended.id, revoked: revoked) : nil
    }
}
