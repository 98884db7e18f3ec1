/// The hub's answer about one batch. Everything that is not named in `exceptions` was accepted whole.
public struct Receipt: Hashable, Sendable {
    public let batch: BatchID
    /// The position of the batch's first op; the others follow one by one.
    public let firstPosition: Position
    public let opCount: UInt32
    public let exceptions: [OpException]

    /// An op of which not every cell was accepted.
    public struct OpException: Hashable, Sendable {
        public let index: UInt32
        public let verdict: Verdict
        public let reason: Reason
        /// The column groups that were not accepted.
        public let groups: UInt64

        public init(index: UInt32, verdict: Verdict, reason: Reason, groups: UInt64) {
            self.index = index
            self.verdict = verdict
            self.reason = reason
            self.groups = groups
        }
    }

    public init(batch: BatchID, firstPosition: Position, opCount: UInt32, exceptions: [OpException]) {
        self.batch = batch
        self.firstPosition = firstPosition
        self.opCount = opCount
        self.exceptions = exceptions
    }
}

extension Receipt {
    /// The positions that its ops took.
    package var positions: Range<Int64> {
        firstPosition.rawValue..<firstPosition.rawValue + Int64(opCount)
    }

    /// The receipt alone, as both sides store it.
    package func encoded() -> [UInt8] {
        var out = ByteWriter()
        encode(into: &out)
        return out.bytes
    }

    package init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        try self.init(from: &input)
    }

    public func encode(into out: inout ByteWriter) {
        out.raw(batch.bytes)
        out.zigzag(firstPosition.rawValue)
        out.varint(UInt64(opCount))
        out.varint(exceptions.count)
        for exception in exceptions {
            out.varint(UInt64(exception.index))
            out.byte(exception.verdict.rawValue)
            out.byte(exception.reason.rawValue)
            out.varint(exception.groups)
        }
    }

    public init(from input: inout ByteReader) throws(FormatError) {
        guard let id = BatchID(bytes: try input.raw("receipt batch", count: 32)) else {
            throw FormatError(.malformed, "receipt batch")
        }
        batch = id
        firstPosition = Position(try input.zigzag("receipt position"))
        opCount = UInt32(try input.count("receipt op count", limit: DecodeLimits.opsPerBatch))
        // A device says what it was told in a life that the hub has lost: any number may stand there.
        guard firstPosition >= .zero, firstPosition.rawValue <= .max - Int64(opCount) else {
            throw FormatError(.malformed, "receipt position")
        }
        let count = try input.count("receipt exceptions", limit: DecodeLimits.opsPerBatch)
        var list: [OpException] = []
        for _ in 0..<count {
            let index = try input.count("receipt op", limit: DecodeLimits.opsPerBatch)
            guard let verdict = Verdict(rawValue: try input.byte("receipt verdict")),
                let reason = Reason(rawValue: try input.byte("receipt reason"))
            else { throw FormatError(.malformed, "receipt verdict") }
            list.append(
                OpException(
                    index: UInt32(index), verdict: verdict, reason: reason, groups: try input.varint("receipt groups")))
        }
        exceptions = list
    }
}
