import Foundation
import ReUniteSync
import Testing

/// Bytes, what they are, and what their reader has to know besides: a line for the decoder.
struct WireCase {
    var name: String
    var what: String
    var known: [String: Plain] = [:]
    var bytes: [UInt8]

    var plain: Plain {
        .map(known.merging(["what": .text(what), "hex": .bytes(bytes)]) { $1 })
    }

    /// The same case with other bytes.
    func with(_ bytes: [UInt8]) -> WireCase {
        var copy = self
        copy.bytes = bytes
        return copy
    }

    /// What the engine reads in the bytes, in canonical form; nil where it refuses them.
    func engineContent() throws -> String? {
        do {
            return try content().canonical
        } catch is FormatError {
            return nil
        } catch is RequestSignature.Refusal {
            return nil
        }
    }

    private func text(_ name: String) throws -> String { try #require(known[name]?.text) }
    private func bytes(_ name: String) throws -> [UInt8] { try #require(known[name]?.bytes) }

    /// Public keys of which one half matters.
    private func signer(_ name: String = "signing", number: UInt32) throws -> PublicKeys {
        try PublicKeys(number: number, signing: try bytes(name), agreement: Array(repeating: 0, count: 32))
    }

    /// Private keys of which the one to open with matters.
    private func opener() throws -> DeviceKeys {
        try DeviceKeys(importingSecret: [1, 1] + Array(repeating: 0, count: 32) + (try bytes("sealingKey")))
    }

    private func content() throws -> Plain {
        switch what {
        case "bundle": return try openedBundle()
        case "bundle header": return .bundle(try SealedBundle.readHeader(bytes), [])
        case "batch header": return .header(try BatchHeader(decoding: bytes), bytes)
        case "sealed ops":
            let batch = try #require(BatchID(bytes: try bytes("batch")))
            return .map(["ops": .bytes(try SealedBody.open(bytes, of: batch, with: try opener()))])
        case "ops":
            let count = try #require(known["count"]?.number)
            return .list(try OpCodec.decode(bytes, expecting: Int(count)), Plain.op)
        case "rows":
            let rows = try RowCodec.decode(bytes)
            var digest = VersionDigest()
            for row in rows { digest.add(row.clock.leaf(table: row.table, key: row.key)) }
            return .map(["rows": .list(rows, Plain.row), "digest": .digest(digest)])
        case "checkpoint":
            let signed = try SignedCheckpoint(decoding: bytes)
            return .checkpoint(signed, signedBy: try signer(number: signed.keyNumber))
        case "purge receipt":
            let signed = try SignedPurgeReceipt(decoding: bytes)
            return .purge(signed, signedBy: try signer(number: signed.keyNumber))
        case "succession":
            let signed = try SignedKeySuccession(decoding: bytes)
            guard signed.isAuthentic(signedBy: try signer(number: signed.succession.replaced)) else {
                throw FormatError(.notAuthentic, "succession")
            }
            return try .succession(bytes)
        case "successions":
            return .map(["successions": .list(try SuccessionList.decode(bytes)) { .bytes($0) }])
        case "told file":
            let (words, bundle) = try ToldFile.split(bytes)
            return .map(["successions": .list(words) { .bytes($0) }, "bundle": .bytes(bundle)])
        case "receipt":
            var input = ByteReader(bytes)
            let receipt = try Receipt(from: &input)
            try input.end("receipt")
            return .receipt(receipt)
        case "request": return .request(try SyncRequest(decoding: bytes))
        case "answer": return try .answer(try SyncAnswer(decoding: bytes))
        case "delivery": return .delivery(try Delivery(decoding: bytes))
        case "signed request": return try verifiedRequest()
        case "ticket":
            let ticket = try Ticket(decoding: bytes)
            let device = try #require(Identifier(bytes: try bytes("device")))
            let number = UInt32(try #require(known["keyNumber"]?.number))
            let key = try TicketKey(bytes: try bytes("key"))
            guard ticket.isGenuine(device: device, keyNumber: number, key: key) else {
                throw FormatError(.notAuthentic, "ticket")
            }
            return .map(["number": .natural(ticket.number)])
        case "history question": return .past(try HistoryQuestion(decoding: bytes))
        case "history answer": return .past(try HistoryAnswer(decoding: bytes))
        case "receipts":
            return .map(["receipts": .list(try ReceiptList(decoding: bytes).receipts, Plain.receipt)])
        case "check question": return .check(try CheckRequest(decoding: bytes))
        case "check answer": return .check(try CheckAnswer(decoding: bytes))
        case "step question": return .step(try StepQuestion(decoding: bytes))
        case "step answer": return .step(try PreviewAnswer(decoding: bytes))
        case "recovery report":
            let report = try RecoveryReport(decoding: bytes)
            return .map(["epoch": .epoch(report.epoch), "known": .delivery(report.known)])
        case "recovery answer": return .map(["epoch": .epoch(try RecoveryAnswer(decoding: bytes).epoch)])
        case "enrol request": return try provedRequest()
        case "enrol answer": return try provedAnswer()
        default: throw FormatError(.unknownVersion, what)
        }
    }

    private func openedBundle() throws -> Plain {
        let header = try SealedBundle.readHeader(bytes)
        for sender in known["senders"]?.items ?? [] {
            let number = UInt32(try #require(sender["number"].number))
            guard sender["sender"].bytes == header.label.sender.bytes, number == header.senderKeyNumber else {
                continue
            }
            let keys = try PublicKeys(
                number: number, signing: try #require(sender["signing"].bytes),
                agreement: Array(repeating: 0, count: 32))
            let opened = try SealedBundle.open(bytes, with: try opener(), from: keys)
            return .bundle(opened.header, opened.content)
        }
        throw FormatError(.notAuthentic, "bundle sender")
    }

    private func verifiedRequest() throws -> Plain {
        let fields = try #require(known["fields"])
        let hub = try #require(fields["reunite-hub"].text.flatMap { Identifier($0) })
        let keys = try bytes("signing")
        let claim = try RequestSignature.verify(
            method: try text("method"), path: try text("path"), body: bytes,
            headers: { fields[$0.lowercased()].text }, hub: hub,
            keyFor: { _, number in
                try? PublicKeys(number: number, signing: keys, agreement: Array(repeating: 0, count: 32))
            })
        return .map([
            "device": .id(claim.device), "keyNumber": .natural(UInt64(claim.keyNumber)), "hub": .id(hub),
            "ticket": .bytes(claim.ticket.encoded()),
        ])
    }

    private func verifier() throws -> EnrolmentVerifier {
        try #require(EnrolmentCode(try text("code"))).verifier
    }

    private func provedRequest() throws -> Plain {
        let verifier = try verifier()
        let request = try EnrolRequest(decoding: bytes)
        guard EnrolRequest.isProved(bytes, by: verifier), request.slot == verifier.slot else {
            throw FormatError(.notAuthentic, "enrolment proof")
        }
        return .map(["keys": .keys(request.keys), "nonce": .bytes(request.nonce.bytes), "slot": .bytes(request.slot)])
    }

    private func provedAnswer() throws -> Plain {
        let request = try bytes("request")
        let answer = try EnrolAnswer(decoding: bytes, to: request, provedBy: try verifier())
        return .map([
            "device": .id(answer.device), "partner": .id(answer.partner), "partnerCode": .text(answer.partnerCode),
            "partnerName": .text(answer.partnerName), "role": .text(answer.role), "hub": .id(answer.hub),
            "hubName": .text(answer.hubName), "epoch": .epoch(answer.hubEpoch), "keys": .keys(answer.hubKeys),
            "ticket": .bytes(answer.firstTicket.encoded()), "checkpoint": .bytes(answer.firstCheckpoint),
            "words": .list(fourWords(EnrolAnswer.transcriptHash(request: request, answer: bytes))) { .text($0) },
        ])
    }
}
