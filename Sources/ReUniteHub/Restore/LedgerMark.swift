import Foundation
import ReUniteReplica
import ReUniteSync

/// What a ledger of lines says of itself, in a line of its own that is signed like any other.
struct LedgerMark: Codable, Hashable {
    private var ledger: Content

    private struct Content: Codable, Hashable {
        /// The files in whose place this one stands, as far as they went.
        var follows: [Chain]?
        /// Makes a file that was written anew another one than every other.
        var salt: String?
        /// Public keys of the hub: what follows is signed with none before them.
        var keys: Data?
    }

    private struct Chain: Codable, Hashable {
        var chain: UInt64
        var lines: Int
        var last: Data
    }

    private static let beginning = Array("{\"ledger\":".utf8)

    /// Of a file that goes on where others ended.
    init(following counts: [LedgerCount]) {
        let chains = counts.map { Chain(chain: $0.chain, lines: $0.lines, last: Data($0.last)) }
        ledger = Content(follows: chains, salt: String(UInt64.random(in: .min ... .max), radix: 16), keys: nil)
    }

    init(keys: PublicKeys) {
        ledger = Content(follows: nil, salt: nil, keys: Data(keys.encoded()))
    }

    /// Nil for what is an entry.
    init?(_ entry: some Collection<UInt8>) {
        guard entry.starts(with: LedgerMark.beginning),
            let mark = try? JSONDecoder().decode(LedgerMark.self, from: Data(entry))
        else { return nil }
        self = mark
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(self))
    }

    var follows: [LedgerCount] {
        (ledger.follows ?? []).map { LedgerCount(chain: $0.chain, lines: $0.lines, last: Array($0.last)) }
    }

    var keys: PublicKeys? { ledger.keys.flatMap { try? PublicKeys(decoding: Array($0)) } }
}

extension LedgerCount {
    /// Whether a file that stands in the place of this one, so far, has all that another count names.
    func covers(_ other: LedgerCount) -> Bool {
        chain == other.chain && (lines > other.lines || lines == other.lines && last == other.last)
    }
}
