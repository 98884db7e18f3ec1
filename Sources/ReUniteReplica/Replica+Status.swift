import GRDB
import ReUniteSync

/// Where a replica stands, as its user should see it.
public struct ReplicaStatus: Hashable, Sendable {
    public var device: String
    public var deviceName: String
    /// The partner's code.
    public var partner: String
    public var role: String
    /// The hub's address.
    public var hub: String
    public var hubName: String
    public var hubEpoch: UInt32
    public var cursor: Int64
    /// Milliseconds since 1970; nil before the first sync.
    public var lastSyncMilliseconds: Int64?
    public var unsentEdits: Int
    /// When the oldest of them was sealed or written, milliseconds since 1970.
    public var oldestUnsentMilliseconds: Int64?
    /// Cells with an open conflict.
    public var conflicts: Int
    /// Edits that came back and wait for a person.
    public var returned: Int
    /// Why the device may not be wiped yet; nil when it may.
    public var wipeWaitsFor: String?
    public var schema: Int
    /// The version of the hub's schema when it last answered; nil before that.
    public var hubSchema: Int?
    /// Rows of which something is kept that only a newer program can show.
    public var keptRows: Int
    /// How far the device's clock was ahead of the hub's at the last sync.
    public var clockSkewMilliseconds: Int64
    /// Whether the file was put back from an earlier copy; the next sync fetches everything anew.
    public var wasPutBack: Bool
    /// How often something left whose traces are still to be cleaned from the file, because another program used it.
    public var purgesOwed: Int
    /// Tables, indexes and triggers that somebody added to the file, as found when something last left: they may hold
    /// copies, so its purge was not declared clean.
    public var foreignObjects: [String]
    /// Which of the device's keys are in use, since when (nil for its first), and whether the hub is known to know them.
    public var keyNumber: UInt32
    public var keysSinceMilliseconds: Int64?
    public var keysAreKnown: Bool
    /// Whether the device's keys are in the folder beside the file. Without them nothing is sent or received.
    public var keysAreHere: Bool
    /// Which of the hub's keys this replica knows as its newest, and four words to compare with the hub's.
    public var hubKeyNumber: UInt32
    public var hubKeyWords: String
    /// Nil where the device has none.
    public var lease: DeviceLease?
    /// Nil where the hub has never said anything of its audit log.
    public var audit: Audit?
    /// That the hub serves this device no more, as it said at the last sync; nil where it serves it.
    public var refusal: HubRefusal?
    /// What was put right in the file in the last seven days, oldest first, and how many incidents that were.
    public var repairs: [Repair]
    public var repairIncidents: Int
}

extension Replica {
    /// How many edits have not been sent, sealed or not, and when the oldest was written, milliseconds since 1970.
    static func unsent(_ database: Database) throws -> (edits: Int, oldest: Int64?) {
        let outbox = try Row.fetchOne(
            database,
            sql: """
                SELECT coalesce(sum(op_count), 0) AS edits, min(sealed_ms) AS oldest
                FROM ru_outbox WHERE \(Replica.isUnsent)
                """)
        let journal = try Row.fetchOne(
            database,
            sql: """
                SELECT count(*) AS edits, min(oldest) AS oldest
                FROM (SELECT min(ms) AS oldest FROM ru_journal WHERE mask <> 0 GROUP BY tbl, key)
                """)
        let oldest = [outbox?["oldest"] as Int64?, journal?["oldest"] as Int64?].compactMap { $0 }.min()
        return ((outbox?["edits"] ?? 0) + (journal?["edits"] ?? 0), oldest)
    }

    public func status() throws -> ReplicaStatus {
        let lease = try lease()
        return try read("Reading the status") { database in
            let facts = try ReplicaFacts(database)
            let refusal = try HubRefusal(database)
            let (unsent, oldest) = try Replica.unsent(database)
            let ring = try? keyRing(for: facts)
            let repairs = try RepairLog.recent(database, atMilliseconds: time.wallMilliseconds)
            return ReplicaStatus(
                device: facts.device.description, deviceName: facts.deviceName, partner: facts.partnerCode,
                role: facts.role, hub: facts.hubURL, hubName: facts.hubName, hubEpoch: facts.epoch.number,
                cursor: facts.cursor.rawValue,
                lastSyncMilliseconds: facts.lastSyncMilliseconds == 0 ? nil : facts.lastSyncMilliseconds,
                unsentEdits: unsent, oldestUnsentMilliseconds: oldest, conflicts: try conflicts(database),
                returned: try Int.fetchOne(database, sql: "SELECT count(*) FROM ru_returned WHERE state = 0") ?? 0,
                wipeWaitsFor: try wipeWaitsFor(unsent: unsent, refusal, database),
                schema: schema.version, hubSchema: facts.hubSchema == 0 ? nil : facts.hubSchema,
                keptRows: try KeptCells.rows(database), clockSkewMilliseconds: facts.skewMilliseconds,
                wasPutBack: facts.wasPutBack, purgesOwed: try PurgeDebt.owed(database),
                foreignObjects: try PurgeDebt.foreignObjects(database),
                keyNumber: ring?.inUse ?? facts.keyNumber, keysSinceMilliseconds: ring?.sinceMilliseconds,
                keysAreKnown: ring?.isKnown ?? false, keysAreHere: ring != nil,
                hubKeyNumber: facts.hubKeys.number, hubKeyWords: facts.hubKeys.words,
                lease: lease, audit: try AuditMemory(database, facts.epoch).status(), refusal: refusal,
                repairs: repairs, repairIncidents: RepairLog.incidents(repairs))
        }
    }

