import ReUniteReplica
import ReUniteSync
import TestSupport

@testable import ReUniteHub

/// Sealed batches on their way by another carrier than the network: a stick in a pocket. They may arrive late, out of
/// order, and more than once.
struct Stick {
    struct Item {
        let batch: SignedBatch
        /// Signed checkpoints that go along as proof of what the batch is based on.
        let proofs: [[UInt8]]
    }

    private(set) var items: [Item]

    /// Takes what a device has not had a verdict on. The device goes on sending it over the network too.
    init(from device: Device) throws {
        let outgoing = try device.replica.nextRequest(after: 0, limit: .max)
        items = outgoing.request.batches.map { Item(batch: $0, proofs: outgoing.request.checkpoints) }
    }

    /// One batch that was on a stick before.
    init(_ item: Item) {
        items = [item]
    }

    /// The copy was not complete.
    mutating func loseFirst() {
        items = Array(items.dropFirst())
    }

    mutating func shuffle(using generator: inout some RandomNumberGenerator) {
        items.shuffle(using: &generator)
    }

    /// The stick is plugged in at the hub, which checks what the network's way in checks.
    @discardableResult
    func deliver(to world: World) throws -> [AcceptOutcome] {
        try items.map { try Stick.deliver($0, to: world.hub, atMilliseconds: world.hubTime.wallMilliseconds) }
    }

    static func deliver(_ item: Item, to hub: Hub, atMilliseconds now: Int64) throws -> AcceptOutcome {
        let batch = try hub.opened(item.batch)
        let header = try batch.verifiedHeader()
        guard let device = try hub.store.device(header.device), let keys = device.keys[header.keyNumber],
            batch.isAuthentic(signedBy: keys)
        else {
            throw Failure(.badData, what: "Taking a batch", why: "its signature does not fit", remedy: "Nothing")
        }
        let proofs = try item.proofs.map { try SignedCheckpoint(decoding: $0) }.filter {
            hub.chain.signed($0) && $0.checkpoint.device == device.id
        }
        return try hub.store.accept(
            batch, from: .device(device), proofs: proofs, noting: nil, atMilliseconds: now)
    }
}
