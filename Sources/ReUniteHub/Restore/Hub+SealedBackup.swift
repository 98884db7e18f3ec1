import Foundation
import GRDB
import ReUniteReplica
package import ReUniteSync

extension Hub {
    /// The key that backups are sealed to, as the hub knows it: its public half.
    package struct BackupKey: Hashable, Sendable {
        /// The name of the key, in hexadecimal digits.
        package var id: String
    }

    private static let makingKey = "Making the backup key"

    /// Makes the key that every backup is sealed to from now on. The hub keeps its public half only.
    ///
    /// - Parameters:
    ///   - path: the file to write the secret half to; it must not exist.
    ///   - replaces: whether another key may be there already. Backups that were sealed to that still need it.
    package func makeBackupKey(to path: String, replaces: Bool) throws -> BackupKey {
        let files = HubFiles(folder: folder)
        guard try replaces || files.backupKey() == nil else {
            throw Failure(
                .cannotCreate, what: Hub.makingKey, why: "this hub has one already",
                remedy: "Go on with that, or replace it with --replace and keep both")
        }
        try CarrierFile.checkFree(path)
        guard !DurableFile.isFolder(path) else {
            throw Failure(
                .cannotCreate, what: Hub.makingKey, why: "\(path) is a folder", remedy: "Name a file in it")
        }
        let key = OfflineKey()
        let keys = try key.keys().publicKeys
        // First the secret half, read back: without it the other is of no use.
        try CarrierFile.write(Array(key.text(hub: name).utf8), to: path)
        // A restore needs a backup and the ledger that follows it, and takes one key: until the next backup the old one.
        if try store.ledgerBase() != nil { try files.keepFormerBackupKey() }
        try DurableFile.write(keys.encoded(), to: files.backupKeyPath)
        try store.note(
            AuditRecord(
                .written, atMilliseconds: time.wallMilliseconds,
                [.word(.code, "backup-key"), .hash(.key, Hub.digest(of: keys.encoded()))]))
        try noteKeysInLedger(for: keys)
        secureLedger()
        return BackupKey(keys)
    }

    /// Keys that were made before there was this key can be had from the ledger with it too.
    private func noteKeysInLedger(for key: PublicKeys) throws {
        try refreshKeys()
        guard let word = chain.successions.last else { return }
        try ClosingLedger(folder: folder).append([
            ClosingLedger.Entry(
                kind: .hubRekeyed, position: word.succession.lastPosition.rawValue,
                atMilliseconds: time.wallMilliseconds, succession: Data(word.bytes),
                secret: Data(try SealedKeys.seal(ring.exportSecret(), of: id, to: key)))
        ])
    }

    /// The key that backups are sealed to; nil where there is none.
    package func backupKey() throws -> BackupKey? {
        try HubFiles(folder: folder).backupKey().map(BackupKey.init)
    }

    /// Whether a file holds the secret half of the key that backups are sealed to.
    package func isBackupKey(_ key: OfflineKey) throws -> Bool {
        try HubFiles(folder: folder).backupKey() == key.keys().publicKeys
    }

    /// The secret half of a backup key, from a file or typed from paper.
    package static func offlineKey(in path: String) throws -> OfflineKey {
        guard let bytes = try DurableFile.read(path, limit: 1 << 16) else {
            throw Failure(
                .noInput, what: "Reading the backup key", why: "there is no file \(path)",
                remedy: "Name the file of the backup key ('hub backup-key'), or one with the digits typed from paper")
        }
        do {
            return try OfflineKey(text: String(decoding: bytes, as: UTF8.self))
        } catch {
            throw Failure(
                .badData, what: "Reading the backup key", why: "the digits are not all there, or one of them is wrong",
                remedy: "Compare the file with the paper, group by group")
        }
    }

    // MARK: Backups

