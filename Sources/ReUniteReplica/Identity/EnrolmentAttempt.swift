import Foundation
package import ReUniteSync

/// The keys and the request of a device that is joining, kept beside the replica that is to be.
///
/// If the answer is lost or the program dies, the same code sends the same request again and gets the same answer.
package struct EnrolmentAttempt: Sendable {
    package let keys: DeviceKeys
    /// The request's bytes, as they are sent.
    package let request: [UInt8]
    private let path: String

    /// The attempt that was begun with this code, or a new one. What was begun with another code stays: it may be the one
    /// that the hub has taken, and this one mistyped.
    package static func load(beside replicaPath: String, code: EnrolmentCode) throws -> EnrolmentAttempt {
        if let begun = try begun(beside: replicaPath, code: code) { return begun }
        let folder = DeviceVault(replicaPath: replicaPath).folder
        var (path, number) = (folder + "/" + name, 1)
        while DurableFile.exists(path) {
            number += 1
            path = folder + "/\(name)-\(number)"
        }
        var generator = SystemRandomNumberGenerator()
        let keys = DeviceKeys.generate()
        let request = EnrolRequest(keys: keys.publicKeys, verifier: code.verifier, using: &generator)
        let attempt = EnrolmentAttempt(
            keys: keys, request: request.encoded(provedWith: code.verifier), path: path)
        try DurableFile.makeFolder(folder)
        var out = ByteWriter()
        out.string(keys.exportSecret())
        out.string(attempt.request)
        try DurableFile.write(out.bytes, to: path)
        return attempt
    }

    /// The attempt that was begun with this code; nil where there is none.
    package static func begun(beside replicaPath: String, code: EnrolmentCode) throws -> EnrolmentAttempt? {
        for path in paths(in: DeviceVault(replicaPath: replicaPath).folder) {
            guard let bytes = try DurableFile.read(path),
                let begun = try? EnrolmentAttempt(decoding: bytes, path: path),
                EnrolRequest.isProved(begun.request, by: code.verifier)
            else { continue }
            return begun
        }
        return nil
    }

    /// Whether a request, as it was sent, is of an attempt that was begun for this replica, with whatever code. Nothing is
    /// lost where it is written over: the same code gives it again.
    package static func isBegun(_ request: [UInt8], beside replicaPath: String) throws -> Bool {
        try paths(in: DeviceVault(replicaPath: replicaPath).folder).contains { path in
            guard let bytes = try DurableFile.read(path) else { return false }
            return (try? EnrolmentAttempt(decoding: bytes, path: path))?.request == request
        }
    }

    private static let name = "joining"

    private static func paths(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0 == name || $0.hasPrefix(name + "-") }.sorted().map { folder + "/" + $0 }
    }

    private init(keys: DeviceKeys, request: [UInt8], path: String) {
        self.keys = keys
        self.request = request
        self.path = path
    }

    private init(decoding bytes: [UInt8], path: String) throws {
        var input = ByteReader(bytes)
        let keys = try DeviceKeys(importingSecret: try input.string("joining keys", limit: 1_024))
        let request = try input.string("joining request", limit: 4_096)
        self.init(keys: keys, request: request, path: path)
    }

    /// The hub refused it: nothing of it is left, unless there is more in the folder.
    package func abandon() {
        DurableFile.remove(path)
        DurableFile.removeEmptyFolder(of: path)
    }

    /// The device has joined: every attempt is over.
    package func forget() {
        for path in EnrolmentAttempt.paths(in: String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])) {
            DurableFile.remove(path)
        }
    }
}
