/// What a replica says in one `POST /v1/sync`: where it is, and what it has to give.
public struct SyncRequest: Hashable, Sendable {
    public var cursor: Position
    public var epoch: HubEpoch
    /// The digest of what the replica holds at its cursor.
    public var digest: VersionDigest
    /// The last batch of its chain, whether sent or not.
    public var chainHead: BatchID
    public var schemaVersion: UInt32
    public var clock: ClockReport
    /// How many edits wait in the replica after the batches in this request.
    public var unsent: UInt64
    /// Whether more batches follow in another request, so that the hub need not build a delivery yet.
    public var moreFollows: Bool
    public var want: [Tombstone]
    /// Signed checkpoints that the batches are based on.
    public var checkpoints: [[UInt8]]
    public var batches: [SignedBatch]
    /// Signed receipts of what this replica purged, oldest first (``SignedPurgeReceipt``).
    public var purges: [[UInt8]]
    /// Whether something that left may still be in the replica's file, or its receipt is not in this request.
    public var owesPurge: Bool
    /// How much of the hub's audit log this replica knows: what comes is proved to begin with that.
    public var audit: AuditMark
    /// New keys of the device of which the hub may not know yet (``SignedKeySuccession``), oldest first.
    public var successions: [[UInt8]] = []

    /// At most so many purge receipts go in one request.
    package static let purgeLimit = 1_000
    /// At most so many batches, and checkpoints that they are based on.
    package static let batchLimit = 10_000
    package static let checkpointLimit = 1_000

    public init(
        cursor: Position, epoch: HubEpoch, digest: VersionDigest, chainHead: BatchID, schemaVersion: UInt32,
        clock: ClockReport, unsent: UInt64, moreFollows: Bool, want: [Tombstone], checkpoints: [[UInt8]],
        batches: [SignedBatch], purges: [[UInt8]] = [], owesPurge: Bool = false,
        audit: AuditMark = AuditMark()
    ) {
        self.cursor = cursor
        self.epoch = epoch
        self.digest = digest
        self.chainHead = chainHead
        self.schemaVersion = schemaVersion
        self.clock = clock
        self.unsent = unsent
        self.moreFollows = moreFollows
        self.want = want
        self.checkpoints = checkpoints
        self.batches = batches
        self.purges = purges
        self.owesPurge = owesPurge
        self.audit = audit
    }
}

/// What the hub answers.
public struct SyncAnswer: Hashable, Sendable {
    public enum Body: Hashable, Sendable {
        /// Nothing is new; the checkpoint says at which position.
        case idle(SignedCheckpoint)
        /// The batches are in; the rest may follow.
        case taken
        /// The same, and this was closed meanwhile (``Delivery/closings(within:)``): to be applied before the next part.
        case closings([UInt8])
        /// A delivery, encoded.
        case delivery([UInt8])
        /// A delivery too large for one answer: fetch so many bytes by its id.
        ///
        /// What it closes comes with the offer (``Delivery/closings(within:)``), to be applied before the fetching begins;
        /// empty where it closes nothing.
        case fetch(id: Identifier, bytes: UInt64, urgent: [UInt8] = [])
        /// Another copy of this device has been here: nothing is served until the operator enrols one of them anew.
        case suspended
        /// The hub was restored and began a new epoch: it has forgotten what it decided after a position. The replica
        /// tells it what it had decided (``RecoveryReport``), then sends it again.
        case epochChanged(EpochLineage)
        /// The request names a life of the hub, or a position, of which the hub knows nothing: it is to show the
        /// checkpoint that it is based on.
        case unproven
        /// The device was revoked: what it sent is kept for a person, and nothing is served.
        case revoked
        /// The same as ``idle(_:)`` where the replica holds, and knows of the audit log, just what the request says: the
        /// checkpoint without what the device knows of it. On slips only.
        case unchanged(
            position: Position, issuedMilliseconds: Int64, terms: DeviceTerms, keyNumber: UInt32, signature: [UInt8])
        /// The device's lease has ended: what it sent has been judged as ever, and nothing is served.
        case leaseOver
    }

    public var hubMilliseconds: Int64
    /// The ticket for the next request.
    public var ticket: [UInt8]
    /// Batches of the request that the hub already had.
    public var duplicates: UInt64
    /// How many of the request's purge receipts, from the first on, need not be sent again.
    public var purgesTaken: UInt64
    /// The version of the hub's schema. A hub whose version is the lower one holds what was written for a newer one
    /// until it is upgraded itself.
    public var schemaVersion: UInt32
    public var body: Body
    /// Where the hub answers with a checkpoint: the proof that its audit log begins with what the request named.
    ///
    /// What it begins from does not travel: whoever opens the answer knows what the request said.
    public var auditProof = AuditProof.none
    /// The hub's words about its keys since those that the request was sealed to (``SignedKeySuccession``), oldest first.
    public var successions: [[UInt8]] = []

