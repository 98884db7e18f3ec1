internal import CZlib

/// The way back from ``Deflater``, with a limit on what comes out. The stream is kept and reset between uses.
public struct Inflater: ~Copyable {
    // zlib's state points back at its stream, so the stream must not move with this struct.
    private let stream: UnsafeMutablePointer<z_stream>

    /// Throws only where zlib cannot have its memory, about 40 kB.
    public init() throws(FormatError) {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        guard reunite_inflate_init(stream) == Z_OK else {
            stream.deallocate()
            throw FormatError(.tooLarge, "inflate memory")
        }
        self.stream = stream
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// What the bytes inflate to.
    ///
    /// Throws `tooLarge` as soon as more than `limit` bytes come out, having used memory for at most twice that;
    /// `truncated` where the stream does not end; `trailing` where bytes follow its end; `malformed` otherwise.
    public mutating func inflate(
        _ bytes: ArraySlice<UInt8>, limit: Int, _ field: @autoclosure () -> String
    ) throws(FormatError) -> [UInt8] {
        try inflate(bytes, after: .none, limit: limit, field())
    }

    /// The same where they were deflated after a dictionary.
    mutating func inflate(
        _ bytes: ArraySlice<UInt8>, after dictionary: PresetDictionary, limit: Int, _ field: @autoclosure () -> String
    ) throws(FormatError) -> [UInt8] {
        guard bytes.count <= 1 << 30, limit >= 0, limit < 1 << 30 else { throw FormatError(.tooLarge, field()) }
        inflateReset(stream)
        let words = dictionary.bytes
        guard words.isEmpty || inflateSetDictionary(stream, words, UInt32(words.count)) == Z_OK else {
            throw FormatError(.malformed, field())
        }
        // One byte of room above the limit shows that more would come.
        var output = [UInt8](repeating: 0, count: min(limit + 1, max(256, bytes.count * 4)))
        var produced = 0
        var consumed = 0
        while true {
            let status = step(bytes.dropFirst(consumed), into: &output, &consumed, &produced)
            guard produced <= limit else { throw FormatError(.tooLarge, field()) }
            switch status {
            case Z_STREAM_END:
                guard consumed == bytes.count else { throw FormatError(.trailing, field()) }
                output.removeLast(output.count - produced)
                return output
            case Z_OK, Z_BUF_ERROR:
                guard produced == output.count else { throw FormatError(.truncated, field()) }
                let more = min(limit + 1 - produced, produced)
                output.append(contentsOf: repeatElement(0, count: more))
            default:
                throw FormatError(.malformed, field())
            }
        }
    }

    private func step(
        _ input: ArraySlice<UInt8>, into output: inout [UInt8], _ consumed: inout Int, _ produced: inout Int
    ) -> Int32 {
        let stream = self.stream
        let done = produced
        var status = Z_STREAM_ERROR
        output.withUnsafeMutableBufferPointer { buffer in
            input.withUnsafeBufferPointer { source in
                stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.pointee.avail_in = UInt32(source.count)
                stream.pointee.next_out = buffer.baseAddress.map { $0 + done }
                stream.pointee.avail_out = UInt32(buffer.count - done)
                status = CZlib.inflate(stream, Z_NO_FLUSH)
                consumed += source.count - Int(stream.pointee.avail_in)
                produced = buffer.count - Int(stream.pointee.avail_out)
            }
        }
        return status
    }
}
