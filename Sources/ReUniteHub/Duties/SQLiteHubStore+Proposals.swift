import GRDB
import ReUniteReplica
package import ReUniteSync

/// What waits in quarantine is put before whoever owns its scope by now; the owner's answer decides it, unless the hub's
/// operator was first.
extension SQLiteHubStore {
    private static let unasked =
        "FROM hub_quarantine WHERE state = 0 AND proposal = 0 AND reason IN (2, 3, 18) ORDER BY position LIMIT 500"

    /// Whether an edit waits about which nobody has been asked.
    func areOwnersUnasked(_ database: Database) throws -> Bool {
        guard schema.proposals != nil else { return false }
        return try Int.fetchOne(database, sql: "SELECT 1 " + SQLiteHubStore.unasked) != nil
    }

    package func attendProposals(
        as hub: Identifier, atMilliseconds now: Int64, seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> Int {
        guard let table = schema.proposals else { return 0 }
        var done = 0
        let (unasked, answers) = try read("Looking for proposals") { database in
            (
                try Row.fetchAll(database, sql: "SELECT id " + SQLiteHubStore.unasked).map { $0.identifier("id") },
                try DueList(database, schema).ids(.answer)
            )
        }
        for id in unasked {
            let isAsked = try write("Asking an owner") { try ask(about: id, table, as: hub, at: now, $0, seal: seal) }
            if isAsked { done += 1 }
        }
        for id in answers {
            try write("Doing what an owner answered") { database in
                try settle(id, table, as: hub, at: now, database, seal: seal)
                try DueList(database, schema).remove(.answer, id)
            }
            done += 1
        }
        return done
    }

    /// Puts one edit before its scope's owner. Returns whether there was one to ask.
    private func ask(
        about id: Identifier, _ table: TableDescription, as hub: Identifier, at now: Int64, _ database: Database,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> Bool {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM hub_quarantine WHERE id = ? AND state = 0 AND proposal = 0",
                arguments: [id.sqlBlob])
        else { return false }
        let transaction = try HubTransaction(database, schema: schema, at: now)
        var isAsked = false
        if let lines = try ProposalDraft(transaction, table).lines(for: SecondLook.Entry(row)) {
            isAsked = try writeOwn(lines, as: hub, at: now, database, fresh: { id }, seal: seal) == nil
        }
        try database.execute(
            sql: "UPDATE hub_quarantine SET proposal = ? WHERE id = ?", arguments: [isAsked ? 1 : 2, id.sqlBlob])
        return isAsked
    }

    /// Does what the owner answered, or tells the owner that an operator was first.
    private func settle(
        _ id: Identifier, _ table: TableDescription, as hub: Identifier, at now: Int64, _ database: Database,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws {
        guard
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM hub_quarantine WHERE id = ? AND proposal = 1", arguments: [id.sqlBlob]),
            let proposal = try Row.fetchOne(
                database, sql: "SELECT * FROM \(quoted(table.name)) WHERE id = ?", arguments: [id.sqlBlob])
        else { return }
        let state: String = proposal["state"]
        let isWaiting = row["state"] as Int64 == 0
        if !isWaiting {
            guard state == "OPEN" else { return }
            let line = DutyDraft.Line(step: 1, table: table.name, key: id, column: "state", value: .text("SETTLED"))
            _ = try writeOwn([line], as: hub, at: now, database, fresh: { id }, seal: seal)
            return
        }
        let transaction = try HubTransaction(database, schema: schema, at: now)
        let look = SecondLook(store: self, transaction, at: now)
        let answer: String? = proposal["answer"]
        let scope = table.scopeColumn.map { proposal.identifier($0) } ?? .zero
        let owner = try String.fetchOne(
            database,
            sql: """
                SELECT p.code FROM ru_grant_source s JOIN hub_partner p ON p.id = s.partner
                WHERE s.scope = ? AND s.relation = 'OWNER'
                """, arguments: [scope.sqlBlob])
        let by = "the owner" + (owner.map { ", \($0)" } ?? "")
        switch state {
        case "TAKEN":
            _ = try look.release(
                SecondLook.Entry(row), SecondLook.Note(by: by, why: answer ?? "The owner took the proposal."))
        case "LEFT":
            try look.refuse(
                SecondLook.Entry(row), SecondLook.Note(by: by, why: answer ?? "The owner left the proposal."))
        default: return
        }
        try transaction.savePosition()
    }
}
