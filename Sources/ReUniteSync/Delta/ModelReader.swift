/// Reads small sections that ``ModelWriter`` wrote.
struct ModelReader {
    /// Made when the first byte is read: it takes a megabyte, and a page without text may say that its text is modelled.
    private var model: ContextModel?
    private let make: () -> ContextModel
    private var decoder: BitDecoder
    /// How many bytes may still come.
    private var left: Int

    /// Reads text, value by value.
    init(_ section: ArraySlice<UInt8>, after dictionary: PresetDictionary) {
        self.init(ContextModel(after: dictionary), section)
    }

    private init(_ make: @autoclosure @escaping () -> ContextModel, _ coded: ArraySlice<UInt8>) {
        self.make = make
        decoder = BitDecoder(coded)
        left = ModelLimits.bytes(from: coded.count)
    }

    /// The bytes of a structure.
    static func structure(_ section: ArraySlice<UInt8>) throws(FormatError) -> [UInt8] {
        var input = ByteReader(section)
        let count = try input.count("delta structure", limit: ModelLimits.sectionBytes)
        let coded = try input.raw("delta structure", count: input.remaining)
        var reader = ModelReader(ContextModel(.structure), coded)
        var bytes: [UInt8] = []
        try reader.read(count, into: &bytes, "delta structure")
        try reader.end("delta structure")
        return bytes
    }

    /// Appends the next value, which has so many bytes.
    mutating func read(
        _ count: Int, into bytes: inout [UInt8], _ field: @autoclosure () -> String
    ) throws(FormatError) {
        guard count <= left else { throw FormatError(.tooLarge, field()) }
        guard count > 0 else { return }
        left -= count
        bytes.reserveCapacity(bytes.count + count)
        let model = self.model ?? make()
        self.model = model
        model.begin()
        for _ in 0..<count { bytes.append(model.code(0, with: &decoder)) }
    }

    /// Ends the reading: all coded bytes were needed.
    func end(_ field: @autoclosure () -> String) throws(FormatError) {
        guard decoder.isAtEnd else { throw FormatError(.trailing, field()) }
    }
}
