/// The word of a device, or of a hub, that its next keys take the place of the ones it has.
///
/// Signed with both: with the old ones because only their owner may name others, with the new ones because nobody may
/// name keys that are not theirs. It proves itself, whatever carries it.
public struct KeySuccession: Hashable, Sendable {
    public var hub: Identifier
    /// Whose keys they are: a device, or the hub itself.
    public var owner: Identifier
    /// The number of the keys that are replaced.
    public var replaced: UInt32
    /// The new ones, of the next number.
    public var keys: PublicKeys
    /// The number of the last batch on its owner's chain that the replaced keys signed; 0 for none.
    ///
    /// What was signed before may be on its way for long, in a pocket. Whatever they sign after that is a copy's.
    ///
    /// Of a hub, which signs for positions and not only its own batches, the last position that they signed for.
    public var lastBatch: UInt64
    /// By the owner's clock, since 1970.
    public var milliseconds: Int64

    public init(
        hub: Identifier, owner: Identifier, replaced: UInt32, keys: PublicKeys, lastBatch: UInt64, milliseconds: Int64
    ) {
        self.hub = hub
        self.owner = owner
        self.replaced = replaced
        self.keys = keys
        self.lastBatch = lastBatch
        self.milliseconds = milliseconds
    }

    /// Of a hub: see ``lastBatch``.
    public var lastPosition: Position { Position(Int64(clamping: lastBatch)) }

    /// Signs it with the keys that it replaces and with those that it names.
    ///
    /// - Throws: `malformed` when they are not these keys, or their numbers do not follow each other.
    public func signed(
        with old: DeviceKeys, and new: DeviceKeys
    ) throws(FormatError) -> SignedKeySuccession {
        guard old.number == replaced, new.publicKeys == keys, keys.number == replaced &+ 1 else {
            throw FormatError(.malformed, "succession keys")
        }
        let fields = encoded()
        return SignedKeySuccession(
            succession: self,
            bytes: fields + (try old.sign(SignedKeySuccession.oldLabel + fields))
                + (try new.sign(SignedKeySuccession.newLabel + fields)))
    }

    fileprivate static let version: UInt8 = 1

    private func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 128)
        out.byte(KeySuccession.version)
        out.identifier(hub)
        out.identifier(owner)
        out.varint(UInt64(replaced))
        keys.write(to: &out)
        out.varint(lastBatch)
        out.zigzag(milliseconds)
        return out.bytes
    }
}

/// A ``KeySuccession`` with its two signatures: about 235 bytes.
public struct SignedKeySuccession: Hashable, Sendable {
    public let succession: KeySuccession
    /// As it travels.
    public let bytes: [UInt8]

    /// The most bytes that one may have.
    public static let byteLimit = 512
    /// At most so many go in one message: the sender's keys, one after the other.
    public static let countLimit = 8

    fileprivate static let oldLabel = Array("ru/keys old".utf8)
    fileprivate static let newLabel = Array("ru/keys new".utf8)
    private static let signatureLength = 64

    fileprivate init(succession: KeySuccession, bytes: [UInt8]) {
        self.succession = succession
        self.bytes = bytes
    }

    /// Reads one without believing it.
    public init(decoding bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= SignedKeySuccession.byteLimit else { throw FormatError(.tooLarge, "succession") }
        var input = ByteReader(bytes)
        guard try input.byte("succession version") == KeySuccession.version else {
            throw FormatError(.unknownVersion, "succession version")
        }
        let hub = try input.identifier("succession hub")
        let owner = try input.identifier("succession owner")
        let replaced = try input.keyNumber("succession replaced number")
        let keys = try PublicKeys(reading: &input)
        guard keys.number == replaced &+ 1 else { throw FormatError(.malformed, "succession key number") }
        succession = KeySuccession(
            hub: hub, owner: owner, replaced: replaced, keys: keys,
            lastBatch: try input.varint("succession last batch"),
            milliseconds: try input.zigzag("succession time"))
        _ = try input.raw("succession signatures", count: 2 * SignedKeySuccession.signatureLength)
        try input.end("succession")
        self.bytes = bytes
    }

    /// Whether the owner of the replaced keys and the owner of the new ones both signed it.
    public func isAuthentic(signedBy old: PublicKeys) -> Bool {
        let length = SignedKeySuccession.signatureLength
        let fields = Array(bytes.dropLast(2 * length))
        return old.number == succession.replaced
            && old.verify(bytes.dropLast(length).suffix(length), over: SignedKeySuccession.oldLabel + fields)
            && succession.keys.verify(bytes.suffix(length), over: SignedKeySuccession.newLabel + fields)
    }
}

extension ByteWriter {
    /// Nothing where there are none: then a message is as it was before there were any.
    mutating func successions(_ successions: [[UInt8]]) {
        guard !successions.isEmpty else { return }
        varint(successions.count)
        for succession in successions { string(succession) }
    }
}

extension ByteReader {
    /// The successions at the end of a message: at least one, or nothing at all.
    mutating func successions(_ field: String) throws(FormatError) -> [[UInt8]] {
        guard remaining > 0 else { return [] }
        let count = try count(field, limit: SignedKeySuccession.countLimit)
        guard count > 0 else { throw FormatError(.malformed, field) }
        var all: [[UInt8]] = []
        for _ in 0..<count { all.append(try string(field, limit: SignedKeySuccession.byteLimit)) }
        return all
    }
}
