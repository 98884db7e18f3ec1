/// The three sections of a payload while they are read.
struct PayloadReader {
    var structure: ByteReader
    var text: TextReader
    var identifiers: IdentifierReader
    /// How many values may still be read.
    private var cells = DecodeLimits.cellsPerPayload

    /// Takes a payload of this kind apart, having inflated its sections.
    init(
        _ bytes: [UInt8], kind: DeltaFormat.Flags, limit: Int, with inflater: inout Inflater
    ) throws(FormatError) {
        guard bytes.count <= limit else { throw FormatError(.tooLarge, "delta payload") }
        var input = ByteReader(bytes)
        let version = try input.byte("delta version")
        guard version == DeltaFormat.version || version == DeltaFormat.modelledVersion else {
            throw FormatError(.unknownVersion, "delta version")
        }
        guard let dictionary = PresetDictionary(rawValue: try input.byte("delta dictionary")) else {
            throw FormatError(.unknownVersion, "delta dictionary")
        }
        let flags = DeltaFormat.Flags(rawValue: try input.byte("delta flags"))
        guard flags.suits(version: version), flags.contains(.rows) == kind.contains(.rows) else {
            throw FormatError(.malformed, "delta flags")
        }
        let first = try input.count("delta structure", limit: limit)
        let second = try input.count("delta text", limit: limit)
        let structure = try input.raw("delta structure", count: first)
        let text = try input.raw("delta text", count: second)
        if flags.contains(.structureModelled) {
            self.structure = ByteReader(try ModelReader.structure(structure))
        } else if flags.contains(.structureDeflated) {
            self.structure = ByteReader(
                try inflater.inflate(structure, limit: DecodeLimits.inflatedSection, "delta structure"))
        } else {
            self.structure = ByteReader(structure)
        }
        if flags.contains(.textModelled) {
            self.text = TextReader(ModelReader(text, after: dictionary))
        } else if flags.contains(.textInWords) {
            self.text = TextReader(try WordReader(text, after: dictionary, with: &inflater))
        } else if flags.contains(.textDeflated) {
            self.text = TextReader(
                try inflater.inflate(text, after: dictionary, limit: DecodeLimits.inflatedSection, "delta text"))
        } else {
            self.text = TextReader(Array(text))
        }
        identifiers = IdentifierReader(try input.raw("delta identifiers", count: input.remaining))
    }

    /// Reads the heads of the sections, which hold at most `limit` entries together.
    mutating func sectionHeads(limit: Int) throws(FormatError) -> [SectionHead] {
        let count = try structure.count("section count", limit: limit)
        guard count <= structure.remaining else { throw FormatError(.truncated, "section count") }
        var heads: [SectionHead] = []
        var left = limit
        for _ in 0..<count {
            let head = try structure.sectionHead(limit: left)
            // A section without entries would cost memory and stand for nothing.
            guard head.count > 0 else { throw FormatError(.malformed, "section count") }
            left -= head.count
            heads.append(head)
        }
        return heads
    }

    /// Counts values against their limit before memory is taken for them.
    mutating func claim(cells count: Int) throws(FormatError) {
        guard count <= cells else { throw FormatError(.tooLarge, "delta values") }
        cells -= count
    }

    /// Reads which values of a list are there, as their places, and the form of those that are.
    mutating func presence(of count: Int) throws(FormatError) -> (places: [Int], form: UInt8) {
        let byte = try structure.byte("presence")
        let form = byte >> 2
        switch DeltaFormat.Presence(rawValue: byte & 3) {
        case .all: return (Array(0..<count), form)
        case .nothing: return ([], form)
        case .bitmap:
            let bits = try structure.raw("presence bits", count: (count + 7) / 8)
            var places: [Int] = []
            places.reserveCapacity(count)
            for index in 0..<count where bits[bits.startIndex + index >> 3] >> UInt8(index & 7) & 1 == 1 {
                places.append(index)
            }
            // A list has one form: what is left over of the last byte is zero.
            if let last = bits.last, count & 7 != 0, last >> UInt8(count & 7) != 0 {
                throw FormatError(.malformed, "presence bits")
            }
            return (places, form)
        case nil: throw FormatError(.malformed, "presence")
        }
    }

    /// Reads numbers below `count`, one for each of so many entries; none are written where there is one choice.
    mutating func indexes(
        entries: Int, of count: Int, _ field: @autoclosure () -> String
    ) throws(FormatError) -> [Int] {
        guard count > 1 else { return Array(repeating: 0, count: entries) }
        guard entries <= structure.remaining else { throw FormatError(.truncated, field()) }
        var indexes: [Int] = []
        indexes.reserveCapacity(entries)
        for _ in 0..<entries {
            let index = try structure.varint(field())
            guard index < UInt64(count) else { throw FormatError(.malformed, field()) }
            indexes.append(Int(index))
        }
        return indexes
    }

    /// Ends the reading of all three sections.
    mutating func end() throws(FormatError) {
        try structure.end("delta structure")
        try text.end()
        try identifiers.end()
    }
}
