import Foundation
import ReUniteSync

/// What was typed inside a prison about a case that this replica does not hold: sealed for this device alone, in a folder
/// beside the replica, until the case is here and it can be written like anything else.
package struct KeptInside: Sendable {
    package let folder: String

    package init(replicaPath: String) {
        folder = replicaPath + ".inside"
    }

    /// The files, oldest first: their names are ids that grow with time.
    package var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".rub") }.sorted().map { folder + "/" + $0 }
    }
}

extension Replica {
    package var keptInside: KeptInside { KeptInside(replicaPath: path) }

    /// Keeps something sealed for this device until ``KeptInside/files`` is gone through. It is on the disk when this
    /// returns.
    package func keep(inside content: [UInt8]) throws {
        let sealed = try seal(visit: content, to: publicKeys)
        try DurableFile.makeFolder(keptInside.folder)
        try DurableFile.write(sealed.bytes, to: "\(keptInside.folder)/\(sealed.label.id).rub")
    }

    /// What a kept file says.
    ///
    /// - Throws: ``Failure`` (badData) when it is damaged, or of keys that this device has no more.
    package func kept(inside file: String) throws -> [UInt8] {
        try open(visit: try CarrierFile.read(file)) { _ in nil }
    }

    /// Removes a kept file, once what it says is written.
    package func forget(inside file: String) { DurableFile.remove(file) }
}
