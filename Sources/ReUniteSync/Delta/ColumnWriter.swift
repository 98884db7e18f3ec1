/// Collects the values of one column and writes them in the form that suits them. Its buffers serve one column after
/// another.
struct ColumnWriter {
    private var present: [Bool] = []
    /// The row of each value that is not null, and its storage class.
    private var rows: [Int32] = []
    private var tags: [DeltaFormat.Tag] = []
    private var integers: [Int64] = []
    private var reals: [UInt64] = []
    /// Texts and blobs, and where each ends.
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var texts = 0
    private var longestBlob = 0
    private var shortestBlob = Int.max
    private var distinct = TextTable()
    private var identifiers: [Identifier] = []
    private var references: [Int64] = []

    mutating func begin() {
        present.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        tags.removeAll(keepingCapacity: true)
        integers.removeAll(keepingCapacity: true)
        reals.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        texts = 0
        longestBlob = 0
        shortestBlob = Int.max
    }

    /// Adds the next value; `row` is the place in the section of the entry that it belongs to.
    @inline(__always)
    mutating func add(_ value: borrowing Value, row: Int) throws(FormatError) {
        let tag: DeltaFormat.Tag
        switch value {
        case .null:
            present.append(false)
            return
        case .integer(let integer):
            integers.append(integer)
            tag = .integer
        case .real(let real):
            guard !real.isNaN else {
                present.append(false)
                return
            }
            reals.append(Value.bits(of: real))
            tag = .real
        case .text(let text):
            if text.utf8.withContiguousStorageIfAvailable({ bytes.append(contentsOf: $0) }) == nil {
                bytes.append(contentsOf: text.utf8)
            }
            try close()
            texts += 1
            tag = .text
        case .blob(let blob):
            bytes.append(contentsOf: blob)
            longestBlob = max(longestBlob, blob.count)
            shortestBlob = min(shortestBlob, blob.count)
            try close()
            tag = .blob
        }
        present.append(true)
        rows.append(Int32(truncatingIfNeeded: row))
        tags.append(tag)
    }

    private mutating func close() throws(FormatError) {
        guard bytes.count - (ends.last ?? 0) <= DecodeLimits.valueBytes else {
            throw FormatError(.tooLarge, "delta value")
        }
        ends.append(bytes.count)
        guard bytes.count <= DecodeLimits.inflatedSection else { throw FormatError(.tooLarge, "delta section") }
    }

    /// Writes the collected values.
    mutating func write(to out: inout PayloadWriter, clocks: SectionClocks) {
        let count = rows.count
        let form: DeltaFormat.Form
        if integers.count == count {
            form = integerForm(clocks, unit: .milliseconds)
        } else if reals.count == count {
            form = reals.allSatisfy(ColumnWriter.isWhole) ? .wholeReals : .reals
        } else if texts == count {
            form = textForm(clocks)
        } else if ends.count == count && texts == 0 {
            form = longestBlob == 16 && shortestBlob == 16 ? .identifiers : .blobs
        } else {
            form = .tagged
        }
        out.structure.presence(present, count: count, form: form.rawValue)
        guard count > 0 else { return }
        switch form {
        case .integers, .days: for value in integers { out.structure.zigzag(value) }
        case .integersAfterPrevious, .daysAfterPrevious:
            var previous: Int64 = 0
            for value in integers {
                out.structure.zigzag(value &- previous)
                previous = value
            }
        case .integersAfterKey: writeIntegers(after: clocks.keys, unit: .milliseconds, to: &out)
        case .integersAfterStamp: writeIntegers(after: clocks.stamps, unit: .milliseconds, to: &out)
        case .daysAfterKey: writeIntegers(after: clocks.keys, unit: .days, to: &out)
        case .daysAfterStamp: writeIntegers(after: clocks.stamps, unit: .days, to: &out)
        case .reals: for bits in reals { out.structure.fixed64(bits) }
        case .wholeReals: for bits in reals { out.structure.zigzag(Int64(Double(bitPattern: bits))) }
        case .identifiers: writeIdentifiers(to: &out, clocks: clocks)
        case .dictionary: writeDictionary(to: &out)
        case .texts, .blobs:
            writeLengths(to: &out)
            out.text.append(bytes, ends: ends)
        case .tagged: writeTagged(to: &out)
        }
    }

    // MARK: Choosing

    /// Whether a real is a whole number that a zigzag holds and that comes back with the same bits.
    private static func isWhole(_ bits: UInt64) -> Bool {
        let real = Double(bitPattern: bits)
        return real.magnitude < 9_007_199_254_740_992 && real == real.rounded(.towardZero)
    }

