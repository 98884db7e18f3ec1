/// What a bundle says of itself in clear: anybody who carries it can read this, and nobody can change it unseen.
public struct BundleLabel: Hashable, Sendable {
    public enum Kind: UInt8, Sendable, CaseIterable {
        /// Batches from a device to its hub.
        case up = 1
        /// A delivery from a hub to a device.
        case down = 2
        /// Receipts alone.
        case receipt = 3
        /// A whole replica's content, or the question for it.
        case resync = 4
        /// An enrolment on a stick.
        case enrol = 5
        /// A reply to a request over HTTP.
        case answer = 6
        /// A part of a replica for one of its partner's devices, to be read and not to be merged: `docs/visits.md`.
        case visit = 7
        /// A hub's database and keys, for whoever has the offline key: `docs/restore.md`.
        case backup = 8
        /// Closings alone, ahead of the delivery that they are part of.
        case urgent = 9
        /// Batches that a hub has taken, in its ledger, for whoever has the offline key: `docs/restore.md`.
        case ledger = 10
    }

    /// Random, or made by the caller from what it must be bound to.
    public var id: Identifier
    public var kind: Kind
    public var hub: Identifier
    public var epoch: HubEpoch
    /// The device that sealed it; the hub's own identifier when the hub did.
    public var sender: Identifier
    /// The position that a delivery starts after; zero where the kind has none.
    public var from: Position
    /// The position that a delivery reaches; zero where the kind has none.
    public var to: Position
    /// Milliseconds since 1970 by the sender's clock.
    public var createdMilliseconds: Int64

    public init(
        id: Identifier, kind: Kind, hub: Identifier, epoch: HubEpoch, sender: Identifier, from: Position = .zero,
        to: Position = .zero, createdMilliseconds: Int64
    ) {
        self.id = id
        self.kind = kind
        self.hub = hub
        self.epoch = epoch
        self.sender = sender
        self.from = from
        self.to = to
        self.createdMilliseconds = createdMilliseconds
    }
}

/// The clear part of a bundle: its label, and how it was sealed.
public struct BundleHeader: Hashable, Sendable {
    public var label: BundleLabel
    /// Which of the sender's keys signed it.
    public var senderKeyNumber: UInt32
    /// The keys that can open it, 1 to 8, in the order of the wraps.
    public var recipients: [KeyID]
    /// How many bytes of the body each chunk but the last holds, 1,024 to 65,536.
    public var chunkSize: Int
}

extension BundleHeader {
    /// X25519-HKDF-SHA256 with ChaCha20-Poly1305 and Ed25519.
    static let suite: UInt8 = 1
    static let recipientLimit = 8
    static let chunkSizes = 1_024...65_536

    func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 112)
        out.byte(BundleHeader.suite)
        out.identifier(label.id)
        out.byte(label.kind.rawValue)
        out.identifier(label.hub)
        out.hubEpoch(label.epoch)
        out.identifier(label.sender)
        out.varint(UInt64(senderKeyNumber))
        out.varint(recipients.count)
        for recipient in recipients { out.fixed64(recipient.rawValue) }
        out.varint(chunkSize)
        out.zigzag(label.from.rawValue)
        out.zigzag(label.to.rawValue)
        out.zigzag(label.createdMilliseconds)
        return out.bytes
    }

    init(decoding bytes: ArraySlice<UInt8>) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("bundle suite") == BundleHeader.suite else {
            throw FormatError(.unknownVersion, "bundle suite")
        }
        let id = try input.identifier("bundle id")
        guard let kind = BundleLabel.Kind(rawValue: try input.byte("bundle kind")) else {
            throw FormatError(.unknownVersion, "bundle kind")
        }
        let hub = try input.identifier("bundle hub")
        let epoch = try input.hubEpoch("bundle epoch")
        let sender = try input.identifier("bundle sender")
        senderKeyNumber = try input.keyNumber("bundle sender key number")
        let count = try input.count("bundle recipients", limit: BundleHeader.recipientLimit)
        guard count > 0 else { throw FormatError(.malformed, "bundle recipients") }
        recipients = []
        for _ in 0..<count { recipients.append(KeyID(rawValue: try input.fixed64("bundle recipient"))) }
        chunkSize = try input.count("bundle chunk size", limit: BundleHeader.chunkSizes.upperBound)
        guard BundleHeader.chunkSizes.contains(chunkSize) else { throw FormatError(.malformed, "bundle chunk size") }
        label = BundleLabel(
            id: id, kind: kind, hub: hub, epoch: epoch, sender: sender,
            from: Position(try input.zigzag("bundle from")), to: Position(try input.zigzag("bundle to")),
            createdMilliseconds: try input.zigzag("bundle created"))
        try input.end("bundle header")
    }
}
