import Foundation
import ReUniteReplica
import ReUniteSync

/// The bundles that devices are sending in pieces: `DEVICE.BUNDLE.SIZE` grows until it has its size, and when its
/// batches are judged `DEVICE.BUNDLE.done` says so for a while.
struct UploadFiles: Sendable {
    let folder: String
    /// How many bundles of one device may be unfinished.
    var most = 1

    /// All that may wait here in part, of all devices together.
    static let totalBytes = 1 << 30
    /// How long a file stays, in seconds: seven days.
    static let age: TimeInterval = 7 * 86_400

    private func part(_ id: Identifier, _ bytes: Int, _ device: Identifier) -> String {
        "\(folder)/\(device).\(id).\(bytes)"
    }

    private func done(_ id: Identifier, _ device: Identifier) -> String {
        "\(folder)/\(device).\(id).done"
    }

    /// How many bytes of a bundle are here for good. The last counts once its batches are judged, so that whoever asks
    /// after a cut sends it again, and with it the bundle is judged.
    func offset(of id: Identifier, bytes: Int, from device: Identifier) throws -> Int {
        if DurableFile.exists(done(id, device)) { return bytes }
        let path = part(id, bytes, device)
        guard DurableFile.exists(path) else { return 0 }
        let file = try PartialFile(path)
        try file.force()
        return min(file.count, bytes - 1)
    }

    /// Whether the bundle has been begun, or is judged.
    func has(_ id: Identifier, bytes: Int, from device: Identifier) -> Bool {
        DurableFile.exists(part(id, bytes, device)) || DurableFile.exists(done(id, device))
    }

    /// The file to put pieces of a bundle into; nil when all of it has been judged.
    ///
    /// - Throws: ``Failure`` (tryLater) when too much waits here already.
    func open(_ id: Identifier, bytes: Int, from device: Identifier) throws -> PartialFile? {
        if DurableFile.exists(done(id, device)) { return nil }
        let path = part(id, bytes, device)
        if !DurableFile.exists(path) {
            try DurableFile.makeFolder(folder)
            try makeRoom(for: device, bytes: bytes)
        }
        return try PartialFile(path)
    }

    /// Notes that a bundle has been judged.
    ///
    /// - Parameter note: what is to be remembered with that.
    func finish(_ id: Identifier, bytes: Int, from device: Identifier, note: [UInt8] = []) throws {
        try DurableFile.write(note, to: done(id, device))
        DurableFile.remove(part(id, bytes, device))
    }

    /// What was noted of a bundle that has been judged; nil for another.
    func note(of id: Identifier, from device: Identifier) throws -> [UInt8]? {
        try DurableFile.read(done(id, device))
    }

    /// Forgets that a bundle has been judged.
    func forget(_ id: Identifier, from device: Identifier) {
        DurableFile.remove(done(id, device))
    }

    /// Throws away what cannot be judged.
    func discard(_ id: Identifier, bytes: Int, from device: Identifier) {
        DurableFile.remove(part(id, bytes, device))
    }

    /// A device has so many unfinished bundles: a new one takes the place of what it has not touched for longest.
    private func makeRoom(for device: Identifier, bytes: Int) throws {
        let unfinished = entries().filter { !$0.name.hasSuffix(".done") }
        let own = unfinished.filter { $0.name.hasPrefix("\(device).") }.sorted { $0.changed < $1.changed }
        let leaving = Set(own.dropLast(most - 1).map(\.name))
        for name in leaving { DurableFile.remove("\(folder)/\(name)") }
        // What stays of its own counts too: each may become as large as any.
        let waiting = unfinished.filter { !leaving.contains($0.name) }.reduce(0) { $0 + $1.bytes }
        guard waiting + bytes <= UploadFiles.totalBytes else {
            throw Failure(
                .tryLater, what: "Taking batches", why: "too much waits at the hub in part",
                remedy: "Sync again later; nothing was lost")
        }
    }

    /// Removes what nobody has touched for a week.
    func prune(atMilliseconds now: Int64) {
        let limit = Date(timeIntervalSince1970: Double(now) / 1_000).addingTimeInterval(-UploadFiles.age)
        for (name, _, changed) in entries() where changed < limit { DurableFile.remove("\(folder)/\(name)") }
    }

    private func entries() -> [(name: String, bytes: Int, changed: Date)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.compactMap { name in
            guard let facts = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)") else { return nil }
            return (
                name, (facts[.size] as? Int) ?? 0, (facts[.modificationDate] as? Date) ?? .distantPast
            )
        }
    }
}