    /// The shortest way to write the integers; the plain one unless another is shorter.
    private func integerForm(_ clocks: SectionClocks, unit: SectionClocks.Unit) -> DeltaFormat.Form {
        var plain = 0
        var afterPrevious = 0
        var afterKey = 0
        var afterStamp = 0
        var previous: Int64 = 0
        for (index, value) in integers.enumerated() {
            let row = Int(rows[index])
            plain += ColumnWriter.length(value)
            afterPrevious += ColumnWriter.length(value &- previous)
            afterKey += ColumnWriter.length(value &- unit.count(clocks.keys[row]))
            if !clocks.stamps.isEmpty { afterStamp += ColumnWriter.length(value &- unit.count(clocks.stamps[row])) }
            previous = value
        }
        if clocks.stamps.isEmpty { afterStamp = Int.max }
        let least = min(plain, afterPrevious, afterKey, afterStamp)
        let isDays = unit == .days
        if plain == least { return isDays ? .days : .integers }
        if afterKey == least { return isDays ? .daysAfterKey : .integersAfterKey }
        if afterStamp == least { return isDays ? .daysAfterStamp : .integersAfterStamp }
        return isDays ? .daysAfterPrevious : .integersAfterPrevious
    }

    /// The bytes of a zigzag.
    @inline(__always)
    private static func length(_ value: Int64) -> Int {
        (70 - (UInt64(bitPattern: value << 1 ^ value >> 63) | 1).leadingZeroBitCount) / 7
    }

    /// Dates where every text is one (their days are then in `integers`), a dictionary where texts repeat, else plain.
    private mutating func textForm(_ clocks: SectionClocks) -> DeltaFormat.Form {
        if bytes.count == ends.count * 10, collectDays() { return integerForm(clocks, unit: .days) }
        integers.removeAll(keepingCapacity: true)
        let limit = ends.count * 3 / 5
        return limit > 0 && distinct.collect(bytes, ends: ends, limit: limit) ? .dictionary : .texts
    }

    private mutating func collectDays() -> Bool {
        var days = integers
        integers = []
        let isDates = bytes.withUnsafeBufferPointer { all in
            var start = 0
            for end in ends {
                let text = UnsafeBufferPointer(rebasing: all[start..<end])
                guard let day = CalendarDay.days(ofText: text) else { return false }
                days.append(day)
                start = end
            }
            return true
        }
        integers = days
        return isDates
    }

    // MARK: Writing

    private func writeIntegers(after clock: [Int64], unit: SectionClocks.Unit, to out: inout PayloadWriter) {
        for (index, value) in integers.enumerated() {
            out.structure.zigzag(value &- unit.count(clock[Int(rows[index])]))
        }
    }

    private mutating func writeIdentifiers(to out: inout PayloadWriter, clocks: SectionClocks) {
        identifiers.removeAll(keepingCapacity: true)
        references.removeAll(keepingCapacity: true)
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return }
            for index in rows.indices { identifiers.append(Identifier(unsafeBytes: base + index * 16)) }
        }
        let clock = clocks.stamps.isEmpty ? clocks.keys : clocks.stamps
        for row in rows { references.append(clock[Int(row)]) }
        out.identifiers.list(identifiers, references: references, to: &out.structure)
    }

    /// The distinct texts, the most frequent first, then the place of each value among them.
    private func writeDictionary(to out: inout PayloadWriter) {
        let entries = distinct.entries
        let order = entries.indices.sorted {
            entries[$0].count != entries[$1].count ? entries[$0].count > entries[$1].count : $0 < $1
        }
        var places = [Int](repeating: 0, count: entries.count)
        out.structure.varint(order.count)
        for (place, entry) in order.enumerated() {
            places[entry] = place
            out.structure.varint(entries[entry].range.count)
            out.text.append(bytes[entries[entry].range])
        }
        for index in distinct.indexes { out.structure.varint(places[Int(index)]) }
    }

    private func writeLengths(to out: inout PayloadWriter) {
        var start = 0
        for end in ends {
            out.structure.varint(end - start)
            start = end
        }
    }

    private func writeTagged(to out: inout PayloadWriter) {
        var integer = 0
        var real = 0
        var string = 0
        var start = 0
        for tag in tags {
            out.structure.byte(tag.rawValue)
            switch tag {
            case .integer:
                out.structure.zigzag(integers[integer])
                integer += 1
            case .real:
                out.structure.fixed64(reals[real])
                real += 1
            case .text, .blob:
                out.structure.varint(ends[string] - start)
                start = ends[string]
                string += 1
            }
        }
        out.text.append(bytes, ends: ends)
    }
}
