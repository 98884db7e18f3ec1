import Crypto
import Foundation
import ReUniteReplica
import ReUniteSync

/// The files in a hub's folder: the database, and beside it what must not be in the database.
package struct HubFiles: Sendable {
    package let folder: String

    package init(folder: String) {
        self.folder = folder
    }

    package var databasePath: String { folder + "/hub.sqlite" }
    package var claimPath: String { folder + "/lock" }
    /// The last note that the hub signed about its audit log.
    package var auditPath: String { folder + "/audit-checkpoint" }
    private var keyPath: String { folder + "/keys" }
    private var ticketPath: String { folder + "/ticket-key" }
    private var deliveries: String { folder + "/deliveries" }
    var uploads: UploadFiles { UploadFiles(folder: folder + "/uploads") }
    /// Other devices' files that a device is bringing. Several at once: a large one must not keep out the others.
    var carried: UploadFiles { UploadFiles(folder: folder + "/carried", most: 16) }
    var answers: AnswerFiles { AnswerFiles(folder: folder + "/answers") }

    /// Files with secrets that others than the hub's own account may read or write.
    package var openToOthers: [String] { [keyPath, ticketPath, databasePath].filter(DurableFile.isOpenToOthers) }

    /// Makes the folder and, unless they are there, new keys.
    func prepare() throws {
        // The folders above are anybody's; the hub's own is its owner's alone.
        let above = URL(fileURLWithPath: folder).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: above, withIntermediateDirectories: true)
        try DurableFile.makeFolder(folder)
        try DurableFile.makeFolder(deliveries)
        if !DurableFile.exists(keyPath) {
            try DurableFile.write(DeviceKeys.generate().exportSecret(), to: keyPath)
        }
        if !DurableFile.exists(ticketPath) {
            var generator = SystemRandomNumberGenerator()
            try DurableFile.write(TicketKey(using: &generator).exportSecret(), to: ticketPath)
        }
    }

    /// All of the hub's key pairs.
    func ring() throws -> KeyRing {
        do {
            return try KeyRing(importingSecret: try secret(keyPath))
        } catch let error as FormatError {
            throw HubFiles.damaged(error)
        }
    }

    /// Nothing of the ring that was there before is left.
    func store(_ ring: KeyRing) throws {
        try DurableFile.replace(ring.exportSecret(), in: keyPath)
    }

    /// Held by whoever changes the ring.
    var keyClaimPath: String { folder + "/keys.lock" }

    /// Whether the folder holds a hub's keys.
    var hasKeys: Bool { DurableFile.exists(keyPath) }

    /// What a sealed backup holds besides the database.
    func secrets() throws -> SealedBackup.Secrets {
        SealedBackup.Secrets(keys: try secret(keyPath), ticketKey: try secret(ticketPath))
    }

    /// Puts keys from a sealed backup into the folder.
    func put(_ secrets: SealedBackup.Secrets) throws {
        try DurableFile.makeFolder(folder)
        try DurableFile.makeFolder(deliveries)
        try DurableFile.write(secrets.ticketKey, to: ticketPath)
        try DurableFile.write(secrets.keys, to: keyPath)
    }

    func ticketKeys() throws -> TicketKeys {
        do {
            return try TicketKeys(importingSecret: try secret(ticketPath))
        } catch let error as FormatError {
            throw HubFiles.damaged(error)
        }
    }

    /// Nothing of the key that goes is left.
    func store(_ keys: TicketKeys) throws {
        try DurableFile.replace(keys.exportSecret(), in: ticketPath)
    }

    private func secret(_ path: String) throws -> [UInt8] {
        guard let bytes = try DurableFile.read(path) else {
            throw Failure(
                .configuration, what: "Opening the hub", why: "its key files are not in \(folder)",
                remedy: "Put them back from a backup")
        }
        return bytes
    }

    static func damaged(_ error: FormatError) -> Failure {
        Failure(
            .configuration, what: "Opening the hub", why: "a key file is damaged (\(error))",
            remedy: "Put it back from a backup")
    }

    func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    /// Copies a file of any size into the folder, forced to disk.
    func copy(_ path: String, to other: String) throws {
        do {
            try FileManager.default.copyItem(atPath: path, toPath: other)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: other)
        } catch {
            throw Failure(
                .inputOutput, what: "Restoring the hub", why: "\(path) could not be copied",
                remedy: "Check the free space and the permissions of \(folder)")
        }
        try DurableFile.sync(other)
    }

    /// The note about the log of a life that was lost: kept for whoever compares, and no longer the hub's word.
    func setAuditNoteAside() throws {
        guard DurableFile.exists(auditPath) else { return }
        remove(auditPath + ".replaced")
        try DurableFile.move(auditPath, to: auditPath + ".replaced")
    }

    func rename(_ path: String, to other: String) throws {
        do {
            try FileManager.default.moveItem(atPath: path, toPath: other)
        } catch {
            throw Failure(
                .cannotCreate, what: "Making the hub", why: "its database could not be put in place",
                remedy: "Check the permissions of \(folder)")
        }
    }

    // MARK: Deliveries that wait to be fetched

    /// The pages of a delivery that is being made.
    func spool(names: @escaping () -> Identifier) -> PageSpool { PageSpool(folder: deliveries, names: names) }

    /// Seals a delivery into its file, piece by piece. Returns how long the file is.
    func write(delivery id: Identifier, _ parcel: BundleParcel) throws -> Int {
        try DurableFile.makeFolder(deliveries)
        let path = "\(deliveries)/\(id)"
        let unfinished = path + ".new"
        DurableFile.remove(unfinished)
        do {
            let file = try PartialFile(unfinished)
            try parcel.write(file.append)
            try file.force()
        } catch {
            DurableFile.remove(unfinished)
            throw error
        }
        try DurableFile.move(unfinished, to: path)
        return parcel.length
    }

    /// Part of a waiting delivery; nil when the file is gone.
    func read(delivery id: Identifier, from offset: Int, count: Int) -> [UInt8]? {
        guard let file = FileHandle(forReadingAtPath: "\(deliveries)/\(id)") else { return nil }
        defer { try? file.close() }
        guard (try? file.seek(toOffset: UInt64(offset))) != nil, let data = try? file.read(upToCount: count) else {
            return nil
        }
        return Array(data)
    }

    /// Whether any delivery is in its folder.
    var hasDeliveries: Bool {
        (try? FileManager.default.contentsOfDirectory(atPath: deliveries))?.isEmpty == false
    }

    /// Removes the file of a delivery, if it is there.
    func remove(delivery id: Identifier) {
        DurableFile.remove("\(deliveries)/\(id)")
    }

    /// Removes the files of deliveries that are no longer on record.
    func prune(keeping ids: Set<Identifier>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: deliveries)) ?? []
        for name in names where Identifier(name).map({ !ids.contains($0) }) ?? true {
            try? FileManager.default.removeItem(atPath: "\(deliveries)/\(name)")
        }
    }
}

extension Hub {
    static func digest(of bytes: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(data: bytes))
    }
}
