/// A batch as the hub took it, with what the hub said of it: enough to take it again in the same way.
package struct LedgerBatch: Hashable, Sendable {
    package var batch: SignedBatch
    /// Whether an erasure had taken values out of it, so that its header's digest no longer fits.
    package var isRedacted: Bool
    /// When it was taken, and when its base was issued as far as that was proved; milliseconds since 1970.
    package var receivedMilliseconds: Int64
    package var issuedMilliseconds: Int64?
    package var receipt: Receipt

    package init(
        batch: SignedBatch, isRedacted: Bool, receivedMilliseconds: Int64, issuedMilliseconds: Int64?, receipt: Receipt
    ) {
        self.batch = batch
        self.isRedacted = isRedacted
        self.receivedMilliseconds = receivedMilliseconds
        self.issuedMilliseconds = issuedMilliseconds
        self.receipt = receipt
    }
}

/// What one record of the ledger of batches holds: every batch whose first position is above one position and not above
/// another, in the order in which they were taken (`docs/restore.md`).
package struct LedgerGroup: Hashable, Sendable {
    package var from: Position
    package var to: Position
    package var batches: [LedgerBatch]
    /// How many lines the ledgers of closings and of erasures had by then; nil in a record of before they were counted.
    package var lines: Lines?

    package struct Lines: Hashable, Sendable {
        package var closings: LedgerCount
        package var erasures: LedgerCount

        package init(closings: LedgerCount, erasures: LedgerCount) {
            self.closings = closings
            self.erasures = erasures
        }
    }

    private static let version: UInt8 = 3
    /// Of before the last counted line was named.
    private static let namelessVersion: UInt8 = 2
    private static let uncountedVersion: UInt8 = 1
    private static let lineLimit = 1 << 40
    private static let batchLimit = 1 << 20
    private static let isRedacted: UInt8 = 1
    private static let isProved: UInt8 = 2

    package init(from: Position, to: Position, batches: [LedgerBatch], lines: Lines? = nil) {
        self.lines = lines
        self.from = from
        self.to = to
        self.batches = batches
    }

    package func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 256 + batches.reduce(0) { $0 + $1.byteCount })
        let isNamed = lines.map { $0.closings.isNamed && $0.erasures.isNamed } ?? false
        out.byte(
            lines == nil
                ? LedgerGroup.uncountedVersion : isNamed ? LedgerGroup.version : LedgerGroup.namelessVersion)
        out.zigzag(from.rawValue)
        out.zigzag(to.rawValue)
        if let lines {
            for count in [lines.closings, lines.erasures] {
                out.fixed64(count.chain)
                out.varint(count.lines)
                if isNamed { out.raw(count.last) }
            }
        }
        out.varint(batches.count)
        for entry in batches {
            out.byte(
                (entry.isRedacted ? LedgerGroup.isRedacted : 0)
                    | (entry.issuedMilliseconds == nil ? 0 : LedgerGroup.isProved))
            out.string(entry.batch.header)
            out.string(entry.batch.ops)
            out.string(entry.batch.signature)
            out.zigzag(entry.receivedMilliseconds)
            if let issued = entry.issuedMilliseconds { out.zigzag(issued) }
            out.string(entry.receipt.encoded())
        }
        return out.bytes
    }

    package init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        let version = try input.byte("ledger version")
        guard (LedgerGroup.uncountedVersion...LedgerGroup.version).contains(version) else {
            throw FormatError(.unknownVersion, "ledger version")
        }
        from = Position(try input.zigzag("ledger from"))
        to = Position(try input.zigzag("ledger to"))
        func count() throws(FormatError) -> LedgerCount {
            var count = LedgerCount(
                chain: try input.fixed64("ledger file"),
                lines: try input.count("ledger lines", limit: LedgerGroup.lineLimit))
            if version == LedgerGroup.version, count.lines > 0 {
                count.last = Array(try input.raw("ledger last line", count: LedgerCount.hashLength))
            }
            return count
        }
        if version != LedgerGroup.uncountedVersion {
            let closings = try count()
            lines = Lines(closings: closings, erasures: try count())
        }
        batches = []
        for _ in 0..<(try input.count("ledger batches", limit: LedgerGroup.batchLimit)) {
            let flags = try input.byte("ledger flags")
            guard flags & ~(LedgerGroup.isRedacted | LedgerGroup.isProved) == 0 else {
                throw FormatError(.malformed, "ledger flags")
            }
            let batch = SignedBatch(
                header: try input.string("ledger header", limit: DecodeLimits.batchBytes),
                ops: try input.string("ledger ops", limit: DecodeLimits.messageBytes),
                signature: try input.string("ledger signature", limit: 1_024))
            let received = try input.zigzag("ledger received")
            let issued = flags & LedgerGroup.isProved == 0 ? nil : try input.zigzag("ledger issued")
            batches.append(
                LedgerBatch(
                    batch: batch, isRedacted: flags & LedgerGroup.isRedacted != 0, receivedMilliseconds: received,
                    issuedMilliseconds: issued,
                    receipt: try Receipt(
                        decoding: try input.string("ledger receipt", limit: DecodeLimits.messageBytes))))
        }
        try input.end("ledger")
    }
}

extension LedgerBatch {
    /// About how much of a record it takes.
    package var byteCount: Int { batch.header.count + batch.ops.count + 256 + 16 * receipt.exceptions.count }
}

/// How many lines a file has, which one is the last of them, and which file that is: one that was begun anew is another.
package struct LedgerCount: Hashable, Sendable {
    /// From the hash of the first line; 0 where there is none.
    package var chain: UInt64 = 0
    package var lines = 0
    /// The hash of the last line; empty where there is none, and where a program of before counted.
    package var last: [UInt8] = []

    package static let hashLength = 32

    /// Whether it says which line was the last.
    package var isNamed: Bool { lines == 0 || last.count == LedgerCount.hashLength }

    package init(chain: UInt64 = 0, lines: Int = 0, last: [UInt8] = []) {
        self.chain = chain
        self.lines = lines
        self.last = last
    }
}
