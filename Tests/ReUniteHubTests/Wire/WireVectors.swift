import Crypto
import Foundation
import ReUniteSync
import TestSupport
import Testing

/// One example of everything that travels, made by the engine from inputs that never change.
struct WireVectors {
    let hub = Identifier(high: 0x2222_2222_2222_2222, low: 0x2222_2222_2222_2222)
    let device = Identifier(high: 0x0193_9F6E_0A00_7BCD, low: 0x8123_4567_89AB_CDEF)
    let scope = Identifier(high: 0x0193_9F6E_0B00_7001, low: 0x8000_0000_0000_0002)
    let epoch = HubEpoch(number: 3, salt: Identifier(high: 0x3333_3333_3333_3333, low: 0x3333_3333_3333_3333))
    let hubKeys: DeviceKeys
    let deviceKeys: DeviceKeys
    let code = "0123-4567-89AB-CDEF"

    init() throws {
        hubKeys = try DeviceKeys(importingSecret: [1, 1] + (0..<64))
        deviceKeys = try DeviceKeys(importingSecret: [1, 2] + (100..<164))
    }

    func all() throws -> [WireCase] {
        try [
            header(), ops(), rows(), rowsBySection(), checkpoint(), purge(), receipt(), request(),
            requestWithKeys(), succession(),
        ] + hubRekeyed() + audits()
            + promises() + answers() + [delivery(), signedRequest(), ticket()] + enrolment() + closings() + pasts()
            + questions()
    }

    // MARK: Pieces

    /// Two tables of which the first has two columns in one group; a third is not known.
    struct Layout: ColumnLayout {
        func columnGroups(of table: UInt16) -> [UInt8]? { [10: [0, 1, 1, 4], 700: [61]][table] }
    }

    private func key(_ number: UInt64) -> Identifier {
        Identifier(high: (1_760_000_000_000 + number) << 16 | 0x7000 | number, low: 2 << 62 | number &* 0x9E37_79B9)
    }

    private func stamp(_ milliseconds: Int64, _ counter: UInt64 = 0) -> HybridTime {
        HybridTime(rawValue: UInt64(1_760_000_500_000 + milliseconds) << 16 | counter)
    }

    private let digest = VersionDigest(high: 0xFEDC_BA98_7654_3210, low: 0x0123_4567_89AB_CDEF, rows: 2_017)

    private let clock = ClockReport(
        wallMilliseconds: 1_760_000_600_000, monotonicMilliseconds: 86_400_123,
        boot: Identifier(high: 0xB007, low: 0xB007), lastHubMilliseconds: 1_760_000_599_000, skewMilliseconds: -1_234)

    func signedCheckpoint() throws -> SignedCheckpoint {
        try Checkpoint(
            hub: hub, epoch: epoch, device: device, position: Position(912), issuedMilliseconds: 1_760_000_590_000,
            digest: digest
        ).signed(with: hubKeys)
    }

    private func batchHeader(_ body: [UInt8], count: UInt32) throws -> BatchHeader {
        BatchHeader(
            salt: Identifier(high: 0x5A17, low: 0x5A17), hub: hub, device: device, keyNumber: 2,
            parent: try #require(BatchID(bytes: (0..<32).map { $0 })), number: 7, firstSequence: 300, opCount: count,
            epoch: epoch, base: Position(912), checkpointTag: try signedCheckpoint().tag, schemaVersion: 12,
            clock: clock, author: key(5), opsDigest: Array(SHA256.hash(data: body)))
    }

