import Crypto
import Foundation
import ReUniteReplica
import ReUniteSync

/// A line of a ledger as it stands in its file: its number, the hash of the line before it, the hub's signature, and what
/// it says (`docs/restore.md`).
///
/// What is appended at once has one signature, at its last line: the hashes carry it to the others.
struct LedgerLine {
    let number: Int
    /// Of the line before, 64 hexadecimal digits; zeros before the first.
    let before: ArraySlice<UInt8>
    /// Of the last line of what was appended at once.
    let signature: Signature?
    /// A line of JSON.
    let entry: ArraySlice<UInt8>

    struct Signature {
        let key: UInt32
        let bytes: [UInt8]
    }

    static let start = ArraySlice(String(repeating: "0", count: 64).utf8)
    private static let none = Array("-".utf8)

    /// Nil for what is no such line, in exactly the form in which it is written.
    init?(_ line: ArraySlice<UInt8>) {
        let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 5, let number = Int(String(decoding: parts[0], as: UTF8.self)), number > 0,
            Array(String(number).utf8) == Array(parts[0]), parts[1].count == 64
        else { return nil }
        self.number = number
        before = parts[1]
        entry = parts[4]
        if Array(parts[2]) == LedgerLine.none, Array(parts[3]) == LedgerLine.none {
            signature = nil
        } else {
            guard let key = UInt32(String(decoding: parts[2], as: UTF8.self)),
                Array(String(key).utf8) == Array(parts[2]),
                let bytes = Data(base64Encoded: Data(parts[3])),
                Array(bytes.base64EncodedString().utf8) == Array(parts[3])
            else { return nil }
            signature = Signature(key: key, bytes: Array(bytes))
        }
    }

    /// The hash of a whole line, without its end.
    static func hash(of line: some Collection<UInt8>) -> [UInt8] {
        Array(SHA256.hash(data: Array(line)))
    }

    func isSigned(by keys: PublicKeys, in name: String) -> Bool {
        guard let signature else { return false }
        return keys.verify(
            signature.bytes, over: LedgerLine.message(name, number, before, signature.key, entry))
    }

    /// Entries as lines behind others, and where the file ends then.
    static func encode(
        _ entries: [[UInt8]], after tail: LedgerTail, in name: String, signedWith keys: DeviceKeys
    ) throws -> (bytes: [UInt8], tail: LedgerTail) {
        var tail = tail
        var bytes: [UInt8] = []
        for (place, entry) in entries.enumerated() {
            let number = tail.count.lines + 1
            var seal = (key: none, signature: none)
            if place == entries.count - 1 {
                let signature = try keys.sign(message(name, number, tail.hash, keys.number, entry))
                seal = (Array(String(keys.number).utf8), Array(Data(signature).base64EncodedString().utf8))
            }
            let line = Array(
                [Array(String(number).utf8), tail.hash, seal.key, seal.signature, entry].joined(separator: [space]))
            bytes += line + [UInt8(ascii: "\n")]
            tail.add(line, key: keys.number)
        }
        return (bytes, tail)
    }

    private static let space = UInt8(ascii: " ")

    /// What is signed: no line of one file can stand in another.
    private static func message(
        _ name: String, _ number: Int, _ before: some Collection<UInt8>, _ key: UInt32, _ entry: some Collection<UInt8>
    ) -> [UInt8] {
        Array("reunite-ledger-1 \(name) \(number) ".utf8) + before + Array(" \(key) ".utf8) + entry
    }
}

/// Where a file of lines ends.
struct LedgerTail: Hashable {
    var count = LedgerCount()
    /// Of the last line, in the digits in which the next one names it.
    var hash = Array(LedgerLine.start)
    /// No older keys of the hub's than of this number sign what follows; 0 for none.
    var key: UInt32 = 0
    /// The newest keys that a line has named; nil where none has.
    private(set) var named: PublicKeys?
    /// Of all whole lines, in bytes.
    var size = 0

    mutating func add(_ line: some Collection<UInt8>, key: UInt32?) {
        count.last = LedgerLine.hash(of: line)
        if count.lines == 0 { count.chain = count.last.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
        hash = Array(count.last.flatMap { String(format: "%02x", $0).utf8 })
        count.lines += 1
        self.key = key ?? self.key
        size += line.count + 1
    }
    /// A line has named keys that take the place of those before: these sign nothing behind it.
    mutating func raise(to keys: PublicKeys?) {
        guard let keys, keys.number >= key else { return }
        key = keys.number
        named = keys
    }

    /// The hub's keys that sign what follows: those in use or, where another program is about to use them, the next.
    /// Nil where the ones that were named are lost.
    func signer(in ring: KeyRing) -> DeviceKeys? {
        if let named, named.number >= ring.inUse {
            return [ring.current, ring.next].compactMap { $0 }.first { $0.publicKeys == named }
        }
        return key <= ring.inUse ? ring.current : nil
    }
}
