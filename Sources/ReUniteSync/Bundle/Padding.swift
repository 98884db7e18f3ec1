/// Hides the exact length of a bundle's content.
///
/// From 1 KiB the length is rounded up by Padmé (Nikitin, Barman, Lueks, Underwood, Hubaux and Ford, "Reducing
/// Metadata Leakage from Encrypted Files and Communication with PURBs", 2019), which costs at most 12 % and leaks
/// O(log log n) bits. Below that it is rounded up to a multiple of 64.
package enum Padding {
    static let smallStep = 64
    static let padmeStart = 1_024

    /// The length that a body of this length is padded to.
    static func paddedLength(_ length: Int) -> Int {
        guard length >= padmeStart else {
            return max(smallStep, (length + smallStep - 1) / smallStep * smallStep)
        }
        let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
        let exponentBits = Int.bitWidth - exponent.leadingZeroBitCount
        let mask = (1 << (exponent - exponentBits)) - 1
        return (length + mask) & ~mask
    }

    /// The length as a varint, the content, and zeros.
    package static func body(of content: [UInt8]) -> [UInt8] {
        var out = ByteWriter(reserving: paddedLength(content.count + 5))
        out.string(content)
        out.raw(repeatElement(0, count: paddedLength(out.count) - out.count))
        return out.bytes
    }

    /// The content of a body. A body that is longer than it must be, or padded with anything but zeros, is refused:
    /// a content has one form only.
    package static func content(of body: [UInt8]) throws(FormatError) -> [UInt8] {
        var input = ByteReader(body)
        let content = try input.string("bundle content", limit: DecodeLimits.bundleBytes)
        guard body.count == paddedLength(input.offset), body[input.offset...].allSatisfy({ $0 == 0 }) else {
            throw FormatError(.malformed, "bundle padding")
        }
        return content
    }
}
