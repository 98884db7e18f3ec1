/// The hub's word that one of its lives follows another: which it was, and what of it the hub still knows.
///
/// A replica follows a hub into another life only by records that begin with the life that it knows, and are signed with
/// the key that it has known the hub by.
public struct EpochRecord: Hashable, Sendable {
    public var hub: Identifier
    /// The life that begins.
    public var epoch: HubEpoch
    /// The life that it follows; its number is lower.
    public var parent: HubEpoch
    /// The last position of the parent that the hub still knows.
    public var kept: Position

    public init(hub: Identifier, epoch: HubEpoch, parent: HubEpoch, kept: Position) {
        self.hub = hub
        self.epoch = epoch
        self.parent = parent
        self.kept = kept
    }

    public func signed(with keys: DeviceKeys) throws(FormatError) -> SignedEpochRecord {
        var out = ByteWriter(reserving: 160)
        out.byte(SignedEpochRecord.version)
        out.varint(UInt64(keys.number))
        out.identifier(hub)
        out.hubEpoch(epoch)
        out.hubEpoch(parent)
        out.zigzag(kept.rawValue)
        return try SignedEpochRecord(decoding: out.bytes + (try keys.sign(SignedEpochRecord.label + out.bytes)))
    }
}

/// An ``EpochRecord`` with the hub's signature.
public struct SignedEpochRecord: Hashable, Sendable {
    public let record: EpochRecord
    /// Which of the hub's keys signed it.
    public let keyNumber: UInt32
    /// As it travels.
    public let bytes: [UInt8]

    /// At most so many lives may have passed while a replica was away.
    public static let countLimit = 64
    static let byteLimit = 512
    fileprivate static let version: UInt8 = 1
    fileprivate static let label = Array("ru/epoch".utf8)
    private static let signatureLength = 64

    /// Reads one without believing it.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("epoch record version") == SignedEpochRecord.version else {
            throw FormatError(.unknownVersion, "epoch record version")
        }
        keyNumber = try input.keyNumber("epoch record key number")
        record = EpochRecord(
            hub: try input.identifier("epoch record hub"), epoch: try input.hubEpoch("epoch record epoch"),
            parent: try input.hubEpoch("epoch record parent"), kept: Position(try input.zigzag("epoch record kept")))
        guard record.parent.number < record.epoch.number else { throw FormatError(.malformed, "epoch record parent") }
        _ = try input.raw("epoch record signature", count: SignedEpochRecord.signatureLength)
        try input.end("epoch record")
        self.bytes = bytes
    }

    public func isAuthentic(signedBy keys: PublicKeys) -> Bool {
        let length = SignedEpochRecord.signatureLength
        return keys.number == keyNumber
            && keys.verify(bytes.suffix(length), over: SignedEpochRecord.label + bytes.dropLast(length))
    }
}

/// The way from the life of a hub that a replica knows to the present one, record by record.
public struct EpochLineage: Hashable, Sendable {
    /// At least one; each follows the one before it.
    public let records: [SignedEpochRecord]

    /// - Throws: `malformed` when there is none, or they do not follow each other.
    public init(_ records: [SignedEpochRecord]) throws(FormatError) {
        guard !records.isEmpty, records.count <= SignedEpochRecord.countLimit else {
            throw FormatError(.malformed, "epoch records")
        }
        for (before, next) in zip(records, records.dropFirst()) where next.record.parent != before.record.epoch {
            throw FormatError(.malformed, "epoch records")
        }
        self.records = records
    }

    /// The present life.
    public var epoch: HubEpoch { records[records.count - 1].record.epoch }

    /// The last position that the hub still knows of what it had told in the first parent.
    public var kept: Position { records.map(\.record.kept).min() ?? .zero }

    /// Whether it leads on from a life, and the hub with these keys signed every step of it.
    public func leads(from epoch: HubEpoch, of hub: Identifier, signedBy keys: PublicKeys) -> Bool {
        records[0].record.parent == epoch
            && records.allSatisfy { $0.record.hub == hub && $0.isAuthentic(signedBy: keys) }
    }
}
