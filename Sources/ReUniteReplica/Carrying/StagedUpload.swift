package import ReUniteSync

/// Batches on their way to the hub as one sealed bundle, in a file beside the replica: an attempt that is cut short
/// goes on with the same bytes, at the offset that the hub names.
///
/// The device itself cannot read them again: they are sealed to the hub.
package struct StagedUpload: Hashable, Sendable {
    package var id: Identifier
    /// The number of the last batch in it.
    package var lastBatch: UInt64
    package var edits: Int
    package var body: [UInt8]

    private static let version: UInt8 = 1

    package init(id: Identifier, lastBatch: UInt64, edits: Int, body: [UInt8]) {
        self.id = id
        self.lastBatch = lastBatch
        self.edits = edits
        self.body = body
    }

    func encoded() -> [UInt8] {
        var out = ByteWriter(reserving: body.count + 64)
        out.byte(StagedUpload.version)
        out.identifier(id)
        out.varint(lastBatch)
        out.varint(edits)
        out.string(body)
        return out.bytes
    }

    init(decoding bytes: [UInt8]) throws(FormatError) {
        var input = ByteReader(bytes)
        guard try input.byte("staged upload version") == StagedUpload.version else {
            throw FormatError(.unknownVersion, "staged upload version")
        }
        id = try input.identifier("staged upload id")
        lastBatch = try input.varint("staged upload batch")
        edits = try input.count("staged upload edits", limit: 1 << 30)
        body = try input.string("staged upload body", limit: DecodeLimits.uploadBytes)
        try input.end("staged upload")
    }
}
