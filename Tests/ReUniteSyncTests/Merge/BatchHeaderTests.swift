import ReUniteSync
import Testing

@Suite("Batch headers")
struct BatchHeaderTests {
    private static func header(_ random: inout SeededGenerator) throws -> BatchHeader {
        func identifier(_ random: inout SeededGenerator) -> Identifier {
            Identifier(high: random.next(), low: random.next())
        }
        func signed(_ random: inout SeededGenerator) -> Int64 {
            Int64(bitPattern: random.next()) >> Int64(random.below(64))
        }
        let parent = (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        return BatchHeader(
            salt: identifier(&random), hub: identifier(&random), device: identifier(&random),
            keyNumber: UInt32(truncatingIfNeeded: random.next()), parent: try #require(BatchID(bytes: parent)),
            number: random.next() >> UInt64(random.below(64)), firstSequence: random.next() >> UInt64(random.below(64)),
            opCount: UInt32(random.below(DecodeLimits.opsPerBatch + 1)),
            epoch: HubEpoch(number: UInt32(truncatingIfNeeded: random.next()), salt: identifier(&random)),
            base: Position(signed(&random)), checkpointTag: random.next(),
            schemaVersion: UInt32(truncatingIfNeeded: random.next()),
            clock: ClockReport(
                wallMilliseconds: signed(&random), monotonicMilliseconds: signed(&random), boot: identifier(&random),
                lastHubMilliseconds: signed(&random), skewMilliseconds: signed(&random)),
            author: identifier(&random),
            opsDigest: (0..<32).map { _ in UInt8(truncatingIfNeeded: random.next()) })
    }

    @Test("A header reads back as it was written", arguments: UInt64(100)..<120)
    func roundTrip(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let header = try BatchHeaderTests.header(&random)
        let read = try BatchHeader(decoding: header.encoded())
        #expect(read == header)
        #expect(read.encoded() == header.encoded())
    }

    @Test("Bytes of a later version of the format are passed over, and give the batch another name")
    func laterVersion() throws {
        var random = SeededGenerator(seed: 121)
        let header = try BatchHeaderTests.header(&random)
        let longer = header.encoded() + [1, 2, 3]
        #expect(try BatchHeader(decoding: longer) == header)
        let names = [header.encoded(), longer].map { SignedBatch(header: $0, ops: [], signature: []).id }
        #expect(names[0] != names[1])
        #expect(names[0].short.bytes == Array(names[0].bytes.prefix(16)))
    }

    @Test("Every prefix of a header is refused as truncated")
    func prefixes() throws {
        var random = SeededGenerator(seed: 122)
        let bytes = try BatchHeaderTests.header(&random).encoded()
        for length in 0..<bytes.count {
            let error = #expect(throws: FormatError.self) { try BatchHeader(decoding: Array(bytes[..<length])) }
            #expect(error?.code == .truncated, "length \(length)")
        }
    }

    @Test("Every flipped bit is refused or read as another header", arguments: UInt64(123)..<127)
    func flippedBits(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let header = try BatchHeaderTests.header(&random)
        let bytes = header.encoded()
        for index in bytes.indices {
            for bit in 0..<8 {
                var flipped = bytes
                flipped[index] ^= 1 << UInt8(bit)
                guard let read = try? BatchHeader(decoding: flipped) else { continue }
                if read == header { Issue.record("seed \(seed): byte \(index) bit \(bit) does not show") }
            }
        }
    }

    @Test("Another version and too many ops are refused")
    func refused() throws {
        var random = SeededGenerator(seed: 127)
        var header = try BatchHeaderTests.header(&random)
        var bytes = header.encoded()
        bytes[0] = 2
        #expect(throws: FormatError(.unknownVersion, "batch version")) { try BatchHeader(decoding: bytes) }
        header.opCount = UInt32(DecodeLimits.opsPerBatch + 1)
        #expect(throws: FormatError(.tooLarge, "batch op count")) { try BatchHeader(decoding: header.encoded()) }
    }

    @Test("Ops that are not those that were signed are refused")
    func opsDigest() throws {
        var random = SeededGenerator(seed: 128)
        let header = try BatchHeaderTests.header(&random)
        let batch = SignedBatch(header: header.encoded(), ops: [1, 2, 3], signature: [])
        #expect(throws: FormatError(.notAuthentic, "batch ops digest")) { try batch.verifiedHeader() }
    }
}