    public init(
        hubMilliseconds: Int64, ticket: [UInt8], duplicates: UInt64, purgesTaken: UInt64 = 0,
        schemaVersion: UInt32 = 0, body: Body
    ) {
        self.hubMilliseconds = hubMilliseconds
        self.ticket = ticket
        self.duplicates = duplicates
        self.purgesTaken = purgesTaken
        self.schemaVersion = schemaVersion
        self.body = body
    }
}

extension SyncRequest {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = encodedClaims(batches: batches.count)
        for batch in batches { out += SyncRequest.encoded(batch) }
        return out + encodedEnd
    }

    /// Everything that stands before the batches, and how many of these there are.
    package func encodedClaims(batches count: Int) -> [UInt8] {
        var out = ByteWriter(reserving: 512)
        out.byte(SyncRequest.version)
        out.zigzag(cursor.rawValue)
        out.hubEpoch(epoch)
        out.fixed64(digest.high)
        out.fixed64(digest.low)
        out.zigzag(digest.rows)
        out.raw(chainHead.bytes)
        out.varint(UInt64(schemaVersion))
        clock.encode(into: &out)
        out.varint(unsent)
        out.byte(moreFollows ? 1 : 0)
        out.varint(want.count)
        for row in want {
            out.varint(UInt64(row.table))
            out.identifier(row.key)
        }
        out.varint(checkpoints.count)
        for checkpoint in checkpoints { out.string(checkpoint) }
        out.varint(count)
        return out.bytes
    }

    package static func encoded(_ batch: SignedBatch) -> [UInt8] {
        var out = ByteWriter(reserving: batch.header.count + batch.ops.count + 80)
        out.byte(batch.isSealed ? 1 : 0)
        out.string(batch.header)
        out.string(batch.ops)
        out.raw(batch.signature)
        return out.bytes
    }

    /// What stands behind the batches.
    package var encodedEnd: [UInt8] {
        var out = ByteWriter(reserving: 64)
        out.byte(owesPurge ? 1 : 0)
        out.varint(purges.count)
        for purge in purges { out.string(purge) }
        audit.encode(into: &out)
        out.successions(successions)
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        try self.init(claimsFrom: &input)
        for _ in 0..<(try input.count("sync batches", limit: SyncRequest.batchLimit)) {
            batches.append(try SyncRequest.batch(from: &input))
        }
        try readEnd(from: &input)
        try input.end("sync request")
    }

    mutating func readEnd(from input: inout ByteReader) throws(FormatError) {
        var end = self
        end.owesPurge = try input.flag("sync owed purge")
        for _ in 0..<(try input.count("sync purge receipts", limit: SyncRequest.purgeLimit)) {
            end.purges.append(try input.string("sync purge receipt", limit: 512))
        }
        end.audit = try AuditMark(from: &input)
        end.successions = try input.successions("sync successions")
        self = end
    }

    /// What in the beginning of a request proves itself: signed batches, and the signed checkpoints that they are based
    /// on. Everything else in it is a claim of the whole, and is worth nothing without the whole.
    package static func salvage(_ bytes: [UInt8]) -> (checkpoints: [[UInt8]], batches: [SignedBatch]) {
        var input = ByteReader(bytes)
        guard var request = try? SyncRequest(claimsFrom: &input),
            let count = try? input.count("sync batches", limit: SyncRequest.batchLimit)
        else { return ([], []) }
        while request.batches.count < count, let batch = try? SyncRequest.batch(from: &input) {
            request.batches.append(batch)
        }
        return (request.checkpoints, request.batches)
    }

    /// Everything that stands before the batches.
    init(claimsFrom input: inout ByteReader) throws(FormatError) {
        guard try input.byte("sync version") == SyncRequest.version else {
            throw FormatError(.unknownVersion, "sync version")
        }
        let cursor = Position(try input.zigzag("sync cursor"))
        let epoch = try input.hubEpoch("sync epoch")
        let digest = VersionDigest(
            high: try input.fixed64("sync digest"), low: try input.fixed64("sync digest"),
            rows: try input.zigzag("sync digest rows"))
        guard let head = BatchID(bytes: try input.raw("sync chain head", count: 32)) else {
            throw FormatError(.malformed, "sync chain head")
        }
        let schemaVersion = UInt32(try input.count("sync schema version", limit: Int(UInt32.max)))
        let clock = try ClockReport(from: &input)
        let unsent = try input.varint("sync unsent")
        let moreFollows = try input.flag("sync more")
        var want: [Tombstone] = []
        for _ in 0..<(try input.count("sync want", limit: 10_000)) {
            let table = UInt16(try input.count("sync want table", limit: Int(UInt16.max)))
            want.append(Tombstone(table: table, key: try input.identifier("sync want key")))
        }
        var checkpoints: [[UInt8]] = []
        for _ in 0..<(try input.count("sync checkpoints", limit: SyncRequest.checkpointLimit)) {
            checkpoints.append(try input.string("sync checkpoint", limit: 1_024))
        }
        self.init(
            cursor: cursor, epoch: epoch, digest: digest, chainHead: head, schemaVersion: schemaVersion, clock: clock,
            unsent: unsent, moreFollows: moreFollows, want: want, checkpoints: checkpoints, batches: [])
    }

    static func batch(from input: inout ByteReader) throws(FormatError) -> SignedBatch {
        let form = try input.byte("sync batch form")
        guard form <= 1 else { throw FormatError(.malformed, "sync batch form") }
        let header = try input.string("sync batch header", limit: 4_096)
        let ops = try input.string(
            "sync batch ops", limit: DecodeLimits.batchBytes + (form == 1 ? SealedBody.overhead : 0))
        let signature = Array(try input.raw("sync batch signature", count: 64))
        return SignedBatch(header: header, ops: ops, signature: signature, isSealed: form == 1)
    }
}

