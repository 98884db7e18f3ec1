import ReUniteSync

// What the engine read, in the words of Tests/Decoder.

extension Plain {
    static func epoch(_ epoch: HubEpoch) -> Plain {
        .map(["number": .natural(UInt64(epoch.number)), "salt": .id(epoch.salt)])
    }

    static func position(_ position: Position) -> Plain { .number(position.rawValue) }

    static func digest(_ digest: VersionDigest) -> Plain {
        .map(["high": .natural(digest.high), "low": .natural(digest.low), "rows": .number(digest.rows)])
    }

    static func clock(_ clock: ClockReport) -> Plain {
        .map([
            "wall": .number(clock.wallMilliseconds), "monotonic": .number(clock.monotonicMilliseconds),
            "boot": .id(clock.boot), "lastHub": .number(clock.lastHubMilliseconds),
            "skew": .number(clock.skewMilliseconds),
        ])
    }

    static func keys(_ keys: PublicKeys) -> Plain {
        .map([
            "number": .natural(UInt64(keys.number)), "signing": .bytes(keys.signing),
            "sealing": .bytes(keys.agreement),
        ])
    }

    static func bundle(_ header: BundleHeader, _ content: [UInt8]) -> Plain {
        let label = header.label
        return .map([
            "bundle": .id(label.id), "kind": .text("\(label.kind)"), "hub": .id(label.hub),
            "epoch": .epoch(label.epoch), "sender": .id(label.sender),
            "senderKey": .natural(UInt64(header.senderKeyNumber)),
            "recipients": .list(header.recipients) { id in
                .bytes((0..<8).map { UInt8(truncatingIfNeeded: id.rawValue >> (8 * UInt64($0))) })
            },
            "chunkSize": .number(Int64(header.chunkSize)), "from": .position(label.from), "to": .position(label.to),
            "created": .number(label.createdMilliseconds), "content": .bytes(content),
        ])
    }

    static func header(_ header: BatchHeader, _ bytes: [UInt8]) -> Plain {
        .map([
            "batch": .bytes(SignedBatch(header: bytes, ops: [], signature: []).id.bytes), "salt": .id(header.salt),
            "hub": .id(header.hub), "device": .id(header.device), "keyNumber": .natural(UInt64(header.keyNumber)),
            "parent": .bytes(header.parent.bytes), "number": .natural(header.number),
            "firstSequence": .natural(header.firstSequence), "opCount": .natural(UInt64(header.opCount)),
            "epoch": .epoch(header.epoch), "base": .position(header.base), "tag": .natural(header.checkpointTag),
            "schema": .natural(UInt64(header.schemaVersion)), "clock": .clock(header.clock),
            "author": .id(header.author), "opsDigest": .bytes(header.opsDigest),
        ])
    }

    static func checkpoint(_ signed: SignedCheckpoint, signedBy keys: PublicKeys? = nil) -> Plain {
        let checkpoint = signed.checkpoint
        var fields: [String: Plain] = [
            "keyNumber": .natural(UInt64(signed.keyNumber)), "hub": .id(checkpoint.hub),
            "epoch": .epoch(checkpoint.epoch), "device": .id(checkpoint.device),
            "position": .position(checkpoint.position), "issued": .number(checkpoint.issuedMilliseconds),
            "digest": .digest(checkpoint.digest), "signature": .bytes(signed.bytes.suffix(64)),
            "tag": .natural(signed.tag), "bytes": .bytes(signed.bytes),
        ]
        if let audit = checkpoint.audit {
            fields["audit"] = .map(["size": .natural(audit.size), "root": .bytes(audit.root.bytes)])
        }
        if checkpoint.terms != DeviceTerms() { fields["terms"] = terms(checkpoint.terms) }
        if let keys { fields["genuine"] = .flag(signed.isAuthentic(signedBy: keys)) }
        return .map(fields)
    }

    static func terms(_ terms: DeviceTerms) -> Plain {
        .map(["backedUp": .position(terms.backedUp), "lease": .number(terms.leaseMilliseconds ?? 0)])
    }

    static func purge(_ signed: SignedPurgeReceipt, signedBy keys: PublicKeys) -> Plain {
        let receipt = signed.receipt
        return .map([
            "keyNumber": .natural(UInt64(signed.keyNumber)), "hub": .id(receipt.hub),
            "epoch": .epoch(receipt.hubEpoch), "device": .id(receipt.device), "scope": .id(receipt.scope),
            "grantEpoch": .position(receipt.epoch), "purged": .position(receipt.purged),
            "cursor": .position(receipt.cursor), "digest": .digest(receipt.digest), "rowsGone": .natural(receipt.rows),
            "clean": .flag(receipt.isClean), "at": .number(receipt.milliseconds),
            "signature": .bytes(signed.bytes.suffix(64)), "genuine": .flag(signed.isAuthentic(signedBy: keys)),
        ])
    }

    static func receipt(_ receipt: Receipt) -> Plain {
        .map([
            "batch": .bytes(receipt.batch.bytes), "first": .position(receipt.firstPosition),
            "ops": .natural(UInt64(receipt.opCount)),
            "exceptions": .list(receipt.exceptions) { one in
                .map([
                    "index": .natural(UInt64(one.index)), "verdict": .text("\(one.verdict)"),
                    "reason": .text(one.reason.code), "groups": .natural(one.groups),
                ])
            },
        ])
    }

