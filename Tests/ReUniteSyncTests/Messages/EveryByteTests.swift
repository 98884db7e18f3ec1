import TestMessages
import Testing

@testable import ReUniteSync

/// Forms that no vector is kept of, or that others look at only once they are opened.
@Suite("Whatever byte of a message is changed and wherever it is cut, it is refused or read as another one")
struct EveryByteTests {
    private static let receipt = Receipt(
        batch: .none, firstPosition: Position(41), opCount: 3,
        exceptions: [Receipt.OpException(index: 1, verdict: .quarantined, reason: .late, groups: 6)])

    private func group(_ lines: LedgerGroup.Lines?) -> LedgerGroup {
        LedgerGroup(
            from: Position(40), to: Position(43),
            batches: [nil, 1_790_000_000_000].map { issued in
                LedgerBatch(
                    batch: SignedBatch(header: [1, 2, 3], ops: [4, 5], signature: Array(repeating: 9, count: 64)),
                    isRedacted: issued == nil, receivedMilliseconds: 1_790_000_000_001, issuedMilliseconds: issued,
                    receipt: EveryByteTests.receipt)
            }, lines: lines)
    }

    private func samples() throws -> [(MessageKind, [UInt8])] {
        let keys = try BundleFixtures.keys(from: 1)
        let lines = LedgerGroup.Lines(
            closings: LedgerCount(chain: 7, lines: 12), erasures: LedgerCount(chain: .max, lines: 1 << 40))
        let named = LedgerGroup.Lines(
            closings: LedgerCount(chain: 7, lines: 12, last: Array(repeating: 8, count: 32)), erasures: LedgerCount())
        var answer = ByteWriter(reserving: 256)
        answer.byte(1)
        answer.identifier(BundleFixtures.device)
        answer.identifier(BundleFixtures.hub)
        for text in ["SRY", "Surrey", "office"] { answer.string(text) }
        answer.identifier(BundleFixtures.hub)
        answer.string("Hub")
        answer.hubEpoch(BundleFixtures.epoch)
        keys.publicKeys.write(to: &answer)
        answer.raw(repeatElement(3, count: Ticket.byteCount))
        answer.string([1, 2])
        return [
            (.ledgerGroup, group(nil).encoded()), (.ledgerGroup, group(lines).encoded()),
            (.ledgerGroup, group(named).encoded()),
            (.padded, Padding.body(of: [1, 2, 3])), (.enrolAnswer, answer.bytes),
            (.receipt, EveryByteTests.receipt.encoded()),
        ]
    }

    @Test("of a ledger's record, what is padded, an answer to an enrolment, and a receipt")
    func everyByte() throws {
        for (kind, whole) in try samples() {
            #expect(try kind.read(whole), "\(kind): the message itself is good")
            var refused = 0
            for place in whole.indices {
                for flip in [1, 2, 4, 8, 16, 32, 64, 128, 255] as [UInt8] {
                    var changed = whole
                    changed[place] ^= flip
                    if try !kind.read(changed) { refused += 1 }
                }
                if kind != .receipt { #expect(try !kind.read(Array(whole[..<place])), "\(kind): \(place) bytes") }
            }
            #expect(refused > 0)
            for more in [[0], [1], [255, 255]] as [[UInt8]] where kind != .receipt {
                #expect(try !kind.read(whole + more), "\(kind) that runs on")
            }
        }
    }

    @Test("no slip of others is opened, and none that was changed")
    func slips() throws {
        let (hub, device) = (try BundleFixtures.keys(from: 1), try BundleFixtures.keys(from: 101))
        let request = try SealedSlip.sealRequest(
            [1, 2, 3], from: BundleFixtures.device, to: BundleFixtures.hub, keys: hub.publicKeys)
        let answer = try SealedSlip.sealAnswer([4], to: request, device: device.publicKeys, signedWith: hub)
        for slip in [request, answer] {
            for place in slip.indices {
                var changed = slip
                changed[place] ^= 1 << UInt8(place % 8)
                #expect(try !MessageKind.slip.read(changed))
                #expect(try !MessageKind.slip.read(Array(slip[..<place])))
            }
        }
    }

    @Test("a number that cannot be is refused where it is read", arguments: [Int64.max, .max - 2, -1, .min])
    func positions(_ first: Int64) throws {
        let receipt = Receipt(batch: .none, firstPosition: Position(first), opCount: 3, exceptions: [])
        #expect(throws: FormatError.self) { try Receipt(decoding: receipt.encoded()) }
        let highest = Receipt(batch: .none, firstPosition: Position(.max - 3), opCount: 3, exceptions: [])
        #expect(try Receipt(decoding: highest.encoded()).positions.upperBound == .max)
    }

    @Test("more than a record of the ledger may hold is refused before it is read")
    func limits() throws {
        let head: [UInt8] = [2, 0, 4] + Array(repeating: 0, count: 8)
        #expect(throws: FormatError.self) {
            // Lines without number.
            try LedgerGroup(decoding: head + [255, 255, 255, 255, 255, 255, 1] + Array(repeating: 0, count: 10))
        }
        for version in [0, 4, 255] as [UInt8] {
            #expect(throws: FormatError.self) { try LedgerGroup(decoding: [version, 0, 0, 0]) }
        }
        // Batches without number, and flags that mean nothing.
        #expect(throws: FormatError.self) { try LedgerGroup(decoding: [1, 0, 0, 255, 255, 255, 255, 15]) }
        #expect(throws: FormatError.self) { try LedgerGroup(decoding: [1, 0, 0, 1, 4]) }
    }
}