    /// Seals a backup, with the hub's keys, to the backup key.
    ///
    /// The copy of the database lies in the hub's own folder until it is sealed: no byte of it reaches the other disk in
    /// clear.
    func sealedBackup(to path: String, for key: PublicKeys) throws -> Backup {
        let what = "Backing the hub up"
        guard !DurableFile.exists(path) else {
            throw Failure(
                .cannotCreate, what: what, why: "\(path) exists already", remedy: "Name a file that does not exist")
        }
        let files = HubFiles(folder: folder)
        let claim = try FileClaim(
            folder + "/backup.lock", what: what, holder: "another program that makes a backup ('hub backup')")
        defer { withExtendedLifetime(claim) {} }
        let copy = folder + "/backup.unsealed"
        files.remove(copy)
        defer { files.remove(copy) }
        var made = try store.backup(to: copy, atMilliseconds: time.wallMilliseconds)
        try SealedBackup.write(
            copy, try files.secrets(), to: path,
            label: BundleLabel(
                id: randomness(), kind: .backup, hub: id, epoch: epoch, sender: id, to: Position(made.position),
                createdMilliseconds: made.madeMilliseconds), for: key, signedWith: keys)
        made.bytes = DurableFile.size(path)
        made.isSealed = true
        return made
    }

    /// What came of looking at a backup.
    package struct BackupCheck: Hashable, Sendable {
        package var isSealed: Bool
        package var bytes: Int
        package var position: Int64
        package var madeMilliseconds: Int64?
        /// Whether all of it was read as whoever restores it would: opened, and the database in it found sound.
        package var wasOpened: Bool
    }

    /// Looks at a backup without restoring it: of a sealed one the hub's signature over every byte, with the key also
    /// the database in it.
    ///
    /// - Throws: ``Failure`` (badData) when it is damaged, or not of this hub.
    package func check(backup path: String, key: OfflineKey?) throws -> BackupCheck {
        let what = "Checking the backup"
        guard DurableFile.exists(path), !DurableFile.isFolder(path) else {
            throw Failure(
                .noInput, what: what, why: "there is no file \(path)",
                remedy: "Name the file of a backup, made with 'hub backup'")
        }
        let damaged = Failure(
            .badData, what: what, why: "\(path) is damaged, or not of this hub", remedy: "Make another, and keep that")
        var check = BackupCheck(
            isSealed: try SealedBackup.isOne(path), bytes: DurableFile.size(path), position: 0, madeMilliseconds: nil,
            wasOpened: false)
        guard check.isSealed else {
            check.position = try SQLiteHubStore.soundCopy(path, of: try ownKeys(), orElse: damaged)
            check.wasOpened = true
            return check
        }
        do {
            let header = try SealedBackup.header(of: path)
            guard header.label.hub == id,
                let signer = chain.keys(numbered: header.senderKeyNumber)
            else { throw damaged }
            try SealedBackup.verify(path, from: signer)
            check.position = header.label.to.rawValue
            check.madeMilliseconds = header.label.createdMilliseconds
            guard let key else { return check }
            let copy = folder + "/backup.opened"
            let files = HubFiles(folder: folder)
            files.remove(copy)
            defer { files.remove(copy) }
            _ = try SealedBackup.open(path, with: try key.keys(), to: copy)
            _ = try SQLiteHubStore.soundCopy(copy, of: try ownKeys(), orElse: damaged)
            check.wasOpened = true
            return check
        } catch is FormatError {
            throw damaged
        }
    }

    private func ownKeys() throws -> [PublicKeys] {
        try refreshKeys()
        return chain.all
    }

    // MARK: Restoring

    /// Whether a file is a sealed backup, which needs the key.
    package static func isSealedBackup(_ path: String) throws -> Bool { try SealedBackup.isOne(path) }

    package static func noKey(for backup: String) -> Failure {
        Failure(
            .usage, what: "Restoring the hub", why: "\(backup) is sealed to the backup key",
            remedy: "Name the key's file with --key")
    }

