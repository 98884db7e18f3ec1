import ReUniteSync
import Testing

@Suite("A bundle in pieces")
struct BundlePiecesTests {
    private let hub = DeviceKeys.generate()
    private let device = DeviceKeys.generate()
    private let label = BundleLabel(
        id: Identifier(high: 1, low: 2), kind: .down, hub: Identifier(high: 3, low: 4),
        epoch: HubEpoch(number: 1, salt: Identifier(high: 5, low: 6)), sender: Identifier(high: 3, low: 4),
        createdMilliseconds: 1_772_366_400_000)

    private static func content(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: UInt64(count) + 1)
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    @Test(
        "Sealed in pieces of any size it opens as a whole, and its length is known before",
        arguments: [0, 1, 58, 1_023, 1_024, 1_025, 16_382, 16_384, 50_000, 131_072])
    func sealed(count: Int) throws {
        let content = BundlePiecesTests.content(count)
        for step in [1, 7, 1_000, 16_384, 200_000] where step > 1 || count < 3_000 {
            var sealer = try BundleSealer(
                contentLength: count, label: label, to: [device.publicKeys], signedWith: hub)
            var bundle = sealer.beginning
            for start in stride(from: 0, to: count, by: step) {
                bundle += try sealer.add(content[start..<min(start + step, count)])
            }
            bundle += try sealer.finish()
            #expect(bundle.count == sealer.length)
            let opened = try SealedBundle.open(bundle, with: device, from: hub.publicKeys)
            #expect(opened.content == content && opened.header.label == label)
        }
    }

    @Test("What fills a large bundle up comes in pieces too, and is what it is when it comes at once")
    func padding() throws {
        // Just above a power of two, 16 MiB are filled up with half a megabyte.
        let content = [UInt8](repeating: 7, count: 16 << 20 | 1)
        var sealer = try BundleSealer(
            contentLength: content.count, label: label, to: [device.publicKeys], signedWith: hub)
        var bundle = sealer.beginning
        bundle += try sealer.add(content)
        var pieces: [Int] = []
        while let piece = try sealer.nextEnd() {
            pieces.append(piece.count)
            bundle += piece
        }
        #expect(pieces.count > 1 && pieces.allSatisfy { $0 < 300_000 }, "\(pieces)")
        #expect(bundle.count == sealer.length)
        #expect(try SealedBundle.open(bundle, with: device, from: hub.publicKeys).content == content)
        #expect(try sealer.nextEnd() == nil)
    }

    @Test("Content of another length than was announced is not sealed")
    func wrongLength() throws {
        var sealer = try BundleSealer(contentLength: 10, label: label, to: [device.publicKeys], signedWith: hub)
        _ = try sealer.add([1, 2, 3])
        #expect(throws: FormatError.self) { try sealer.finish() }
    }

    @Test("Opened chunk by chunk it gives the same content", arguments: [0, 58, 1_025, 16_384, 50_000, 131_072])
    func opened(count: Int) throws {
        let content = BundlePiecesTests.content(count)
        let bundle = try SealedBundle.seal(
            content: content, label: label, to: [device.publicKeys], signedWith: hub)
        #expect(try BundleOpening(beginning: Array(bundle.prefix(40)), length: bundle.count, with: device) == nil)
        let opening = try #require(
            try BundleOpening(
                beginning: Array(bundle.prefix(BundleOpening.beginningLimit)), length: bundle.count, with: device))
        try opening.verify(from: hub.publicKeys) { Array(bundle[$0]) }
        var pieces = opening.content { Array(bundle[$0]) }
        var all: [UInt8] = []
        while let piece = try pieces.next() { all += piece }
        #expect(all == content)
        #expect(opening.place(ofChunk: opening.chunkCount - 1).upperBound == opening.bodyEnd)
    }

    @Test("A changed byte is found in its own chunk, and one in the trailer by the signature")
    func changed() throws {
        let bundle = try SealedBundle.seal(
            content: BundlePiecesTests.content(50_000), label: label, to: [device.publicKeys], signedWith: hub)
        let opening = try #require(
            try BundleOpening(beginning: bundle, length: bundle.count, with: device))
        for index in 0..<opening.chunkCount {
            let place = opening.place(ofChunk: index)
            var changed = Array(bundle[place])
            #expect(throws: Never.self) { try opening.open(changed[...], index: index) }
            changed[changed.count / 2] ^= 1
            #expect(throws: FormatError.self) { try opening.open(changed[...], index: index) }
        }
        #expect(throws: FormatError.self) { try opening.open(bundle[opening.place(ofChunk: 0)], index: 1) }
        var changed = bundle
        changed[bundle.count - 3] ^= 1
        #expect(throws: FormatError.self) { try opening.verify(from: hub.publicKeys) { Array(changed[$0]) } }
        #expect(throws: FormatError.self) {
            try BundleOpening(beginning: bundle, length: bundle.count, with: DeviceKeys.generate())
        }
    }
}