    private func encodedOps() throws -> (body: [UInt8], count: Int) {
        let sibling = SiblingName(group: 1, op: OpID(batch: key(90), index: 300))
        let ops = [
            Op(
                table: 10, key: key(1), kind: .create, groups: 0b1_0011, stamp: stamp(0),
                values: [.blob(key(1).bytes), .text("Zoë 👩‍👧\n"), .text("1991-04-02"), .integer(-5)]),
            Op(
                table: 10, key: key(1), kind: .set, flags: [.coarse, .clockSuspect], groups: 0b10, stamp: stamp(0, 9),
                values: [.null, .text("2024-02-29")],
                context: Op.Context(
                    cellBase: Position(900),
                    extras: [ExtraContext(device: device, sequence: 41, batchTag: 0x0102_0304_0506_0708)],
                    kept: [sibling], supersedes: [])),
            Op(
                table: 700, key: key(2), kind: .transit, groups: 1 << 61, stamp: stamp(4), values: [.text("SENT")],
                from: .text("DRAFT")),
            Op(table: 700, key: key(2), kind: .increment, groups: 1 << 61, stamp: stamp(5), values: [.integer(-3)]),
            Op(
                table: 9, key: Identifier(high: 1, low: 2), kind: .set, groups: 3, stamp: stamp(5, 1),
                values: [.real(2.5), .blob([1, 0, 255]), .real(-7)]),
            Op(table: 10, key: key(3), kind: .delete, flags: .scanned, groups: 0, stamp: stamp(6), values: []),
            Op(
                table: 10, key: key(1), kind: .resolve, groups: 0b10, stamp: stamp(7),
                values: [.text(""), .text("2024-02-30")],
                context: Op.Context(supersedes: [sibling, sibling])),
        ]
        return (try OpCodec.encode(ops, layout: Layout()), ops.count)
    }

    var rowStates: [RowState] {
        var merged = RowClock(stamp: Position(700))
        merged.set(1, to: Position(911))
        merged.siblings = [
            SiblingName(group: 1, op: OpID(batch: key(91), index: 0)),
            SiblingName(group: 1, op: OpID(batch: key(90), index: 4_999)),
        ]
        return [
            RowState(
                table: 10, key: key(1), scope: key(1), clock: merged, groups: 0b1_0011, echoed: 0,
                values: [.blob(key(1).bytes), .text("Zoë"), .null, .integer(.min)]),
            RowState(
                table: 10, key: key(2), scope: key(1), clock: RowClock(stamp: Position(701)), groups: 0b10,
                echoed: 0b1_0001, values: [.text("a"), .text("0000-01-01")]),
            RowState(
                table: 700, key: key(3), scope: .zero, clock: RowClock(stamp: Position(702)), groups: 1 << 61,
                echoed: 0, values: [.real(0.1)]),
        ]
    }

    // MARK: Cases

    private func header() throws -> WireCase {
        let body = try encodedOps()
        let header = try batchHeader(body.body, count: UInt32(body.count))
        return WireCase(name: "the header of a batch", what: "batch header", bytes: header.encoded())
    }

    private func ops() throws -> WireCase {
        let body = try encodedOps()
        return WireCase(
            name: "ops of every kind but the hub's", what: "ops", known: ["count": .number(Int64(body.count))],
            bytes: body.body)
    }

    private func rows() throws -> WireCase {
        WireCase(
            name: "rows with exceptions and siblings", what: "rows",
            bytes: try RowCodec.encode(rowStates, layout: Layout()))
    }

    private func rowsBySection() throws -> WireCase {
        WireCase(
            name: "rows in runs", what: "rows",
            bytes: try RowCodec.encode(rowStates.reversed() + [rowStates[2]], layout: Layout()))
    }

    private func checkpoint() throws -> WireCase {
        WireCase(
            name: "a checkpoint", what: "checkpoint", known: ["signing": .bytes(hubKeys.publicKeys.signing)],
            bytes: try signedCheckpoint().bytes)
    }

    /// A checkpoint with the audit log's head, and an idle answer with a proof.
    private func audits() throws -> [WireCase] {
        let root = try root()
        let signed = try Checkpoint(
            hub: hub, epoch: epoch, device: device, position: Position(912), issuedMilliseconds: 1_760_000_590_000,
            digest: digest, audit: AuditHead(size: 300, root: root)
        ).signed(with: hubKeys)
        var answer = SyncAnswer(
            hubMilliseconds: 1_760_000_602_000, ticket: try issued().encoded(), duplicates: 0, body: .idle(signed))
        answer.auditProof.hashes = [root, MerkleTree.node(root, root)]
        return [
            WireCase(
                name: "a checkpoint with an audit log", what: "checkpoint",
                known: ["signing": .bytes(hubKeys.publicKeys.signing)], bytes: signed.bytes),
            WireCase(name: "an answer: idle, with a proof", what: "answer", bytes: answer.encoded()),
        ]
    }

