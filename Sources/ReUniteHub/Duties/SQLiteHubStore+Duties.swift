import GRDB
import ReUniteReplica
package import ReUniteSync

extension SQLiteHubStore {
    package var hasDuties: Bool { schema.has(.duty) || schema.proposals != nil }

    package func isAnythingDue() throws -> Bool {
        try read("Looking for duties") { try DueList.isAnything($0) || areOwnersUnasked($0) }
    }

    package func due(leavingOut putOff: Set<Duty>, atMilliseconds now: Int64) throws -> [Duty] {
        try write("Looking for duties") { database in
            try DueList.set(now: now, database)
            return try DueList(database, schema).duties(leavingOut: putOff)
        }
    }

    package func perform(
        _ duty: Duty, as hub: Identifier, atMilliseconds now: Int64, fresh: () -> Identifier,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> DutyOutcome {
        try write("Doing a duty") { database in
            try DueList.set(now: now, database)
            let lines = try lines(of: duty, database)
            guard !lines.isEmpty else { return .nothing }
            let refusal = try writeOwn(lines, as: hub, at: now, database, fresh: fresh, seal: seal)
            guard let refusal else {
                try DueList(database, schema).forget(stuck: duty)
                return .done
            }
            try DueList(database, schema).putOff(duty, why: refusal, at: now)
            return .putOff
        }
    }

    package func putOff(endless duty: Duty, atMilliseconds now: Int64) throws {
        try write("Putting a duty off") { database in
            try DueList(database, schema).putOff(duty, why: "never-ends", isEndless: true, at: now)
        }
    }

    package func stuckDuties() throws -> [StuckDuty] {
        try read("Listing duties") { database in
            try Row.fetchAll(database, sql: "SELECT * FROM hub_stuck ORDER BY since_ms, subject, duty").map {
                StuckDuty(
                    subject: $0.identifier("subject").description, duty: $0["duty"], why: $0["why"],
                    sinceMilliseconds: $0["since_ms"])
            }
        }
    }

    /// Puts everything on the list, and brings the grants that hang on the day into line with it.
    package func dueEverything(atMilliseconds now: Int64) throws {
        try write("Tending the hub") { database in
            let transaction = try HubTransaction(database, schema: schema, at: now)
            if schema.has(.timedScope) {
                let scopes = try Row.fetchAll(database, sql: "SELECT DISTINCT scope FROM ru_timed_scope")
                    .map { $0.identifier("scope") }.filter { $0 != .zero }
                let grants = try GrantStore(transaction, feed: try FeedStore(transaction))
                let before = try SQLiteHubStore.grantsEverMade(database)
                let position = transaction.position.next
                for scope in scopes.sorted() { try grants.evaluate(scope, at: position) }
                // A position is taken only where something came of it.
                if try SQLiteHubStore.grantsEverMade(database) != before { _ = transaction.takePosition() }
            }
            try transaction.savePosition()
            try DueList(database, schema).noteAll()
        }
    }

    static func grantsEverMade(_ database: Database) throws -> [Int64] {
        let row = try Row.fetchOne(database, sql: "SELECT count(*) AS made, count(closed) AS closed FROM hub_grant")
        return [row?["made"] ?? 0, row?["closed"] ?? 0]
    }

    private func lines(of duty: Duty, _ database: Database) throws -> [DutyDraft.Line] {
        let find = try database.cachedStatement(
            sql: """
                SELECT step, tbl, key, col, value FROM ru_duty WHERE subject = ? AND duty = ?
                ORDER BY step, tbl, key, col
                """)
        return try Row.fetchAll(find, arguments: [duty.subject.sqlBlob, duty.name]).map { row in
            DutyDraft.Line(
                step: row["step"], table: row["tbl"], key: Identifier(bytes: row.bytes("key")), column: row["col"],
                value: Value(row["value"] as DatabaseValue))
        }
    }

    /// Writes lines as one batch of the hub's own chain: all of it, or nothing and why.
    func writeOwn(
        _ lines: [DutyDraft.Line], as hub: Identifier, at now: Int64, _ database: Database,
        fresh: () -> Identifier, seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> String? {
        var refusal: String?
        try database.inSavepoint {
            refusal = try refusalOfWriting(lines, as: hub, at: now, database, fresh: fresh, seal: seal)
            return refusal == nil ? .commit : .rollback
        }
        return refusal
    }

    /// Takes ops of the hub's own as its next batch, in the caller's transaction; nil where it does not follow.
    func takeOwn(
        _ ops: [Op], as hub: Identifier, at now: Int64, _ database: Database,
        seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> Receipt? {
        let position = Position(try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock") ?? 0)
        let head = try SQLiteHubStore.head(of: hub, database)
        let batch = try seal(
            ops, ChainEnd(head: head.batch, number: head.number, sequence: head.sequence, base: position))
        guard case .judged(let receipt) = try takeAll(batch, from: .hub(hub), proofs: [], at: now, database) else {
            return nil
        }
        return receipt
    }

    private func refusalOfWriting(
        _ lines: [DutyDraft.Line], as hub: Identifier, at now: Int64, _ database: Database,
        fresh: () -> Identifier, seal: ([Op], ChainEnd) throws -> SignedBatch
    ) throws -> String? {
        do {
            let ops = try withoutActuallyEscaping(fresh) { fresh in
                var draft = DutyDraft(try HubTransaction(database, schema: schema, at: now), fresh: fresh)
                return try draft.ops(lines)
            }
            guard !ops.isEmpty else { return "changes-nothing" }
            guard let receipt = try takeOwn(ops, as: hub, at: now, database, seal: seal) else {
                return Reason.malformed.code
            }
            return receipt.exceptions.first { $0.verdict == .quarantined }?.reason.code
        } catch let impossible as DutyDraft.Impossible {
            return impossible.why
        } catch let error as FormatError where error.code == .tooLarge {
            return Reason.malformed.code
        }
    }
}
