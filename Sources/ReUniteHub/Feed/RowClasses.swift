import GRDB
import ReUniteReplica
import ReUniteSync

/// Puts rows that carry their own class into the one that their values give them, once all that one transaction judges
/// is judged.
///
/// Within a batch such a row stays in the class that it had, or as a new row in its table's, which protects most; so
/// nothing is ever in a feed by a value that held for one op only.
struct RowClasses {
    private let transaction: HubTransaction

    init(_ transaction: HubTransaction) {
        self.transaction = transaction
    }

    /// Moves the rows whose class has changed, at the transaction's newest position. Part of saving it.
    func settle() throws {
        let moved = transaction.takeUnclassified()
        guard !moved.isEmpty else { return }
        let feed = try FeedStore(transaction)
        let grants = try GrantStore(transaction, feed: feed)
        for key in moved {
            guard let table = transaction.schema.tables[key.table],
                var row = try transaction.rows.row(key.table, key.key), row.isAlive,
                let values = try transaction.values(of: table, key.key)
            else { continue }
            // What had been hidden when the hub was lost stays so until what hid it has come back.
            let now =
                try RestoredAccess(transaction).isHidden(key)
                ? table.disclosureClass : transaction.schema.disclosureClass(of: table, showing: values)
            let before = row.disclosureClass
            guard now != before else { continue }
            row.disclosureClass = now
            row.classed = transaction.position
            try transaction.rows.save(row)
            let losers = try feed.reclassified(
                row, from: before, grants: try grants.open(on: row.scope), at: transaction.position)
            if !losers.isEmpty {
                transaction.closings.append(
                    ClosingLedger.Entry(
                        kind: .hidden, position: transaction.position.rawValue, atMilliseconds: transaction.now,
                        table: row.table, row: row.key.description))
            }
            for loser in losers {
                try PurgeStore(transaction).owe(loser, hidden: row, from: before)
                // What was packed for it shows the row.
                try transaction.database.voidDeliveries(to: loser)
            }
        }
    }
}

extension FeedStore {
    /// Moves a living row from one class to another: to the end of the feed of everyone who gains or loses it. Who
    /// loses it is told that it is gone. Returns the subscriptions that lose it.
    func reclassified(
        _ row: HubRow, from before: UInt8, grants: [GrantStore.Grant], at position: Position
    ) throws -> [Int64] {
        guard let leaf = row.leaf else { return [] }
        var losers: [Int64] = []
        var arrived = VersionDigest()
        arrived.add(leaf)
        var gone = VersionDigest()
        gone.remove(leaf)
        try add(gone, to: row.scope, class: before)
        try add(arrived, to: row.scope, class: row.disclosureClass)
        for grant in grants {
            let had = grant.readMask & (1 << UInt64(before)) != 0
            let has = grant.readMask & (1 << UInt64(row.disclosureClass)) != 0
            guard had != has else { continue }
            try add(has ? arrived : gone, to: grant.subscription)
            try mark(row, in: grant.subscription, at: position)
            if had { losers.append(grant.subscription) }
        }
        return losers
    }
}