    /// A checkpoint with what the hub promises the device, and the answers that speak of it.
    private func promises() throws -> [WireCase] {
        let terms = DeviceTerms(backedUp: Position(905), leaseMilliseconds: 1_767_776_602_000)
        let signed = try Checkpoint(
            hub: hub, epoch: epoch, device: device, position: Position(912), issuedMilliseconds: 1_760_000_590_000,
            digest: digest, audit: AuditHead(size: 300, root: try root()), terms: terms
        ).signed(with: hubKeys)
        let bodies: [(String, SyncAnswer.Body)] = [
            (
                "unchanged",
                .unchanged(
                    position: Position(912), issuedMilliseconds: 1_760_000_590_000, terms: terms,
                    keyNumber: signed.keyNumber, signature: signed.signature)
            ), ("the lease is over", .leaseOver),
        ]
        return [
            WireCase(
                name: "a checkpoint with a promise and a lease", what: "checkpoint",
                known: ["signing": .bytes(hubKeys.publicKeys.signing)], bytes: signed.bytes)
        ]
            + (try bodies.map { name, body in
                let answer = SyncAnswer(
                    hubMilliseconds: 1_760_000_602_000, ticket: try issued().encoded(), duplicates: 0, body: body)
                return WireCase(name: "an answer: \(name)", what: "answer", bytes: answer.encoded())
            })
    }

    private func root() throws -> MerkleHash {
        try #require(MerkleHash(bytes: (100..<132).map { UInt8($0) }))
    }

    private func signedPurge() throws -> SignedPurgeReceipt {
        try PurgeReceipt(
            hub: hub, hubEpoch: epoch, device: device, scope: scope, epoch: Position(17), purged: Position(880),
            cursor: Position(912), digest: digest, rows: 41, isClean: true, milliseconds: 1_760_000_601_000
        ).signed(with: deviceKeys)
    }

    private func purge() throws -> WireCase {
        WireCase(
            name: "a purge receipt", what: "purge receipt", known: ["signing": .bytes(deviceKeys.publicKeys.signing)],
            bytes: try signedPurge().bytes)
    }

    func judged() throws -> Receipt {
        Receipt(
            batch: try #require(BatchID(bytes: (32..<64).map { $0 })), firstPosition: Position(905), opCount: 5,
            exceptions: [
                Receipt.OpException(index: 0, verdict: .accepted, reason: .none, groups: 2),
                Receipt.OpException(index: 3, verdict: .quarantined, reason: .authorLeft, groups: 1 << 61),
                Receipt.OpException(index: 4, verdict: .obsolete, reason: .covered, groups: 0),
            ])
    }

    private func receipt() throws -> WireCase {
        var out = ByteWriter()
        try judged().encode(into: &out)
        return WireCase(name: "a receipt", what: "receipt", bytes: out.bytes)
    }

    private func request() throws -> WireCase {
        let body = try encodedOps()
        let header = try batchHeader(body.body, count: UInt32(body.count))
        let batch = try SignedBatch.sign(header: header, ops: body.body, with: deviceKeys)
        let request = SyncRequest(
            cursor: Position(912), epoch: epoch, digest: digest, chainHead: batch.id, schemaVersion: 12, clock: clock,
            unsent: 3, moreFollows: true, want: [Tombstone(table: 10, key: key(8))],
            checkpoints: [try signedCheckpoint().bytes],
            batches: [
                batch, SignedBatch(header: batch.header, ops: [9, 9], signature: batch.signature, isSealed: true),
            ], purges: [try signedPurge().bytes], owesPurge: true,
            audit: AuditMark(AuditHead(size: 300, root: try root())))
        return WireCase(name: "a request with everything", what: "request", bytes: request.encoded())
    }

