import Crypto

/// The keys by which a hub is known, one after the other: each but the first were named by those before them.
///
/// A device begins with the keys that it was given when it joined, a hub with its very first.
public struct HubKeyChain: Hashable, Sendable {
    public let first: PublicKeys
    /// The hub's words, by number.
    public private(set) var successions: [SignedKeySuccession] = []

    public init(first: PublicKeys) {
        self.first = first
    }

    /// The newest that are known.
    public var current: PublicKeys { successions.last?.succession.keys ?? first }

    /// All of them, by number.
    public var all: [PublicKeys] { [first] + successions.map(\.succession.keys) }

    /// The keys of a number; nil where they are not known.
    public func keys(numbered number: UInt32) -> PublicKeys? {
        guard number >= first.number, number - first.number <= UInt32(successions.count) else { return nil }
        let place = Int(number - first.number)
        return place == 0 ? first : successions[place - 1].succession.keys
    }

    /// The last position that keys may have signed for, since others took their place; nil for those in use.
    public func lastPosition(of number: UInt32) -> Position? {
        successions.first { $0.succession.replaced == number }?.succession.lastPosition
    }

    /// What somebody is to be told who knows the keys of a number, oldest first; as much of it as goes in one message.
    public func words(after number: UInt32) -> [[UInt8]] {
        successions.drop { $0.succession.replaced < number }.prefix(SignedKeySuccession.countLimit).map(\.bytes)
    }

    /// Follows the hub's own words to newer keys. Returns whether any of them was news.
    ///
    /// - Throws: `notAuthentic` for a word that is not this hub's, or that names other keys under a known number;
    ///   nothing is followed then.
    public mutating func follow(_ words: [[UInt8]], of hub: Identifier) throws(FormatError) -> Bool {
        var chain = self
        for bytes in words {
            let signed = try SignedKeySuccession(decoding: bytes)
            let word = signed.succession
            guard word.hub == hub, word.owner == hub else { throw FormatError(.notAuthentic, "hub succession owner") }
            // What came before this chain begins says nothing here.
            if word.keys.number <= chain.first.number { continue }
            if let known = chain.keys(numbered: word.keys.number) {
                guard known == word.keys else { throw FormatError(.notAuthentic, "hub succession keys") }
                continue
            }
            guard signed.isAuthentic(signedBy: chain.current) else {
                throw FormatError(.notAuthentic, "hub succession signature")
            }
            chain.successions.append(signed)
        }
        guard chain != self else { return false }
        self = chain
        return true
    }

    /// Whether the hub signed a checkpoint: with the keys in use or, of the time before them, with theirs.
    public func signed(_ checkpoint: SignedCheckpoint) -> Bool {
        guard let keys = keys(numbered: checkpoint.keyNumber), checkpoint.isAuthentic(signedBy: keys) else {
            return false
        }
        return lastPosition(of: keys.number).map { checkpoint.checkpoint.position <= $0 } ?? true
    }
}

extension HubKeyChain {
    private static let limit = 10_000

    /// The first keys and the words, for a file or a row.
    package func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 80 + 240 * successions.count)
        first.write(to: &out)
        out.varint(successions.count)
        for succession in successions { out.string(succession.bytes) }
        return out.bytes
    }

    /// - Throws: `notAuthentic` where a word is not signed by the keys before it.
    package init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        self.init(first: try PublicKeys(reading: &input))
        for _ in 0..<(try input.count("hub key chain", limit: HubKeyChain.limit)) {
            let word = try SignedKeySuccession(
                decoding: try input.string("hub succession", limit: SignedKeySuccession.byteLimit))
            _ = try follow([word.bytes], of: word.succession.hub)
        }
        try input.end("hub key chain")
    }
}

extension PublicKeys {
    /// Four words by which two people can tell whether they mean the same keys.
    public var words: String {
        fourWords(Array(SHA256.hash(data: encoded()))).joined(separator: " ")
    }
}

/// A file from a hub that has had other keys: its words about them, in clear, and behind them the bundle, which the newest
/// keys have signed. Who knows the newest passes over the words.
package enum ToldFile {
    private static let mark = Array("RUK1".utf8)

    private static let listLimit = SignedKeySuccession.countLimit * (SignedKeySuccession.byteLimit + 2) + 1
    /// The mark, a length and the words take no more bytes than this.
    static let wordsLimit = mark.count + 3 + listLimit

    /// What stands before the bundle.
    ///
    /// - Parameter words: oldest first; nothing stands there for none.
    static func encode(_ words: [[UInt8]]) -> [UInt8] {
        guard !words.isEmpty else { return [] }
        var out = ByteWriter(reserving: 256 * words.count + 16)
        out.raw(mark)
        out.string(SuccessionList.encode(words))
        return out.bytes
    }

    package static func join(_ words: [[UInt8]], _ bundle: [UInt8]) -> [UInt8] { encode(words) + bundle }

    /// The words, and where the bundle begins: at 0 where there are none.
    static func words(in beginning: [UInt8]) throws(FormatError) -> (words: [[UInt8]], start: Int) {
        guard beginning.starts(with: mark) else { return ([], 0) }
        var input = ByteReader(beginning.dropFirst(mark.count))
        let words = try SuccessionList.decode(try input.string("file successions", limit: listLimit))
        return (words, mark.count + input.offset)
    }

    package static func split(_ bytes: [UInt8]) throws(FormatError) -> (words: [[UInt8]], bundle: [UInt8]) {
        let (words, start) = try words(in: bytes)
        return (words, start == 0 ? bytes : Array(bytes[start...]))
    }
}

/// The hub's words about its keys by themselves: what it says to whoever sealed something to keys that are no more.
/// They prove themselves, and say nothing of anybody.
package enum SuccessionList {
    package static func encode(_ words: [[UInt8]]) -> [UInt8] {
        var out = ByteWriter(reserving: 256 * words.count)
        out.successions(words)
        return out.bytes
    }

    package static func decode(_ bytes: [UInt8]) throws(FormatError) -> [[UInt8]] {
        var input = ByteReader(bytes)
        let words = try input.successions("hub successions")
        try input.end("hub successions")
        return words
    }
}
