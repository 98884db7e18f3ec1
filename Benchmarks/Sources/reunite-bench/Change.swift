/// A row's key: a version 7 UUID in two words.
struct Key: Hashable {
    var high: UInt64
    var low: UInt64

    /// Appends the 16 bytes, most significant first.
    func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: (high.bigEndian, low.bigEndian)) { bytes.append(contentsOf: $0) }
    }

    /// The lower-case form with hyphens.
    var text: String {
        func padded(_ word: UInt64) -> String {
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        let digits = Array(padded(high) + padded(low))
        return [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }.joined(separator: "-")
    }
}

/// What the workload stores in a column.
enum Field: Hashable {
    case null
    case integer(Int64)
    case text(String)
    case key(Key)

    /// What the value weighs as content: a text's bytes, a key's sixteen, four for a number.
    var weight: Int {
        switch self {
        case .null: 0
        case .integer: 4
        case .text(let text): text.utf8.count
        case .key: 16
        }
    }
}

/// One row change of the workload.
struct Change {
    enum Content {
        /// Every column but the key, in order.
        case insert([Field])
        /// One column's new value, which differs from the old one.
        case update(column: Int, Field)
    }

    /// Index into ``BenchSchema/tables``.
    var table: Int
    var key: Key
    /// When it was made: milliseconds since 1970 by the generator's clock.
    var milliseconds: Int64
    var content: Content

    /// How many column values the change carries.
    var cells: Int {
        switch content {
        case .insert(let fields): fields.count
        case .update: 1
        }
    }
}
