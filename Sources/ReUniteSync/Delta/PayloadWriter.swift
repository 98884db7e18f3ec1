/// The three sections of a payload while they are written.
struct PayloadWriter {
    var structure: ByteWriter
    var text = TextWriter()
    var identifiers = IdentifierWriter()

    init(reserving entries: Int) {
        structure = ByteWriter(reserving: 256 + entries * 24)
        text.reserve(entries * 64)
    }

    /// The payload: its head, then structure and text as short as they can be made, then the identifier bits. Payloads
    /// of more than `modelled` bytes are not modelled.
    consuming func sealed(
        _ kind: DeltaFormat.Flags, limit: Int, modelled: Int = DeltaFormat.modelledBytes, with deflater: inout Deflater
    ) throws(FormatError) -> [UInt8] {
        guard structure.count <= DecodeLimits.inflatedSection, text.bytes.count <= DecodeLimits.inflatedSection else {
            throw FormatError(.tooLarge, "delta section")
        }
        var flags = kind
        let isSmall = structure.count + text.bytes.count <= modelled
        let (first, firstForm) = try packedStructure(modelled: isSmall, with: &deflater)
        let (second, form) = try text.packed(modelled: isSmall, with: &deflater)
        flags.formUnion([firstForm, form])
        let random = identifiers.random.bytes
        var out = ByteWriter(reserving: first.count + second.count + random.count + 16)
        out.byte(flags.isDisjoint(with: .modelled) ? DeltaFormat.version : DeltaFormat.modelledVersion)
        out.byte((form.isEmpty ? PresetDictionary.none : .first).rawValue)
        out.byte(flags.rawValue)
        out.varint(first.count)
        out.varint(second.count)
        out.raw(first)
        out.raw(second)
        out.raw(random)
        guard out.count <= limit else { throw FormatError(.tooLarge, "delta payload") }
        return out.bytes
    }

    /// The structure in its shortest form, and the flag that names it.
    private func packedStructure(
        modelled isSmall: Bool, with deflater: inout Deflater
    ) throws(FormatError) -> (bytes: [UInt8], form: DeltaFormat.Flags) {
        var best: (bytes: [UInt8], form: DeltaFormat.Flags) = (structure.bytes, [])
        let deflated = try deflater.deflate(structure.bytes)
        if deflated.count < best.bytes.count { best = (deflated, .structureDeflated) }
        if isSmall, let modelled = ModelWriter.structure(structure.bytes), modelled.count < best.bytes.count {
            best = (modelled, .structureModelled)
        }
        return best
    }
}

extension ByteWriter {
    /// Writes which of a list's values are there, least significant bit first; the form of those that are follows in
    /// the same byte.
    mutating func presence(_ present: [Bool], count: Int, form: UInt8) {
        if count == present.count {
            byte(DeltaFormat.Presence.all.rawValue | form << 2)
            return
        }
        guard count > 0 else {
            byte(DeltaFormat.Presence.nothing.rawValue)
            return
        }
        byte(DeltaFormat.Presence.bitmap.rawValue | form << 2)
        var bits: UInt8 = 0
        for (index, isPresent) in present.enumerated() {
            if isPresent { bits |= 1 << UInt8(index & 7) }
            if index & 7 == 7 {
                byte(bits)
                bits = 0
            }
        }
        if present.count & 7 != 0 { byte(bits) }
    }
}