    /// Opens a sealed backup into a plain file in the hub's folder, and puts the hub's keys there if it has none.
    ///
    /// - Returns: the file, and the keys in the backup.
    /// - Throws: ``Failure``: usage where no key is given, badData where it does not open it.
    static func unseal(
        _ backup: String, with key: OfflineKey?, into files: HubFiles
    ) throws -> (copy: String, ring: KeyRing) {
        let what = "Restoring the hub"
        guard let key else { throw noKey(for: backup) }
        try DurableFile.makeFolder(files.folder)
        let copy = files.folder + "/backup.opened"
        files.remove(copy)
        do {
            let secrets = try SealedBackup.open(backup, with: try key.keys(), to: copy)
            try files.install(secrets, what: what)
            return (copy, try KeyRing(importingSecret: secrets.keys))
        } catch is FormatError {
            files.remove(copy)
            throw Failure(
                .badData, what: what, why: "\(backup) is damaged, or sealed to another key",
                remedy: "Name another copy of it, or the key that it was sealed to")
        } catch {
            files.remove(copy)
            throw error
        }
    }
}

extension Hub.BackupKey {
    fileprivate init(_ keys: PublicKeys) {
        id = String(format: "%016llx", keys.id.rawValue.byteSwapped)
    }
}

extension HubFiles {
    var backupKeyPath: String { folder + "/backup-key" }
    private var formerBackupKeyPath: String { folder + "/backup-key-former" }

    /// Keeps the public half of the key to which the newest backup that counts is sealed, before there is another.
    fileprivate func keepFormerBackupKey() throws {
        // One that cannot be read is sealed to by nothing.
        guard formerBackupKey() == nil, let key = try? backupKey() else { return }
        try DurableFile.write(key.encoded(), to: formerBackupKeyPath)
    }

    /// The key of the newest backup that counts, where a newer key was made since; nil where it is the newest.
    func formerBackupKey() -> PublicKeys? {
        guard let bytes = try? DurableFile.read(formerBackupKeyPath) else { return nil }
        return try? PublicKeys(decoding: bytes)
    }

    /// A backup was sealed to the newest key, and counts.
    func forgetFormerBackupKey() {
        if DurableFile.exists(formerBackupKeyPath) { DurableFile.remove(formerBackupKeyPath) }
    }

    func backupKey() throws -> PublicKeys? {
        guard let bytes = try DurableFile.read(backupKeyPath) else { return nil }
        do {
            return try PublicKeys(decoding: bytes)
        } catch {
            throw Failure(
                .configuration, what: "Reading the backup key", why: "the file 'backup-key' is damaged",
                remedy: "Make a new key with 'hub backup-key --replace'")
        }
    }

    /// Puts the keys of a backup into a folder that has none. Those that are there must be the same hub's.
    func install(_ secrets: SealedBackup.Secrets, what: String) throws {
        if hasKeys {
            let (own, other) = (try ring(), try KeyRing(importingSecret: secrets.keys))
            guard own.isKin(of: other) else {
                throw Failure(
                    .badData, what: what, why: "it is of another hub than the folder's keys",
                    remedy: "Name another backup of this hub, or an empty folder")
            }
            return
        }
        try put(secrets)
    }
}

extension SQLiteHubStore {
    /// The last position of a plain copy, once it is found sound and signed with the hub's keys.
    static func soundCopy(_ path: String, of keys: [PublicKeys], orElse damaged: Failure) throws -> Int64 {
        do {
            guard try SQLiteHeader.applicationID(ofFile: path) == applicationID else { throw damaged }
            var configuration = Configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let position = try queue.read { database -> Int64? in
                guard try String.fetchOne(database, sql: "PRAGMA integrity_check") == "ok",
                    try wasSigned(by: keys, database)
                else { return nil }
                return try Int64.fetchOne(database, sql: "SELECT position FROM hub_clock")
            }
            try queue.close()
            guard let position else { throw damaged }
            return position
        } catch is DatabaseError {
            throw damaged
        }
    }
}
