/// What a device declares once nothing of a scope, or of some classes of it, is left in its file.
public struct PurgeReceipt: Hashable, Sendable {
    public var hub: Identifier
    public var hubEpoch: HubEpoch
    public var device: Identifier
    public var scope: Identifier
    /// The position at which the grant had opened under which it was held, as far as the device knew; else zero.
    public var epoch: Position
    /// The position that the device had applied when it purged: every closing up to it is answered.
    public var purged: Position
    /// The position that it has applied now.
    public var cursor: Position
    /// The digest of everything that it holds now.
    public var digest: VersionDigest
    /// How many rows left.
    public var rows: UInt64
    /// Whether nothing but the network's and the engine's own tables, indexes and triggers is in the file. Somebody
    /// else's may hold a copy.
    public var isClean: Bool
    /// When the file was clean, in milliseconds since 1970 by the device's clock.
    public var milliseconds: Int64

    public init(
        hub: Identifier, hubEpoch: HubEpoch, device: Identifier, scope: Identifier, epoch: Position,
        purged: Position, cursor: Position, digest: VersionDigest, rows: UInt64, isClean: Bool, milliseconds: Int64
    ) {
        self.hub = hub
        self.hubEpoch = hubEpoch
        self.device = device
        self.scope = scope
        self.epoch = epoch
        self.purged = purged
        self.cursor = cursor
        self.digest = digest
        self.rows = rows
        self.isClean = isClean
        self.milliseconds = milliseconds
    }

    /// Signs it with the device's keys.
    package func signed(with keys: DeviceKeys) throws(FormatError) -> SignedPurgeReceipt {
        try SignedPurgeReceipt(self, signedWith: keys)
    }
}

/// A purge receipt with its device's signature, as it travels and as the hub keeps it.
public struct SignedPurgeReceipt: Hashable, Sendable {
    public let receipt: PurgeReceipt
    /// Which of the device's keys signed it.
    public let keyNumber: UInt32
    public let bytes: [UInt8]

    private static let version: UInt8 = 1
    private static let label = Array("ru/purge".utf8)
    private static let signatureLength = 64

    init(_ receipt: PurgeReceipt, signedWith keys: DeviceKeys) throws(FormatError) {
        var out = ByteWriter(reserving: 224)
        out.byte(SignedPurgeReceipt.version)
        out.varint(UInt64(keys.number))
        out.identifier(receipt.hub)
        out.hubEpoch(receipt.hubEpoch)
        out.identifier(receipt.device)
        out.identifier(receipt.scope)
        out.zigzag(receipt.epoch.rawValue)
        out.zigzag(receipt.purged.rawValue)
        out.zigzag(receipt.cursor.rawValue)
        out.fixed64(receipt.digest.high)
        out.fixed64(receipt.digest.low)
        out.zigzag(receipt.digest.rows)
        out.varint(receipt.rows)
        out.byte(receipt.isClean ? 1 : 0)
        out.zigzag(receipt.milliseconds)
        out.raw(try keys.sign(SignedPurgeReceipt.label + out.bytes))
        self.receipt = receipt
        keyNumber = keys.number
        bytes = out.bytes
    }

    /// Reads a receipt. Nothing is proved until ``isAuthentic(signedBy:)``.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("purge version") == SignedPurgeReceipt.version else {
            throw FormatError(.unknownVersion, "purge version")
        }
        keyNumber = try input.keyNumber("purge key number")
        receipt = PurgeReceipt(
            hub: try input.identifier("purge hub"), hubEpoch: try input.hubEpoch("purge hub epoch"),
            device: try input.identifier("purge device"), scope: try input.identifier("purge scope"),
            epoch: Position(try input.zigzag("purge epoch")), purged: Position(try input.zigzag("purge position")),
            cursor: Position(try input.zigzag("purge cursor")),
            digest: VersionDigest(
                high: try input.fixed64("purge digest"), low: try input.fixed64("purge digest"),
                rows: try input.zigzag("purge digest rows")),
            rows: try input.varint("purge rows"), isClean: try input.flag("purge clean"),
            milliseconds: try input.zigzag("purge time"))
        _ = try input.raw("purge signature", count: SignedPurgeReceipt.signatureLength)
        try input.end("purge receipt")
        self.bytes = bytes
    }

    /// Whether the device that owns these keys signed exactly this.
    public func isAuthentic(signedBy keys: PublicKeys) -> Bool {
        keys.number == keyNumber
            && keys.verify(
                bytes.suffix(SignedPurgeReceipt.signatureLength),
                over: SignedPurgeReceipt.label + bytes.dropLast(SignedPurgeReceipt.signatureLength))
    }
}
