package import ReUniteSync
import Synchronization

/// As much of a hub as a replica can see: keys, positions, signed checkpoints, deliveries.
package final class TestHub: Sendable {
    package let id = Identifier(high: 0x4855_4200_0000_7000, low: 0x8000_0000_0000_0001)
    package let epoch = HubEpoch(number: 1, salt: Identifier(high: 0x5A17, low: 0x5A17))
    package let keys = DeviceKeys.generate()
    private let position = Mutex<Int64>(40)

    package init() {}

    /// The position of the newest thing that the hub has decided.
    package var head: Position { Position(position.withLock { $0 }) }

    /// Takes the next position.
    package func advance() -> Position {
        Position(
            position.withLock {
                $0 += 1
                return $0
            })
    }

    package func checkpoint(
        for device: Identifier, at position: Position? = nil, digest: VersionDigest = VersionDigest(),
        terms: DeviceTerms = DeviceTerms()
    ) throws -> SignedCheckpoint {
        try Checkpoint(
            hub: id, epoch: epoch, device: device, position: position ?? head,
            issuedMilliseconds: 1_772_366_000_000, digest: digest,
            audit: AuditHead(size: 1, root: TestHub.root), terms: terms
        ).signed(with: keys)
    }

    /// Of an audit log that says nothing more.
    private static let root = MerkleTree.leaf([])

    /// What the hub says when it takes the device in.
    package func answer(device: Identifier, partner: Identifier) throws -> EnrolAnswer {
        let ticketKey = try TicketKey(bytes: Array(repeating: 9, count: 32))
        return EnrolAnswer(
            device: device, partner: partner, partnerCode: "LIB", partnerName: "The library", role: "office", hub: id,
            hubName: "Test hub", hubEpoch: epoch, hubKeys: keys.publicKeys,
            firstTicket: Ticket(number: 1, device: device, keyNumber: 1, key: ticketKey),
            firstCheckpoint: try checkpoint(for: device).bytes)
    }
}
