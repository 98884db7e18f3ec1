import ReUniteSync
import Testing

@Suite("A hub's keys, one after the other")
struct HubKeyChainTests {
    private let hub = BundleFixtures.hub
    private let pairs: [DeviceKeys]
    private let words: [SignedKeySuccession]

    init() throws {
        pairs = try (1...4).map { try BundleFixtures.keys(number: UInt8($0), from: UInt8($0 * 30)) }
        let pairs = pairs
        words = try (0..<3).map { place in
            try KeySuccession(
                hub: BundleFixtures.hub, owner: BundleFixtures.hub, replaced: pairs[place].number,
                keys: pairs[place + 1].publicKeys, lastBatch: UInt64(100 * (place + 1)), milliseconds: 1_790_000_000_000
            ).signed(with: pairs[place], and: pairs[place + 1])
        }
    }

    private func chain(_ count: Int) throws -> HubKeyChain {
        var chain = HubKeyChain(first: pairs[0].publicKeys)
        _ = try chain.follow(words.prefix(count).map(\.bytes), of: hub)
        return chain
    }

    @Test("whoever is three behind follows in one go, and knows every pair by its number")
    func follow() throws {
        var chain = HubKeyChain(first: pairs[0].publicKeys)
        #expect(try chain.follow(chain.words(after: 1), of: hub) == false)
        #expect(try chain.follow(words.map(\.bytes), of: hub))
        #expect(chain.current == pairs[3].publicKeys)
        for pair in pairs { #expect(chain.keys(numbered: pair.number) == pair.publicKeys) }
        #expect(chain.keys(numbered: 5) == nil && chain.keys(numbered: 0) == nil)
        #expect(try !chain.follow(words.map(\.bytes), of: hub), "what is known is no news")
        #expect(chain.words(after: 2) == words.dropFirst().map(\.bytes))
        #expect(try HubKeyChain(decoding: chain.encoded()) == chain)
        // One that joined later knows nothing of before, and needs nothing of it.
        var later = HubKeyChain(first: pairs[2].publicKeys)
        #expect(try later.follow(words.map(\.bytes), of: hub))
        #expect(later.current == pairs[3].publicKeys && later.all.count == 2)
    }

    @Test("a word that skips one, is another hub's, or names other keys under a known number moves nothing")
    func forged() throws {
        let before = try chain(1)
        let thief = try BundleFixtures.keys(number: 3, from: 200)
        let other = try KeySuccession(
            hub: hub, owner: hub, replaced: 2, keys: thief.publicKeys, lastBatch: 0, milliseconds: 0
        ).signed(with: try BundleFixtures.keys(number: 2, from: 210), and: thief)
        let device = try KeySuccession(
            hub: hub, owner: BundleFixtures.device, replaced: 2, keys: pairs[2].publicKeys, lastBatch: 0,
            milliseconds: 0
        ).signed(with: pairs[1], and: pairs[2])
        let second = try BundleFixtures.keys(number: 2, from: 220)
        let twice = try KeySuccession(
            hub: hub, owner: hub, replaced: 1, keys: second.publicKeys, lastBatch: 0, milliseconds: 0
        ).signed(with: pairs[0], and: second)
        for forged in [[words[2].bytes], [other.bytes], [device.bytes], [twice.bytes], [words[1].bytes, other.bytes]] {
            var chain = before
            #expect(throws: FormatError.self) { try chain.follow(forged, of: hub) }
            #expect(chain == before)
        }
        var chain = before
        #expect(throws: FormatError.self) { try chain.follow([words[1].bytes], of: BundleFixtures.device) }
    }

    @Test("every changed byte and every cut of a word, alone or in a list, is refused and moves nothing")
    func damaged() throws {
        let before = try chain(1)
        let list = SuccessionList.encode([words[1].bytes])
        #expect(try SuccessionList.decode(list) == [words[1].bytes])
        for place in list.indices {
            for flip in [UInt8(1), 128] {
                var bytes = list
                bytes[place] ^= flip
                var chain = before
                let isFollowed = try? chain.follow(try SuccessionList.decode(bytes), of: hub)
                #expect(isFollowed != true && chain == before, "byte \(place)")
            }
            var chain = before
            let isFollowed = try? chain.follow(try SuccessionList.decode(Array(list.prefix(place))), of: hub)
            #expect(isFollowed != true && chain == before, "cut at \(place)")
        }
        #expect((try? SuccessionList.decode(list + [0])) == nil)
    }

    @Test("keys that were replaced sign for what was before, and for nothing after")
    func bounds() throws {
        let chain = try chain(2)
        func checkpoint(_ position: Int64, by pair: DeviceKeys) throws -> SignedCheckpoint {
            try Checkpoint(
                hub: hub, epoch: HubEpoch(number: 1, salt: hub), device: BundleFixtures.device,
                position: Position(position), issuedMilliseconds: 0, digest: VersionDigest()
            ).signed(with: pair)
        }
        #expect(chain.signed(try checkpoint(100, by: pairs[0])))
        #expect(!chain.signed(try checkpoint(101, by: pairs[0])))
        #expect(chain.signed(try checkpoint(200, by: pairs[1])))
        #expect(!chain.signed(try checkpoint(201, by: pairs[1])))
        #expect(chain.signed(try checkpoint(1_000_000, by: pairs[2])))
        #expect(!chain.signed(try checkpoint(1, by: pairs[3])), "not known yet")
        #expect(!chain.signed(try checkpoint(1, by: try BundleFixtures.keys(number: 1, from: 200))))
    }

    @Test("an answer carries the words, and so does a file, before its bundle; without any they are as before")
    func messages() throws {
        let all = words.map(\.bytes)
        var answer = SyncAnswer(hubMilliseconds: 5, ticket: [1], duplicates: 0, body: .taken)
        let plain = answer.encoded()
        answer.successions = all
        #expect(try SyncAnswer(decoding: answer.encoded()) == answer)
        #expect(answer.encoded().starts(with: plain))
        let bundle = [UInt8]("RUB1 and so on".utf8)
        #expect(ToldFile.join([], bundle) == bundle)
        #expect(try ToldFile.split(bundle).words.isEmpty && ToldFile.split(bundle).bundle == bundle)
        let file = ToldFile.join(all, bundle)
        let (told, rest) = try ToldFile.split(file)
        #expect(told == all && rest == bundle)
        for count in 4..<file.count - bundle.count { #expect((try? ToldFile.split(Array(file.prefix(count)))) == nil) }
    }

    @Test("a key file in the ledger opens with the offline key of its hub, and with nothing else")
    func ledger() throws {
        let offline = try BundleFixtures.keys(number: 1, from: 7)
        let sealed = try SealedKeys.seal([1, 2, 3], of: hub, to: offline.publicKeys)
        #expect(try SealedKeys.open(sealed, of: hub, with: offline) == [1, 2, 3])
        #expect(throws: FormatError.self) { try SealedKeys.open(sealed, of: BundleFixtures.device, with: offline) }
        #expect(throws: FormatError.self) { try SealedKeys.open(sealed, of: hub, with: pairs[0]) }
        for place in sealed.indices {
            var bytes = sealed
            bytes[place] ^= 1
            #expect((try? SealedKeys.open(bytes, of: hub, with: offline)) == nil)
        }
    }
}
