import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// Looks for words in the raw bytes of a replica: in the database, its log and its index, in the folder with the keys,
/// in files beside it that a programme may have left, and in what the outbox holds deflated.
///
/// A word is looked for as UTF-8 and as UTF-16 in both orders, wherever it stands.
package enum FileScan {
    /// The words that are somewhere in the replica's files, each with the place where it was found.
    package static func find(_ words: [String], ofReplica path: String) throws -> [String] {
        let url = URL(fileURLWithPath: path)
        let folder = url.deletingLastPathComponent()
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
        where name.hasPrefix(url.lastPathComponent) {
            for file in try files(under: folder.appending(path: name)) {
                let bytes = [UInt8](try Data(contentsOf: file))
                for word in words where contains(bytes, word) { found.append("\(word) in \(file.lastPathComponent)") }
            }
        }
        for word in try words.filter({ try isInOutbox($0, path) }) { found.append("\(word) in the outbox") }
        return found
    }

    /// Whether bytes hold a word in any of the encodings.
    package static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        let data = Data(bytes)
        let wide = word.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let other = word.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        return [Array(word.utf8), wide, other].contains { data.range(of: Data($0)) != nil }
    }

    private static func files(under url: URL) throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else { return [] }
        guard isFolder.boolValue else { return [url] }
        return try FileManager.default.subpathsOfDirectory(atPath: url.path).sorted()
            .map { url.appending(path: $0) }.filter { !$0.hasDirectoryPath }
    }

    /// Bodies are deflated, so that no search of the file finds what is in them; sealed ones have nothing to be found.
    private static func isInOutbox(_ word: String, _ path: String) throws -> Bool {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: path, configuration: configuration)
        defer { try? database.close() }
        return try database.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT ops, op_count, sealed FROM ru_outbox")
            return try rows.contains { row in
                if contains(row.bytes("sealed"), word) { return true }
                return try OpCodec.decode(row.bytes("ops"), expecting: Int(row["op_count"] as Int64)).contains { op in
                    (op.values + [op.from]).contains { value in
                        switch value {
                        case .text(let text): text.contains(word)
                        case .blob(let bytes): contains(bytes, word)
                        default: false
                        }
                    }
                }
            }
        }
    }
}
