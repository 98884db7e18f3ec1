import Foundation
import ReUniteReplica
import ReUniteSync

/// The erasures that were executed, in a ledger beside the database (``LedgerFile``). A database that is put back from a
/// backup is brought up to it before it serves anybody.
struct ErasureLedger {
    private let file: LedgerFile<Entry>

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

    /// Adds to the ledger of another folder what it lacks.
    func copy(to other: String) throws {
        try file.copy(to: other)
    }

    func entries() throws -> [Entry] {
        try file.entries(
            orDamaged: Failure(
                .configuration, what: "Opening the hub", why: "its list of erasures is damaged",
                remedy: "Put the file 'erasures' back from a copy: without it a backup could bring back a person"))
    }
}
