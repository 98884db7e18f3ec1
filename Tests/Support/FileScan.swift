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
        let name = URL(fileURLWithPath: path).lastPathComponent
        let folder = try copy(ofReplica: path)
        var found: [String] = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted() {
            guard let bytes = FileManager.default.contents(atPath: folder.file(file)).map({ [UInt8]($0) }) else {
                continue
            }
            for word in words where contains(bytes, word) { found.append("\(word) in \(file)") }
        }
        for word in try words.filter({ try isInOutbox($0, folder.file(name)) }) {
            found.append("\(word) in the outbox")
        }
        return found
    }

    /// The same for a hub's folder: its database with the log, deliveries, keys and lists, and what stored and held
    /// batches hold deflated.
    package static func find(_ words: [String], ofHub folder: String) throws -> [String] {
        let name = URL(fileURLWithPath: folder).lastPathComponent
        let copy = try copy(ofReplica: folder)
        var found: [String] = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: copy.path).sorted() {
            guard let bytes = FileManager.default.contents(atPath: copy.file(file)).map({ [UInt8]($0) }) else {
                continue
            }
            for word in words where contains(bytes, word) { found.append("\(word) in \(file)") }
        }
        let database = try DatabaseQueue(path: copy.file("\(name)/hub.sqlite"))
        defer { try? database.close() }
        let values = try database.read { database in
            try Row.fetchAll(
                database, sql: "SELECT ops, op_count FROM hub_batch UNION ALL SELECT ops, op_count FROM hub_hold"
            ).flatMap { row in
                try OpCodec.decode(row.bytes("ops"), expecting: Int(row["op_count"] as Int64))
                    .flatMap { $0.values + [$0.from] }
            }
        }
        for word in words where values.contains(where: { holds($0, word) }) { found.append("\(word) in a batch") }
        return found
    }

    private static func holds(_ value: Value, _ word: String) -> Bool {
        switch value {
        case .text(let text): text.contains(word)
        case .blob(let bytes): contains(bytes, word)
        default: false
        }
    }

    /// Whether bytes hold a word in any of the encodings.
    package static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
        let data = Data(bytes)
        let wide = word.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let other = word.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
        return [Array(word.utf8), wide, other].contains { data.range(of: Data($0)) != nil }
    }

    /// Copies every file whose name begins with the replica's, in a process of its own: closing a file drops all locks
    /// that this process has on it, and another program would then take the replica for unused.
    private static func copy(ofReplica path: String) throws -> TemporaryFolder {
        // What SQLite keeps beside a file may go between being listed and being copied: once more then.
        for _ in 0..<5 {
            let folder = try TemporaryFolder()
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "cp -R \"$0\"* \"$1\"", path, folder.path]
            try process.run()
            process.waitUntilExit()
            if process.terminationStatus == 0 { return folder }
        }
        throw FormatError(.malformed, "copy of the replica")
    }

    /// Bodies are deflated, so that no search of the file finds what is in them; sealed ones have nothing to be found.
    private static func isInOutbox(_ word: String, _ path: String) throws -> Bool {
        let database = try DatabaseQueue(path: path)
        defer { try? database.close() }
        return try database.read { database in
            let rows = try Row.fetchAll(database, sql: "SELECT ops, op_count, sealed FROM ru_outbox")
            return try rows.contains { row in
                if contains(row.bytes("sealed"), word) { return true }
                return try OpCodec.decode(row.bytes("ops"), expecting: Int(row["op_count"] as Int64)).contains { op in
                    (op.values + [op.from]).contains { holds($0, word) }
                }
            }
        }
    }
}
