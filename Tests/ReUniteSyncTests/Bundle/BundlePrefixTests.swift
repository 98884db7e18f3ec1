import ReUniteSync
import Testing

@Suite("What is known of a bundle without all of it, or without its keys")
struct BundlePrefixTests {
    private let sender: DeviceKeys
    private let recipient: DeviceKeys

    init() throws {
        sender = try BundleFixtures.keys(from: 0)
        recipient = try BundleFixtures.keys(from: 100)
    }

    private func sealed(_ content: [UInt8]) throws -> [UInt8] {
        try SealedBundle.seal(
            content: content, label: BundleFixtures.label(), to: [recipient.publicKeys], signedWith: sender,
            chunkSize: 1_024)
    }

    @Test("A bundle that ends anywhere gives the beginning of its content, by whole chunks, and never the last one")
    func everyLength() throws {
        let content = BundleFixtures.content(5_000)
        let bundle = try sealed(content)
        var lengths: Set<Int> = []
        for end in 0..<bundle.count {
            guard let opened = try? SealedBundle.openPrefix(Array(bundle.prefix(end)), with: recipient) else {
                continue
            }
            #expect(content.starts(with: opened.content))
            lengths.insert(opened.content.count)
        }
        // 5,002 bytes of body are padded to 5,120: five chunks.
        #expect(lengths == [0, 1_022, 2_046, 3_070, 4_094])
        #expect(try SealedBundle.openPrefix(bundle, with: recipient).content.count == 4_094)
    }

    @Test("A changed byte ends what is given at its chunk; one in the header or the wrap gives nothing")
    func everyByte() throws {
        let content = BundleFixtures.content(2_500)
        let bundle = try sealed(content)
        let first = bundle.count - 64 - 2_560 - 3 * 16
        for index in bundle.indices {
            var changed = bundle
            changed[index] ^= 0x10
            let opened = try? SealedBundle.openPrefix(changed, with: recipient)
            if index < first {
                #expect(opened == nil, "byte \(index)")
            } else {
                let whole = min((index - first) / 1_040, 2)
                #expect(opened?.content.count == max(0, whole * 1_024 - 2), "byte \(index)")
                #expect(content.starts(with: opened?.content ?? []))
            }
        }
    }

    @Test("It opens for its recipient alone")
    func others() throws {
        let bundle = try sealed(BundleFixtures.content(3_000))
        #expect { try SealedBundle.openPrefix(bundle, with: sender) } throws: {
            ($0 as? FormatError)?.code == .notAuthentic
        }
    }

    @Test("Inspecting tells of the signature and the chunks what can be known with the keys at hand")
    func inspection() throws {
        let bundle = try sealed(BundleFixtures.content(3_000))
        let blind = try SealedBundle.inspect(bundle, sender: nil, recipient: nil)
        #expect(blind.signature == .unchecked && blind.goodChunks == nil && blind.isSound)
        #expect(blind.chunks == 3 && blind.bytes == bundle.count && blind.header.label == BundleFixtures.label())
        let full = try SealedBundle.inspect(bundle, sender: sender.publicKeys, recipient: recipient)
        #expect(full.signature == .good && full.goodChunks == 3 && full.isSound)
        #expect(try SealedBundle.inspect(bundle, sender: recipient.publicKeys, recipient: nil).signature == .bad)
        var changed = bundle
        changed[bundle.count - 64 - 20] ^= 1
        let damaged = try SealedBundle.inspect(changed, sender: sender.publicKeys, recipient: recipient)
        #expect(damaged.signature == .bad && damaged.goodChunks == 2 && !damaged.isSound)
    }

    @Test("Of a request's beginning the whole batches are kept, and what no signature of its own proves is not")
    func salvage() throws {
        let batch = SignedBatch(
            header: BundleFixtures.content(200), ops: BundleFixtures.content(300),
            signature: BundleFixtures.content(64))
        let request = SyncRequest(
            cursor: Position(9), epoch: BundleFixtures.epoch, digest: VersionDigest(), chainHead: .none,
            schemaVersion: 1,
            clock: ClockReport(
                wallMilliseconds: 1, monotonicMilliseconds: 2, boot: .zero, lastHubMilliseconds: 3,
                skewMilliseconds: 4), unsent: 0, moreFollows: false,
            want: [Tombstone(table: 3, key: BundleFixtures.device)], checkpoints: [BundleFixtures.content(150)],
            batches: [batch, batch, batch])
        let bytes = request.encoded()
        #expect(try SyncRequest(decoding: bytes) == request)
        var counts: [Int] = []
        for end in 0...bytes.count {
            let found = SyncRequest.salvage(Array(bytes.prefix(end)))
            #expect(found.batches.allSatisfy { $0 == batch } && found.checkpoints.allSatisfy { $0.count == 150 })
            if counts.last != found.batches.count { counts.append(found.batches.count) }
        }
        #expect(counts == [0, 1, 2, 3])
    }
}
