import GRDB
import ReUniteReplica
public import ReUniteSync

extension SQLiteHubStore {
    package func place(_ hold: LegalHold, id: Identifier) throws {
        try write("Placing the legal hold") { database in
            try database.execute(
                sql: "INSERT INTO hub_legal_hold(id, scope, reason, placed_ms, placed_by) VALUES(?, ?, ?, ?, ?)",
                arguments: [id.sqlBlob, hold.scope.sqlBlob, hold.reason, hold.placedMilliseconds, hold.placedBy])
            try AuditLog(database).append([
                AuditRecord(
                    .legalHoldPlaced, atMilliseconds: hold.placedMilliseconds,
                    [.id(.subject, id), .id(.scope, hold.scope), .why(by: hold.placedBy, hold.reason)])
            ])
        }
    }

    package func lift(legalHold id: String, by person: String, why: String, atMilliseconds now: Int64) throws
        -> LegalHold
    {
        let what = "Lifting the legal hold"
        return try write(what) { database in
            let row = try database.row(of: "hub_legal_hold", beginning: id, what: what, thing: "legal hold")
            guard row["lifted_ms"] as Int64? == nil else {
                throw Failure(
                    .badData, what: what, why: "it has been lifted already",
                    remedy: "Look at the holds with 'hub legal-hold list'")
            }
            try database.execute(
                sql: "UPDATE hub_legal_hold SET lifted_ms = ?, lifted_by = ?, lifted_why = ? WHERE id = ?",
                arguments: [now, person, why, row.identifier("id").sqlBlob])
            var hold = LegalHold(row)
            try AuditLog(database).append([
                AuditRecord(
                    .legalHoldLifted, atMilliseconds: now,
                    [.id(.subject, row.identifier("id")), .id(.scope, hold.scope), .why(by: person, why)])
            ])
            hold.liftedMilliseconds = now
            hold.liftedBy = person
            return hold
        }
    }

    package func legalHolds() throws -> [LegalHold] {
        try read("Listing the legal holds") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hub_legal_hold ORDER BY placed_ms, id").map(LegalHold.init)
        }
    }

    /// Those that stand on a scope.
    func legalHolds(on scope: Identifier, _ database: Database) throws -> [LegalHold] {
        try Row.fetchAll(
            database, sql: "SELECT * FROM hub_legal_hold WHERE scope = ? AND lifted_ms IS NULL ORDER BY placed_ms, id",
            arguments: [scope.sqlBlob]
        ).map(LegalHold.init)
    }
}

extension LegalHold {
    fileprivate init(_ row: Row) {
        self.init(
            id: row.identifier("id").description, scope: row.identifier("scope"), reason: row["reason"],
            placedMilliseconds: row["placed_ms"], placedBy: row["placed_by"], liftedMilliseconds: row["lifted_ms"],
            liftedBy: row["lifted_by"])
    }
}

extension Hub {
    /// Forbids the erasure of a scope until the hold is lifted.
    public func placeLegalHold(on scope: Identifier, by person: String, reason: String) throws -> LegalHold {
        let what = "Placing the legal hold"
        let id = randomness()
        let hold = LegalHold(
            id: id.description, scope: scope, reason: try TypedText.reason(reason, what),
            placedMilliseconds: time.wallMilliseconds, placedBy: try Hub.name(person, what))
        try store.place(hold, id: id)
        return hold
    }

    /// - Parameter id: the hold's id, or at least the first four digits of it.
    public func lift(legalHold id: String, by person: String, reason: String) throws -> LegalHold {
        let what = "Lifting the legal hold"
        return try store.lift(
            legalHold: id, by: try Hub.name(person, what), why: try TypedText.reason(reason, what),
            atMilliseconds: time.wallMilliseconds)
    }

    /// All of them, those that were lifted too, oldest first.
    public func legalHolds() throws -> [LegalHold] {
        try store.legalHolds()
    }
}
