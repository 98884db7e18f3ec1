import Crypto
import ReUniteReplica
import ReUniteSync

/// A delta as a replica sends it: batches of ops, in bundles sealed to the hub.
struct Parcel {
    /// Bytes of the encoded ops.
    private(set) var payload = 0
    /// Bytes of the bundles: with headers, signatures, seal and padding.
    private(set) var sealed = 0
    private(set) var batches = 0

    /// About how many bytes of batches go into one request.
    private static let requestBytes = 1_000_000

    /// Orders, cuts and encodes the ops as the replica's seal does: new rows first, then changes.
    init(of changes: [Change]) throws {
        let ops = Self.ops(of: changes)
        var request: [SignedBatch] = []
        var bytes = 0
        for range in Seal.batches(of: ops) {
            let body = try OpCodec.encode(Array(ops[range]), layout: BenchLayout())
            payload += body.count
            batches += 1
            request.append(try SignedBatch.sign(header: Self.header(range, body), ops: body, with: BenchHub.deviceKeys))
            bytes += body.count
            guard bytes > Self.requestBytes else { continue }
            sealed += try Self.seal(request)
            request = []
            bytes = 0
        }
        if !request.isEmpty { sealed += try Self.seal(request) }
    }

    /// The ops in the order of a seal: new rows first, then changes.
    static func ops(of changes: [Change]) -> [Op] {
        let rows = DeltaRow.fold(changes)
        return (rows.filter(\.isNew) + rows.filter { !$0.isNew }).map(\.op)
    }

    private static let clock = ClockReport(
        wallMilliseconds: BenchTime.noon, monotonicMilliseconds: 1_000, boot: .zero,
        lastHubMilliseconds: BenchTime.noon, skewMilliseconds: 0)

    private static func header(_ range: Range<Int>, _ body: [UInt8]) -> BatchHeader {
        BatchHeader(
            salt: BenchHub.id, hub: BenchHub.id, device: BenchHub.device, keyNumber: 1, parent: .none, number: 1,
            firstSequence: UInt64(range.lowerBound) + 1, opCount: UInt32(range.count), epoch: BenchHub.epoch,
            base: .zero, checkpointTag: 1, schemaVersion: 1, clock: clock, author: .zero,
            opsDigest: Array(SHA256.hash(data: body)))
    }

    private static func seal(_ batches: [SignedBatch]) throws -> Int {
        let request = SyncRequest(
            cursor: .zero, epoch: BenchHub.epoch, digest: VersionDigest(), chainHead: .none, schemaVersion: 1,
            clock: clock, unsent: 0, moreFollows: false, want: [],
            checkpoints: [try BenchHub.checkpoint(at: .zero, digest: VersionDigest()).bytes], batches: batches)
        return try SealedBundle.seal(
            content: request.encoded(),
            label: BundleLabel(
                id: BenchHub.id, kind: .up, hub: BenchHub.id, epoch: BenchHub.epoch, sender: BenchHub.device,
                createdMilliseconds: BenchTime.noon), to: [BenchHub.keys.publicKeys],
            signedWith: BenchHub.deviceKeys
        ).count
    }
}

/// The workload's columns: each is a group of its own, numbered by its place.
struct BenchLayout: ColumnLayout {
    func columnGroups(of table: UInt16) -> [UInt8]? {
        BenchSchema.tables.first { $0.number == Int(table) }.map { $0.columns.indices.map { UInt8($0) } }
    }
}
