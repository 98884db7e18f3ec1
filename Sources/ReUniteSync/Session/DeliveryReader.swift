/// A delivery read from pieces of its encoding as they are asked for: what comes before the rows at once, the rows
/// page by page, so that a large delivery is never in memory whole.
public struct DeliveryReader {
    /// Everything but the rows.
    public let head: Delivery
    private var pages: Int
    private var input: PieceReader
    private var budget = PageBudget()

    /// - Parameter pull: the next piece of the encoding; nil at its end.
    public init(pull: @escaping () throws -> [UInt8]?) throws {
        var input = PieceReader(pull: pull)
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
        // All of it first: one that says that it needs more than it has would else be read again with what follows it.
        let page = try input.read { reader throws(FormatError) in try Delivery.page(from: &reader) }
        return try budget.rows(of: page)
    }
}
