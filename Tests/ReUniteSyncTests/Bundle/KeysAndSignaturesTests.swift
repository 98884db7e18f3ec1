import Crypto
import ReUniteSync
import Testing

@Suite("Keys, batch signatures and checkpoints")
struct KeysAndSignaturesTests {
    private let keys: DeviceKeys

    init() throws {
        keys = try BundleFixtures.keys(number: 2, from: 0)
    }

    @Test("Keys come back from their exported bytes, and are not printed")
    func export() throws {
        let made = DeviceKeys.generate(number: 5)
        let read = try DeviceKeys(importingSecret: made.exportSecret())
        #expect(read.publicKeys == made.publicKeys)
        #expect(read.number == 5)
        #expect(try PublicKeys(decoding: made.publicKeys.encoded()) == made.publicKeys)
        #expect("\(made)" == "DeviceKeys(number: 5)")
        var shown = ""
        dump(made, to: &shown)
        #expect(!shown.contains("Curve25519"))
    }

    @Test("A key file that is cut, too long or of another version is refused")
    func badExports() {
        let good = keys.exportSecret()
        for length in good.indices {
            #expect(throws: FormatError.self) { try DeviceKeys(importingSecret: Array(good[..<length])) }
        }
        #expect(throws: FormatError(.trailing, "key file")) { try DeviceKeys(importingSecret: good + [0]) }
        #expect(throws: FormatError(.unknownVersion, "key file version")) {
            try DeviceKeys(importingSecret: [2] + good.dropFirst())
        }
        #expect(throws: FormatError(.malformed, "key number")) {
            try DeviceKeys(importingSecret: [1, 0] + good.dropFirst(2))
        }
    }

    private func header(ops: [UInt8]) -> BatchHeader {
        BatchHeader(
            salt: Identifier(high: 1, low: 2), hub: BundleFixtures.hub, device: BundleFixtures.device, keyNumber: 2,
            parent: .none, number: 1, firstSequence: 1, opCount: 1, epoch: BundleFixtures.epoch, base: Position(9),
            checkpointTag: 77, schemaVersion: 1,
            clock: ClockReport(
                wallMilliseconds: 1, monotonicMilliseconds: 2, boot: .zero, lastHubMilliseconds: 3,
                skewMilliseconds: -4), author: .zero, opsDigest: Array(SHA256.hash(data: ops)))
    }

    @Test("A signed batch is its author's, and no byte of it can be changed")
    func batch() throws {
        let ops: [UInt8] = [1, 2, 3]
        let batch = try SignedBatch.sign(header: header(ops: ops), ops: ops, with: keys)
        #expect(batch.isAuthentic(signedBy: keys.publicKeys))
        #expect(!batch.isAuthentic(signedBy: try BundleFixtures.keys(number: 2, from: 9).publicKeys))
        #expect(!batch.isAuthentic(signedBy: try BundleFixtures.keys(number: 3, from: 0).publicKeys))
        func flipped(_ bytes: [UInt8]) -> [[UInt8]] {
            bytes.indices.map { index in
                var changed = bytes
                changed[index] ^= 1
                return changed
            }
        }
        let forged =
            flipped(batch.header).map { SignedBatch(header: $0, ops: ops, signature: batch.signature) }
            + flipped(ops).map { SignedBatch(header: batch.header, ops: $0, signature: batch.signature) }
            + flipped(batch.signature).map { SignedBatch(header: batch.header, ops: ops, signature: $0) }
        #expect(forged.allSatisfy { !$0.isAuthentic(signedBy: keys.publicKeys) })
    }

    @Test("A batch whose header does not fit its ops or its key is not signed")
    func unfitBatch() throws {
        #expect(throws: FormatError(.malformed, "batch ops digest")) {
            try SignedBatch.sign(header: header(ops: [1]), ops: [2], with: keys)
        }
        #expect(throws: FormatError(.malformed, "batch key number")) {
            try SignedBatch.sign(header: header(ops: [1]), ops: [1], with: try BundleFixtures.keys(from: 0))
        }
    }

    private func checkpoint() -> Checkpoint {
        Checkpoint(
            hub: BundleFixtures.hub, epoch: BundleFixtures.epoch, device: BundleFixtures.device,
            position: Position(912), issuedMilliseconds: 1_790_000_000_000,
            digest: VersionDigest(high: 5, low: 6, rows: 4_321))
    }

    @Test("A checkpoint proves itself, and no byte of it can be changed")
    func checkpoints() throws {
        let signed = try checkpoint().signed(with: keys)
        let read = try SignedCheckpoint(decoding: signed.bytes)
        #expect(read == signed)
        #expect(read.checkpoint == checkpoint())
        #expect(read.isAuthentic(signedBy: keys.publicKeys))
        #expect(!read.isAuthentic(signedBy: try BundleFixtures.keys(number: 2, from: 9).publicKeys))
        for index in signed.bytes.indices {
            var changed = signed.bytes
            changed[index] ^= 1
            let forged = try? SignedCheckpoint(decoding: changed)
            #expect(forged?.isAuthentic(signedBy: keys.publicKeys) != true, "byte \(index)")
            #expect(forged?.tag != signed.tag, "byte \(index)")
            #expect(throws: FormatError.self) { try SignedCheckpoint(decoding: Array(signed.bytes[..<index])) }
        }
    }

    @Test("The tag is the first eight bytes of the hash, least significant first")
    func tag() throws {
        let signed = try checkpoint().signed(with: keys)
        let digest = Array(SHA256.hash(data: signed.bytes)).prefix(8)
        #expect(signed.tag == digest.reversed().reduce(0) { $0 << 8 | UInt64($1) })
    }
}
