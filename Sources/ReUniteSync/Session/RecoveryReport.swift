/// What a replica tells a hub that was restored from a backup, in `POST /v1/recover`: what the hub had decided since, as
/// far as this replica knows (`docs/restore.md`).
///
/// It goes in as many reports as it takes; each may come any number of times.
public struct RecoveryReport: Hashable, Sendable {
    /// The life of the hub that it is for.
    public var epoch: HubEpoch
    /// From the replica's point of view a delivery backwards: its own checkpoint, the receipts of its batches that the
    /// hub may have lost, and the rows that others wrote and that the hub may have lost with them.
    public var known: Delivery

    /// So many receipts or rows at most are in one report.
    package static let pageSize = 2_000

    public init(epoch: HubEpoch, known: Delivery) {
        self.epoch = epoch
        self.known = known
    }
}

/// The hub's answer: it has taken note.
public struct RecoveryAnswer: Hashable, Sendable {
    public var epoch: HubEpoch

    public init(epoch: HubEpoch) {
        self.epoch = epoch
    }
}

extension RecoveryReport {
    static let version: UInt8 = 1

    public func encoded(layout: some ColumnLayout) throws(FormatError) -> [UInt8] {
        var out = ByteWriter(reserving: 1_024)
        out.byte(RecoveryReport.version)
        out.hubEpoch(epoch)
        out.string(try known.encoded(layout: layout))
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("recovery version") == RecoveryReport.version else {
            throw FormatError(.unknownVersion, "recovery version")
        }
        epoch = try input.hubEpoch("recovery epoch")
        known = try Delivery(decoding: try input.string("recovery report", limit: DecodeLimits.messageBytes))
        try input.end("recovery report")
    }
}

extension RecoveryAnswer {
    static let version: UInt8 = 1

    public func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: 32)
        out.byte(RecoveryAnswer.version)
        out.hubEpoch(epoch)
        return out.bytes
    }

    public init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("recovery answer version") == RecoveryAnswer.version else {
            throw FormatError(.unknownVersion, "recovery answer version")
        }
        epoch = try input.hubEpoch("recovery answer epoch")
        try input.end("recovery answer")
    }
}
