import GRDB
package import ReUniteSync

/// How `ru_clock` holds the clocks of rows: the only place that knows.
///
/// There is one for every row that the hub has decided on, so each byte counts. The key is the table's number and the
/// row's id in one blob: a table's rows lie together, in the order of their ids. The clock is a blob too: the number
/// of the row's scope and its stamp as varints, then what ``RowClock/encodedExtension()`` gives, which is nothing for
/// most rows.
package enum ClockForm {
    /// Table numbers below this are one byte of the key; others are this byte and two more, most significant first.
    private static let wide: UInt8 = 255
    /// The longest key, and the longest clock with neither exceptions nor siblings, in bytes.
    static let keyLimit = 19
    static let plainLimit = 20

    // MARK: Keys

    /// Writes a row's key, at most 19 bytes, and returns its length.
    static func write(_ table: UInt16, _ key: Identifier, to place: UnsafeMutableRawPointer) -> Int {
        var next = 0
        if table < UInt16(wide) {
            place.storeBytes(of: UInt8(truncatingIfNeeded: table), as: UInt8.self)
            next = 1
        } else {
            place.storeBytes(of: wide, as: UInt8.self)
            place.storeBytes(of: table.bigEndian, toByteOffset: 1, as: UInt16.self)
            next = 3
        }
        place.storeBytes(of: key.high.bigEndian, toByteOffset: next, as: UInt64.self)
        place.storeBytes(of: key.low.bigEndian, toByteOffset: next + 8, as: UInt64.self)
        return next + 16
    }

    /// The key of a row in `ru_clock`.
    package static func key(_ table: UInt16, _ key: Identifier) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: keyLimit) { buffer, count in
            count = buffer.baseAddress.map { write(table, key, to: UnsafeMutableRawPointer($0)) } ?? 0
        }
    }

    /// The row that a key stands for; nil when it is no key.
    static func row(_ key: UnsafeRawBufferPointer) -> (table: UInt16, key: Identifier)? {
        guard let start = key.baseAddress, let first = key.first else { return nil }
        if first < wide { return key.count == 17 ? (UInt16(first), Identifier(unsafeBytes: start + 1)) : nil }
        guard key.count == keyLimit else { return nil }
        return (UInt16(key[1]) << 8 | UInt16(key[2]), Identifier(unsafeBytes: start + 3))
    }

    /// The same of a key that was copied.
    static func row(_ key: [UInt8]) -> (table: UInt16, key: Identifier)? { key.withUnsafeBytes { row($0) } }

    // MARK: Clocks

    /// What the column `clock` holds.
    static func bytes(_ clock: RowClock, scope: Int64) -> [UInt8] {
        var out = ByteWriter(reserving: 64)
        out.varint(UInt64(bitPattern: scope))
        out.varint(UInt64(bitPattern: clock.stamp.rawValue))
        clock.encodeExtension(into: &out)
        return out.bytes
    }

    /// The same of a clock with neither exceptions nor siblings, at most 20 bytes. Returns its length.
    static func write(plain stamp: Position, scope: Int64, to place: UnsafeMutableRawBufferPointer) -> Int {
        guard let start = place.baseAddress, place.count >= plainLimit else { return 0 }
        let next = write(varint: UInt64(bitPattern: scope), to: start)
        return next + write(varint: UInt64(bitPattern: stamp.rawValue), to: start + next)
    }

    /// The number of the row's scope, and its clock, from the column `clock`.
    package static func read(_ bytes: UnsafeRawBufferPointer) throws(FormatError) -> (scope: Int64, clock: RowClock) {
        var next = 0
        let scope = Int64(bitPattern: try varint(bytes, &next))
        let stamp = Position(Int64(bitPattern: try varint(bytes, &next)))
        // Most clocks end here, and an empty array takes no memory.
        return (scope, try RowClock(stamp: stamp, extension: Array(bytes[next...])))
    }

    private static func write(varint value: UInt64, to place: UnsafeMutableRawPointer) -> Int {
        var rest = value
        var next = 0
        while rest >= 0x80 {
            place.storeBytes(of: UInt8(truncatingIfNeeded: rest) | 0x80, toByteOffset: next, as: UInt8.self)
            rest >>= 7
            next += 1
        }
        place.storeBytes(of: UInt8(truncatingIfNeeded: rest), toByteOffset: next, as: UInt8.self)
        return next + 1
    }

    private static func varint(_ bytes: UnsafeRawBufferPointer, _ next: inout Int) throws(FormatError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard next < bytes.count else { throw FormatError(.truncated, "row clock") }
            let byte = bytes[next]
            next += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw FormatError(.malformed, "row clock")
    }
}

/// Looks up the clocks of single rows.
final class ClockReader {
    private let find: EngineStatement
    private let database: Database
    private lazy var last = Result {
        try EngineStatement(database, "SELECT key FROM ru_clock WHERE key <= ? ORDER BY key DESC LIMIT 1")
    }

    init(_ database: Database) throws {
        self.database = database
        find = try EngineStatement(database, "SELECT clock FROM ru_clock WHERE key = ?")
    }

    /// The clock of a row; nil when the hub has not decided on it.
    func clock(_ table: UInt16, _ key: Identifier) throws -> RowClock? {
        try entry(table, key)?.clock
    }

    /// The highest key of a table's rows that have a clock; nil where none has.
    func highest(_ table: UInt16) throws -> Identifier? {
        let last = try last.get()
        last.bind(1) { ClockForm.write(table, Identifier(high: .max, low: .max), to: $0) }
        defer { last.reset() }
        guard try last.step(), let row = ClockForm.row(last.bytes(0)), row.table == table else { return nil }
        return row.key
    }

    /// The same with the number of the row's scope.
    func entry(_ table: UInt16, _ key: Identifier) throws -> (scope: Int64, clock: RowClock)? {
        find.bind(1) { ClockForm.write(table, key, to: $0) }
        defer { find.reset() }
        guard try find.step() else { return nil }
        return try ClockForm.read(find.bytes(0))
    }
}