    private func answers() throws -> [WireCase] {
        let bodies: [(String, SyncAnswer.Body)] = [
            ("idle", .idle(try signedCheckpoint())), ("taken", .taken), ("a delivery", .delivery([1, 2, 3])),
            ("a delivery to fetch", .fetch(id: key(9), bytes: 1 << 20)),
            ("a delivery to fetch, and what it closes", .fetch(id: key(9), bytes: 1 << 20, urgent: [1, 2, 3])),
            ("suspended", .suspended),
            ("the epoch changed", .epochChanged(try lineage())), ("revoked", .revoked), ("unproven", .unproven),
        ]
        return try bodies.map { name, body in
            let answer = SyncAnswer(
                hubMilliseconds: 1_760_000_602_000, ticket: try issued().encoded(), duplicates: 1, purgesTaken: 2,
                schemaVersion: 12, body: body)
            return WireCase(name: "an answer: \(name)", what: "answer", bytes: answer.encoded())
        }
    }

    /// What was closed while a device was sending, and which of its batches wait for the hub's own upgrade: both as they
    /// travel, and the content alone.
    private func closings() throws -> [WireCase] {
        let checkpoint = try signedCheckpoint()
        let closed = Delivery(
            from: Position(880), checkpoint: checkpoint,
            events: [
                ScopeEvent(kind: .leave, scope: scope, epoch: .zero, readMask: 0, writeMask: 0),
                ScopeEvent(kind: .enter, scope: key(1), epoch: Position(17), readMask: 0b101, writeMask: 0b1),
            ], receipts: [try judged()], tombstones: [Tombstone(table: 700, key: key(3))])
        let held = Delivery(
            from: .zero,
            checkpoint: try Checkpoint(
                hub: hub, epoch: epoch, device: device, position: .zero, issuedMilliseconds: 1_760_000_590_000,
                digest: VersionDigest()
            ).signed(with: hubKeys),
            receipts: [
                Receipt(
                    batch: try #require(BatchID(bytes: (64..<96).map { $0 })), firstPosition: .zero, opCount: 3,
                    exceptions: [])
            ])
        return try [("what was closed meanwhile", closed), ("what is held", held)].flatMap { name, delivery in
            let bytes = try delivery.encoded(layout: Layout())
            let answer = SyncAnswer(
                hubMilliseconds: 1_760_000_602_000, ticket: try issued().encoded(), duplicates: 0, schemaVersion: 12,
                body: .closings(bytes))
            return [
                WireCase(name: "an answer: \(name)", what: "answer", bytes: answer.encoded()),
                WireCase(name: "closings: \(name)", what: "delivery", bytes: bytes),
            ]
        }
    }

    /// Two lives on from one that was lost.
    private func lineage() throws -> EpochLineage {
        let first = HubEpoch(number: 1, salt: key(11))
        let second = HubEpoch(number: 2, salt: key(12))
        return try EpochLineage([
            EpochRecord(hub: hub, epoch: second, parent: first, kept: Position(40)).signed(with: hubKeys),
            EpochRecord(hub: hub, epoch: epoch, parent: second, kept: Position(1_000_040)).signed(with: hubKeys),
        ])
    }

    /// The request with everything, from a device with new keys.
    private func succession() throws -> WireCase {
        let next = try DeviceKeys(importingSecret: [1, 3] + (0..<64).map { 160 &+ $0 })
        let signed = try KeySuccession(
            hub: hub, owner: device, replaced: deviceKeys.number, keys: next.publicKeys, lastBatch: 812,
            milliseconds: 1_760_000_000_000
        ).signed(with: deviceKeys, and: next)
        return WireCase(
            name: "new keys of a device", what: "succession",
            known: ["signing": .bytes(deviceKeys.publicKeys.signing)], bytes: signed.bytes)
    }

