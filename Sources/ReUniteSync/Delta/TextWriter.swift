/// The text section while it is written: the bytes of texts and blobs, and where each of them ends.
struct TextWriter {
    private(set) var bytes: [UInt8] = []
    private(set) var ends: [Int] = []

    mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
    }

    mutating func append(_ value: ArraySlice<UInt8>) {
        bytes.append(contentsOf: value)
        ends.append(bytes.count)
    }

    /// Adds values that stand together; `ends` says where each of them ends there.
    mutating func append(_ values: [UInt8], ends others: [Int]) {
        let start = bytes.count
        bytes.append(contentsOf: values)
        for end in others { ends.append(start + end) }
    }

    /// The section in its shortest form, and the flag that names it.
    func packed(
        modelled isSmall: Bool, with deflater: inout Deflater
    ) throws(FormatError) -> (bytes: [UInt8], form: DeltaFormat.Flags) {
        guard !bytes.isEmpty else { return ([], []) }
        if isSmall, let modelled = ModelWriter.text(self) {
            // Of so little text words never come to less than deflate and this: their list of tokens stands once more.
            let deflated = try deflater.deflate(bytes[...], after: .first)
            if modelled.count < min(deflated.count, bytes.count) { return (modelled, .textModelled) }
            return deflated.count < bytes.count ? (deflated, .textDeflated) : (bytes, [])
        }
        let words = try WordWriter(self)?.written(with: &deflater)
        if let words, try isPlainlyShorter(words.count, with: &deflater) { return (words, .textInWords) }
        let deflated = try deflater.deflate(bytes[...], after: .first)
        if let words, words.count < min(deflated.count, bytes.count) { return (words, .textInWords) }
        return deflated.count < bytes.count ? (deflated, .textDeflated) : (bytes, [])
    }

    /// Whether a part of a long text shows that deflating all of it, which costs most of the time, would not give less
    /// than so many bytes.
    private func isPlainlyShorter(_ count: Int, with deflater: inout Deflater) throws(FormatError) -> Bool {
        guard bytes.count > DeltaFormat.sampledText else { return false }
        let half = DeltaFormat.sampledText / 4
        let middle = bytes.count / 2
        let sample = try deflater.deflate(bytes[middle - half..<middle + half], after: .first)
        // What deflate gains from what stands farther apart than the sample is long is well below a tenth.
        return count < sample.count * (bytes.count / (half * 2)) / 10 * 9
    }
}
