import CZlib

enum Deflate {
    /// The bytes as one zlib stream at level 6.
    static func zlib6(_ bytes: [UInt8]) throws -> [UInt8] {
        var count = compressBound(UInt(bytes.count))
        let capacity = Int(count)
        let packed = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, initialized in
            let result = compress2(buffer.baseAddress, &count, bytes, UInt(bytes.count), 6)
            initialized = result == Z_OK ? Int(count) : 0
        }
        guard !packed.isEmpty else { throw BenchError("zlib refused \(bytes.count) bytes") }
        return packed
    }

    /// The size of the bytes as gzip at level 6: the same deflate stream, with 12 bytes more around it.
    static func gzipSize(_ bytes: [UInt8]) throws -> Int {
        try zlib6(bytes).count + 12
    }
}
