internal import CZlib

/// Raw deflate (RFC 1951, no zlib or gzip header) at level 6. The stream is kept and reset between uses, which saves
/// most of the cost of a small input.
public struct Deflater: ~Copyable {
    // zlib's state points back at its stream, so the stream must not move with this struct.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Throws only where zlib cannot have its memory, about 270 kB.
    public init() throws(FormatError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard reunite_deflate_init(stream, 6) == Z_OK else {
            stream.deallocate()
            throw FormatError(.tooLarge, "deflate memory")
        }
        self.stream = stream
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The deflated form of the bytes, at most 1 GiB of them; it may be longer than they are.
    public mutating func deflate(_ bytes: [UInt8]) throws(FormatError) -> [UInt8] {
        try deflate(bytes[...], after: .none)
    }

    /// The same as if the dictionary's bytes had just been deflated.
    mutating func deflate(
        _ bytes: ArraySlice<UInt8>, after dictionary: PresetDictionary
    ) throws(FormatError) -> [UInt8] {
        guard bytes.count <= 1 << 30 else { throw FormatError(.tooLarge, "deflate input") }
        let stream = self.stream
        deflateReset(stream)
        let words = dictionary.bytes
        guard words.isEmpty || deflateSetDictionary(stream, words, UInt32(words.count)) == Z_OK else {
            throw FormatError(.malformed, "deflate dictionary")
        }
        let bound = Int(deflateBound(stream, UInt(bytes.count)))
        var status = Z_STREAM_ERROR
        let output = [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            bytes.withUnsafeBufferPointer { input in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.pointee.avail_in = UInt32(input.count)
                stream.pointee.next_out = buffer.baseAddress
                stream.pointee.avail_out = UInt32(bound)
                status = CZlib.deflate(stream, Z_FINISH)
            }
            count = status == Z_STREAM_END ? bound - Int(stream.pointee.avail_out) : 0
        }
        guard status == Z_STREAM_END else { throw FormatError(.malformed, "deflate stream") }
        return output
    }
}
