import Foundation
import ReUniteReplica
import ReUniteSync

/// The erasures that were executed, in a file beside the database: a line of JSON each, opaque ids only. A database
/// that is put back from a backup is brought up to it before it serves anybody.
struct ErasureLedger {
    private let path: String

    init(_ files: HubFiles) {
        path = files.erasuresPath
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
        try DurableFile.append(Array(try encoder.encode(entry)) + [UInt8(ascii: "\n")], to: path)
    }

    /// Every whole line. The last one may be part of a line, if the hub died over it: then its erasure was not
    /// executed either.
    func entries() throws -> [Entry] {
        guard let bytes = try DurableFile.read(path, limit: 1 << 30) else { return [] }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        return try lines.filter { !$0.isEmpty }.map { line in
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
