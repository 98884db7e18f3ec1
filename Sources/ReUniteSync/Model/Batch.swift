import Crypto

/// The hash that names a batch: SHA-256 of its header's bytes. The header holds a random salt and the hash of the
/// ops, so the name commits to the whole batch and says nothing about it.
public struct BatchID: Hashable, Sendable {
    /// 32 bytes.
    public let bytes: [UInt8]

    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32 else { return nil }
        self.bytes = Array(bytes)
    }

    package init(hashing header: [UInt8]) {
        bytes = Array(SHA256.hash(data: header))
    }

    /// The parent of a device's first batch on a chain with no enrolment behind it.
    public static let none = BatchID(unchecked: Array(repeating: 0, count: 32))

    private init(unchecked bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The first 16 bytes: the batch's part of every op's name.
    public var short: Identifier {
        bytes.withUnsafeBytes { $0.baseAddress.map { Identifier(unsafeBytes: $0) } ?? .zero }
    }
}

/// What a device knew of its clock when it sealed a batch.
public struct ClockReport: Hashable, Sendable {
    /// Milliseconds since 1970 by the device.
    public var wallMilliseconds: Int64
    /// Milliseconds since the machine started; does not jump.
    public var monotonicMilliseconds: Int64
    /// Changes when the machine restarts; zero where the system does not tell.
    public var boot: Identifier
    /// The hub's clock at the last contact, in milliseconds since 1970; zero before any.
    public var lastHubMilliseconds: Int64
    /// How far the device's clock was ahead of the hub's at the last contact, in milliseconds.
    public var skewMilliseconds: Int64

    public init(
        wallMilliseconds: Int64, monotonicMilliseconds: Int64, boot: Identifier, lastHubMilliseconds: Int64,
        skewMilliseconds: Int64
    ) {
        self.wallMilliseconds = wallMilliseconds
        self.monotonicMilliseconds = monotonicMilliseconds
        self.boot = boot
        self.lastHubMilliseconds = lastHubMilliseconds
        self.skewMilliseconds = skewMilliseconds
    }
}

extension ClockReport {
    func encode(into out: inout ByteWriter) {
        out.zigzag(wallMilliseconds)
        out.zigzag(monotonicMilliseconds)
        out.identifier(boot)
        out.zigzag(lastHubMilliseconds)
        out.zigzag(skewMilliseconds)
    }

    init(from input: inout ByteReader) throws(FormatError) {
        self.init(
            wallMilliseconds: try input.zigzag("wall clock"),
            monotonicMilliseconds: try input.zigzag("monotonic clock"),
            boot: try input.identifier("boot"),
            lastHubMilliseconds: try input.zigzag("hub clock"),
            skewMilliseconds: try input.zigzag("clock skew"))
    }
}

/// The signed part of a batch: who wrote it, after which batch, having seen what.
public struct BatchHeader: Hashable, Sendable {
    public var salt: Identifier
    public var hub: Identifier
    public var device: Identifier
    /// Which of the device's signing keys, from 1.
    public var keyNumber: UInt32
    /// The device's batch before this one; ``BatchID/none`` for its first.
    public var parent: BatchID
    /// Counts the batches of the chain, from 1.
    public var number: UInt64
    /// The place of the first op on the chain, from 1.
    public var firstSequence: UInt64
    public var opCount: UInt32
    public var epoch: HubEpoch
    /// The position of the checkpoint that the author had applied.
    public var base: Position
    /// The tag of that checkpoint, which only the hub could have made.
    public var checkpointTag: UInt64
    public var schemaVersion: UInt32
    public var clock: ClockReport
    /// The staff member signed in at seal; zero where nobody was, and the device's holder is presumed.
    public var author: Identifier
    /// SHA-256 of the encoded ops.
    public var opsDigest: [UInt8]

