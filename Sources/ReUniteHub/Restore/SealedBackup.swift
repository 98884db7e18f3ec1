import Foundation
import ReUniteReplica
import ReUniteSync

/// A hub's backup as a bundle of kind 8: the database and the hub's keys, sealed to the offline key chunk by chunk, so
/// that neither making nor opening one holds more than a few pieces of it in memory (`docs/restore.md`).
struct SealedBackup {
    /// What a hub must have besides its database.
    struct Secrets: Hashable {
        /// As in the files `keys` and `ticket-key`.
        var keys: [UInt8]
        var ticketKey: [UInt8]
    }

    private static let version: UInt8 = 1
    private static let secretLimit = 1 << 20
    private static let pieceBytes = 256 * 1_024

    /// Whether a file begins as a bundle does.
    static func isOne(_ path: String) throws -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        return try file.read(upToCount: 3) == Data("RUB".utf8)
    }

    // MARK: Making

    /// Seals a database file into another file, which must not exist, and reads that back.
    ///
    /// - Throws: ``Failure``; nothing is left under the name then.
    static func write(
        _ database: String, _ secrets: Secrets, to path: String, label: BundleLabel, for key: PublicKeys,
        signedWith keys: DeviceKeys
    ) throws {
        let source = try Part(database)
        var head = ByteWriter(reserving: 4_096)
        head.byte(version)
        head.string(secrets.keys)
        head.string(secrets.ticketKey)
        head.varint(source.length)
        let unfinished = path + ".making"
        DurableFile.remove(unfinished)
        do {
            var sealer = try BundleSealer(
                contentLength: head.count + source.length, label: label, to: [key], signedWith: keys)
            let file = try PartialFile(unfinished)
            try file.append(sealer.beginning)
            try file.append(try sealer.add(head.bytes))
            var place = 0
            while place < source.length {
                let end = min(place + pieceBytes, source.length)
                try file.append(try sealer.add(try source.read(place..<end)))
                place = end
            }
            while let piece = try sealer.nextEnd() { try file.append(piece) }
            try file.force()
            try verify(unfinished, from: keys.publicKeys)
            try DurableFile.move(unfinished, to: path)
        } catch {
            DurableFile.remove(unfinished)
            throw error
        }
    }

    // MARK: Reading

    /// Checks the hub's signature over every byte, which needs no secret.
    ///
    /// - Throws: ``FormatError`` when it is cut short, was changed, or another hub's.
    static func verify(_ path: String, from hub: PublicKeys) throws {
        let file = try Part(path)
        let beginning = try file.read(0..<min(file.length, BundleOpening.beginningLimit))
        let header = try SealedBundle.readHeader(beginning)
        guard header.label.kind == .backup else { throw FormatError(.malformed, "backup kind") }
        try BundleSignature(length: file.length).verify(header, from: hub) { try file.read($0) }
    }

    /// What a backup says of itself in clear.
    static func header(of path: String) throws -> BundleHeader {
        let file = try Part(path)
        let header = try SealedBundle.readHeader(
            try file.read(0..<min(file.length, BundleOpening.beginningLimit)))
        guard header.label.kind == .backup else { throw FormatError(.malformed, "backup kind") }
        return header
    }

    /// Opens a backup into a database file, which must not exist.
    ///
    /// - Throws: ``FormatError`` when it is not sealed to this key, was changed or cut short; ``Failure`` when the disk
    ///   is full. The caller removes what is left.
    static func open(_ path: String, with key: DeviceKeys, to database: String) throws -> Secrets {
        let file = try Part(path)
        let beginning = try file.read(0..<min(file.length, BundleOpening.beginningLimit))
        guard let opening = try BundleOpening(beginning: beginning, length: file.length, with: key),
            opening.header.label.kind == .backup
        else { throw FormatError(.malformed, "backup kind") }
        var content = opening.content { try file.read($0) }
        var start: [UInt8] = []
        var head = try readHead(start)
        while head == nil {
            guard let piece = try content.next() else { throw FormatError(.truncated, "backup") }
            start += piece
            head = try readHead(start)
        }
        guard let head else { throw FormatError(.truncated, "backup") }
        // Signed by the keys that are in it: those of a hub that its devices know, or of none.
        let ring = try KeyRing(importingSecret: head.secrets.keys)
        guard let signer = ring.keys(numbered: opening.header.senderKeyNumber) else {
            throw FormatError(.notAuthentic, "backup key number")
        }
        try opening.verify(from: signer.publicKeys) { try file.read($0) }
        let target = try PartialFile(database)
        try target.append(start[head.end...])
        while let piece = try content.next() { try target.append(piece) }
        guard target.count == head.length else { throw FormatError(.truncated, "backup database") }
        try target.force()
        return head.secrets
    }

    /// What stands before the database; nil when more is needed.
    static func readHead(_ bytes: [UInt8]) throws -> (secrets: Secrets, length: Int, end: Int)? {
        do {
            var input = ByteReader(bytes)
            guard try input.byte("backup version") == version else {
                throw FormatError(.unknownVersion, "backup version")
            }
            let secrets = Secrets(
                keys: try input.string("backup keys", limit: secretLimit),
                ticketKey: try input.string("backup ticket key", limit: secretLimit))
            let length = try input.count("backup database", limit: DecodeLimits.backupBytes)
            return (secrets, length, input.offset)
        } catch let error as FormatError where error.code == .truncated && bytes.count <= 2 * secretLimit {
            return nil
        }
    }

    /// A file that is read part by part.
    private final class Part {
        let length: Int
        private let file: FileHandle
        private let path: String

        init(_ path: String) throws {
            guard let file = FileHandle(forReadingAtPath: path), let end = try? file.seekToEnd() else {
                throw Failure(
                    .noInput, what: "Reading \(path)", why: "there is no such file", remedy: "Check the name")
            }
            self.file = file
            self.path = path
            length = Int(end)
        }

        deinit {
            try? file.close()
        }

        func read(_ range: Range<Int>) throws -> [UInt8] {
            do {
                try file.seek(toOffset: UInt64(range.lowerBound))
                let bytes = try file.read(upToCount: range.count) ?? Data()
                guard bytes.count == range.count else { throw FormatError(.truncated, "backup") }
                return Array(bytes)
            } catch let error as FormatError {
                throw error
            } catch {
                throw Failure(
                    .inputOutput, what: "Reading \(path)", why: "the disk does not give it back",
                    remedy: "Check the disk, or use another copy")
            }
        }
    }
}
