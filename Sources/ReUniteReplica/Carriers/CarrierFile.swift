import Crypto
import Foundation
package import ReUniteSync

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Bundle files on sticks and disks of any kind.
///
/// A file appears under its name only when all of it has been written, forced to the disk, and read back. Sticks have
/// their own ways: no permissions to set, names of eight and three characters, and somebody who pulls them out.
package enum CarrierFile {
    /// How bytes reach the disk; tests put a failing one in its place.
    package struct Door: Sendable {
        /// As `write(2)`.
        package var write: @Sendable (Int32, UnsafeRawBufferPointer) -> Int
        /// As `fsync(2)`.
        package var sync: @Sendable (Int32) -> Int32

        package init(
            write: @escaping @Sendable (Int32, UnsafeRawBufferPointer) -> Int,
            sync: @escaping @Sendable (Int32) -> Int32
        ) {
            self.write = write
            self.sync = sync
        }

        package static let system = Door(write: { DurableFile.write($0, $1) }, sync: { fsync($0) })
    }

    /// So many bytes are written at a time.
    private static let piece = 256 * 1_024

    // MARK: Names

    /// Where a bundle goes: the file that was named, or a file of a name made for it in the folder that was named.
    package static func path(for label: BundleLabel, at given: String) -> String {
        guard DurableFile.isFolder(given) else { return given }
        return (given.hasSuffix("/") ? given : given + "/") + name(for: label)
    }

    /// A name for a bundle that every file system takes: two letters for what it is, six digits of its id, `.RUB`.
    package static func name(for label: BundleLabel) -> String {
        let start =
            switch label.kind {
            case .up: "UP"
            case .down: "DN"
            case .receipt: "RC"
            case .resync: "RS"
            case .enrol: "EN"
            case .answer: "AN"
            case .visit: "VS"
            case .backup: "BK"
            case .ledger: "LG"
            case .urgent: "UR"
            }
        let digits = label.id.description.filter { $0 != "-" }.suffix(6).uppercased()
        return "\(start)\(digits).RUB"
    }

    /// A file of its own to write into until it is whole. What earlier tries left in the folder is cleared away.
    private static func unfinished(beside path: String) -> UnfinishedFile? {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return UnfinishedFile.inFolder(folder, names: names)
    }

    // MARK: Writing

    /// Looks whether a person's word for where a file goes can be meant. A name without an extension is a folder's: a
    /// stick that is not there would else become a file on the machine's own disk.
    ///
    /// - Parameter replaces: whether a file of that name gives way.
    /// - Throws: ``Failure``: usage for a name that is none, noInput for a folder that is not there, cannotCreate when a file
    ///   of that name is.
    package static func checkPlace(_ given: String, replaces: Bool = false) throws {
        guard !given.isEmpty else {
            throw Failure(
                .usage, what: "Writing a file", why: "the name of the file, or of its folder, is empty",
                remedy: "Name one")
        }
        if !replaces { try checkFree(given) }
        guard !DurableFile.isFolder(given) else { return }
        let name = given.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        guard name.dropFirst().dropLast().contains(".") else {
            throw Failure(
                .noInput, what: "Writing \(given)", why: "there is no such folder",
                remedy: "Check that the stick is in, or name a file with an extension, such as case.rub")
        }
    }

    /// - Throws: ``Failure`` (cannotCreate) when a file of that name is there. A folder is fine.
    package static func checkFree(_ path: String) throws {
        guard DurableFile.isFolder(path) || !DurableFile.exists(path) else {
            throw Failure(
                .cannotCreate, what: "Writing \(path)", why: "there is a file of that name already",
                remedy: "Name another file, or remove that one if it is done with")
        }
    }

    /// Writes a new file, reads it back, and only then gives it its name.
    ///
    /// - Parameters:
    ///   - replaces: whether a file of that name gives way, once the new one is whole.
    ///   - progress: called with the number of bytes written so far.
    /// - Throws: ``Failure``: cannotCreate when there is a file of that name or the folder takes none, inputOutput when
    ///   the disk is full, fails, or gives back other bytes than it was given. Nothing new is left under either name then.
    package static func write(
        _ bytes: [UInt8], to path: String, replaces: Bool = false, door: Door = .system,
        progress: @escaping (Int) -> Void = { _ in }
    ) throws {
        try write(to: path, replaces: replaces, door: door, progress: progress) { put in try put(bytes) }
    }

    /// The same with content that is made while it is written: in memory there is a piece of it.
    ///
    /// - Parameter content: gives the bytes, in order, to a closure. What it throws ends the writing.
    package static func write(
        to path: String, replaces: Bool = false, door: Door = .system, progress: @escaping (Int) -> Void = { _ in },
        content: (_ put: ([UInt8]) throws -> Void) throws -> Void
    ) throws {
        if !replaces { try checkFree(path) }
        let what = "Writing \(path)"
        guard let file = unfinished(beside: path) else { throw DurableFile.failure(what, errno) }
        defer { file.end() }
        let (unfinished, descriptor) = (file.path, file.descriptor)
        var hash = SHA256()
        var written = 0
        do {
            try content { bytes in
                hash.update(data: bytes)
                try put(bytes, to: descriptor, what, door, &written, progress)
            }
            try force(descriptor, what, door)
        } catch {
            close(descriptor)
            unlink(unfinished)
            throw error
        }
        // What a stick cannot write, it may say only now.
        guard close(descriptor) == 0 else {
            let failure = DurableFile.failure(what, errno)
            unlink(unfinished)
            throw failure
        }
        do {
            guard try digest(of: unfinished) == (Array(hash.finalize()), written) else {
                throw CarrierFile.changed(what)
            }
        } catch {
            unlink(unfinished)
            throw (error as? Failure)?.code == .inputOutput ? error : CarrierFile.changed(what)
        }
        guard rename(unfinished, path) == 0 else {
            let failure = DurableFile.failure(what, errno)
            unlink(unfinished)
            throw failure
        }
        DurableFile.syncFolder(of: path)
    }

    private static func put(
        _ bytes: [UInt8], to descriptor: Int32, _ what: String, _ door: Door, _ written: inout Int,
        _ progress: (Int) -> Void
    ) throws {
        var start = 0
        while start < bytes.count {
            let end = min(start + piece, bytes.count)
            let count = bytes[start..<end].withUnsafeBytes { door.write(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                throw DurableFile.failure(what, errno)
            }
            start += count
            written += count
            progress(written)
        }
    }

    private static func force(_ descriptor: Int32, _ what: String, _ door: Door) throws {
        guard door.sync(descriptor) == 0 else { throw DurableFile.failure(what, errno) }
        // So that it is the disk that is read back, and not the memory of what was written.
        #if canImport(Glibc)
            _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        #endif
    }

    /// SHA-256 of a file, and how long it is.
    private static func digest(of path: String) throws -> (hash: [UInt8], bytes: Int) {
        let file = try PartialFile(reading: path)
        var hash = SHA256()
        for start in stride(from: 0, to: file.count, by: piece) {
            hash.update(data: try file.read(start..<min(start + piece, file.count)))
        }
        return (Array(hash.finalize()), file.count)
    }

    private static func changed(_ what: String) -> Failure {
        Failure(
            .inputOutput, what: what, why: "what was read back is not what was written",
            remedy: "Use another stick or disk and run it again")
    }

    // MARK: Reading

    /// A bundle file, to be read piece by piece.
    ///
    /// - Throws: ``Failure``: noInput when there is no such file, badData when it is larger than a bundle can be.
    package static func source(_ path: String) throws -> BundleSource {
        guard !DurableFile.isFolder(path) else {
            throw Failure(
                .noInput, what: "Reading \(path)", why: "it is a folder", remedy: "Name the bundle file in it")
        }
        guard DurableFile.exists(path) else {
            throw Failure(
                .noInput, what: "Reading \(path)", why: "there is no such file", remedy: "Check the name and the stick")
        }
        let file = try PartialFile(reading: path)
        guard file.count <= DecodeLimits.deliveryBytes else { throw tooLarge(path) }
        return BundleSource(length: file.count) { try file.read($0) }
    }

    /// The bytes of a bundle file, for what takes all of it at once.
    ///
    /// - Throws: ``Failure``: noInput when there is no such file, badData when it is too large for that.
    package static func read(_ path: String) throws -> [UInt8] {
        let source = try source(path)
        guard source.length <= DecodeLimits.bundleBytes else { throw tooLarge(path) }
        return try source.read(0..<source.length)
    }

    private static func tooLarge(_ path: String) -> Failure {
        Failure(
            .badData, what: "Reading \(path)", why: "it is larger than such a file can be",
            remedy: "Check that it is the right file")
    }
}
