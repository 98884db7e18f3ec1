import ReUniteReplica
import ReUniteSync
import Synchronization

extension Hub {
    /// What was closed to a device that is still sending, told before its next part (amendment B22); nil where nothing was,
    /// or it has been told.
    ///
    /// To find out whether anything was is a look into an index. What it is, is worked out as for a delivery, so it is told
    /// once: the delivery at the end says it again.
    func closedMeanwhile(for device: DeviceRecord, _ request: SyncRequest) throws -> [UInt8]? {
        guard request.cursor > .zero, let newest = try store.newestClosing(to: device.id, after: request.cursor),
            toldClosings.withLock({ $0[device.id] ?? .zero }) < newest
        else { return nil }
        let from = try store.start(for: device, after: request.cursor)
        guard from == request.cursor else { return nil }
        let content = try store.delivery(for: device, after: from, want: [], echoes: false, page: { _ in })
        let audit = try store.audit(since: request.audit.size)
        let checkpoint = try checkpoint(for: device.id, at: content.position, content.digest, audit: audit.head)
        let delivery = Delivery(
            from: from, checkpoint: checkpoint, events: content.events, receipts: content.receipts,
            tombstones: content.tombstones, auditProof: audit.proof)
        toldClosings.withLock {
            if $0.count > Hub.devicesTold { $0.removeAll() }
            $0[device.id] = newest
        }
        return delivery.closings(within: Hub.inlineLimit)?.encodedHead(pages: 0)
    }

    /// Of more than so many it is forgotten what they were told, and they may be told again.
    private static let devicesTold = 10_000
}
