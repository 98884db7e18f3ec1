import ReUniteSync
import Testing

@Suite("Sealed bundles")
struct SealedBundleTests {
    private let sender: DeviceKeys
    private let recipient: DeviceKeys
    private let other: DeviceKeys

    init() throws {
        sender = try BundleFixtures.keys(from: 0)
        recipient = try BundleFixtures.keys(number: 2, from: 80)
        other = try BundleFixtures.keys(number: 2, from: 160)
    }

    private func seal(_ content: [UInt8], chunkSize: Int = 16_384) throws -> [UInt8] {
        try SealedBundle.seal(
            content: content, label: BundleFixtures.label(), to: [recipient.publicKeys], signedWith: sender,
            chunkSize: chunkSize)
    }

    private func open(_ bytes: [UInt8]) throws(FormatError) -> (header: BundleHeader, content: [UInt8]) {
        try SealedBundle.open(bytes, with: recipient, from: sender.publicKeys)
    }

    @Test(
        "Content of any size comes out as it went in",
        arguments: [0, 1, 63, 64, 1_023, 1_024, 16_383, 16_384, 16_385, 102_400])
    func roundTrip(size: Int) throws {
        let content = BundleFixtures.content(size)
        let opened = try open(try seal(content))
        #expect(opened.content == content)
        #expect(opened.header.label == BundleFixtures.label())
        #expect(opened.header.recipients == [recipient.publicKeys.id])
        #expect(opened.header.senderKeyNumber == 1)
    }

