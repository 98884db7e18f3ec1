import ReUniteSync
import Testing

@Suite("A device's word about its new keys")
struct KeySuccessionTests {
    private let old: DeviceKeys
    private let new: DeviceKeys
    private let signed: SignedKeySuccession

    init() throws {
        old = try BundleFixtures.keys(number: 1, from: 0)
        new = try BundleFixtures.keys(number: 2, from: 80)
        signed = try KeySuccession(
            hub: BundleFixtures.hub, owner: BundleFixtures.device, replaced: 1, keys: new.publicKeys, lastBatch: 812,
            milliseconds: 1_790_000_000_000
        ).signed(with: old, and: new)
    }

    @Test("says the same after its journey, and proves itself by the old keys and the new")
    func roundTrip() throws {
        let read = try SignedKeySuccession(decoding: signed.bytes)
        #expect(read == signed)
        #expect(read.succession.lastBatch == 812)
        #expect(read.isAuthentic(signedBy: old.publicKeys))
        #expect(signed.bytes.count < 256)
    }

    @Test("is refused with any byte changed, cut short, or with a byte more")
    func changed() {
        for place in signed.bytes.indices {
            var bytes = signed.bytes
            bytes[place] ^= 1
            let read = try? SignedKeySuccession(decoding: bytes)
            #expect(read?.isAuthentic(signedBy: old.publicKeys) != true, "byte \(place)")
            #expect((try? SignedKeySuccession(decoding: Array(signed.bytes.prefix(place)))) == nil)
        }
        #expect((try? SignedKeySuccession(decoding: signed.bytes + [0])) == nil)
    }

    @Test("is no word of somebody else's: neither other old keys nor new ones without their owner will do")
    func others() throws {
        let stranger = try BundleFixtures.keys(number: 1, from: 9)
        #expect(!signed.isAuthentic(signedBy: stranger.publicKeys))
        let word = signed.succession
        let others = try BundleFixtures.keys(number: 2, from: 9)
        #expect(throws: FormatError.self) { try word.signed(with: stranger, and: others) }
        // Somebody names another's public keys as their own: the second signature is missing.
        let claim = try KeySuccession(
            hub: word.hub, owner: word.owner, replaced: 1, keys: word.keys, lastBatch: 0, milliseconds: 0
        ).signed(with: stranger, and: new)
        let forged = claim.bytes.dropLast(64) + signed.bytes.suffix(64)
        #expect(try !SignedKeySuccession(decoding: Array(forged)).isAuthentic(signedBy: stranger.publicKeys))
    }

    @Test("follows the numbers one by one")
    func numbers() throws {
        let third = try BundleFixtures.keys(number: 3, from: 160)
        let word = KeySuccession(
            hub: BundleFixtures.hub, owner: BundleFixtures.device, replaced: 1, keys: third.publicKeys, lastBatch: 0,
            milliseconds: 0)
        #expect(throws: FormatError.self) { try word.signed(with: old, and: third) }
    }
}
