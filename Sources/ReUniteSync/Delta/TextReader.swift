/// Reads texts and blobs from the text section; their lengths stand elsewhere.
struct TextReader {
    /// The section, or where it is in words or modelled, its last value.
    private var bytes: [UInt8]
    private var next = 0
    private var words: WordReader?
    private var model: ModelReader?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ words: WordReader) {
        bytes = []
        self.words = words
    }

    init(_ model: ModelReader) {
        bytes = []
        self.model = model
    }

    private mutating func take(_ count: Int) throws(FormatError) -> Range<Int> {
        guard count <= DecodeLimits.valueBytes else { throw FormatError(.tooLarge, "value length") }
        if words != nil {
            bytes.removeAll(keepingCapacity: true)
            try words?.read(count, into: &bytes)
            return 0..<count
        }
        if model != nil {
            bytes.removeAll(keepingCapacity: true)
            try model?.read(count, into: &bytes, "text section")
            return 0..<count
        }
        guard count <= bytes.count - next else { throw FormatError(.truncated, "text section") }
        defer { next += count }
        return next..<(next + count)
    }

    mutating func text(_ count: Int) throws(FormatError) -> String {
        let range = try take(count)
        guard let text = text(in: range) else { throw FormatError(.malformed, "text") }
        return text
    }

    private func text(in range: Range<Int>) -> String? {
        // Checking through a span costs less than half of checking a slice.
        if #available(macOS 26, *) {
            guard let valid = try? UTF8Span(validating: bytes.span.extracting(range)) else { return nil }
            return String(copying: valid)
        }
        return String(validating: bytes[range], as: UTF8.self)
    }

    mutating func blob(_ count: Int) throws(FormatError) -> [UInt8] {
        Array(bytes[try take(count)])
    }

    func end() throws(FormatError) {
        if let words { return try words.end() }
        if let model { return try model.end("text section") }
        if next < bytes.count { throw FormatError(.trailing, "text section") }
    }
}
