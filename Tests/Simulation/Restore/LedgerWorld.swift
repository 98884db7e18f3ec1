import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport

@testable import ReUniteHub

extension World {
    var ledgerFolder: String { folder.file("ledger") }

    /// Gives the hub a backup key and another folder for what it has taken. Returns the first backup.
    @discardableResult
    func keepLedger() throws -> String {
        let path = folder.file("backup-key.txt")
        _ = try hub.makeBackupKey(to: path, replaces: false)
        offlineKey = try Hub.offlineKey(in: path)
        let backup = try backUpHub()
        try hub.keepLedger(in: ledgerFolder)
        return backup
    }

    /// The files of the ledger of batches, in order.
    func ledgerFiles() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: ledgerFolder).filter {
            $0.hasPrefix("batches-") && !$0.hasSuffix("lock")
        }.sorted().map { "\(ledgerFolder)/\($0)" }
    }

    /// What the records of the ledger say, opened with the key that is nowhere at the hub.
    func ledgerGroups() throws -> [LedgerGroup] {
        guard let keys = try offlineKey?.keys() else { return [] }
        var groups: [LedgerGroup] = []
        for path in try ledgerFiles() {
            _ = try LedgerSegment.scan(path) { record, read in
                let content = try SealedBundle.open(try read(record.place), with: keys, from: hub.publicKeys).content
                groups.append(try LedgerGroup(decoding: content))
            }
        }
        return groups
    }

    /// The disk with the hub's folder is gone.
    func loseHubDisk() throws {
        try FileManager.default.removeItem(atPath: folder.file("hub"))
    }

    /// What the hub said of every batch, and where.
    func hubReceipts() throws -> [[UInt8]] {
        let database = try EngineDatabase.open(path: hubPath, role: .engine, label: "operator")
        let receipts = try database.reading { database in
            try Data.fetchAll(database, sql: "SELECT receipt FROM hub_batch ORDER BY no").map { Array($0) }
        }
        try database.close()
        return receipts
    }
}