    /// What a hub says of its own new keys, wherever it says it.
    private func hubRekeyed() throws -> [WireCase] {
        let next = try DeviceKeys(importingSecret: [1, 2] + (0..<64).map { 30 &+ $0 })
        let third = try DeviceKeys(importingSecret: [1, 3] + (0..<64).map { 50 &+ $0 })
        let words = try [(hubKeys, next, UInt64(912)), (next, third, 1_000_950)].map { old, new, position in
            try KeySuccession(
                hub: hub, owner: hub, replaced: old.number, keys: new.publicKeys, lastBatch: position,
                milliseconds: 1_760_000_000_000
            ).signed(with: old, and: new)
        }
        let all = words.map(\.bytes)
        var answer = SyncAnswer(
            hubMilliseconds: 1_760_000_602_000, ticket: try issued().encoded(), duplicates: 0, schemaVersion: 12,
            body: .taken)
        answer.successions = all
        return [
            WireCase(
                name: "new keys of the hub", what: "succession",
                known: ["signing": .bytes(hubKeys.publicKeys.signing)], bytes: words[0].bytes),
            WireCase(
                name: "a refusal that names newer keys of the hub", what: "successions",
                bytes: SuccessionList.encode(all)),
            WireCase(name: "an answer that names newer keys of the hub", what: "answer", bytes: answer.encoded()),
            WireCase(
                name: "a file that names newer keys of the hub", what: "told file",
                bytes: ToldFile.join(all, Array("RUB1…".utf8))),
        ]
    }

    private func requestWithKeys() throws -> WireCase {
        var request = try SyncRequest(decoding: request().bytes)
        request.successions = [try succession().bytes]
        return WireCase(name: "a request that tells of new keys", what: "request", bytes: request.encoded())
    }

    private func delivery() throws -> WireCase {
        let delivery = Delivery(
            from: Position(600), checkpoint: try signedCheckpoint(),
            events: [
                ScopeEvent(
                    kind: .enter, scope: scope, epoch: Position(590), readMask: 1 << 30 | 5, writeMask: 4),
                ScopeEvent(kind: .leave, scope: key(4), epoch: .zero, readMask: 0, writeMask: 0),
            ], receipts: [try judged()], rows: rowStates, tombstones: [Tombstone(table: 700, key: key(6))],
            auditProof: AuditProof(since: 200, hashes: [try root()]))
        return WireCase(name: "a delivery", what: "delivery", bytes: try delivery.encoded(layout: Layout()))
    }

    private func issued() throws -> Ticket {
        Ticket(number: 41, device: device, keyNumber: 2, key: try TicketKey(bytes: (0..<32).map { $0 }))
    }

    private func ticket() throws -> WireCase {
        WireCase(
            name: "a ticket", what: "ticket",
            known: ["key": .bytes(0..<32), "device": .bytes(device.bytes), "keyNumber": .number(2)],
            bytes: try issued().encoded())
    }

    private func signedRequest() throws -> WireCase {
        let body = Array("hello, hub!".utf8)
        let headers = try RequestSignature.headers(
            method: "POST", path: "/v1/sync", body: body, hub: hub, device: device, ticket: try issued(),
            signedWith: deviceKeys)
        let fields = Dictionary(uniqueKeysWithValues: headers.map { ($0.name.lowercased(), Plain.text($0.value)) })
        return WireCase(
            name: "a signed request", what: "signed request",
            known: [
                "method": .text("POST"), "path": .text("/v1/sync"), "fields": .map(fields),
                "signing": .bytes(deviceKeys.publicKeys.signing),
            ], bytes: body)
    }

    private func enrolment() throws -> [WireCase] {
        let verifier = try #require(EnrolmentCode(code)).verifier
        var generator = SeededGenerator(seed: 5)
        let request = EnrolRequest(keys: deviceKeys.publicKeys, verifier: verifier, using: &generator)
            .encoded(provedWith: verifier)
        let answer = EnrolAnswer(
            device: device, partner: key(7), partnerCode: "SRY", partnerName: "Surrey Women’s Centre", role: "office",
            hub: hub, hubName: "Test network", hubEpoch: epoch, hubKeys: hubKeys.publicKeys, firstTicket: try issued(),
            firstCheckpoint: try signedCheckpoint().bytes)
        return [
            WireCase(
                name: "a device asks to join", what: "enrol request", known: ["code": .text(code)], bytes: request),
            WireCase(
                name: "the hub takes it in", what: "enrol answer",
                known: ["code": .text(code), "request": .bytes(request)],
                bytes: try answer.encoded(to: request, provedWith: verifier)),
        ]
    }
}
