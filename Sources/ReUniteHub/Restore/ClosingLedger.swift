import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// What was closed to whom, in a ledger beside the database (``LedgerFile``).
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
            /// A device has new keys.
            case rekeyed
            /// The hub itself has new keys.
            case hubRekeyed
            /// A backup was made that devices rely on.
            case backedUp
            /// From this backup on devices rely on the ledger of batches too.
            case ledgered
            /// A partner was added.
            case partner
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
        /// Of a device that joined, or a partner: what the hub must know of it to go on with it.
        var name: String?
        var role: String?
        /// Of a partner.
        var code: String?
        var keys: Data?
        /// Of a device with new keys, or the hub: its word (``SignedKeySuccession``).
        var succession: Data?
        /// Of the hub with new keys: its key file, sealed to the backup key (``SealedKeys``); nil where there is none.
        var secret: Data?
    }

    init(folder: String) {
        self.folder = folder
    }

    /// The one beside an open database.
    init(beside database: Database) throws {
        let file = try String.fetchOne(database, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'")
        folder = file.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } } ?? "."
    }

    private var file: LedgerFile<Entry> { LedgerFile(folder: folder, name: "closings") }

    /// From now on every line goes to another folder too, which begins with the lines that are there; those about
    /// erasures as well.
    func mirror(to other: String) throws {
        try DurableFile.makeFolder(other)
        try copy(to: other)
        try LedgerFile<Entry>.choose(other, for: folder)
    }

    /// Adds to both files of another folder what they lack.
    func copy(to other: String) throws {
        let files = HubFiles(folder: folder)
        let mark = files.mark(of: .lines)
        try file.copy(to: other)
        try ErasureLedger(files).copy(to: other)
        files.forgetLedgerDebt(.lines, mark)
    }

    func append(_ entries: [Entry]) throws {
        try file.append(entries)
    }

    /// Every entry, by position.
    func entries() throws -> [Entry] {
        let entries = try file.entries(
            orDamaged: Failure(
                .configuration, what: "Restoring the hub", why: "its ledger of closings is damaged",
                remedy: "Put the file 'closings' back from a copy: without it a backup could show again what was closed"
            ))
        return entries.enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }
            .map(\.element)
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
