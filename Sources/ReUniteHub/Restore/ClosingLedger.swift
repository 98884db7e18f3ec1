import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync

/// What was closed to whom, in a ledger beside the database (``LedgerFile``).
///
/// A database that is put back from a backup is brought up to it before it serves anybody, so that nothing is shown again
/// to whom it was closed (`docs/restore.md`). Erasures have a file of their own (``ErasureLedger``).
package struct ClosingLedger {
    let folder: String
    /// In whose transaction lines are written, and counted; nil for what is written outside of one.
    private let database: Database?

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
            /// A partner has left the network.
            case ended
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
        database = nil
    }

    /// The one beside an open database.
    init(beside database: Database) throws {
        let file = try String.fetchOne(database, sql: "SELECT file FROM pragma_database_list WHERE name = 'main'")
        folder = file.flatMap { path in path.lastIndex(of: "/").map { String(path[..<$0]) } } ?? "."
        self.database = database
    }

    var file: LedgerFile<Entry> { LedgerFile(folder: folder, name: "closings") }

    /// Brings both files of another folder up to the hub's own.
    ///
    /// - Throws: ``Failure`` where somebody else wrote in one of them.
    func copy(to other: String, _ keys: LedgerKeys) throws {
        let files = HubFiles(folder: folder)
        let mark = files.mark(of: .lines)
        try file.copy(to: other, keys)
        try ErasureLedger(files).file.copy(to: other, keys)
        files.forgetLedgerDebt(.lines, mark)
    }

    func append(_ entries: [Entry]) throws {
        let count = try file.append(entries)
        if let database { try count.note(database) }
    }

    /// Every entry that the hub signed, by position; of a hub that is not being restored.
    func entries(_ keys: LedgerKeys) throws -> [Entry] {
        var keys = keys
        return try file.entries(&keys).byPosition
    }
}

extension [ClosingLedger.Entry] {
    /// By position; those of one as they were written.
    var byPosition: [ClosingLedger.Entry] {
        enumerated().sorted { ($0.element.position, $0.offset) < ($1.element.position, $1.offset) }.map(\.element)
    }
}

extension ClosingLedger.Entry: LedgerEntry {
    var keyWord: Data? { kind == .hubRekeyed ? succession : nil }

    var wordless: ClosingLedger.Entry {
        var entry = self
        (entry.succession, entry.secret) = (nil, nil)
        return entry
    }

    var unproved: ClosingLedger.Entry? {
        guard [.closed, .hidden, .revoked, .ended].contains(kind) else { return nil }
        return ClosingLedger.Entry(
            kind: kind, position: position, atMilliseconds: atMilliseconds, partner: partner, device: device,
            scope: scope, mask: mask, table: table, row: row)
    }
}

extension LedgerCount {
    /// How many lines of closings there were when a copy of the database was made; nil before they were counted.
    static func noted(_ database: Database) throws -> LedgerCount? {
        func number(_ name: String) throws -> Int64? {
            try Int64.fetchOne(database, sql: "SELECT value FROM hub_meta WHERE name = ?", arguments: [name])
        }
        guard let chain = try number("closings_file"), let lines = try number("closings_lines") else { return nil }
        let last = try Data.fetchOne(database, sql: "SELECT value FROM hub_meta WHERE name = 'closings_last'")
        return LedgerCount(chain: UInt64(bitPattern: chain), lines: Int(lines), last: Array(last ?? Data()))
    }

    func note(_ database: Database) throws {
        let values: [(String, DatabaseValue)] = [
            ("closings_file", Int64(bitPattern: chain).databaseValue), ("closings_lines", Int64(lines).databaseValue),
            ("closings_last", Data(last).databaseValue),
        ]
        for (name, value) in values {
            try database.cachedStatement(
                sql: """
                    INSERT INTO hub_meta(name, value) VALUES(?, ?)
                    ON CONFLICT(name) DO UPDATE SET value = excluded.value
                    """
            ).execute(arguments: [name, value])
        }
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
