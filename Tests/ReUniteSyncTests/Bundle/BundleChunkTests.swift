import Crypto
import Testing

@testable import ReUniteSync

/// Here the signature is made good again after each change, so that it is the sealing alone that must refuse.
@Suite("Chunks of a bundle")
struct BundleChunkTests {
    private let sender: DeviceKeys
    private let recipient: DeviceKeys
    private let sealed: [UInt8]
    private let layout: BundleLayout

    init() throws {
        sender = try BundleFixtures.keys(from: 0)
        recipient = try BundleFixtures.keys(number: 2, from: 80)
        sealed = try SealedBundle.seal(
            content: BundleFixtures.content(4_000), label: BundleFixtures.label(), to: [recipient.publicKeys],
            signedWith: sender, chunkSize: 1_024)
        layout = try BundleLayout(of: sealed)
    }

    /// A bundle with the same head, other chunks, and a good signature.
    private func resigned(chunks: [Range<Int>]) throws -> [UInt8] {
        let unsigned = Array(sealed[..<layout.chunks[0].lowerBound]) + chunks.flatMap { sealed[$0] }
        return unsigned + (try sender.sign(BundleLayout.signedMessage(over: unsigned[...])))
    }

    private func expectRefusal(_ chunks: [Range<Int>], _ comment: Comment) throws {
        let bundle = try resigned(chunks: chunks)
        #expect(throws: FormatError(.notAuthentic, "bundle chunk"), comment) {
            try SealedBundle.open(bundle, with: recipient, from: sender.publicKeys)
        }
    }

    @Test("A chunk that is moved, dropped, repeated or cut off is refused, whoever signs")
    func order() throws {
        let chunks = layout.chunks
        #expect(chunks.count == 4)
        #expect(
            try SealedBundle.open(resigned(chunks: chunks), with: recipient, from: sender.publicKeys).content.count
                == 4_000)
        try expectRefusal([chunks[1], chunks[0], chunks[2], chunks[3]], "moved")
        try expectRefusal([chunks[0], chunks[2], chunks[3]], "dropped")
        try expectRefusal([chunks[0], chunks[0], chunks[1], chunks[2], chunks[3]], "repeated")
        try expectRefusal(Array(chunks.dropLast()), "last one cut off")
        try expectRefusal(chunks + [chunks[3]], "last one twice")
    }

    @Test("A changed head is refused even under a good signature")
    func head() throws {
        for place in [6, 25, layout.wraps[0].lowerBound, layout.wraps[0].upperBound - 1] {
            var changed = Array(sealed[..<layout.trailer.lowerBound])
            changed[place] ^= 1
            changed += try sender.sign(BundleLayout.signedMessage(over: changed[...]))
            #expect(throws: FormatError(.notAuthentic, "bundle key"), "byte \(place)") {
                try SealedBundle.open(changed, with: recipient, from: sender.publicKeys)
            }
        }
    }

    @Test("A chunk opens alone, at its own place only")
    func alone() throws {
        let cipher = try SealedBundle.cipher(of: sealed, layout: layout, with: recipient)
        let body = Padding.body(of: BundleFixtures.content(4_000))
        #expect(try cipher.open(sealed[layout.chunks[2]], index: 2, isLast: false) == Array(body[2_048..<3_072]))
        #expect(throws: FormatError.self) { try cipher.open(sealed[layout.chunks[2]], index: 1, isLast: false) }
        #expect(throws: FormatError.self) { try cipher.open(sealed[layout.chunks[2]], index: 2, isLast: true) }
    }

    @Test(
        "Lengths are padded to the written lengths",
        arguments: [
            (0, 64), (1, 64), (64, 64), (65, 128), (1_023, 1_024), (1_024, 1_024), (1_025, 1_088), (1_089, 1_152),
            (2_047, 2_048), (2_048, 2_048), (2_049, 2_176), (16_386, 17_408), (20_000, 20_480), (100_003, 100_352),
            (1_000_000, 1_015_808), (1_048_576, 1_048_576),
        ])
    func padding(length: Int, padded: Int) {
        #expect(Padding.paddedLength(length) == padded)
    }

    @Test("Padding never shrinks, never costs more than 12 % from 1 KiB up, and is stable")
    func paddingLaws() {
        var last = 0
        for length in 0...40_000 {
            let padded = Padding.paddedLength(length)
            #expect(padded >= length && padded >= last && Padding.paddedLength(padded) == padded)
            if length >= 1_024 { #expect(padded * 100 <= length * 112) }
            last = padded
        }
    }

    @Test("A body that is padded otherwise than written is refused")
    func otherPadding() throws {
        let body = Padding.body(of: [7, 8])
        #expect(try Padding.content(of: body) == [7, 8])
        var dirty = body
        dirty[63] = 1
        for wrong in [dirty, Array(body.dropLast()), body + [UInt8](repeating: 0, count: 64), []] {
            #expect(throws: FormatError.self) { try Padding.content(of: wrong) }
        }
    }
}
