import Crypto

/// The sum of the leaves of a set of rows: two replicas whose sums agree hold the same versions of the same rows.
///
/// One leaf per row, from its clock alone, so that it is exact while edits are pending. Sums are modulo 2^64 in two
/// lanes; they find mistakes, not forgers, who are kept out by signatures (`docs/protocol.md`, "Digests").
public struct VersionDigest: Hashable, Sendable {
    public private(set) var high: UInt64
    public private(set) var low: UInt64
    /// How many rows are in it.
    public private(set) var rows: Int64

    public init(high: UInt64 = 0, low: UInt64 = 0, rows: Int64 = 0) {
        self.high = high
        self.low = low
        self.rows = rows
    }

    public mutating func add(_ leaf: Identifier) {
        high &+= leaf.high
        low &+= leaf.low
        rows += 1
    }

    public mutating func remove(_ leaf: Identifier) {
        high &-= leaf.high
        low &-= leaf.low
        rows -= 1
    }

    public mutating func add(_ other: VersionDigest) {
        high &+= other.high
        low &+= other.low
        rows += other.rows
    }

    public mutating func remove(_ other: VersionDigest) {
        high &-= other.high
        low &-= other.low
        rows -= other.rows
    }

    /// Thirty-two hexadecimal digits.
    public var text: String {
        Identifier(high: high, low: low).description.filter { $0 != "-" }
    }
}

extension RowClock {
    /// The row's leaf: the first 16 bytes of SHA-256 over its table, key and clock.
    public func leaf(table: UInt16, key: Identifier) -> Identifier {
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 16) { place in
            var next = 0
            func byte(_ byte: UInt8) {
                place[next] = byte
                next += 1
            }
            func varint(_ value: UInt64) {
                var rest = value
                while rest >= 0x80 {
                    byte(UInt8(truncatingIfNeeded: rest) | 0x80)
                    rest >>= 7
                }
                byte(UInt8(truncatingIfNeeded: rest))
            }
            for character in "ru.leaf.1".utf8 { byte(character) }
            varint(UInt64(table))
            place.storeBytes(of: key.high.bigEndian, toByteOffset: next, as: UInt64.self)
            place.storeBytes(of: key.low.bigEndian, toByteOffset: next + 8, as: UInt64.self)
            next += 16
            varint(UInt64(bitPattern: stamp.rawValue << 1 ^ stamp.rawValue >> 63))
            var hash = SHA256()
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: place[..<next]))
            // Most rows have neither, and take no memory for it.
            if !exceptions.isEmpty || !siblings.isEmpty {
                var out = ByteWriter(reserving: 64)
                encodeExtension(into: &out)
                out.bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            }
            return hash.finalize().withUnsafeBytes { bytes in
                bytes.baseAddress.map { Identifier(unsafeBytes: $0) } ?? .zero
            }
        }
    }

    /// Exceptions and siblings in their stored form; no bytes at all for a row that has neither.
    public func encodedExtension() -> [UInt8] {
        var out = ByteWriter()
        encodeExtension(into: &out)
        return out.bytes
    }

    /// Writes what ``encodedExtension()`` gives.
    package func encodeExtension(into out: inout ByteWriter) {
        guard !exceptions.isEmpty || !siblings.isEmpty else { return }
        out.varint(exceptions.count)
        for exception in exceptions {
            out.byte(exception.group)
            out.zigzag(exception.stamp.rawValue &- stamp.rawValue)
        }
        for sibling in siblings {
            out.byte(sibling.group)
            out.identifier(sibling.op.batch)
            out.varint(UInt64(sibling.op.index))
        }
    }

    /// Reads the stored form back.
    public init(stamp: Position, extension bytes: [UInt8]) throws(FormatError) {
        self.init(stamp: stamp)
        guard !bytes.isEmpty else { return }
        var input = ByteReader(bytes)
        let count = try input.count("row clock exceptions", limit: 62)
        for _ in 0..<count {
            let group = try input.byte("row clock group")
            let delta = try input.zigzag("row clock position")
            exceptions.append(Exception(group: group, stamp: Position(stamp.rawValue &+ delta)))
        }
        while input.remaining > 0 {
            let group = try input.byte("row clock sibling")
            let batch = try input.identifier("row clock sibling")
            let index = try input.count("row clock sibling", limit: DecodeLimits.opsPerBatch)
            siblings.append(SiblingName(group: group, op: OpID(batch: batch, index: UInt32(index))))
        }
    }
}
