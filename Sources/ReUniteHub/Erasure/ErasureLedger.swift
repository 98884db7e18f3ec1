import Foundation
import ReUniteReplica
import ReUniteSync

/// The erasures that were executed, in a ledger beside the database (``LedgerFile``). A database that is put back from a
/// backup is brought up to it before it serves anybody.
struct ErasureLedger {
    let file: LedgerFile<Entry>

    init(_ files: HubFiles) {
        file = LedgerFile(folder: files.folder, name: "erasures")
    }

    struct Entry: Codable, Hashable {
        var erasure: String
        var atMilliseconds: Int64
        /// Why, as a code; what was said in words is in the database only.
        var code: String
        var requestedBy: String
        var confirmedBy: String
        var scopes: [String]
        var touching: [String]
        /// Table numbers and keys.
        var rows: [Row]

        struct Row: Codable, Hashable {
            var table: UInt16
            var key: String
        }
    }

    func append(_ entry: Entry) throws {
        try file.append([entry])
    }

    /// Every erasure that the hub signed; of a hub that is not being restored.
    func entries(_ keys: LedgerKeys) throws -> [Entry] {
        var keys = keys
        return try file.entries(&keys)
    }
}

extension ErasureLedger.Entry: LedgerEntry {
    var keyWord: Data? { nil }
    var wordless: ErasureLedger.Entry { self }
    /// Whoever goes on in spite of a ledger that was written in does not show again what was erased.
    var unproved: ErasureLedger.Entry? { self }
}
