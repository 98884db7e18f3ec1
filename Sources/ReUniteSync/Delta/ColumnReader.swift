extension PayloadReader {
    /// Reads one column. `rows` are the section's entries that its values belong to, and `slots` where in `cells` each
    /// value goes; `cells` holds nulls there until now.
    mutating func column(
        rows: [Int], slots: [Int], clocks: SectionClocks, into cells: inout [Value]
    ) throws(FormatError) {
        let (places, code) = try presence(of: rows.count)
        guard !places.isEmpty else { return }
        guard let form = DeltaFormat.Form(rawValue: code) else { throw FormatError(.malformed, "column form") }
        // Every form takes at least a byte for each value.
        guard places.count <= structure.remaining else { throw FormatError(.truncated, "column") }
        switch form {
        case .integers, .integersAfterPrevious, .integersAfterKey, .integersAfterStamp:
            let clock = try clock(of: form, clocks)
            var previous: Int64 = 0
            for place in places {
                var value = try structure.zigzag("integer")
                if form == .integersAfterPrevious {
                    value &+= previous
                    previous = value
                } else if let clock {
                    value &+= clock[rows[place]]
                }
                cells[slots[place]] = .integer(value)
            }
        case .days, .daysAfterPrevious, .daysAfterKey, .daysAfterStamp:
            let clock = try clock(of: form, clocks)
            var previous: Int64 = 0
            for place in places {
                var value = try structure.zigzag("day")
                if form == .daysAfterPrevious {
                    value &+= previous
                    previous = value
                } else if let clock {
                    value &+= SectionClocks.Unit.days.count(clock[rows[place]])
                }
                guard let date = CalendarDay.text(ofDays: value) else { throw FormatError(.malformed, "day") }
                cells[slots[place]] = .text(date)
            }
        case .reals:
            for place in places { cells[slots[place]] = .real(try real()) }
        case .wholeReals:
            for place in places {
                let whole = try structure.zigzag("real")
                guard whole.magnitude < 1 << 53 else { throw FormatError(.malformed, "real") }
                cells[slots[place]] = .real(Double(whole))
            }
        case .identifiers:
            let clock = clocks.stamps.isEmpty ? clocks.keys : clocks.stamps
            let numbers = try identifiers.list(
                count: places.count, references: { clock[rows[places[$0]]] }, from: &structure)
            for (place, number) in zip(places, numbers) {
                cells[slots[place]] = .blob(identifiers.bytes(number))
            }
        case .dictionary: try dictionary(places, slots, into: &cells)
        case .texts:
            for length in try lengths(places) { cells[slots[length.place]] = .text(try text.text(length.count)) }
        case .blobs:
            for length in try lengths(places) { cells[slots[length.place]] = .blob(try text.blob(length.count)) }
        case .tagged:
            for place in places { cells[slots[place]] = try tagged() }
        }
    }

    private func clock(of form: DeltaFormat.Form, _ clocks: SectionClocks) throws(FormatError) -> [Int64]? {
        switch form {
        case .integersAfterKey, .daysAfterKey: return clocks.keys
        case .integersAfterStamp, .daysAfterStamp:
            guard !clocks.stamps.isEmpty else { throw FormatError(.malformed, "column form") }
            return clocks.stamps
        default: return nil
        }
    }

    private mutating func real() throws(FormatError) -> Double {
        let real = Double(bitPattern: try structure.fixed64("real"))
        guard !real.isNaN else { throw FormatError(.malformed, "real") }
        return real == 0 ? 0 : real
    }

    private mutating func length() throws(FormatError) -> Int {
        try structure.count("value length", limit: DecodeLimits.valueBytes)
    }

    private mutating func lengths(_ places: [Int]) throws(FormatError) -> [(place: Int, count: Int)] {
        var lengths: [(place: Int, count: Int)] = []
        lengths.reserveCapacity(places.count)
        for place in places { lengths.append((place, try length())) }
        return lengths
    }

    private mutating func dictionary(
        _ places: [Int], _ slots: [Int], into cells: inout [Value]
    ) throws(FormatError) {
        let count = try structure.count("dictionary count", limit: places.count)
        var entries: [Value] = []
        entries.reserveCapacity(count)
        for _ in 0..<count { entries.append(.text(try text.text(try length()))) }
        for place in places {
            let index = try structure.varint("dictionary index")
            guard index < UInt64(count) else { throw FormatError(.malformed, "dictionary index") }
            cells[slots[place]] = entries[Int(index)]
        }
    }

    private mutating func tagged() throws(FormatError) -> Value {
        switch DeltaFormat.Tag(rawValue: try structure.byte("value tag")) {
        case .integer: return .integer(try structure.zigzag("integer"))
        case .real: return .real(try real())
        case .text: return .text(try text.text(try length()))
        case .blob: return .blob(try text.blob(try length()))
        case nil: throw FormatError(.malformed, "value tag")
        }
    }
}
