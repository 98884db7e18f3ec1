import GRDB
package import ReUniteSync

extension Replica {
    /// Notes which batches the hub has judged, from a file of receipts. Returns how many of them were news.
    ///
    /// They need not go again. Nothing else changes: what was typed stays on display, under the hub's values, until the
    /// delivery comes with which the verdicts are applied.
    func take(receipts content: [UInt8]) throws -> Int {
        let list: ReceiptList
        do {
            list = try ReceiptList(decoding: content)
        } catch {
            throw Failure(
                .badData, what: "Importing the bundle", why: "its receipts could not be read (\(error))",
                remedy: "Ask the hub operator for another; nothing was changed")
        }
        return try transaction("Importing receipts") { database in
            let note = try EngineStatement(
                database, "UPDATE ru_outbox SET taken = 1 WHERE id = ? AND state < 2 AND taken = 0")
            var news = 0
            for receipt in list.receipts {
                note.bind(1, receipt.batch.bytes)
                try note.run()
                news += database.changesCount
            }
            return news
        }
    }

    /// Inspects a bundle with what this replica knows: its hub's keys, and its own.
    package func inspect(file bytes: [UInt8]) throws(FormatError) -> SealedBundle.Inspection {
        let header = try SealedBundle.readHeader(bytes)
        let facts = try? facts()
        let sender: PublicKeys? =
            switch header.label.sender {
            case facts?.hub: facts?.hubKeys
            case facts?.device: keys.publicKeys
            default: nil
            }
        return try SealedBundle.inspect(bytes, sender: sender, recipient: keys)
    }
}
