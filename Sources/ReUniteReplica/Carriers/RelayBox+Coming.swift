import Crypto
import Foundation
package import ReUniteSync

/// An answer that comes piece by piece: what has come stays when the line breaks, and when the program ends.
package final class ComingAnswer {
    package let id: Identifier
    /// How many bytes it has.
    package let bytes: Int
    let path: String
    private let file: PartialFile

    /// - Parameter path: its name says which answer it is, and how long.
    init?(_ path: String) throws {
        let parts = path.split(separator: "/").last?.split(separator: ".").map(String.init) ?? []
        guard parts.count == 4, parts[3] == "part", let id = Identifier(parts[1]), let bytes = Int(parts[2]), bytes > 0
        else { return nil }
        self.path = path
        (self.id, self.bytes) = (id, bytes)
        file = try PartialFile(path)
        // Nothing that was announced is longer.
        if file.count > bytes { try file.truncate(to: 0) }
    }

    /// How many of them are here.
    package var count: Int { file.count }
    package var isWhole: Bool { count == bytes }

    package func append(_ part: [UInt8]) throws {
        try file.append(part.prefix(bytes - count))
    }

    /// Brings to the disk what came.
    func force() throws {
        try file.force()
    }

    /// All of it, read where it lies.
    var source: BundleSource {
        let file = file
        return BundleSource(length: file.count) { try file.read($0) }
    }
}

extension RelayBox {
    /// The name under which a file goes to the hub in pieces: other bytes have another.
    package static func key(of bytes: [UInt8]) -> Identifier? {
        Identifier(bytes: Array(SHA256.hash(data: bytes).prefix(16)))
    }

    /// What has come of the answer to a file; nil where nothing was begun.
    package func coming(for item: Item) throws -> ComingAnswer? {
        guard let name = parts(for: item).first else { return nil }
        return try ComingAnswer(comings + "/" + name)
    }

    /// Begins to take the answer to a file.
    package func begin(_ id: Identifier, bytes: Int, for item: Item) throws -> ComingAnswer? {
        try makeFolders()
        discardComing(for: item)
        return try ComingAnswer("\(comings)/\(RelayBox.stem(of: item)).\(id).\(bytes).part")
    }

    /// Throws away what has come of the answer to a file.
    package func discardComing(for item: Item) {
        for name in parts(for: item) { DurableFile.remove(comings + "/" + name) }
    }

    /// Throws away what has come of answers to files that wait no more.
    package func tidyComing() {
        let waiting = Set(waiting().map(RelayBox.stem(of:)))
        for name in names where !waiting.contains(String(name.split(separator: ".").first ?? "")) {
            DurableFile.remove(comings + "/" + name)
        }
    }

    private func parts(for item: Item) -> [String] { names.filter { $0.hasPrefix(RelayBox.stem(of: item) + ".") } }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: comings)) ?? [] }

    private static func stem(of item: Item) -> String { String(name(of: item).dropLast(".rub".count)) }
}
