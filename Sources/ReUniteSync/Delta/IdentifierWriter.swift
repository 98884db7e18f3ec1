/// Writes lists of identifiers: what is random in them goes to a section of its own, which nothing can shrink, and an
/// identifier met before anywhere in the payload is a number that counts back.
struct IdentifierWriter {
    private(set) var random = BitWriter()
    private var table = IdentifierTable()
    private var milliseconds: [Int64] = []
    /// The time of the last new UUIDv7 written.
    private var latest: Int64 = 0

    /// Writes the references of a list, then how far the time in each new one lies from its reference: from
    /// `references` at the same place, or from the new one before it in the payload where there are none.
    mutating func list(_ identifiers: [Identifier], references: [Int64]?, to out: inout ByteWriter) {
        milliseconds.removeAll(keepingCapacity: true)
        var previous: Identifier?
        for (index, identifier) in identifiers.enumerated() {
            if identifier == previous {
                out.varint(DeltaFormat.Reference.previous)
                continue
            }
            previous = identifier
            if let number = table.find(orInsert: identifier) {
                out.varint(DeltaFormat.Reference.seen + UInt64(table.entries.count - 1 - number))
            } else if identifier.isVersion7 {
                out.varint(DeltaFormat.Reference.version7)
                let own = identifier.milliseconds
                milliseconds.append(own - (references.map { $0[index] } ?? latest))
                latest = own
                random.put(identifier.high & 0xFFF, bits: 12)
                random.put(identifier.low & (1 << 62 - 1), bits: 62)
            } else {
                out.varint(DeltaFormat.Reference.whole)
                random.put(identifier.high, bits: 64)
                random.put(identifier.low, bits: 64)
            }
        }
        for difference in milliseconds { out.zigzag(difference) }
    }
}

extension Identifier {
    /// Whether version and variant are those of a UUIDv7 (RFC 9562, section 5.7).
    var isVersion7: Bool { high >> 12 & 0xF == 7 && low >> 62 == 2 }

    /// The first 48 bits: in a UUIDv7, milliseconds since 1970.
    var milliseconds: Int64 { Int64(high >> 16) }
}
