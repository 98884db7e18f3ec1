import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// What a hub must never forget, in a file beside its database and, with `hub serve --ledger`, in another folder too: a
/// line of JSON each, opaque ids only, on disk before what it records is acknowledged.
///
/// A database that is put back from a backup is brought up to it before it serves anybody, so that nothing is shown again
/// to whom it was closed (`docs/restore.md`). Erasures have a file of their own (``ErasureLedger``).
package struct ClosingLedger {
    private let folder: String

    /// One line.
    package struct Entry: Codable, Hashable {
        package enum Kind: String, Codable {
            /// Classes of a scope were closed to a partner, or to one of its field devices.
            case closed
            /// Classes that had been closed were opened again.
            case opened
            /// A row rose to a class that not everyone may read who had it.
            case hidden
            case revoked
            /// A device has joined: its one-time code is used up.
            case enrolled
        }

        var kind: Kind
        var position: Int64
        var atMilliseconds: Int64
        var partner: String?
        var device: String?
        var scope: String?
        var mask: UInt64?
        var table: UInt16?
        var row: String?
        /// Of a device that joined: what the hub must know of it to go on with it.
        var name: String?
        var role: String?
        var keys: Data?
    }

    init(folder: String) {
        self.folder = folder
    }

    /// The one beside an open database.
    init(beside database: Database) throws {
        let file = try String.fetchOne(database, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'")
        folder = file.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } } ?? "."
    }

    private static let name = "/closings"

    /// The files in which a ledger of a hub's folder is kept: there, and in the folder that was chosen beside it.
    static func paths(of name: String, in folder: String) throws -> [String] {
        let chosen = try DurableFile.read(folder + "/ledger-folder").map { String(decoding: $0, as: UTF8.self) }
        return [folder + name] + (chosen.map { [$0 + name] } ?? [])
    }

    private func paths() throws -> [String] {
        try ClosingLedger.paths(of: ClosingLedger.name, in: folder)
    }

    /// From now on every line goes to another folder too, which begins with the lines that are there; those about
    /// erasures as well.
    func mirror(to other: String) throws {
        try DurableFile.makeFolder(other)
        for name in [ClosingLedger.name, ErasureLedger.name] {
            let known = Set(try lines(in: other + name))
            let missing = try lines(in: folder + name).filter { !known.contains($0) }
            guard !missing.isEmpty else { continue }
            try DurableFile.append(Array(missing.joined(separator: [newline]) + [newline]), to: other + name)
        }
        try DurableFile.write(Array(other.utf8), to: folder + "/ledger-folder")
    }

    func append(_ entries: [Entry]) throws {
        guard !entries.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        var bytes: [UInt8] = []
        for entry in entries { bytes += Array(try encoder.encode(entry)) + [newline] }
        for path in try paths() { try DurableFile.append(bytes, to: path) }
    }

    /// Every whole line of all its files, by position. The last line of a file may be part of one, if the hub died over
    /// it: then what it recorded was never acknowledged.
    func entries() throws -> [Entry] {
        var seen = Set<ArraySlice<UInt8>>()
        var entries: [Entry] = []
        for path in try paths() {
            for line in try lines(in: path) where seen.insert(line).inserted {
                do {
                    entries.append(try JSONDecoder().decode(Entry.self, from: Data(line)))
                } catch {
                    throw Failure(
                        .configuration, what: "Restoring the hub", why: "its ledger of closings is damaged",
                        remedy:
                            "Put the file 'closings' back from a copy: without it a backup could show again what was closed"
                    )
                }
            }
        }
        return entries.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
            .map(\.element)
    }

    private var newline: UInt8 { UInt8(ascii: "\n") }

    private func lines(in path: String) throws -> [ArraySlice<UInt8>] {
        guard let bytes = try DurableFile.read(path, limit: 1 << 30) else { return [] }
        return bytes.split(separator: newline, omittingEmptySubsequences: false).dropLast().filter { !$0.isEmpty }
    }
}

extension HubTransaction {
    /// Notes what is to go into the ledger with this transaction.
    func note(
        closing kind: ClosingLedger.Entry.Kind, of scope: Identifier, mask: UInt64, to subscription: Int64,
        at position: Position
    ) throws {
        let reader = try Row.fetchOne(
            database, sql: "SELECT partner, device FROM hub_sub WHERE no = ?", arguments: [subscription])
        guard let reader else { return }
        let device: DatabaseValue = reader["device"]
        closings.append(
            ClosingLedger.Entry(
                kind: kind, position: position.rawValue, atMilliseconds: now,
                partner: reader.identifier("partner").description,
                device: device.isNull ? nil : reader.identifier("device").description, scope: scope.description,
                mask: mask))
    }
}
