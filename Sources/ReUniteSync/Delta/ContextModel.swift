/// Predicts every bit of a small section from the bytes before it, and learns from each
/// (`Schemas/wire/delta.md`, section 14). Whole numbers only: writer and reader must predict the same.
///
/// Its parts are those of lpaq (Matt Mahoney, 2007): counts in nibbles of hashed contexts, mixed in the logistic domain.
final class ContextModel {
    enum Kind {
        case text
        case structure

        var contexts: Int { self == .text ? 5 : 4 }
        /// How many rows there are, as a power of two.
        var rowBits: Int { self == .text ? 16 : 12 }
    }

    private static let rowBytes = 16
    /// Weights of one set: one for each context, one more, and room to spare, so that sets begin at powers of two.
    private static let stride = 8
    private static let firstWeight: Int32 = 9_830

    private let kind: Kind
    private let contexts: Int
    private let rowShift: UInt32
    // Arrays would be checked, and asked whether they are shared, some hundred times for every byte; tests, which are
    // not optimised, would take minutes. What indexes these is made here and masked, and never read from outside.
    private let memory: UnsafeMutableRawPointer
    private let size: Int
    private let rows: UnsafeMutablePointer<UInt8>
    private let maps: UnsafeMutablePointer<UInt16>
    private let weightsByHits: UnsafeMutablePointer<Int32>
    private let weightsByBits: UnsafeMutablePointer<Int32>
    private let scratch: UnsafeMutablePointer<Int>
    private let squashed = Logistic.squashed
    private let stretched = Logistic.stretched
    private let following = BitCounts.following
    private var history: UInt32 = 0
    private var word: UInt32 = 0
    private var ownLength: UInt32 = 0
    private var lengthBefore: UInt32 = 0

    /// A model without anything in its memory.
    private init(room kind: Kind) {
        self.kind = kind
        contexts = kind.contexts
        rowShift = UInt32(32 - kind.rowBits)
        let rowSize = Self.rowBytes << kind.rowBits
        let mapCount = contexts * 256
        let weightCount = Self.stride * (contexts + 1 + 256)
        size = rowSize + mapCount * 2 + weightCount * 4
        memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
        rows = memory.bindMemory(to: UInt8.self, capacity: rowSize)
        maps = (memory + rowSize).bindMemory(to: UInt16.self, capacity: mapCount)
        weightsByHits = (memory + rowSize + mapCount * 2).bindMemory(to: Int32.self, capacity: weightCount)
        weightsByBits = weightsByHits + Self.stride * (contexts + 1)
        scratch = UnsafeMutablePointer<Int>.allocate(capacity: 32)
        scratch.initialize(repeating: 0, count: 32)
    }

    /// A model that has learnt nothing.
    convenience init(_ kind: Kind) {
        self.init(room: kind)
        rows.initialize(repeating: 0, count: Self.rowBytes << kind.rowBits)
        weightsByHits.initialize(repeating: 0, count: Self.stride * (contexts + 1 + 256))
        let probabilities = BitCounts.probabilities
        for context in 0..<contexts {
            (maps + context * 256).initialize(from: probabilities, count: 256)
            for hits in 0...contexts { weightsByHits[hits * Self.stride + context] = Self.firstWeight }
            for bits in 0..<256 { weightsByBits[bits * Self.stride + context] = Self.firstWeight }
        }
    }

    /// A model for text that has learnt the dictionary as one value.
    convenience init(after dictionary: PresetDictionary) {
        guard dictionary == .first else {
            self.init(.text)
            return
        }
        self.init(room: .text)
        memory.copyMemory(from: Self.firstLearnt, byteCount: size)
    }

    deinit {
        memory.deallocate()
        scratch.deallocate()
    }

    /// What a model has in its memory after the first dictionary: learning it takes as long as 13 KB of text.
    private static let firstLearnt: [UInt8] = {
        let model = ContextModel(.text)
        var listener = BitListener()
        for byte in PresetDictionary.first.bytes { _ = model.code(byte, with: &listener) }
        return Array(UnsafeRawBufferPointer(start: model.memory, count: model.size))
    }()

    /// A value begins: what came before it is no context.
    func begin() {
        history = 0
        word = 0
        ownLength = 0
        lengthBefore = 0
    }

