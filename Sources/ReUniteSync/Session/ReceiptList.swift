/// The content of a bundle of receipts: what the hub has of a device, and not a value of anything.
package struct ReceiptList: Hashable, Sendable {
    package var receipts: [Receipt]

    private static let version: UInt8 = 1
    package static let limit = 100_000

    package init(receipts: [Receipt]) {
        self.receipts = receipts
    }

    package func encoded() -> [UInt8] {
        var out = ByteWriter()
        out.byte(ReceiptList.version)
        out.varint(receipts.count)
        for receipt in receipts { receipt.encode(into: &out) }
        return out.bytes
    }

    package init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("receipts version") == ReceiptList.version else {
            throw FormatError(.unknownVersion, "receipts version")
        }
        receipts = []
        for _ in 0..<(try input.count("receipts", limit: ReceiptList.limit)) {
            receipts.append(try Receipt(from: &input))
        }
        try input.end("receipts")
    }
}
