import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteReplica

@Suite("A replica follows its hub into another life only by records that the hub signed")
struct LineageRefusalTests {
    private let desk: TestDesk

    init() throws {
        desk = try TestDesk()
    }

    /// Opens an answer that names another life, as a sync would.
    private func open(_ lineage: EpochLineage) throws -> SyncAnswer {
        var request = try desk.replica.nextRequest(after: 0, limit: 1_000).request
        request.batches = []
        let sealed = try desk.replica.seal(bundle: request)
        let answer = SyncAnswer(hubMilliseconds: 0, ticket: [], duplicates: 0, body: .epochChanged(lineage))
        let bytes = try SealedBundle.seal(
            content: answer.encoded(),
            label: BundleLabel(
                id: sealed.id, kind: .answer, hub: desk.hub.id, epoch: lineage.epoch, sender: desk.hub.id,
                createdMilliseconds: 0), to: [desk.keys.publicKeys], signedWith: desk.hub.keys)
        return try desk.replica.open(answer: bytes, to: sealed)
    }

    private func record(
        _ number: UInt32, after parent: HubEpoch, hub: Identifier? = nil, keys: DeviceKeys? = nil
    ) throws -> SignedEpochRecord {
        try EpochRecord(
            hub: hub ?? desk.hub.id,
            epoch: HubEpoch(number: number, salt: Identifier(high: UInt64(number), low: UInt64(number))),
            parent: parent, kept: Position(Int64(number))
        ).signed(with: keys ?? desk.hub.keys)
    }

    @Test("a chain of several, each naming the one before, is followed to its end")
    func chain() throws {
        let first = try record(2, after: desk.hub.epoch)
        let second = try record(3, after: first.record.epoch)
        let third = try record(7, after: second.record.epoch)
        let answer = try open(try EpochLineage([first, second, third]))
        guard case .epochChanged(let lineage) = answer.body else {
            Issue.record("another answer was read")
            return
        }
        #expect(lineage.epoch == third.record.epoch && lineage.kept == Position(2))
    }

    @Test("one that begins elsewhere, is another hub's, or is signed by anybody else is refused, and nothing changes")
    func refused() throws {
        let before = try desk.replica.facts()
        let good = try record(2, after: desk.hub.epoch)
        let stranger = HubEpoch(number: 1, salt: Identifier(high: 9, low: 9))
        let bad = [
            [try record(2, after: stranger)],
            [try record(2, after: desk.hub.epoch, hub: Identifier(high: 5, low: 5))],
            [try record(2, after: desk.hub.epoch, keys: .generate())],
            [good, try record(3, after: good.record.epoch, keys: .generate())],
        ]
        for records in bad {
            #expect(throws: Failure.self) { try open(try EpochLineage(records)) }
            #expect(try desk.replica.facts() == before)
        }
    }

    @Test("records that do not follow each other, or lead backwards, cannot even be written")
    func form() throws {
        let first = try record(2, after: desk.hub.epoch)
        let other = try record(4, after: HubEpoch(number: 3, salt: Identifier(high: 3, low: 3)))
        #expect(throws: FormatError.self) { try EpochLineage([first, other]) }
        #expect(throws: FormatError.self) { try EpochLineage([]) }
        #expect(throws: FormatError.self) { try record(1, after: desk.hub.epoch) }
    }
}