    /// Codes one byte; gives it back, or what the coder reads instead.
    func code<Coder: BitCoder>(_ byte: UInt8, with coder: inout Coder) -> UInt8 {
        let inputs = scratch
        let states = scratch + 8
        let found = scratch + 16
        let bases = scratch + 24
        setBases(bases)
        find(1, bases, found)
        var bits = 1
        var node = 1
        var left = 8
        while left > 0 {
            left &-= 1
            var hits = 0
            var index = 0
            while index < contexts {
                let state = Int(rows[found[index] &+ node])
                states[index] = state
                if state == 0 {
                    inputs[index] = 0
                } else {
                    hits &+= 1
                    inputs[index] = Int(stretched[Int(maps[index << 8 | state] >> 4)])
                }
                index &+= 1
            }
            inputs[contexts] = 256
            let first = weightsByHits + hits &* Self.stride
            let second = weightsByBits + bits &* Self.stride
            var sum = 0
            index = 0
            while index <= contexts {
                sum &+= (Int(first[index]) &+ Int(second[index])) &* inputs[index]
                index &+= 1
            }
            let place = min(max(sum >> 16, -Logistic.limit), Logistic.limit)
            let expected = Int(squashed[place &+ 2_048])
            let bit = coder.code(
                Int(byte) >> left & 1, UInt32(truncatingIfNeeded: min(max(expected, 32), 65_504)))
            let error = bit << 16 &- expected
            index = 0
            while index <= contexts {
                let change = Int32(truncatingIfNeeded: (inputs[index] &* error &+ 32_768) >> 16)
                first[index] &+= change
                second[index] &+= change
                index &+= 1
            }
            index = 0
            while index < contexts {
                let state = states[index]
                let map = maps + (index << 8 | state)
                if bit != 0 { map.pointee &+= (65_535 &- map.pointee) >> 7 } else { map.pointee &-= map.pointee >> 7 }
                rows[found[index] &+ node] = following[state << 1 | bit]
                index &+= 1
            }
            bits = bits << 1 | bit
            node = node << 1 | bit
            if left == 4 {
                find(UInt32(truncatingIfNeeded: bits), bases, found)
                node = 1
            }
        }
        let coded = UInt8(truncatingIfNeeded: bits)
        remember(coded)
        return coded
    }

    private func setBases(_ bases: UnsafeMutablePointer<Int>) {
        switch kind {
        case .text:
            bases[0] = Int(Self.mix(history & 0xFF, 1))
            bases[1] = Int(Self.mix(history & 0xFFFF, 2))
            bases[2] = Int(Self.mix(history & 0xFF_FFFF, 3))
            bases[3] = Int(Self.mix(history, 4))
            bases[4] = Int(Self.mix(word, 5))
        case .structure:
            bases[0] = Int(Self.mix(0, 0))
            bases[1] = Int(Self.mix(history & 0xFF, 1))
            bases[2] = Int(Self.mix(history & 0xFFFF, 2))
            bases[3] = Int(Self.mix(ownLength << 4 | lengthBefore, 6))
        }
    }

    private func remember(_ byte: UInt8) {
        history = history << 8 | UInt32(byte)
        switch kind {
        case .text:
            guard WordList.isWord(byte) else {
                word = 0
                return
            }
            let isCapital = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            word = Self.mix(word, UInt32(isCapital ? byte | 32 : byte) + 1)
        case .structure:
            if byte > 127 {
                ownLength = min(ownLength + 1, 15)
            } else {
                lengthBefore = ownLength
                ownLength = 0
            }
        }
    }

    @inline(__always)
    private static func mix(_ a: UInt32, _ b: UInt32) -> UInt32 {
        var hash = a &* 0x9E37_79B1 ^ b &* 0x85EB_CA6B
        hash = (hash ^ hash >> 16) &* 0x2C1B_3C6D
        return hash ^ hash >> 15
    }

    /// Finds each context's row for the half byte that begins at a node, or takes the row that has counted least.
    private func find(_ half: UInt32, _ bases: UnsafeMutablePointer<Int>, _ found: UnsafeMutablePointer<Int>) {
        var index = 0
        while index < contexts {
            let hash = Self.mix(UInt32(truncatingIfNeeded: bases[index]), half)
            let check = UInt8(truncatingIfNeeded: hash)
            var row = Int(hash >> rowShift) << 4
            if rows[row] != check {
                let other = row ^ 16
                if rows[other] == check {
                    row = other
                } else {
                    let (one, two) = (rows[row &+ 1], rows[other &+ 1])
                    if two >> 4 &+ two & 15 < one >> 4 &+ one & 15 { row = other }
                    (rows + row).update(repeating: 0, count: 16)
                    rows[row] = check
                }
            }
            found[index] = row
            index &+= 1
        }
    }
}
