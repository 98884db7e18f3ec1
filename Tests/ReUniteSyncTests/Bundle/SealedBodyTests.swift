import Testing

@testable import ReUniteSync

@Suite("A batch that only the hub can read")
struct SealedBodyTests {
    private let hub = DeviceKeys.generate()
    private let device = DeviceKeys.generate()
    private let batch = BatchID(hashing: [1, 2, 3])

    @Test("The hub opens what was sealed to it, whatever its size", arguments: [0, 1, 100, 100_000])
    func roundTrip(size: Int) throws {
        let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let sealed = try SealedBody.seal(body, of: batch, to: hub.publicKeys)
        #expect(sealed.count == size + SealedBody.overhead)
        #expect(try SealedBody.open(sealed, of: batch, with: hub) == body)
    }

    @Test("The device that sealed it cannot open it")
    func notItsAuthor() throws {
        let sealed = try SealedBody.seal([1, 2, 3], of: batch, to: hub.publicKeys)
        #expect(throws: FormatError.self) { try SealedBody.open(sealed, of: batch, with: device) }
    }

    @Test("A change of any byte, another batch, or a cut is noticed")
    func damage() throws {
        let sealed = try SealedBody.seal([1, 2, 3, 4], of: batch, to: hub.publicKeys)
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: FormatError.self) { try SealedBody.open(changed, of: batch, with: hub) }
            #expect(throws: FormatError.self) {
                try SealedBody.open(Array(sealed[..<index]), of: batch, with: hub)
            }
        }
        #expect(throws: FormatError.self) { try SealedBody.open(sealed, of: BatchID(hashing: [9]), with: hub) }
    }

    @Test("A request carries sealed and plain batches, and purge receipts, there and back")
    func request() throws {
        let plain = SignedBatch(header: [1], ops: [2, 3], signature: Array(repeating: 4, count: 64))
        let request = SyncRequest(
            cursor: Position(7), epoch: HubEpoch(number: 1, salt: .zero), digest: VersionDigest(), chainHead: .none,
            schemaVersion: 1,
            clock: ClockReport(
                wallMilliseconds: 1, monotonicMilliseconds: 2, boot: .zero, lastHubMilliseconds: 3, skewMilliseconds: 4),
            unsent: 0, moreFollows: false, want: [], checkpoints: [],
            batches: [plain, try plain.sealed(to: hub.publicKeys)], purges: [try receipt().bytes], owesPurge: true)
        let read = try SyncRequest(decoding: request.encoded())
        #expect(read == request)
        #expect(read.batches.map(\.isSealed) == [false, true])
        #expect(try read.batches[1].opened(with: hub) == plain)
        #expect(throws: FormatError.self) { try read.batches[1].verifiedHeader() }
    }

    @Test("A purge receipt proves itself, and not when anything of it was changed")
    func purgeReceipt() throws {
        let signed = try receipt()
        #expect(try SignedPurgeReceipt(decoding: signed.bytes) == signed)
        #expect(signed.isAuthentic(signedBy: device.publicKeys))
        #expect(!signed.isAuthentic(signedBy: hub.publicKeys))
        for index in signed.bytes.indices {
            var changed = signed.bytes
            changed[index] ^= 1
            let read = try? SignedPurgeReceipt(decoding: changed)
            #expect(read?.isAuthentic(signedBy: device.publicKeys) != true)
        }
    }

    private func receipt() throws -> SignedPurgeReceipt {
        try PurgeReceipt(
            hub: Identifier(high: 1, low: 2), hubEpoch: HubEpoch(number: 1, salt: .zero),
            device: Identifier(high: 3, low: 4), scope: Identifier(high: 5, low: 6), epoch: Position(10),
            purged: Position(20), cursor: Position(21), digest: VersionDigest(), rows: 6, isClean: true,
            milliseconds: 1_772_366_400_000
        ).signed(with: device)
    }
}
