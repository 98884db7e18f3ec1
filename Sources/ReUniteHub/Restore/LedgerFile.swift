import Foundation
import ReUniteReplica
import ReUniteSync

/// What a hub must never forget, a line of JSON each, opaque ids only: in a file of its folder and, with
/// `hub serve --ledger`, in another folder too. It is on the hub's own disk before what it records counts. Where the other
/// disk is full or gone, what it lacks is owed to it, and nothing is level 3 until it has it
/// (`docs/decisions/0070-accepted-batches-in-the-ledger.md`).
struct LedgerFile<Entry: Codable> {
    /// The hub's.
    let folder: String
    let name: String

    /// Chooses the other folder of all ledgers of a hub.
    static func choose(_ other: String, for folder: String) throws {
        try DurableFile.write(Array(other.utf8), to: folder + "/ledger-folder")
    }

    /// The other folder; nil where none was chosen.
    static func chosen(for folder: String) throws -> String? {
        try DurableFile.read(folder + "/ledger-folder").map { String(decoding: $0, as: UTF8.self) }
    }

    private func paths() throws -> [String] {
        [folder, try LedgerFile.chosen(for: folder)].compactMap { $0 }.map { "\($0)/\(name)" }
    }

    func append(_ entries: [Entry]) throws {
        guard !entries.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var bytes: [UInt8] = []
        for entry in entries { bytes += Array(try encoder.encode(entry)) + [newline] }
        let paths = try paths()
        try DurableFile.append(bytes, to: paths[0])
        for path in paths.dropFirst() {
            do {
                try DurableFile.append(bytes, to: path)
            } catch {
                try HubFiles(folder: folder).noteLedgerDebt(.lines)
            }
        }
    }

    /// Adds to the file of another folder the lines that it lacks.
    func copy(to other: String) throws {
        try cutTornLine(of: "\(other)/\(name)")
        let known = Set(try lines(in: "\(other)/\(name)"))
        let missing = try lines(in: "\(folder)/\(name)").filter { !known.contains($0) }
        guard !missing.isEmpty else { return }
        try DurableFile.append(Array(missing.joined(separator: [newline]) + [newline]), to: "\(other)/\(name)")
    }

    /// Every whole line of all its files, each once. The last line of a file may be part of one, if the hub died over it:
    /// then what it recorded was never acknowledged.
    ///
    /// - Throws: what is given for a line that cannot be read.
    func entries(orDamaged damaged: @autoclosure () -> Failure) throws -> [Entry] {
        var seen = Set<ArraySlice<UInt8>>()
        var entries: [Entry] = []
        for path in try paths() {
            for line in try lines(in: path) where seen.insert(line).inserted {
                do {
                    entries.append(try JSONDecoder().decode(Entry.self, from: Data(line)))
                } catch {
                    throw damaged()
                }
            }
        }
        return entries
    }

    /// Takes away part of a line at the end of a file: what follows would be damaged by it.
    private func cutTornLine(of path: String) throws {
        guard let bytes = try DurableFile.read(path, limit: 1 << 30), !bytes.isEmpty, bytes.last != newline else {
            return
        }
        try PartialFile(path).truncate(to: bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0)
    }

    private var newline: UInt8 { UInt8(ascii: "\n") }

    private func lines(in path: String) throws -> [ArraySlice<UInt8>] {
        guard let bytes = try DurableFile.read(path, limit: 1 << 30) else { return [] }
        return bytes.split(separator: newline, omittingEmptySubsequences: false).dropLast().filter { !$0.isEmpty }
    }
}
