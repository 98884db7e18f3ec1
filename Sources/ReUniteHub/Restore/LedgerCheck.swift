import Foundation
import ReUniteReplica
import ReUniteSync

/// By which lines of a ledger are believed: every key that the hub ever signed with, as far as is known.
struct LedgerKeys {
    let hub: Identifier
    private(set) var chain: HubKeyChain

    init(_ ring: KeyRing, of hub: Identifier) throws {
        self.hub = hub
        do {
            chain = try ring.chain(of: hub)
        } catch {
            throw HubFiles.damaged(error)
        }
    }

    /// Follows the hub's own word to newer keys, which stands in a line that is proved. Returns the keys that it names, if
    /// they are the hub's.
    @discardableResult
    mutating func learn(_ word: Data?) -> PublicKeys? {
        guard let word, (try? chain.follow([Array(word)], of: hub)) != nil,
            let keys = LedgerKeys.named(by: word), chain.keys(numbered: keys.number) == keys
        else { return nil }
        return keys
    }

    /// The keys that a word names, whoever said it.
    static func named(by word: Data) -> PublicKeys? {
        (try? SignedKeySuccession(decoding: Array(word)))?.succession.keys
    }
}

/// What stands in one file of lines.
struct LedgerLines {
    let path: String
    /// As they stand, whole ones only.
    private(set) var bytes: [UInt8]
    private(set) var lines: [ArraySlice<UInt8>] = []
    /// The entries that are proved, and where they end.
    private(set) var proved: [ArraySlice<UInt8>] = []
    private(set) var tail = LedgerTail()
    /// Other files in whose place this one stands, as far as they went, by what is proved.
    private(set) var follows: [LedgerCount] = []
    /// What is wrong with the first line that is not proved; nil where all are.
    private(set) var fault: Fault?

    struct Fault: Hashable {
        /// From 1.
        var line: Int
        var why: String
    }

    private static let newline = UInt8(ascii: "\n")

    /// Without looking at what stands in them. A line that was being written when the machine stopped is passed over.
    init(reading path: String) throws {
        self.path = path
        var bytes = try DurableFile.read(path, limit: 1 << 30) ?? []
        bytes.removeLast(bytes.count - (bytes.lastIndex(of: LedgerLines.newline).map { $0 + 1 } ?? 0))
        self.bytes = bytes
        lines = bytes.split(separator: LedgerLines.newline, omittingEmptySubsequences: false).dropLast()
    }

    /// Whether a program wrote it that did not sign lines yet.
    var isOld: Bool { !lines.isEmpty && lines.allSatisfy { $0.first == UInt8(ascii: "{") } }

    /// What stands in a line, whether or not it is proved.
    static func entry(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        line.firstIndex(of: UInt8(ascii: "{")).map { line[$0...] }
    }

    /// The lines behind the last one that is proved.
    var doubtful: ArraySlice<ArraySlice<UInt8>> { fault == nil ? [] : lines[tail.count.lines...] }

    /// Whether it holds all that somebody has counted, or stands in the place of one that did.
    func has(_ count: LedgerCount) -> Bool {
        if follows.contains(where: { $0.covers(count) }) { return true }
        guard tail.count.chain == count.chain, tail.count.lines >= count.lines else { return false }
        guard count.lines > 0, !count.last.isEmpty else { return true }
        return LedgerLine.hash(of: lines[count.lines - 1]) == count.last
    }

    /// Follows the lines from the first on, as far as each follows the one before and the hub has signed it.
    mutating func check(_ name: String, _ keys: inout LedgerKeys, learning word: (ArraySlice<UInt8>) -> Data?) {
        var end = LedgerTail()
        var waiting: [ArraySlice<UInt8>] = []
        for (place, line) in lines.enumerated() {
            func wrong(_ why: String, at line: Int? = nil) { fault = Fault(line: line ?? place + 1, why: why) }
            guard let read = LedgerLine(line) else {
                return wrong("the hub did not write it so, and nobody signed it")
            }
            guard read.number == place + 1 else {
                return wrong(
                    read.number > place + 1
                        ? "it is the hub's line \(read.number): lines before it are missing"
                        : "it is the hub's line \(read.number), which was moved or stands there again")
            }
            guard Array(read.before) == end.hash else {
                return wrong("the line before is not the one that the hub wrote it behind", at: max(place, 1))
            }
            guard let signature = read.signature else {
                end.add(line, key: nil)
                waiting.append(read.entry)
                continue
            }
            // Words about newer keys prove themselves, and may stand in the very lines that these have signed.
            var known = keys
            let marks = (waiting + [read.entry]).map { LedgerMark($0) }
            let words = zip(waiting + [read.entry], marks).map { $1 == nil ? known.learn(word($0)) : nil }
            let keysOfLine = signature.key >= end.key ? known.chain.keys(numbered: signature.key) : nil
            guard let keysOfLine, read.isSigned(by: keysOfLine, in: name) else {
                return wrong("it is not signed with this hub's keys of its time", at: place + 1 - waiting.count)
            }
            keys = known
            end.add(line, key: signature.key)
            for (entry, mark) in zip(waiting + [read.entry], marks) {
                if let mark { follows += mark.follows } else { proved.append(entry) }
            }
            for named in words + marks.map({ $0?.keys }) { end.raise(to: named) }
            waiting = []
            tail = end
        }
        // Whole lines that no signature follows are part of a group that was never ended, or somebody else's: they are
        // nobody's, and nothing may be signed behind them.
        lines.removeLast(waiting.count)
        bytes.removeLast(bytes.count - tail.size)
    }
}
