import Foundation
import ReUniteReplica
import ReUniteSync

/// The erasures that were executed, in a file beside the database, and with `hub serve --ledger` in another folder too: a
/// line of JSON each, opaque ids only. A database that is put back from a backup is brought up to it before it serves anybody.
struct ErasureLedger {
    static let name = "/erasures"
    private let folder: String

    init(_ files: HubFiles) {
        folder = files.folder
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
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let line = Array(try encoder.encode(entry)) + [UInt8(ascii: "\n")]
        for path in try ClosingLedger.paths(of: ErasureLedger.name, in: folder) {
            try DurableFile.append(line, to: path)
        }
    }

    /// Every whole line of all its files. The last one may be part of a line, if the hub died over it: then its erasure was not
    /// executed either.
    func entries() throws -> [Entry] {
        var seen = Set<ArraySlice<UInt8>>()
        var lines: [ArraySlice<UInt8>] = []
        for path in try ClosingLedger.paths(of: ErasureLedger.name, in: folder) {
            let bytes = try DurableFile.read(path, limit: 1 << 30) ?? []
            for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            where !line.isEmpty && seen.insert(line).inserted {
                lines.append(line)
            }
        }
        return try lines.map { line in
            do {
                return try JSONDecoder().decode(Entry.self, from: Data(line))
            } catch {
                throw Failure(
                    .configuration, what: "Opening the hub", why: "its list of erasures is damaged",
                    remedy: "Put the file 'erasures' back from a copy: without it a backup could bring back a person")
            }
        }
    }
}
