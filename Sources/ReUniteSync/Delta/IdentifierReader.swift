/// Reads the lists that ``IdentifierWriter`` wrote.
struct IdentifierReader {
    private var random: BitReader
    private var seen: [Identifier] = []
    /// The bytes of each identifier seen, once a column has asked for them: columns that name one row share them.
    private var shared: [[UInt8]] = []
    private var latest: Int64 = 0

    init(_ bytes: ArraySlice<UInt8>) {
        random = BitReader(bytes)
    }

    /// Reads the next list, as numbers that ``identifier(_:)`` and ``bytes(_:)`` take. `references` gives one time for
    /// each place of the list, or nothing.
    mutating func list(
        count: Int, references: (Int) -> Int64?, from input: inout ByteReader
    ) throws(FormatError) -> [Int] {
        guard count <= input.remaining else { throw FormatError(.truncated, "identifiers") }
        var numbers: [Int] = []
        numbers.reserveCapacity(count)
        var fresh: [(number: Int, place: Int)] = []
        for place in 0..<count {
            switch try input.varint("identifier reference") {
            case DeltaFormat.Reference.version7:
                let high = 0x7000 | (try random.take(12))
                let low = 2 << 62 | (try random.take(62))
                fresh.append((seen.count, place))
                numbers.append(seen.count)
                seen.append(Identifier(high: high, low: low))
            case DeltaFormat.Reference.whole:
                numbers.append(seen.count)
                seen.append(Identifier(high: try random.take(64), low: try random.take(64)))
            case DeltaFormat.Reference.previous:
                guard let previous = numbers.last else { throw FormatError(.malformed, "identifier reference") }
                numbers.append(previous)
            case let code:
                let distance = code - DeltaFormat.Reference.seen
                guard distance < UInt64(seen.count) else { throw FormatError(.malformed, "identifier reference") }
                numbers.append(seen.count - 1 - Int(distance))
            }
        }
        for (number, place) in fresh {
            let time = try input.zigzag("identifier time") &+ (references(place) ?? latest)
            guard time >= 0, time < 1 << 48 else { throw FormatError(.malformed, "identifier time") }
            latest = time
            seen[number] = Identifier(high: seen[number].high | UInt64(time) << 16, low: seen[number].low)
        }
        return numbers
    }

    func identifier(_ number: Int) -> Identifier { seen[number] }

    mutating func bytes(_ number: Int) -> [UInt8] {
        if shared.count < seen.count { shared.append(contentsOf: repeatElement([], count: seen.count - shared.count)) }
        if shared[number].isEmpty { shared[number] = seen[number].bytes }
        return shared[number]
    }

    mutating func end() throws(FormatError) {
        try random.end()
    }
}
