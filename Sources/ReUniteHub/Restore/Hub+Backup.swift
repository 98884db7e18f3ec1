import GRDB
package import ReUniteReplica
package import ReUniteSync

extension Hub {
    /// A backup that was made.
    public struct Backup: Hashable, Sendable {
        public var position: Int64
        public var bytes: Int
        public var madeMilliseconds: Int64
        /// Whether it is sealed to the backup key, with the hub's keys in it.
        public var isSealed = false
    }

    /// Makes a copy of the database as it is at one moment, while devices may go on syncing, and reads it back.
    ///
    /// Where the hub has a backup key, the copy is sealed to it and holds the hub's keys too. Else anybody can read it, and
    /// the keys are not in it: they are files of the hub's folder, and belong in another place than the data.
    ///
    /// - Parameters:
    ///   - isPlain: do not seal it, though there is a key.
    ///   - counts: whether devices may rely on it, and free what it holds of theirs (level 3).
    /// - Throws: ``Failure``: cannotCreate where the file is there already.
    public func backup(to path: String, isPlain: Bool = false, counts: Bool = true) throws -> Backup {
        // Whoever restores this without the ledger is asked for it.
        if try LedgerFile<ClosingLedger.Entry>.chosen(for: folder) != nil, try counts || store.ledgerBase() != nil {
            try store.noteLedgerIsKept()
        }
        let key = try isPlain ? nil : HubFiles(folder: folder).backupKey()
        guard !DurableFile.exists(path) else { throw Hub.taken(path) }
        // Before there is a copy: it is in the copy too. A full disk keeps nobody from making one on another.
        let record = AuditRecord(
            .exported, atMilliseconds: time.wallMilliseconds,
            [
                .word(.code, key == nil ? "backup-unsealed" : "backup"),
                .number(.position, try store.position().rawValue),
            ])
        var isOnRecord = true
        do {
            try store.note(record)
        } catch let failure as Failure where failure.code == .inputOutput {
            isOnRecord = false
        }
        defer { if !isOnRecord { try? store.note(record) } }
        let made =
            try key.map { try sealedBackup(to: path, for: $0) }
            ?? store.backup(to: path, atMilliseconds: time.wallMilliseconds)
        // Not before it is whole where it is to stay.
        if counts {
            try store.note(
                backup: BackupMark(position: Position(made.position), madeMilliseconds: made.madeMilliseconds))
            HubFiles(folder: folder).forgetFormerBackupKey()
            // What it holds goes from there.
            secureLedger()
        }
        return made
    }

    fileprivate static func taken(_ path: String) -> Failure {
        Failure(
            .cannotCreate, what: "Backing the hub up", why: "\(path) exists already",
            remedy: "Name a file that does not exist")
    }

    /// What came of putting a backup back.
    public struct Restored: Hashable, Sendable {
        public var epoch: UInt32
        /// The last position of the backup, and how far the hub had come, as far as is known.
        public var position: Int64
        public var reached: Int64
        public var recovery: RecoveryState
        /// Batches that the ledger has brought back, and those of them of which something else is said now than then.
        public var replayed: Int
        public var differing: Int
        /// Lines of the ledger that nobody signed: those that were taken, and those that were left out.
        public var unprovedLines = 0
        public var leftOutLines = 0
        /// Where the file lies that was there before and could not be opened any more; nil mostly.
        public var replaced: String?
    }

