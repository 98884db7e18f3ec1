/// Free text that compresses about as well as natural English does: words by Zipf's law, some stock sentences.
struct TextGenerator {
    /// How much of the text is stock sentences.
    static let phraseShare = 0.12
    /// How many word forms there are, beyond the listed ones invented from their syllables.
    static let wordForms = 7000

    private let words: [[UInt8]]
    /// Word numbers, each in as many slots as it is likely.
    private let slots: [UInt16]
    let names: [String]
    let places: [String]

    init() {
        var random = SplitMix64(seed: 0x7e87)
        var forms = Vocabulary.common + Vocabulary.trade
        for word in Vocabulary.trade { forms.append(word + "s") }
        while forms.count < Self.wordForms {
            let stem = (0..<random.within(2...3)).map { _ in random.pick(Vocabulary.syllables) }.joined()
            forms.append(stem + random.pick(["", "er", "ing", "ed", "ly", "s", "ment"]))
        }
        words = forms.map { Array($0.utf8) }
        let weights = forms.indices.map { 1 / (Double($0) + 2.7) }
        let total = weights.reduce(0, +)
        var slots: [UInt16] = []
        slots.reserveCapacity(1 << 17)
        for (index, weight) in weights.enumerated() {
            let count = max(1, Int(weight / total * Double(1 << 17)))
            slots.append(contentsOf: repeatElement(UInt16(index), count: count))
        }
        self.slots = slots
        names = (0..<400).map { _ in
            let name = (0..<random.within(2...3)).map { _ in random.pick(Vocabulary.syllables) }.joined()
            return name.prefix(1).uppercased() + name.dropFirst()
        }
        places = Vocabulary.places.flatMap { place in Vocabulary.placeKinds.map { "\(place) \($0)" } }
    }

    /// Sentences of about as many bytes as one in the range.
    func text(_ range: ClosedRange<Int>, _ random: inout SplitMix64) -> String {
        let length = random.within(range)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length + 96)
        while bytes.count < length {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: " ")) }
            appendSentence(to: &bytes, &random)
        }
        return String(decoding: bytes.prefix(length), as: UTF8.self)
    }

    /// A few words without a full stop.
    func words(_ range: ClosedRange<Int>, _ random: inout SplitMix64) -> String {
        var bytes: [UInt8] = []
        appendWords(random.within(range), to: &bytes, &random)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func appendWords(_ count: Int, to bytes: inout [UInt8], _ random: inout SplitMix64) {
        for index in 0..<count {
            if index > 0 { bytes.append(UInt8(ascii: " ")) }
            bytes.append(contentsOf: words[Int(slots[random.below(slots.count)])])
        }
    }

    private func appendSentence(to bytes: inout [UInt8], _ random: inout SplitMix64) {
        if random.chance(Self.phraseShare) {
            for byte in random.pick(Vocabulary.phrases).utf8 {
                switch byte {
                case UInt8(ascii: "#"): bytes.append(contentsOf: String(random.within(2...28)).utf8)
                case UInt8(ascii: "@"): bytes.append(contentsOf: random.pick(names).utf8)
                case UInt8(ascii: "~"): bytes.append(contentsOf: random.pick(places).utf8)
                default: bytes.append(byte)
                }
            }
            return
        }
        let start = bytes.count
        appendWords(random.within(5...12), to: &bytes, &random)
        if random.chance(0.3) {
            bytes.append(contentsOf: ", ".utf8)
            appendWords(random.within(2...6), to: &bytes, &random)
        }
        if random.chance(0.2) {
            bytes.append(UInt8(ascii: " "))
            bytes.append(contentsOf: random.pick(names).utf8)
        }
        if bytes[start] >= UInt8(ascii: "a") { bytes[start] -= 32 }
        bytes.append(UInt8(ascii: "."))
    }
}
