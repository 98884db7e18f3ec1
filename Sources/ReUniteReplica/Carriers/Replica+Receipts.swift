import GRDB
package import ReUniteSync
import Synchronization

extension Replica {
    /// Whether anything is in the outbox that the hub has not judged.
    func waitsForWord(_ database: Database) throws -> Bool {
        try Int.fetchOne(database, sql: "SELECT 1 FROM ru_outbox WHERE state < 2 LIMIT 1") != nil
    }

    /// Of `ru_outbox`, what the hub has not judged and has not said that it has: an SQL condition.
    static let isUnsent = "state < 2 AND taken IS NOT (SELECT value FROM ru_meta WHERE name = 'epoch_salt')"

    /// Notes which batches the hub has judged, from a file of receipts. Returns how many of them were news.
    ///
    /// They need not go again in this epoch: a hub that was put back from a backup may not have them any more. Nothing
    /// else changes: what was typed stays on display, under the hub's values, until the delivery comes with which the
    /// verdicts are applied.
    ///
    /// - Parameter epoch: in which the hub said so.
    func take(receipts content: [UInt8], in epoch: HubEpoch) throws -> Int {
        let list: ReceiptList
        do {
            list = try ReceiptList(decoding: content)
        } catch {
            throw Failure(
                .badData, what: "Importing the bundle", why: "its receipts could not be read (\(error))",
                remedy: "Ask the hub operator for another; nothing was changed")
        }
        return try transaction("Importing receipts") { try note(taken: list.receipts, in: epoch, $0) }
    }

    /// Notes that the hub has these batches. Returns of how many that was news.
    @discardableResult
    func note(taken receipts: [Receipt], in epoch: HubEpoch, _ database: Database) throws -> Int {
        let note = try EngineStatement(
            database, "UPDATE ru_outbox SET taken = ?1 WHERE id = ?2 AND state < 2 AND taken IS NOT ?1")
        var news = 0
        for receipt in receipts {
            note.bind(1, epoch.salt)
            note.bind(2, receipt.batch.bytes)
            try note.run()
            news += database.changesCount
        }
        return news
    }

    /// Once nothing is new any more, every verdict on what the hub has is here, unless it waits for the hub's own upgrade,
    /// or the hub said in this very sync that it holds it. So what the hub said that it has, and says nothing of, it has
    /// lost: it goes out once more.
    func forgetUnfoundedWords(_ facts: ReplicaFacts, _ database: Database) throws {
        // Where this comes to nothing, the next sync hears of it again.
        let heard = heard.withLock { batches in
            defer { batches = [] }
            return batches
        }
        guard facts.hubSchema >= schema.version else { return }
        let batches = try EngineStatement(database, "SELECT id FROM ru_outbox WHERE state < 2 AND taken IS NOT NULL")
        var unfounded: [BatchID] = []
        while try batches.step() {
            if let id = BatchID(bytes: batches.blob(0)), !heard.contains(id) { unfounded.append(id) }
        }
        guard !unfounded.isEmpty else { return }
        let forget = try EngineStatement(database, "UPDATE ru_outbox SET taken = NULL WHERE id = ?1")
        for id in unfounded {
            forget.bind(1, id.bytes)
            try forget.run()
        }
    }

    /// Inspects a bundle with what this replica knows: its hub's keys, and its own.
    package func inspect(file: BundleSource) throws -> SealedBundle.Inspection {
        let header = try SealedBundle.readHeader(try file.beginning())
        let facts = try? facts()
        let ring = (try? keyRing()) ?? keptRing
        let sender: PublicKeys? =
            switch header.label.sender {
            case facts?.hub: facts?.hubChain.keys(numbered: header.senderKeyNumber)
            case facts?.device: ring?.keys(numbered: header.senderKeyNumber)?.publicKeys
            default: nil
            }
        return try file.inspection(sender: sender, recipient: ring?.keys(named: header.recipients))
    }
}
