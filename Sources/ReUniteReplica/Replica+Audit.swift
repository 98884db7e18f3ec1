import GRDB
public import ReUniteSync

/// What a replica remembers of its hub's audit log: one row for each life of the hub.
struct AuditMemory {
    private let database: Database
    private let epoch: HubEpoch

    init(_ database: Database, _ epoch: HubEpoch) {
        self.database = database
        self.epoch = epoch
    }

    func known() throws -> AuditHead? {
        let find = try EngineStatement(database, "SELECT size, root FROM ru_audit WHERE epoch = ? AND salt = ?")
        find.bind(1, Int64(epoch.number))
        find.bind(2, epoch.salt)
        guard try find.step() else { return nil }
        return MerkleHash(bytes: find.blob(1)).map { AuditHead(size: UInt64(bitPattern: find.int64(0)), root: $0) }
    }

    private static func head(_ row: Row) -> AuditHead? {
        MerkleHash(bytes: row.bytes("root")).map { AuditHead(size: UInt64(bitPattern: row["size"]), root: $0) }
    }

    private func row() throws -> Row? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM ru_audit WHERE epoch = ? AND salt = ?"),
            arguments: [Int64(epoch.number), epoch.salt.sqlBlob])
    }

    /// Believes the hub's first word.
    func begin(with checkpoint: SignedCheckpoint, atMilliseconds now: Int64) throws {
        guard let head = checkpoint.checkpoint.audit else { return }
        try remember(head, at: now)
    }

    func remember(_ head: AuditHead, at now: Int64) throws {
        try database.execute(
            sql: """
                INSERT INTO ru_audit(epoch, salt, size, root, checked_ms) VALUES(?, ?, ?, ?, ?)
                ON CONFLICT(epoch, salt) DO UPDATE SET size = excluded.size, root = excluded.root,
                  checked_ms = excluded.checked_ms
                """,
            arguments: [
                Int64(epoch.number), epoch.salt.sqlBlob, Int64(bitPattern: head.size), head.root.bytes.sqlBlob, now,
            ])
    }

    /// Keeps the first checkpoint that contradicts what is known, as evidence.
    func refuse(_ checkpoint: SignedCheckpoint, at now: Int64) throws {
        try database.execute(
            sql: "UPDATE ru_audit SET refused = ?, refused_ms = ? WHERE epoch = ? AND salt = ? AND refused IS NULL",
            arguments: [checkpoint.bytes.sqlBlob, now, Int64(epoch.number), epoch.salt.sqlBlob])
    }

    func status() throws -> ReplicaStatus.Audit? {
        guard let row = try row(), let known = AuditMemory.head(row) else { return nil }
        let refused = try? SignedCheckpoint(decoding: row.bytes("refused"))
        let at: Int64? = row["refused_ms"]
        return ReplicaStatus.Audit(
            head: known, checkedMilliseconds: row["checked_ms"],
            refused: at.map { .init(head: refused?.checkpoint.audit, atMilliseconds: $0) })
    }
}

extension ReplicaStatus {
    /// How far this replica has followed the hub's audit log.
    public struct Audit: Hashable, Sendable {
        public var head: AuditHead
        /// When the hub last proved that its log begins with what was known here; milliseconds since 1970.
        public var checkedMilliseconds: Int64
        /// What the hub showed that contradicts it; nil where it never did.
        public var refused: Refusal?
    }

    public struct Refusal: Hashable, Sendable {
        public var head: AuditHead?
        public var atMilliseconds: Int64
    }
}

extension Replica {
    /// Judges what a checkpoint says of the hub's audit log, and remembers it. False when the hub contradicts itself:
    /// that is put on record, and nothing of what came with it may be used.
    func check(
        _ checkpoint: SignedCheckpoint, _ proof: AuditProof, _ facts: ReplicaFacts, _ database: Database
    ) throws -> Bool {
        let memory = AuditMemory(database, facts.epoch)
        let shown = checkpoint.checkpoint.audit
        switch AuditWitness.judge(known: try memory.known(), head: shown, proof: proof) {
        case .unchecked: return true
        case .extends:
            guard let shown else { return true }
            try memory.remember(shown, at: time.wallMilliseconds)
            return true
        case .contradicts:
            try memory.refuse(checkpoint, at: time.wallMilliseconds)
            return false
        }
    }

    /// What is known of the hub's audit log, for a request to name.
    func knownAudit() throws -> AuditHead? {
        try read("Reading the hub's audit log") { database in
            try AuditMemory(database, try ReplicaFacts(database).epoch).known()
        }
    }

    static var twoHistories: Failure {
        Failure(
            .badData, what: "Checking the hub's audit log",
            why: "the hub shows another history than the one it showed this replica before",
            remedy: "Nothing was taken from it, and your own work is safe. Keep this file, tell the network's officer "
                + "and the other partners, and see 'status'")
    }
}