    static func rowName(_ row: Tombstone) -> Plain {
        .map(["table": .natural(UInt64(row.table)), "key": .id(row.key)])
    }

    /// - Parameter batches: what to say of each batch and each proof; as they travel, unless told otherwise.
    static func request(_ request: SyncRequest, batches: Plain? = nil, checkpoints: Plain? = nil) -> Plain {
        .map([
            "cursor": .position(request.cursor), "epoch": .epoch(request.epoch), "digest": .digest(request.digest),
            "head": .bytes(request.chainHead.bytes), "schema": .natural(UInt64(request.schemaVersion)),
            "clock": .clock(request.clock), "unsent": .natural(request.unsent), "more": .flag(request.moreFollows),
            "wanted": .list(request.want, rowName),
            "checkpoints": checkpoints ?? .list(request.checkpoints) { .bytes($0) },
            "batches": batches
                ?? .list(request.batches) { batch in
                    .map([
                        "form": .number(batch.isSealed ? 1 : 0), "header": .bytes(batch.header),
                        "ops": .bytes(batch.ops), "signature": .bytes(batch.signature),
                    ])
                },
            "owesPurge": .flag(request.owesPurge), "purges": .list(request.purges) { .bytes($0) },
            "audit": .map(["size": .natural(request.audit.size), "root": .bytes(request.audit.root)]),
            "successions": .list(request.successions) { .bytes($0) },
        ])
    }

    /// - Parameter delivery: what to say of a delivery; its bytes, unless told otherwise.
    static func answer(_ answer: SyncAnswer, delivery: ([UInt8]) throws -> Plain = { .bytes($0) }) throws -> Plain {
        var fields: [String: Plain] = [
            "clock": .number(answer.hubMilliseconds), "ticket": .bytes(answer.ticket),
            "duplicates": .natural(answer.duplicates), "purgesTaken": .natural(answer.purgesTaken),
            "schema": .natural(UInt64(answer.schemaVersion)),
            "successions": .list(answer.successions) { .bytes($0) },
        ]
        switch answer.body {
        case .idle(let signed):
            (fields["kind"], fields["checkpoint"]) = (.text("idle"), .checkpoint(signed))
            fields["auditProof"] = .list(answer.auditProof.hashes) { .bytes($0.bytes) }
        case .taken: fields["kind"] = .text("taken")
        case .delivery(let bytes): (fields["kind"], fields["delivery"]) = (.text("delivery"), try delivery(bytes))
        case .fetch(let id, let bytes, let urgent):
            (fields["kind"], fields["fetch"], fields["bytes"]) = (.text("fetch"), .id(id), .natural(bytes))
            fields["urgent"] = .bytes(urgent)
        case .suspended: fields["kind"] = .text("suspended")
        case .epochChanged(let lineage):
            (fields["kind"], fields["lives"]) = (.text("epoch changed"), .list(lineage.records, epochRecord))
        case .unproven: fields["kind"] = .text("unproven")
        case .closings(let bytes):
            fields["kind"] = .text("closings")
            fields["closings"] = .bytes(bytes)
        case .revoked: fields["kind"] = .text("revoked")
        case .leaseOver: fields["kind"] = .text("lease over")
        case .unchanged(let position, let issued, let terms, let keyNumber, let signature):
            (fields["kind"], fields["position"]) = (.text("unchanged"), .position(position))
            (fields["issued"], fields["keyNumber"]) = (.number(issued), .natural(UInt64(keyNumber)))
            (fields["terms"], fields["signature"]) = (self.terms(terms), .bytes(signature))
        }
        return .map(fields)
    }

    static func epochRecord(_ signed: SignedEpochRecord) -> Plain {
        .map([
            "keyNumber": .natural(UInt64(signed.keyNumber)), "hub": .id(signed.record.hub),
            "epoch": .epoch(signed.record.epoch), "parent": .epoch(signed.record.parent),
            "kept": .position(signed.record.kept), "bytes": .bytes(signed.bytes),
        ])
    }

    static func succession(_ bytes: [UInt8]) throws -> Plain {
        let signed = try SignedKeySuccession(decoding: bytes)
        return .map([
            "hub": .id(signed.succession.hub), "owner": .id(signed.succession.owner),
            "replaced": .natural(UInt64(signed.succession.replaced)), "keys": .keys(signed.succession.keys),
            "lastBatch": .natural(signed.succession.lastBatch), "time": .number(signed.succession.milliseconds),
        ])
    }

    static func delivery(_ delivery: Delivery) -> Plain {
        .map([
            "from": .position(delivery.from), "checkpoint": .checkpoint(delivery.checkpoint),
            "scopes": .list(delivery.events) { event in
                .map([
                    "kind": .text("\(event.kind)"), "scope": .id(event.scope), "epoch": .position(event.epoch),
                    "read": .natural(event.readMask), "write": .natural(event.writeMask),
                ])
            },
            "receipts": .list(delivery.receipts, receipt), "tombstones": .list(delivery.tombstones, rowName),
            "rows": .list(delivery.rows, row), "auditSince": .natural(delivery.auditProof.since),
            "auditProof": .list(delivery.auditProof.hashes) { .bytes($0.bytes) },
        ])
    }
}
