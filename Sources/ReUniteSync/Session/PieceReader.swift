/// Reads an encoding from pieces of it as they are asked for.
struct PieceReader {
    private let pull: () throws -> [UInt8]?
    private var buffer: [UInt8] = []
    /// Where what has not been read begins: what lies before it goes when more is fetched.
    private var start = 0
    private var hasEnded = false

    /// - Parameter pull: the next piece; nil at the end.
    init(pull: @escaping () throws -> [UInt8]?) {
        self.pull = pull
    }

    /// Reads one thing; where it is cut short, as often as more of it has come. What is there doubles each time, so
    /// that reading again costs no more than reading did.
    mutating func read<Result>(
        _ body: (inout ByteReader) throws(FormatError) -> Result
    ) throws -> Result {
        while true {
            do {
                var reader = ByteReader(buffer[start...])
                let result = try body(&reader)
                start += reader.offset
                return result
            } catch {
                guard error.code == .truncated, !hasEnded else { throw error }
                try fill(to: max((buffer.count - start) * 2, 1))
            }
        }
    }

    mutating func isAtEnd() throws -> Bool {
        try fill(to: 1)
        return start == buffer.count
    }

    private mutating func fill(to count: Int) throws {
        guard buffer.count - start < count else { return }
        buffer.removeFirst(start)
        start = 0
        while buffer.count < count {
            guard let piece = try pull() else {
                hasEnded = true
                return
            }
            buffer += piece
        }
    }
}
