import ReUniteReplica
import ReUniteSync

/// What the hub's signatures say of its ledger of batches. The heads that stand in clear before the records say where they
/// lie and nothing more: whoever can write to the other disk can write any head.
struct LedgerProof {
    let hub: Identifier
    /// Every key that the hub ever signed with.
    let chain: HubKeyChain

    /// Whether a record is the hub's, and holds the positions that its head says.
    func isGood(_ record: LedgerSegment.Record, in path: String) throws -> Bool {
        guard !record.place.isEmpty else { return false }
        let bytes = try PartialFile(reading: path).read(record.place)
        guard let header = try? SealedBundle.readHeader(bytes), header.label.kind == .ledger, header.label.hub == hub,
            header.label.from == record.from, header.label.to == record.to,
            let signer = chain.keys(numbered: header.senderKeyNumber),
            let found = try? SealedBundle.inspect(bytes, sender: signer, recipient: nil)
        else { return false }
        return found.signature == .good
    }

    func isGoodBeginning(_ segment: LedgerSegment) throws -> Bool { try isGood(segment.first, in: segment.path) }

    /// The position up to which a ledger reaches by the last record that is the hub's; nil where none is.
    func reach(of ledger: BatchLedger) throws -> Position? {
        for segment in ledger.segments.reversed() where !segment.first.place.isEmpty {
            var records: [LedgerSegment.Record] = []
            _ = try LedgerSegment.scan(segment.path) { record, _ in records.append(record) }
            for record in records.reversed() where try isGood(record, in: segment.path) { return record.to }
        }
        return nil
    }
}
