import Crypto
import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package func operators() throws -> [Hub.Operator] {
        try read("Listing operators") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hub_operator ORDER BY name").map(Hub.Operator.init)
        }
    }

    package func admit(
        operator name: String, id: Identifier, verifier: [UInt8], atMilliseconds now: Int64
    ) throws -> Hub.Operator {
        try write("Adding the operator") { database in
            // Whoever comes back is the same person on the log.
            try database.execute(
                sql: """
                    INSERT INTO hub_operator(id, name, verifier, added_ms) VALUES(?, ?, ?, ?)
                    ON CONFLICT(name) DO UPDATE SET verifier = excluded.verifier, ended_ms = NULL
                    """, arguments: [id.sqlBlob, name, Operators.hash(verifier).sqlBlob, now])
            guard let admitted = try Operators.find(name, database) else {
                throw Failure(
                    .internalFault, what: "Adding the operator", why: "the row is not there",
                    remedy: "Report this as a fault")
            }
            try AuditLog(database).append([
                AuditRecord(.operatorAdded, atMilliseconds: now, [.id(.subject, admitted.id)])
            ])
            return admitted
        }
    }

    package func end(operator name: String, atMilliseconds now: Int64) throws -> Hub.Operator? {
        try write("Ending the operator") { database in
            guard let found = try Operators.find(name, database), found.endedMilliseconds == nil else { return nil }
            try database.execute(
                sql: "UPDATE hub_operator SET ended_ms = ? WHERE id = ?", arguments: [now, found.id.sqlBlob])
            try AuditLog(database).append([
                AuditRecord(.operatorEnded, atMilliseconds: now, [.id(.subject, found.id)])
            ])
            return try Operators.find(name, database)
        }
    }

    package func signIn(
        operator name: String, verifier: [UInt8], atMilliseconds now: Int64
    ) throws -> Hub.Operator? {
        try write("Signing in") { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT * FROM hub_operator WHERE name = ? AND ended_ms IS NULL", arguments: [name]),
                // Hashes tell nothing by how long their comparison takes.
                row.bytes("verifier") == Operators.hash(verifier)
            else { return nil }
            let found = Hub.Operator(row)
            try AuditLog(database).append([
                AuditRecord(.operatorSignedIn, atMilliseconds: now, [.id(.subject, found.id)])
            ])
            return found
        }
    }
}

private enum Operators {
    static func hash(_ verifier: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: verifier)) }

    static func find(_ name: String, _ database: Database) throws -> Hub.Operator? {
        try Row.fetchOne(database, sql: "SELECT * FROM hub_operator WHERE name = ?", arguments: [name])
            .map(Hub.Operator.init)
    }
}

extension Hub.Operator {
    fileprivate init(_ row: Row) {
        self.init(
            id: row.identifier("id"), name: row["name"], addedMilliseconds: row["added_ms"],
            endedMilliseconds: row["ended_ms"])
    }
}