    /// Puts a backup in the place of the hub's database and begins a new life with it. Nobody may be serving the folder.
    ///
    /// Everything happens on a copy aside, whose content takes the place of the database's in one transaction at the
    /// end: until then nothing has changed. In the same file, for another program may have it open to look at it.
    ///
    /// - Parameters:
    ///   - key: the secret half of the backup key, where the backup is sealed. Then the folder may be an empty one: the
    ///     hub's keys are in the backup.
    ///   - ledger: the folder of `hub serve --ledger`, where the hub's own folder was lost with its disk.
    ///   - acceptsOlder: also put back a backup that is older than one on which devices rely.
    ///   - acceptsLostKeys: go on with older keys than devices have been told of, because the newer ones are lost.
    ///   - ignoresBatches: go on without what cannot be read of the ledger of batches.
    ///   - ignoresLines: go on though somebody wrote in the ledger of closings or of erasures, or lines are missing: what
    ///     the hub did not sign may close something, and gives nobody anything.
    /// - Throws: ``Failure``: badData where the file is no sound backup, another hub's, or too old, configuration where
    ///   the folder does not hold the hub's keys, noInput where there is no such file or no such ledger, usage where the
    ///   key is missing.
    package static func restore(
        from file: String, key: OfflineKey? = nil, folder: String, ledger: String? = nil, acceptsOlder: Bool = false,
        acceptsLostKeys: Bool = false, ignoresBatches: Bool = false, ignoresLines: Bool = false,
        network: NetworkSchema, time: any TimeSource,
        randomness: @escaping @Sendable () -> Identifier
    ) throws -> Restored {
        let what = "Restoring the hub"
        guard DurableFile.exists(file), !DurableFile.isFolder(file) else {
            throw Failure(
                .noInput, what: what, why: "there is no file \(file)",
                remedy: "Name the file of a backup, made with 'hub backup'")
        }
        let isSealed = try SealedBackup.isOne(file)
        let unsealed = try isSealed ? unseal(file, with: key, into: HubFiles(folder: folder)) : nil
        let backup = unsealed?.copy ?? file
        defer { if isSealed { HubFiles(folder: folder).remove(backup) } }
        guard try SQLiteHeader.applicationID(ofFile: backup) == SQLiteHubStore.applicationID else {
            throw Failure(
                .badData, what: what, why: "\(file) is not a hub's backup",
                remedy: "Name the file of a backup, made with 'hub backup'")
        }
        let files = HubFiles(folder: folder)
        // Without its keys nobody would know the hub again.
        let ownRing = try files.ring()
        _ = try files.ticketKeys()
        let witness = HubWitness(folder: folder)
        if let ledger {
            guard DurableFile.isFolder(ledger) else {
                throw Failure(
                    .noInput, what: what, why: "there is no folder \(ledger)",
                    remedy: "Name the folder of the hub's ledger ('hub serve --ledger')")
            }
            try LedgerFile<ClosingLedger.Entry>.choose(ledger, for: folder)
        }
        let unfinished = files.databasePath + ".restoring"
        files.remove(unfinished)
        defer { files.remove(unfinished) }
        try files.copy(backup, to: unfinished)
        let draft = try SQLiteHubStore.open(path: unfinished, network: network, atMilliseconds: time.wallMilliseconds)
        var keys = RestoredKeys(of: try draft.facts().id, folder: ownRing, backup: unsealed?.ring)
        let lines = try RestoredLines(in: folder, LedgerKeys(keys.ring, of: try draft.facts().id))
        try keys.add(lines.proved, with: key)
        guard try draft.isSound(), try draft.wasSigned(by: try keys.chain().all) else {
            throw Failure(
                .badData, what: what, why: "\(file) is damaged, or of another hub than the folder's keys",
                remedy: "Name another backup of this hub")
        }
        let counted = try draft.closingCount()
        if !ignoresLines {
            try lines.check()
            try lines.check(counted, nil)
        }
        let position = try draft.position()
        let mark = try witness.read()
        let closings = lines.closings(upTo: max(position.rawValue, mark?.position.rawValue ?? 0))
        let promised = closings.filter { $0.kind == .backedUp }.map(\.position).max() ?? 0
        guard position.rawValue >= promised || acceptsOlder else {
            throw Failure(
                .badData, what: what,
                why: "it reaches position \(position.rawValue), and devices rely on a backup that reached \(promised)",
                remedy:
                    "Restore the newer one. If it is lost, take the older one with --older; what only the newer held is salvage at best"
            )
        }
        let lacking = keys.lacking(try draft.hubKeys(), closings)
        if let lacking {
            guard acceptsLostKeys else { throw RestoredKeys.refusal(lacking) }
            try draft.forget(hubKeysAfter: keys.ring.inUse)
        }
        let use = try replayLedger(
            into: draft, folder: folder, key: key, chain: try keys.chain(), closings, ignoring: ignoresBatches)
        if ignoresBatches, let reach = use.reach { try draft.note(ledgerLeftOutTo: reach) }
        if !ignoresLines { try lines.check(nil, use.replay.lines) }
        let regained = try draft.position()
        if keys.ring.exportSecret() != ownRing.exportSecret() { try files.store(keys.ring) }
        try draft.note(
            closingCount: try lines.settle(closings, signsAnew: lacking != nil, counted, use.replay.lines))
        try draft.beginLife(
            salt: randomness(), after: HubWitness.Mark(mark, reaching: use.reach), ledger: closings,
            replayed: use.replay, atMilliseconds: time.wallMilliseconds, fresh: randomness)
        if use.replay.differing > 0 { try draft.reconsiderRecalled(atMilliseconds: time.wallMilliseconds) }
        // In a new folder: what comes next is sealed to the key that opened this.
        if let key = try key?.keys().publicKeys, isSealed, try files.backupKey() == nil {
            try DurableFile.write(key.encoded(), to: files.backupKeyPath)
        }
        let replaced = try draft.takePlace(of: files.databasePath, in: files)
        files.prune(keeping: [])
        try files.setAuditNoteAside()
        let hub = try open(folder: folder, network: network, time: time, randomness: randomness)
        return Restored(
            epoch: hub.epoch.number, position: regained.rawValue,
            reached: max(regained.rawValue, mark?.position.rawValue ?? 0, closings.map(\.position).max() ?? 0),
            recovery: try hub.recovery(), replayed: use.replay.batches, differing: use.replay.differing,
            unprovedLines: lines.unproved, leftOutLines: lines.doubtful - lines.unproved, replaced: replaced)
    }
}