extension SyncAnswer {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 256)
        out.byte(SyncAnswer.version)
        out.zigzag(hubMilliseconds)
        out.string(ticket)
        out.varint(duplicates)
        out.varint(purgesTaken)
        out.varint(UInt64(schemaVersion))
        switch body {
        case .idle(let checkpoint):
            out.byte(1)
            out.string(checkpoint.bytes)
            out.merkleProof(auditProof.hashes)
        case .taken:
            out.byte(2)
        case .delivery(let bytes):
            out.byte(3)
            out.string(bytes)
        case .fetch(let id, let bytes, let urgent):
            out.byte(4)
            out.identifier(id)
            out.varint(bytes)
            out.string(urgent)
        case .suspended:
            out.byte(5)
        case .epochChanged(let lineage):
            out.byte(6)
            out.varint(lineage.records.count)
            for record in lineage.records { out.string(record.bytes) }
        case .unproven:
            out.byte(10)
        case .closings(let bytes):
            out.byte(11)
            out.string(bytes)
        case .revoked:
            out.byte(7)
        case .unchanged(let position, let issued, let terms, let keyNumber, let signature):
            out.byte(8)
            out.zigzag(position.rawValue)
            out.zigzag(issued)
            terms.encode(into: &out)
            out.varint(UInt64(keyNumber))
            out.raw(signature)
        case .leaseOver:
            out.byte(9)
        }
        out.successions(successions)
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("answer version") == SyncAnswer.version else {
            throw FormatError(.unknownVersion, "answer version")
        }
        hubMilliseconds = try input.zigzag("answer hub clock")
        ticket = try input.string("answer ticket", limit: 64)
        duplicates = try input.varint("answer duplicates")
        purgesTaken = try input.varint("answer purge receipts")
        schemaVersion = UInt32(try input.count("answer schema version", limit: Int(UInt32.max)))
        switch try input.byte("answer kind") {
        case 1:
            body = .idle(try SignedCheckpoint(decoding: try input.string("answer checkpoint", limit: 1_024)))
            auditProof.hashes = try input.merkleProof("answer audit proof")
        case 2:
            body = .taken
        case 3:
            body = .delivery(try input.string("answer delivery", limit: DecodeLimits.messageBytes))
        case 4:
            let id = try input.identifier("answer delivery id")
            body = .fetch(
                id: id, bytes: try input.varint("answer delivery size"),
                urgent: try input.string("answer urgent", limit: DecodeLimits.messageBytes))
        case 5:
            body = .suspended
        case 6:
            var records: [SignedEpochRecord] = []
            for _ in 0..<(try input.count("answer epoch records", limit: SignedEpochRecord.countLimit)) {
                records.append(
                    try SignedEpochRecord(
                        decoding: try input.string("answer epoch record", limit: SignedEpochRecord.byteLimit)))
            }
            body = .epochChanged(try EpochLineage(records))
        case 7:
            body = .revoked
        case 8:
            body = .unchanged(
                position: Position(try input.zigzag("answer position")),
                issuedMilliseconds: try input.zigzag("answer issued"),
                terms: try DeviceTerms(from: &input),
                keyNumber: try input.keyNumber("answer key number"),
                signature: Array(try input.raw("answer signature", count: 64)))
        case 9:
            body = .leaseOver
        case 10:
            body = .unproven
        case 11:
            body = .closings(try input.string("answer closings", limit: DecodeLimits.messageBytes))
        default:
            throw FormatError(.unknownVersion, "answer kind")
        }
        successions = try input.successions("answer successions")
        try input.end("sync answer")
    }
}
