/// Writes small sections as a model of their bytes makes them short (`Schemas/wire/delta.md`, section 14).
enum ModelWriter {
    /// The structure; nil where it is beyond what a reader would take in this form.
    static func structure(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count <= ModelLimits.sectionBytes else { return nil }
        let model = ContextModel(.structure)
        var encoder = BitEncoder()
        for byte in bytes { _ = model.code(byte, with: &encoder) }
        let coded = encoder.finished()
        guard bytes.count <= ModelLimits.bytes(from: coded.count) else { return nil }
        var out = ByteWriter(reserving: coded.count + 3)
        out.varint(bytes.count)
        out.raw(coded)
        return out.bytes
    }

    /// The text; nil where it is beyond what a reader would take in this form.
    static func text(_ text: TextWriter) -> [UInt8]? {
        guard text.bytes.count <= ModelLimits.sectionBytes else { return nil }
        let model = ContextModel(after: .first)
        var encoder = BitEncoder()
        var start = 0
        for end in text.ends {
            model.begin()
            for place in start..<end { _ = model.code(text.bytes[place], with: &encoder) }
            start = end
        }
        let coded = encoder.finished()
        return text.bytes.count <= ModelLimits.bytes(from: coded.count) ? coded : nil
    }
}

/// How much may come out of a modelled section: a reader takes a quarter of a microsecond for each byte that comes out,
/// so a few bytes that stand for very many would keep it busy.
enum ModelLimits {
    /// Bytes that come out of one section.
    static let sectionBytes = 65_536

    /// Bytes that come out of so many coded ones at most.
    static func bytes(from coded: Int) -> Int { min(sectionBytes, coded * 8 + 64) }
}