extension SQLiteHubStore {
    package func backup(to path: String, atMilliseconds now: Int64) throws -> Hub.Backup {
        let what = "Backing the hub up"
        guard !DurableFile.exists(path) else { throw Hub.taken(path) }
        let unfinished = path + ".making"
        DurableFile.remove(unfinished)
        defer { DurableFile.remove(unfinished) }
        do {
            // Made before SQLite writes to it, so that nobody else may read it for a moment.
            try DurableFile.write([], to: unfinished)
            try database.writeWithoutTransaction {
                try $0.execute(sql: "VACUUM INTO ?", arguments: [unfinished])
            }
            try DurableFile.sync(unfinished)
            // What cannot be read back is no backup.
            let copy = try SQLiteHubStore.reading(unfinished)
            let position = try copy.read { database -> Int64? in
                guard try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok" else { return nil }
                return try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock")
            }
            try copy.close()
            guard let position else {
                throw Failure(
                    .inputOutput, what: what, why: "the copy is not sound", remedy: "Check the disk and run it again")
            }
            try DurableFile.move(unfinished, to: path)
            return Hub.Backup(position: position, bytes: DurableFile.size(path), madeMilliseconds: now)
        } catch {
            throw Failure(sqlite: error, what: what, file: path)
        }
    }

    /// Puts this database, which lies aside, in the place of the hub's. Returns where the former file lies, if it had to
    /// be moved out of the way because it is no database any more.
    func takePlace(of path: String, in files: HubFiles) throws -> String? {
        do {
            if DurableFile.exists(path), let live = try? SQLiteHubStore.opened(path) {
                try database.backup(to: live)
                try live.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
                try live.close()
                try close()
                return nil
            }
            try close()
            var replaced: String?
            if DurableFile.exists(path) {
                let aside = path + ".replaced"
                files.remove(aside)
                for suffix in ["-wal", "-shm", ""] where DurableFile.exists(path + suffix) {
                    try DurableFile.move(path + suffix, to: aside + suffix)
                }
                replaced = aside
            }
            try DurableFile.move(self.path, to: path)
            return replaced
        } catch {
            throw Failure(sqlite: error, what: "Restoring the hub", file: path)
        }
    }

    /// The database at a path, if it can still be read at all.
    private static func opened(_ path: String) throws -> DatabaseQueue {
        let queue = try EngineDatabase.open(path: path, role: .engine, label: "hub")
        _ = try queue.reading { try Int.fetchOne($0, sql: "SELECT count(*) FROM sqlite_master") }
        return queue
    }

    private static func reading(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// Whether the database is whole.
    func isSound() throws -> Bool {
        try read("Restoring the hub") { try String.fetchOne($0, sql: "PRAGMA integrity_check") == "ok" }
    }

    /// Whether the newest batch of the hub's own is signed with one of these keys; a hub that never wrote any cannot tell.
    func wasSigned(by keys: [PublicKeys]) throws -> Bool {
        try read("Restoring the hub") { try SQLiteHubStore.wasSigned(by: keys, $0) }
    }

    static func wasSigned(by keys: [PublicKeys], _ database: Database) throws -> Bool {
        guard
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT header, ops, signature, redacted FROM hub_batch
                    WHERE device = (SELECT value FROM hub_meta WHERE name = 'id') ORDER BY no DESC LIMIT 1
                    """)
        else { return true }
        let batch = SignedBatch(
            header: row.bytes("header"), ops: row.bytes("ops"), signature: row.bytes("signature"))
        let isRedacted: Bool = row["redacted"]
        return keys.contains {
            isRedacted ? batch.isHeaderAuthentic(signedBy: $0) : batch.isAuthentic(signedBy: $0)
        }
    }
}
