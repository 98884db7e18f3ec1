/// A request read from pieces of its encoding: what it claims at once, its batches one by one.
package struct SyncRequestReader {
    /// What stands before the batches; with ``rest()`` also what stands behind them.
    package private(set) var request: SyncRequest
    /// How many batches there are.
    package let batchCount: Int
    private var left: Int
    private var input: PieceReader

    /// - Parameter pull: the next piece of the encoding; nil at its end.
    package init(pull: @escaping () throws -> [UInt8]?) throws {
        var input = PieceReader(pull: pull)
        (request, batchCount) = try input.read { reader throws(FormatError) in
            (
                try SyncRequest(claimsFrom: &reader),
                try reader.count("sync batches", limit: SyncRequest.batchLimit)
            )
        }
        left = batchCount
        self.input = input
    }

    /// The next batch; nil after the last.
    package mutating func nextBatch() throws -> SignedBatch? {
        guard left > 0 else { return nil }
        left -= 1
        return try input.read { reader throws(FormatError) in try SyncRequest.batch(from: &reader) }
    }

    /// Passes over the batches that are left, and reads what stands behind them. The encoding ends there.
    package mutating func rest() throws -> SyncRequest {
        while try nextBatch() != nil {}
        let claims = request
        request = try input.read { reader throws(FormatError) in
            var whole = claims
            try whole.readEnd(from: &reader)
            return whole
        }
        guard try input.isAtEnd() else { throw FormatError(.trailing, "sync request") }
        return request
    }
}