    public init(
        salt: Identifier, hub: Identifier, device: Identifier, keyNumber: UInt32, parent: BatchID, number: UInt64,
        firstSequence: UInt64, opCount: UInt32, epoch: HubEpoch, base: Position, checkpointTag: UInt64,
        schemaVersion: UInt32, clock: ClockReport, author: Identifier, opsDigest: [UInt8]
    ) {
        self.salt = salt
        self.hub = hub
        self.device = device
        self.keyNumber = keyNumber
        self.parent = parent
        self.number = number
        self.firstSequence = firstSequence
        self.opCount = opCount
        self.epoch = epoch
        self.base = base
        self.checkpointTag = checkpointTag
        self.schemaVersion = schemaVersion
        self.clock = clock
        self.author = author
        self.opsDigest = opsDigest
    }
}

extension BatchHeader {
    static let version: UInt8 = 1

    /// The header's bytes: what is signed, and what names the batch (`docs/protocol.md`, "Batches").
    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 256)
        out.byte(BatchHeader.version)
        out.identifier(salt)
        out.identifier(hub)
        out.identifier(device)
        out.varint(UInt64(keyNumber))
        out.raw(parent.bytes)
        out.varint(number)
        out.varint(firstSequence)
        out.varint(UInt64(opCount))
        out.hubEpoch(epoch)
        out.zigzag(base.rawValue)
        out.fixed64(checkpointTag)
        out.varint(UInt64(schemaVersion))
        clock.encode(into: &out)
        out.identifier(author)
        out.raw(opsDigest)
        return out.bytes
    }

    /// Reads a header. Bytes after the known fields belong to later versions of the format: they are covered by the
    /// signature, kept, and passed over here.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("batch version") == BatchHeader.version else {
            throw FormatError(.unknownVersion, "batch version")
        }
        salt = try input.identifier("batch salt")
        hub = try input.identifier("batch hub")
        device = try input.identifier("batch device")
        keyNumber = UInt32(try input.count("batch key number", limit: Int(UInt32.max)))
        guard let parentID = BatchID(bytes: try input.raw("batch parent", count: 32)) else {
            throw FormatError(.malformed, "batch parent")
        }
        parent = parentID
        number = try input.varint("batch number")
        firstSequence = try input.varint("batch first sequence")
        opCount = UInt32(try input.count("batch op count", limit: DecodeLimits.opsPerBatch))
        epoch = try input.hubEpoch("batch epoch")
        base = Position(try input.zigzag("batch base"))
        checkpointTag = try input.fixed64("batch checkpoint tag")
        schemaVersion = UInt32(try input.count("batch schema version", limit: Int(UInt32.max)))
        clock = try ClockReport(from: &input)
        author = try input.identifier("batch author")
        opsDigest = Array(try input.raw("batch ops digest", count: 32))
    }
}

/// A batch as it travels and is kept: the header's bytes as signed, the encoded ops, the signature.
public struct SignedBatch: Hashable, Sendable {
    public let header: [UInt8]
    /// The encoded ops; sealed to the hub if ``isSealed``.
    public let ops: [UInt8]
    /// Ed25519 over the header's bytes.
    public let signature: [UInt8]
    /// Whether only the hub can read the ops, because a row in them has left the device that wrote them.
    public let isSealed: Bool

    public init(header: [UInt8], ops: [UInt8], signature: [UInt8], isSealed: Bool = false) {
        self.header = header
        self.ops = ops
        self.signature = signature
        self.isSealed = isSealed
    }

    public var id: BatchID { BatchID(hashing: header) }

    /// The header, once its digest has been compared with the ops. A sealed batch is opened first.
    public func verifiedHeader() throws(FormatError) -> BatchHeader {
        guard !isSealed else { throw FormatError(.notAuthentic, "sealed batch") }
        let decoded = try BatchHeader(decoding: header)
        guard decoded.opsDigest == Array(SHA256.hash(data: ops)) else {
            throw FormatError(.notAuthentic, "batch ops digest")
        }
        return decoded
    }
}

/// The limits that every decoder enforces before it believes a length.
public enum DecodeLimits {
    public static let opsPerBatch = 5_000
    /// The encoded ops of one batch, before inflation.
    public static let batchBytes = 1 << 20
    /// What one deflated section may inflate to.
    public static let inflatedSection = 16 << 20
    /// One text or blob.
    public static let valueBytes = 1 << 20
    public static let rowsPerPage = 20_000
    /// A request or answer body.
    public static let messageBytes = 2 << 20
}
