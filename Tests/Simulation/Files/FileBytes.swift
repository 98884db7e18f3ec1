import ReUniteHub
import ReUniteSync

extension Hub.DownFile {
    /// The whole file, for pockets.
    var bytes: [UInt8] { get throws { try parcel.bytes() } }
}

extension Hub {
    func take(upFile bytes: [UInt8]) throws -> UpReport { try take(upFile: BundleSource(bytes)) }
}
