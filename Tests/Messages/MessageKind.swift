import ReUniteSync

/// Every form that bytes from outside are read in, before anything is proved of whoever sent them or after.
///
/// The names are those of the vectors (`Tests/Decoder/vectors/wire.json`), where there is one.
package enum MessageKind: UInt8, CaseIterable, Sendable {
    case request, answer, delivery, pages, ops, rows, checkpoint, batchHeader, purgeReceipt, receipt, receipts, ticket
    case publicKeys, enrolRequest, stepQuestion, previewAnswer, checkRequest, checkAnswer, recoveryReport
    case recoveryAnswer, auditRecord, siblingNames, values, bundle, bundleHeader, salvage, requestSignature
    case enrolmentCode, succession, epochRecord, successions, hubKeyChain, toldFile
    case historyQuestion, historyAnswer
    case slip, padded, enrolAnswer, ledgerGroup

    /// Something was read, and is not itself when it is written and read again.
    package struct Changed: Error {
        package let kind: MessageKind
    }

    /// Reads the bytes, and what was read once more from what is written of it.
    ///
    /// - Returns: whether they were read; false where they were refused as what they are.
    /// - Throws: ``Changed``; whatever is thrown that is no refusal.
    package func read(_ bytes: [UInt8]) throws -> Bool {
        do {
            try again(bytes)
            return true
        } catch is FormatError {
            return false
        } catch is RequestSignature.Refusal {
            return false
        }
    }

    private func again(_ bytes: [UInt8]) throws {
        switch self {
        case .request: try same(bytes, SyncRequest.init(decoding:)) { $0.encoded() }
        case .answer: try same(bytes, SyncAnswer.init(decoding:)) { $0.encoded() }
        case .delivery: _ = try Delivery(decoding: bytes)
        case .pages: try pages(bytes)
        case .ops: try ops(bytes)
        case .rows: _ = try RowCodec.decode(bytes)
        case .checkpoint: _ = try SignedCheckpoint(decoding: bytes)
        case .batchHeader: try same(bytes, BatchHeader.init(decoding:)) { $0.encoded() }
        case .purgeReceipt: _ = try SignedPurgeReceipt(decoding: bytes)
        case .receipt: try same(bytes, Receipt.init(decoding:)) { $0.encoded() }
        case .receipts: try same(bytes, ReceiptList.init(decoding:)) { $0.encoded() }
        case .ticket: try same(bytes, Ticket.init(decoding:)) { $0.encoded() }
        case .publicKeys: try same(bytes, PublicKeys.init(decoding:)) { $0.encoded() }
        case .enrolRequest: _ = try EnrolRequest(decoding: bytes)
        case .stepQuestion: try same(bytes, StepQuestion.init(decoding:)) { $0.encoded() }
        case .previewAnswer: try same(bytes, PreviewAnswer.init(decoding:)) { $0.encoded() }
        case .historyQuestion: try same(bytes, HistoryQuestion.init(decoding:)) { $0.encoded() }
        case .historyAnswer: try same(bytes, HistoryAnswer.init(decoding:)) { $0.encoded() }
        case .checkRequest: try same(bytes, CheckRequest.init(decoding:)) { $0.encoded() }
        case .checkAnswer: try same(bytes, CheckAnswer.init(decoding:)) { $0.encoded() }
        case .recoveryReport: _ = try RecoveryReport(decoding: bytes)
        case .recoveryAnswer: try same(bytes, RecoveryAnswer.init(decoding:)) { $0.encoded() }
        case .auditRecord: try same(bytes, AuditRecord.init(decoding:)) { $0.encoded() }
        case .siblingNames: try same(bytes, [SiblingName].init(decoding:)) { $0.encoded }
        case .values: try same(bytes, ValueList.decode, ValueList.encode)
        case .bundle: _ = try SealedBundle.inspect(bytes, sender: nil, recipient: nil)
        case .bundleHeader: _ = try SealedBundle.readHeader(bytes)
        case .salvage: try salvage(bytes)
        case .requestSignature: try requestSignature(bytes)
        case .succession: _ = try SignedKeySuccession(decoding: bytes)
        case .epochRecord: _ = try SignedEpochRecord(decoding: bytes)
        case .successions: try same(bytes, SuccessionList.decode, SuccessionList.encode)
        case .toldFile: _ = try ToldFile.split(bytes)
        case .hubKeyChain: try same(bytes, HubKeyChain.init(decoding:)) { $0.encoded() }
        case .slip: try slip(bytes)
        case .padded: try same(bytes, Padding.content, Padding.body)
        case .enrolAnswer: _ = try EnrolAnswer(proved: bytes[...])
        case .ledgerGroup: try same(bytes, LedgerGroup.init(decoding:)) { $0.encoded() }
        case .enrolmentCode: _ = EnrolmentCode(String(decoding: bytes, as: UTF8.self))
        }
    }

    private func same<Message: Equatable>(
        _ bytes: [UInt8], _ decode: ([UInt8]) throws(FormatError) -> Message, _ encode: (Message) -> [UInt8]
    ) throws {
        let message = try decode(bytes)
        guard let repeated = try? decode(encode(message)), repeated == message else { throw Changed(kind: self) }
    }

    private static let anybody = DeviceKeys.generate()

    /// What is no slip of anybody's is refused before it is opened, as a request and as an answer; so is one of others.
    private func slip(_ bytes: [UInt8]) throws {
        let keys = MessageKind.anybody
        _ = (SealedSlip.recipient(ofRequest: bytes), SealedSlip.recipient(ofAnswer: bytes))
        guard (try? SealedSlip.openAnswer(bytes, to: [], with: keys, from: keys.publicKeys)) == nil else {
            throw Changed(kind: self)
        }
        _ = try SealedSlip.openRequest(bytes, from: .zero, to: .zero, with: keys)
    }

    /// The first two bytes say how many ops are expected.
    private func ops(_ bytes: [UInt8]) throws {
        guard bytes.count >= 2 else { return }
        let count = Int(bytes[0]) << 8 | Int(bytes[1])
        let ops = try OpCodec.decode(Array(bytes[2...]), expecting: count)
        guard ops.count == count else { throw Changed(kind: self) }
    }

    /// What a reader gets that takes a delivery page by page is what one gets that takes it whole.
    private func pages(_ bytes: [UInt8]) throws {
        var left = bytes[...]
        var reader = try DeliveryReader {
            guard !left.isEmpty else { return nil }
            defer { left = left.dropFirst(7) }
            return Array(left.prefix(7))
        }
        var whole = reader.head
        while let page = try reader.nextPage() { whole.rows += page }
        guard let once = try? Delivery(decoding: bytes), once == whole else { throw Changed(kind: self) }
    }

    /// What is salvaged of a request that is whole is what is in it.
    private func salvage(_ bytes: [UInt8]) throws {
        let (checkpoints, batches) = SyncRequest.salvage(bytes)
        guard let whole = try? SyncRequest(decoding: bytes) else { return }
        guard whole.checkpoints == checkpoints, whole.batches == batches else { throw Changed(kind: self) }
    }

    /// Two lines, the headers of a signed request.
    private func requestSignature(_ bytes: [UInt8]) throws {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1).map(String.init)
        _ = try RequestSignature.verifyHead(
            method: "POST", path: "/v1/sync",
            headers: { name in
                switch name.lowercased() {
                case "signature-input": lines.first
                case "signature": lines.last
                case "content-digest": "sha-256=:\(String(repeating: "A", count: 43))=:"
                default: nil
                }
            }, hub: .zero, keyFor: { _, _ in nil })
    }
}
