import Crypto

/// What a hub vouches for: at this position, this device's replica holds exactly this.
public struct Checkpoint: Hashable, Sendable {
    public var hub: Identifier
    public var epoch: HubEpoch
    public var device: Identifier
    public var position: Position
    /// Milliseconds since 1970 by the hub's clock.
    public var issuedMilliseconds: Int64
    /// The digest of everything that the replica may hold.
    public var digest: VersionDigest
    /// The hub's audit log when it signed this; nil where it keeps none.
    public var audit: AuditHead?
    /// What it promises the device beside that.
    public var terms: DeviceTerms

    public init(
        hub: Identifier, epoch: HubEpoch, device: Identifier, position: Position, issuedMilliseconds: Int64,
        digest: VersionDigest, audit: AuditHead? = nil, terms: DeviceTerms = DeviceTerms()
    ) {
        self.hub = hub
        self.epoch = epoch
        self.device = device
        self.position = position
        self.issuedMilliseconds = issuedMilliseconds
        self.digest = digest
        self.audit = audit
        self.terms = terms
    }

    /// Signs the checkpoint with the hub's keys.
    public func signed(with keys: DeviceKeys) throws(FormatError) -> SignedCheckpoint {
        try SignedCheckpoint(self, signedWith: keys)
    }
}

/// A checkpoint with its hub's signature: it proves itself to whoever has the hub's public keys, and to a hub that
/// was restored from a backup it proves that there was a future.
public struct SignedCheckpoint: Hashable, Sendable {
    public let checkpoint: Checkpoint
    /// Which of the hub's keys signed it.
    public let keyNumber: UInt32
    /// As it travels and is kept: the fields and the signature.
    public let bytes: [UInt8]
    /// The first 8 bytes of the SHA-256 of ``bytes``, least significant first. The signature is among them, so that
    /// only the hub could have made it: a batch that names the tag was written by somebody who had the checkpoint.
    public let tag: UInt64

    private static let version: UInt8 = 1
    /// The same with the head of the audit log behind the row count.
    private static let auditedVersion: UInt8 = 2
    /// The same with what the hub promises the device behind the head.
    private static let promisingVersion: UInt8 = 3
    private static let label = Array("ru/checkpoint".utf8)
    private static let signatureLength = 64

    init(_ checkpoint: Checkpoint, signedWith keys: DeviceKeys) throws(FormatError) {
        let fields = SignedCheckpoint.fields(of: checkpoint, keyNumber: keys.number)
        self.init(checkpoint, keyNumber: keys.number, signature: try keys.sign(SignedCheckpoint.label + fields))
    }

    /// Puts a checkpoint together again from its parts. Nothing is proved until ``isAuthentic(signedBy:)``.
    package init(_ checkpoint: Checkpoint, keyNumber: UInt32, signature: [UInt8]) {
        let bytes = SignedCheckpoint.fields(of: checkpoint, keyNumber: keyNumber) + signature
        self.checkpoint = checkpoint
        self.keyNumber = keyNumber
        self.bytes = bytes
        tag = leadingWord(of: SHA256.hash(data: bytes))
    }

    /// The hub's signature alone.
    package var signature: [UInt8] { Array(bytes.suffix(SignedCheckpoint.signatureLength)) }

    private static func fields(of checkpoint: Checkpoint, keyNumber: UInt32) -> [UInt8] {
        var out = ByteWriter(reserving: 224)
        let promises = checkpoint.audit != nil && checkpoint.terms != DeviceTerms()
        out.byte(promises ? promisingVersion : checkpoint.audit == nil ? version : auditedVersion)
        out.varint(UInt64(keyNumber))
        out.identifier(checkpoint.hub)
        out.hubEpoch(checkpoint.epoch)
        out.identifier(checkpoint.device)
        out.zigzag(checkpoint.position.rawValue)
        out.zigzag(checkpoint.issuedMilliseconds)
        out.fixed64(checkpoint.digest.high)
        out.fixed64(checkpoint.digest.low)
        out.zigzag(checkpoint.digest.rows)
        if let audit = checkpoint.audit {
            out.varint(audit.size)
            out.raw(audit.root.bytes)
        }
        if promises { checkpoint.terms.encode(into: &out) }
        return out.bytes
    }

    /// Reads a checkpoint. Nothing is proved until ``isAuthentic(signedBy:)``.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        let version = try input.byte("checkpoint version")
        guard (SignedCheckpoint.version...SignedCheckpoint.promisingVersion).contains(version) else {
            throw FormatError(.unknownVersion, "checkpoint version")
        }
        keyNumber = try input.keyNumber("checkpoint key number")
        var checkpoint = Checkpoint(
            hub: try input.identifier("checkpoint hub"), epoch: try input.hubEpoch("checkpoint epoch"),
            device: try input.identifier("checkpoint device"),
            position: Position(try input.zigzag("checkpoint position")),
            issuedMilliseconds: try input.zigzag("checkpoint issued"),
            digest: VersionDigest(
                high: try input.fixed64("checkpoint digest"), low: try input.fixed64("checkpoint digest"),
                rows: try input.zigzag("checkpoint rows")))
        if version >= SignedCheckpoint.auditedVersion {
            checkpoint.audit = AuditHead(
                size: try input.varint("checkpoint audit size"), root: try input.merkleHash("checkpoint audit root"))
        }
        if version == SignedCheckpoint.promisingVersion {
            checkpoint.terms = try DeviceTerms(from: &input)
            // One form for each content, for the tag names the bytes.
            guard checkpoint.terms != DeviceTerms() else { throw FormatError(.malformed, "checkpoint terms") }
        }
        self.checkpoint = checkpoint
        _ = try input.raw("checkpoint signature", count: SignedCheckpoint.signatureLength)
        try input.end("checkpoint")
        self.bytes = bytes
        tag = leadingWord(of: SHA256.hash(data: bytes))
    }

    /// Whether the hub that owns these keys signed exactly this.
    public func isAuthentic(signedBy keys: PublicKeys) -> Bool {
        keys.number == keyNumber
            && keys.verify(
                bytes.suffix(SignedCheckpoint.signatureLength),
                over: SignedCheckpoint.label + bytes.dropLast(SignedCheckpoint.signatureLength))
    }
}
