package import ReUniteReplica
import ReUniteSync

extension Replica.UpFile {
    /// The whole file, for pockets.
    package var bytes: [UInt8] { get throws { try parcel.bytes() } }
}

extension Replica {
    package func take(file bytes: [UInt8]) throws -> FileEffect { try take(file: BundleSource(bytes)) }
}
