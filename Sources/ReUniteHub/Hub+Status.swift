import ReUniteReplica
import ReUniteSync

/// A hub's health at a glance.
public struct HubStatus: Hashable, Sendable, Encodable {
    public var hub: String
    public var name: String
    public var epoch: UInt32
    public var position: Int64
    public var partners: Int
    public var devices: [Hub.Device]
    public var rows: Int
    public var batches: Int
    public var held: Int
    public var conflicts: Int
    public var quarantined: Int
    /// Purges of what left that devices have not yet signed for.
    public var purgesOwed: Int
    public var schema: Int
    /// Of the hub's own keys that are in use, with four words to compare; and how many former ones are still here.
    public var keyNumber: UInt32
    public var keyWords: String
    public var formerKeys: Int
    /// How far the newest backup reaches on which devices rely, and when it was made; nil where there is none.
    public var backedUp: Int64?
    public var backedUpMilliseconds: Int64?
    /// The ledger of batches; nil where there is none.
    public var ledger: LedgerStatus?
    /// When the oldest of each was opened or came; milliseconds since 1970, nil where there is none.
    public var oldestConflict: Int64?
    public var oldestQuarantined: Int64?
    public var oldestHeld: Int64?
    public var oldestPurgeOwed: Int64?
    /// What the network's rules want of the hub and it could not do.
    public var stuckDuties: [StuckDuty]
}

/// How much a hub holds.
package struct HubCounts: Hashable, Sendable {
    package var partners: Int
    package var rows: Int
    package var batches: Int
    package var held: Int
    package var conflicts: Int
    package var quarantined: Int
    package var oldestConflict: Int64?
    package var oldestQuarantined: Int64?
    package var oldestHeld: Int64?
    package var purgesOwed: Int
    package var oldestPurgeOwed: Int64?
}

extension Hub {
    public func status() throws -> HubStatus {
        let counts = try store.counts()
        let backup = try store.newestBackup()
        try refreshKeys()
        let ring = ring
        return HubStatus(
            hub: id.description, name: name, epoch: epoch.number, position: try store.position().rawValue,
            partners: counts.partners, devices: try devices(), rows: counts.rows, batches: counts.batches,
            held: counts.held, conflicts: counts.conflicts, quarantined: counts.quarantined,
            purgesOwed: counts.purgesOwed, schema: store.tables.version,
            keyNumber: ring.inUse, keyWords: publicKeys.words,
            formerKeys: ring.keys.count { $0.number < ring.inUse },
            backedUp: backup?.position.rawValue, backedUpMilliseconds: backup?.madeMilliseconds,
            ledger: try ledgerStatus(), oldestConflict: counts.oldestConflict,
            oldestQuarantined: counts.oldestQuarantined, oldestHeld: counts.oldestHeld,
            oldestPurgeOwed: counts.oldestPurgeOwed, stuckDuties: try stuckDuties())
    }
}