    /// How many edits the hub has not taken, of the batches up to one.
    package func unsentEdits(through batch: UInt64) throws -> Int {
        try read("Looking for unsent edits") { database in
            try Int.fetchOne(
                database,
                sql: "SELECT coalesce(sum(op_count), 0) FROM ru_outbox WHERE \(Replica.isUnsent) AND no <= ?",
                arguments: [Int64(bitPattern: batch)]) ?? 0
        }
    }

    /// How many edits the hub said that it holds for want of what came before, once a sync is over.
    package func toldEdits() throws -> Int {
        try read("Looking for held edits") { database in
            // What waits for the hub's own upgrade waits for nobody's decision.
            guard try ReplicaFacts(database).hubSchema >= schema.version else { return 0 }
            return try Int.fetchOne(
                database,
                sql: "SELECT coalesce(sum(op_count), 0) FROM ru_outbox WHERE state < 2 AND NOT (\(Replica.isUnsent))")
                ?? 0
        }
    }

    /// How many edits have not been sent although they were written before a time, in milliseconds since 1970.
    package func unsentEdits(before time: Int64) throws -> Int {
        try read("Looking for unsent edits") { database in
            let batches = try EngineStatement(
                database, "SELECT ops, op_count FROM ru_outbox WHERE \(Replica.isUnsent)")
            var count = 0
            while try batches.step() {
                count += try OpCodec.decode(batches.blob(0), expecting: batches.int(1))
                    .count { $0.stamp.milliseconds < time }
            }
            let marks = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM (
                      SELECT min(ms) AS oldest FROM ru_journal WHERE mask <> 0 GROUP BY tbl, key) WHERE oldest < ?
                    """, arguments: [time])
            return count + (marks ?? 0)
        }
    }

    /// What would be lost with the device, in words; nil when the hub would have all of it even if it lost its machine.
    private func wipeWaitsFor(unsent: Int, _ refusal: HubRefusal?, _ database: Database) throws -> String? {
        func count(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
        func edits(_ number: Int) -> String { "\(number) edit\(number == 1 ? "" : "s")" }
        if let kept = try keptInsideWaitsFor(database) { return kept }
        if unsent > 0 { return "\(edits(unsent)) that \(unsent == 1 ? "has" : "have") not been sent" }
        // No batch holds them: only the tables do.
        let oversized = try count("SELECT count(*) FROM ru_returned WHERE state = 0 AND batch = zeroblob(32)")
        if oversized > 0 {
            return "\(edits(oversized)) too large to be sent: shorten what was typed, or let it go with 'inbox dismiss'"
        }
        let unjudged = try count("SELECT coalesce(sum(op_count), 0) FROM ru_outbox WHERE state < 2")
        // Which of two copies is the one to keep is for a person to say.
        if refusal?.why == .suspended { return "the hub operator, who decides which copy of this replica goes on" }
        if unjudged > 0, refusal?.why == .revoked {
            return "the hub operator: no word comes to a revoked device on \(edits(unjudged)) that it sent"
        }
        if unjudged > 0 { return "the hub's word on \(edits(unjudged)) that it was sent" }
        let unsafe = try count("SELECT coalesce(sum(op_count), 0) FROM ru_outbox WHERE state = 2 AND safe = 0")
        return unsafe > 0 ? "a backup of the hub that holds \(edits(unsafe)) which the hub has" : nil
    }

    /// What was typed inside and is written nowhere yet: for want of its case, or because something speaks against it.
    private func keptInsideWaitsFor(_ database: Database) throws -> String? {
        func entries(_ number: Int) -> String { "\(number) entr\(number == 1 ? "y" : "ies") typed inside" }
        let files = keptInside.files
        let noted = try files.compactMap { try why(inside: $0, in: database) }
        let waiting = files.count - noted.count
        let reasons = noted.filter { $0 != KeptInside.unreadable }
        var words: [String] = []
        if noted.count > reasons.count {
            words.append(
                "\(entries(noted.count - reasons.count)) that cannot be read (\(KeptInside.unreadable)): put back the "
                    + "folder NAME.device, or take the files out of the folder NAME.inside")
        }
        if let first = reasons.first {
            let among = reasons.count == 1 ? "" : "of the first "
            words.append(
                "\(entries(reasons.count)) that cannot be written, \(among)because \(first): "
                    + "put right or let go under Visits")
        }
        if waiting > 0 { words.append("\(entries(waiting)), whose case is not on this laptop yet") }
        return words.isEmpty ? nil : words.joined(separator: "; ")
    }

    private func conflicts(_ database: Database) throws -> Int {
        let open = try EngineStatement(database, "SELECT tbl, groups FROM ru_open")
        var count = 0
        while try open.step() {
            guard let table = schema[UInt16(truncatingIfNeeded: open.int64(0))] else { continue }
            count += table.disputed(UInt64(bitPattern: open.int64(1))).nonzeroBitCount
        }
        return count
    }
}

extension Replica {
    /// Claims the replica for one sync at a time.
    ///
    /// - Throws: ``Failure`` (tryLater), at once, while another process has it.
    package func claim(what: String, holder: String) throws -> FileClaim {
        // The lock lies in the folder of the keys: where that is gone, it is they that are missed.
        _ = try keyRing()
        return try FileClaim(vault.claimPath, what: what, holder: holder)
    }
}

extension TableDescription {
    /// Of the groups with open siblings, those about which a person is asked as long as they are open.
    func disputed(_ open: UInt64) -> UInt64 {
        groups.filter { [.review, .mostProtective].contains($0.policy) }
            .reduce(0) { $0 | open & (1 << UInt64($1.number)) }
    }
}
