/// A delivery read from pieces of its encoding as they are asked for: what comes before the rows at once, the rows
/// page by page, so that a large delivery is never in memory whole.
public struct DeliveryReader {
    /// Everything but the rows.
    public let head: Delivery
    private var pages: Int
    private var input: Input

    /// - Parameter pull: the next piece of the encoding; nil at its end.
    public init(pull: @escaping () throws -> [UInt8]?) throws {
        var input = Input(pull: pull)
        (head, pages) = try input.read { reader throws(FormatError) in try Delivery.head(from: &reader) }
        self.input = input
    }

    /// The rows of the next page; nil after the last, when the encoding has been found to end there.
    public mutating func nextPage() throws -> [RowState]? {
        guard pages > 0 else {
            guard try input.isAtEnd() else { throw FormatError(.trailing, "delivery") }
            return nil
        }
        pages -= 1
        return try input.read { reader throws(FormatError) in try Delivery.page(from: &reader) }
    }

    private struct Input {
        let pull: () throws -> [UInt8]?
        var buffer: [UInt8] = []
        var hasEnded = false

        /// Reads one thing; where it is cut short, as often as more of it has come. What is there doubles each time, so
        /// that reading again costs no more than reading did.
        mutating func read<Result>(
            _ body: (inout ByteReader) throws(FormatError) -> Result
        ) throws -> Result {
            while true {
                do {
                    var reader = ByteReader(buffer)
                    let result = try body(&reader)
                    buffer.removeFirst(reader.offset)
                    return result
                } catch {
                    guard error.code == .truncated, !hasEnded else { throw error }
                    try fill(to: max(buffer.count * 2, 1))
                }
            }
        }

        mutating func isAtEnd() throws -> Bool {
            try fill(to: 1)
            return buffer.isEmpty
        }

        private mutating func fill(to count: Int) throws {
            while buffer.count < count {
                guard let piece = try pull() else {
                    hasEnded = true
                    return
                }
                buffer += piece
            }
        }
    }
}
