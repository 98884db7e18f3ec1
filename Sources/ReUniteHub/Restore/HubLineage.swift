import GRDB
import ReUniteReplica
package import ReUniteSync

/// Which lives of this hub followed which, and what it does when somebody shows it that it has lost one.
extension SQLiteHubStore {
    /// The steps from a life to the present one, oldest first; none for the present one itself. Nil for a life of which
    /// this hub knows nothing.
    package func steps(from epoch: HubEpoch) throws -> [EpochStep]? {
        try read("Reading the hub") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM hub_epoch WHERE parent_number IS NOT NULL ORDER BY number"
            ).map(EpochStep.init)
            let present = try facts(database).epoch
            if epoch == present { return [] }
            if let start = rows.firstIndex(where: { $0.parent == epoch }) { return Array(rows[start...]) }
            // One that was lost, and shown to this hub by its own signature.
            guard
                let lost = try Row.fetchOne(
                    database, sql: "SELECT * FROM hub_lost_epoch WHERE number = ? AND salt = ?",
                    arguments: [Int64(epoch.number), epoch.salt.sqlBlob]),
                let place = rows.firstIndex(where: { Int64($0.epoch.number) == lost["followed_by"] })
            else { return nil }
            var first = rows[place]
            first.parent = epoch
            first.kept = Position(lost["kept"])
            return [first] + rows[(place + 1)...]
        }
    }

    /// Notes a life that was lost before the present one began. False where the present one does not stand above it.
    package func note(lost epoch: HubEpoch, reaching position: Position) throws -> Bool {
        try write("Noting a life that was lost") { database in
            guard let life = try HubLife.current(database), epoch.number < life.epoch.number, position <= life.began
            else { return false }
            try note(lost: epoch, followedBy: Int64(life.epoch.number), database)
            return true
        }
    }

    /// Notes a life that was lost without a trace, which the present one follows too. What is still known of it is no
    /// more than what every life since its time has kept.
    func note(lost epoch: HubEpoch, followedBy number: Int64, _ database: Database) throws {
        let kept = try Int64.fetchOne(
            database, sql: "SELECT min(restored) FROM hub_epoch WHERE number >= ?", arguments: [Int64(epoch.number)])
        try database.execute(
            sql: "INSERT OR IGNORE INTO hub_lost_epoch(number, salt, followed_by, kept) VALUES(?, ?, ?, ?)",
            arguments: [Int64(epoch.number), epoch.salt.sqlBlob, number, kept ?? 0])
    }
}

/// One step from a life of the hub to the next.
package struct EpochStep: Hashable, Sendable {
    package var epoch: HubEpoch
    package var parent: HubEpoch
    package var kept: Position

    fileprivate init(_ row: Row) {
        epoch = HubEpoch(number: UInt32(truncatingIfNeeded: row["number"] as Int64), salt: row.identifier("salt"))
        parent = HubEpoch(
            number: UInt32(truncatingIfNeeded: row["parent_number"] as Int64), salt: row.identifier("parent_salt"))
        kept = Position(row["restored"])
    }
}

extension Hub {
    /// The signed way from a life that a device knows to the present one; nil where this hub knows nothing of that life.
    func lineage(from epoch: HubEpoch) throws -> EpochLineage? {
        guard let steps = try store.steps(from: epoch), !steps.isEmpty else { return nil }
        return try EpochLineage(
            steps.map {
                try EpochRecord(hub: id, epoch: $0.epoch, parent: $0.parent, kept: $0.kept).signed(with: keys)
            })
    }

    /// Looks for what this hub has signed itself and does not know of: a position above its own, or a life that it never
    /// had. Then its database is an earlier copy of itself. It stops serving in its present life, and begins another,
    /// above everything that it is shown; until an operator opens it, it opens nothing to anybody.
    ///
    /// Returns whether it did.
    func recogniseLoss(by checkpoints: [[UInt8]]) throws -> Bool {
        let position = try store.position()
        for bytes in checkpoints {
            guard let signed = try? SignedCheckpoint(decoding: bytes), signed.checkpoint.hub == id else { continue }
            let shown = signed.checkpoint
            let isStrange = try shown.epoch != epoch && store.steps(from: shown.epoch) == nil
            guard isStrange || shown.epoch == epoch && shown.position > position,
                chain.signed(signed)
            else { continue }
            // A life before the present one, of which the backup knew nothing: there is no need for another.
            if isStrange, try store.note(lost: shown.epoch, reaching: shown.position) { continue }
            let mark = try HubWitness(folder: folder).read()
            try store.beginLife(
                salt: randomness(),
                after: HubWitness.Mark(
                    epoch: max(shown.epoch.number, mark?.epoch ?? 0),
                    position: max(shown.position, mark?.position ?? .zero)),
                lost: isStrange ? shown.epoch : nil, ledger: try ClosingLedger(folder: folder).entries(ledgerKeys()),
                replayed: nil,
                atMilliseconds: time.wallMilliseconds, fresh: randomness)
            let files = HubFiles(folder: folder)
            files.prune(keeping: [])
            try files.setAuditNoteAside()
            try refreshLife()
            try repeatErasures()
            return true
        }
        return false
    }

    /// Whether a request names a life or a position of which this hub knows nothing, so that it must be asked for proof.
    func isBeyond(_ request: SyncRequest) throws -> Bool {
        if request.epoch == epoch { return try request.cursor > store.position() }
        return try store.steps(from: request.epoch) == nil
    }
}