    @Test("Each of eight recipients can open it; nobody can seal to none or to nine")
    func recipients() throws {
        let all = try (1...9).map { try BundleFixtures.keys(number: 2, from: UInt8($0) * 20) }
        let content = BundleFixtures.content(300)
        let sealed = try SealedBundle.seal(
            content: content, label: BundleFixtures.label(.down), to: all.prefix(8).map(\.publicKeys),
            signedWith: sender)
        for keys in all.prefix(8) {
            #expect(try SealedBundle.open(sealed, with: keys, from: sender.publicKeys).content == content)
        }
        #expect(throws: FormatError(.notAuthentic, "bundle recipient")) {
            try SealedBundle.open(sealed, with: all[8], from: sender.publicKeys)
        }
        for wrong in [[], all.map(\.publicKeys)] {
            #expect(throws: FormatError(.malformed, "bundle recipients")) {
                try SealedBundle.seal(content: [], label: BundleFixtures.label(), to: wrong, signedWith: sender)
            }
        }
    }

    @Test("A small body costs at most 330 bytes, a body of 100 KiB less than 2 % and its padding")
    func overhead() throws {
        #expect(try seal(BundleFixtures.content(63)).count - 63 <= 330)
        #expect(try seal([]).count <= 330)
        let large = try seal(BundleFixtures.content(102_400))
        #expect(large.count <= 106_496 + 7 * 16 + 260)
    }

    @Test("Contents of about one length make bundles of one length")
    func lengthIsHidden() throws {
        #expect(try seal(BundleFixtures.content(1)).count == seal(BundleFixtures.content(63)).count)
        #expect(try seal(BundleFixtures.content(99_000)).count == seal(BundleFixtures.content(100_000)).count)
    }

    @Test("Somebody else's keys open nothing, and somebody else's signature is not taken for the sender's")
    func wrongKeys() throws {
        let sealed = try seal(BundleFixtures.content(100))
        #expect(throws: FormatError(.notAuthentic, "bundle recipient")) {
            try SealedBundle.open(sealed, with: other, from: sender.publicKeys)
        }
        let impostor = try BundleFixtures.keys(from: 40).publicKeys
        #expect(throws: FormatError(.notAuthentic, "bundle signature")) {
            try SealedBundle.open(sealed, with: recipient, from: impostor)
        }
        let later = try BundleFixtures.keys(number: 2, from: 0).publicKeys
        #expect(throws: FormatError(.notAuthentic, "bundle sender key number")) {
            try SealedBundle.open(sealed, with: recipient, from: later)
        }
    }

    @Test("Every changed byte and every cut of a small bundle is refused")
    func everyByte() throws {
        let sealed = try seal([1, 2, 3])
        for index in sealed.indices {
            for change: UInt8 in [1, 0x80, 0xFF] {
                var changed = sealed
                changed[index] ^= change
                #expect(throws: FormatError.self, "byte \(index) xor \(change)") { try open(changed) }
            }
        }
        for length in sealed.indices {
            #expect(throws: FormatError.self, "\(length) bytes") { try open(Array(sealed[..<length])) }
        }
        #expect(throws: FormatError.self) { try open(sealed + [0]) }
    }

    @Test("A header from another bundle of the same sender is refused")
    func swappedHeader() throws {
        var label = BundleFixtures.label()
        label.to = Position(913)
        let sealed = try seal([1, 2, 3])
        let next = try SealedBundle.seal(
            content: [1, 2, 3], label: label, to: [recipient.publicKeys], signedWith: sender)
        let headerEnd = 5 + Int(sealed[4])
        #expect(sealed[4] == next[4])
        #expect(throws: FormatError(.notAuthentic, "bundle signature")) {
            try open(Array(next[..<headerEnd] + sealed[headerEnd...]))
        }
    }

    @Test("A suite, a kind or a format that is not known is named as such")
    func unknownVersions() throws {
        let sealed = try seal([])
        for (index, value): (Int, UInt8) in [(3, UInt8(ascii: "2")), (5, 2), (22, 99)] {
            var changed = sealed
            changed[index] = value
            let error = #expect(throws: FormatError.self) { try SealedBundle.readHeader(changed) }
            #expect(error?.code == .unknownVersion, "byte \(index)")
        }
    }

    @Test("The header can be read from the beginning alone")
    func headerOfPrefix() throws {
        let sealed = try seal(BundleFixtures.content(5_000))
        #expect(try SealedBundle.readHeader(Array(sealed.prefix(256))).label == BundleFixtures.label())
    }

    @Test("A bundle made by another implementation of the written format opens")
    func golden() throws {
        let hubSigner = try BundleFixtures.keys(from: 0)
        let device = try BundleFixtures.keys(from: 0)
        let opened = try SealedBundle.open(
            BundleFixtures.bytes(hex: goldenBundle), with: device, from: hubSigner.publicKeys)
        #expect(opened.content == Array("hello, hub!".utf8))
        #expect(opened.header.label.kind == .down)
        #expect(opened.header.label.sender == BundleFixtures.hub)
        #expect(opened.header.label.from == Position(700) && opened.header.label.to == Position(912))
        #expect(BundleFixtures.hex(device.publicKeys.agreement).hasPrefix("358072d6365880d1"))
    }
}

/// Sealed to the X25519 key 20 21 ... 3f with the ephemeral key 40 41 ... 5f and the content key 60 61 ... 7f, and
/// signed with the Ed25519 seed 00 01 ... 1f.
private let goldenBundle = """
    525542315a01111111111111111111111111111111110222222222222222222222222222222222033333333333333333
    3333333333333333222222222222222222222222222222220101a0289810032eb417808001f80aa00e80b083c5986879
    a631eede1bf9c98f12032cdeadd0e7a079398fc786b88cc846ec89af85a51ae1f622a4aa87f6a1798a1fcc8e9db35af3
    d44a3b20205b9ab06707d7fc42638263ab8ff29ff61b5998a11fec10e65ded9b06727a61768032fb6d09e6a9762df0ca
    0ef0d24946fe11c21b42c70b9c6e6a851ba6a3b745656df40e51e38ea641714c99da7d34d7b6a244636a808b6b6b0890
    f237ac9d94da86265d33ab1d8dede680cf74254a41b0b85a2689ade7b12b5a785b13b3aa342e437f80dc06f1f2e8ee5f
    2062677e67740e5036e4b9321f9d559e71afd8977c825edcc1603e2878ef07
    """
