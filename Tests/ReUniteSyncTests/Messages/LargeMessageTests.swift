import ReUniteSync
import TestMessages
import Testing

/// Small messages are damaged at every byte elsewhere; large ones here, at many places at random, again and again.
@Suite("A large message that was damaged is read as another one or refused, and never stops the program")
struct LargeMessageTests {
    private static let rounds = 60

    /// Damages a message many times, and reads what came of it.
    private func damage(_ message: [UInt8], _ kind: MessageKind, seed: UInt64) throws {
        #expect(try kind.read(message), "the message itself is good")
        var mutator = Mutator(generator: SeededGenerator(seed: seed))
        var refused = 0
        for round in 0..<LargeMessageTests.rounds {
            do {
                if try !kind.read(mutator.damaged(message, with: message)) { refused += 1 }
            } catch {
                Issue.record("seed \(seed), round \(round), \(kind): \(error)")
            }
        }
        // Of the beginning of a request everything can be salvaged that stands there.
        #expect(refused > 0 || kind == .salvage)
    }

    @Test("a payload of a thousand edits, or of a thousand rows", arguments: 0..<3 as Range<UInt64>)
    func payloads(seed: UInt64) throws {
        var source = RandomDeltas(seed: 900 + seed)
        let ops = source.ops(1_000)
        let head = [UInt8(ops.count >> 8), UInt8(ops.count & 255)]
        try damage(head + OpCodec.encode(ops, layout: TestLayout.sample), .ops, seed: seed)
        try damage(RowCodec.encode(source.rows(1_000), layout: TestLayout.sample), .rows, seed: seed)
    }

    @Test("a request with fifty batches, whole and by what can be salvaged of it", arguments: 0..<3 as Range<UInt64>)
    func requests(seed: UInt64) throws {
        let request = try LargeMessages.request(seed: 910 + seed).encoded()
        try damage(request, .request, seed: seed)
        try damage(request, .salvage, seed: seed)
    }

    @Test("a delivery with events, receipts and rows, whole and page by page", arguments: 0..<3 as Range<UInt64>)
    func deliveries(seed: UInt64) throws {
        let delivery = try LargeMessages.delivery(seed: 920 + seed).encoded(layout: TestLayout.sample)
        try damage(delivery, .delivery, seed: seed)
        try damage(delivery, .pages, seed: seed)
    }

    @Test("a sealed bundle of many chunks: nothing that was changed is opened, by anybody")
    func bundles() throws {
        let sender = try BundleFixtures.keys(from: 1)
        let recipient = try BundleFixtures.keys(number: 2, from: 101)
        let bundle = try SealedBundle.seal(
            content: BundleFixtures.content(200_000), label: BundleFixtures.label(), to: [recipient.publicKeys],
            signedWith: sender)
        try damage(bundle, .bundle, seed: 930)
        var mutator = Mutator(generator: SeededGenerator(seed: 931))
        for round in 0..<LargeMessageTests.rounds {
            let changed = mutator.damaged(bundle, with: bundle)
            guard changed != bundle else { continue }
            #expect(throws: FormatError.self, "round \(round)") {
                try SealedBundle.open(changed, with: recipient, from: sender.publicKeys)
            }
        }
    }
}

/// Messages as large as they are after weeks without a network.
private enum LargeMessages {
    static func request(seed: UInt64) throws -> SyncRequest {
        var source = RandomDeltas(seed: seed)
        let batches = try (0..<50).map { _ in
            let ops = try OpCodec.encode(source.ops(20), layout: TestLayout.sample)
            return SignedBatch(
                header: Array(repeating: 7, count: 150), ops: ops, signature: Array(repeating: 9, count: 64))
        }
        return SyncRequest(
            cursor: Position(912), epoch: BundleFixtures.epoch, digest: VersionDigest(), chainHead: .none,
            schemaVersion: 14,
            clock: ClockReport(
                wallMilliseconds: 1_790_000_000_000, monotonicMilliseconds: 5, boot: .zero, lastHubMilliseconds: 3,
                skewMilliseconds: -2), unsent: 1_000, moreFollows: true,
            want: (0..<40).map { _ in Tombstone(table: 3, key: source.identifier()) },
            checkpoints: (0..<4).map { _ in Array(repeating: 5, count: 180) }, batches: batches)
    }

    static func delivery(seed: UInt64) throws -> Delivery {
        var source = RandomDeltas(seed: seed)
        let hub = try BundleFixtures.keys(from: 1)
        let checkpoint = try Checkpoint(
            hub: BundleFixtures.hub, epoch: BundleFixtures.epoch, device: BundleFixtures.device,
            position: Position(2_000), issuedMilliseconds: 1_790_000_000_000, digest: VersionDigest(), audit: nil
        ).signed(with: hub)
        var delivery = Delivery(from: Position(912), checkpoint: checkpoint)
        delivery.events = (0..<100).map { _ in
            ScopeEvent(
                kind: .enter, scope: source.identifier(), epoch: Position(900), readMask: 7, writeMask: 3)
        }
        delivery.tombstones = (0..<100).map { _ in Tombstone(table: 5, key: source.identifier()) }
        delivery.rows = source.rows(500)
        return delivery
    }
}
