import GRDB
package import ReUniteSync
import Synchronization

extension Replica {
    /// Applies what a delivery closes, before the delivery itself has come: scopes that left and classes that were taken
    /// away, rows that are gone, and which batches the hub has.
    ///
    /// It moves no cursor, so the delivery comes all the same and says so once more; to apply this again, or after that,
    /// changes nothing.
    ///
    /// - Throws: ``Failure`` (badData) when it is not the hub's, or for another replica; nothing changes.
    package func apply(urgent bytes: [UInt8]) throws -> DeliveryEffect {
        let delivery: Delivery
        do {
            delivery = try Delivery(decoding: bytes)
        } catch {
            throw Replica.badDelivery("it could not be read (\(error))")
        }
        guard delivery.rows.isEmpty else { throw Replica.badDelivery("it holds more than closings") }
        let nothing = DeliveryEffect(rows: 0, returned: 0, entered: [], left: [], digestMatches: true)
        let (effect, owesPurge, facts) = try transaction("Applying what was closed") {
            database -> (DeliveryEffect, Bool, ReplicaFacts) in
            var facts = try ReplicaFacts(database)
            try verify(delivery.checkpoint, facts)
            // That the hub has a batch is so wherever this replica has come to.
            try note(taken: delivery.receipts, in: facts.epoch, database)
            // What this replica has reached already it knows better: a scope may have come back since.
            guard facts.cursorEpoch == facts.epoch, delivery.checkpoint.checkpoint.position > facts.cursor else {
                return (nothing, false, facts)
            }
            _ = try seal(database, &facts)
            if try DriftRescue(database, schema, scratch: vault.folder)
                .run(closing: delivery, atMilliseconds: time.wallMilliseconds) > 0
            {
                _ = try seal(database, &facts)
            }
            let lastLook = LastLook(
                database, schema, scratch: vault.folder, comparesVersions: false,
                atMilliseconds: time.wallMilliseconds
            ) { _ = try self.seal(database, &facts) }
            let applier = try DeliveryApplier(
                database, schema: schema, digest: facts.digest, hub: facts.hubKeys, lastLook: lastLook,
                scratch: vault.folder)
            let (report, digest) = try applier.close(delivery)
            facts.digest = digest
            try facts.save(database)
            let effect = DeliveryEffect(
                rows: report.rows, returned: 0, entered: [], left: report.left, digestMatches: true)
            return (effect, report.owesPurge, facts)
        }
        let held = delivery.receipts.filter { $0.firstPosition == .zero }.map(\.batch)
        heard.withLock { $0.formUnion(held) }
        try witness(facts)
        if owesPurge { finishPurge() }
        return effect
    }
}
