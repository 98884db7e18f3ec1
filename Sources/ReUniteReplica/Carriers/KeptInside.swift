import Foundation
package import GRDB
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
    ///
    /// - Returns: the file.
    @discardableResult
    package func keep(inside content: [UInt8]) throws -> String {
        let sealed = try seal(visit: content, to: publicKeys)
        let file = "\(keptInside.folder)/\(sealed.label.id).rub"
        try DurableFile.makeFolder(keptInside.folder)
        try DurableFile.write(sealed.bytes, to: file)
        return file
    }

    /// What a kept file says.
    ///
    /// - Throws: ``Failure`` (badData) when it is damaged, or of keys that this device has no more.
    package func kept(inside file: String) throws -> [UInt8] {
        try open(visit: try CarrierFile.read(file)) { _ in [] }
    }

    /// Seals anew what was sealed to keys that others have replaced: in the end those are destroyed.
    ///
    /// - Throws: what reading a file or writing one throws; each file is then as it was, or sealed anew.
    func resealInside() throws {
        let keys = try publicKeys
        for file in keptInside.files {
            let (_, bundle) = (try? ToldFile.split(try CarrierFile.read(file))) ?? ([], [])
            guard let header = try? SealedBundle.readHeader(bundle), !header.recipients.contains(keys.id),
                let content = try? kept(inside: file), DurableFile.exists(file)
            else { continue }
            try DurableFile.write(try seal(visit: content, to: keys).bytes, to: file)
        }
    }

    /// Writes what a kept file says, and removes the file: exactly once, also where the machine stops in between. That it
    /// is written is noted in the transaction that writes it; the note goes when the file is gone for good.
    ///
    /// - Parameter removing: takes the file away; for tests, in which the machine stops before that.
    /// - Returns: whether it was written now; not when it had been before.
    package func settle(
        inside file: String, removing: (String) -> Void = { DurableFile.remove($0) }, _ what: String,
        _ body: (Database) throws -> Void
    ) throws -> Bool {
        let mark = KeptInside.mark(of: file)
        let isNew = try edit(what) { database in
            let known = try Int.fetchOne(database, sql: "SELECT 1 FROM ru_meta WHERE name = ?", arguments: [mark])
            guard known == nil else { return false }
            try body(database)
            try database.execute(sql: "INSERT INTO ru_meta(name, value) VALUES(?, 1)", arguments: [mark])
            try database.execute(sql: "DELETE FROM ru_meta WHERE name = ?", arguments: [KeptInside.reason(of: file)])
            return true
        }
        removing(file)
        return isNew
    }

    /// Notes why a kept file's content cannot be written, for whoever asks what the device waits for; nil where it may be
    /// written by itself.
    ///
    /// - Parameter why: in plain words, without personal data.
    package func note(inside file: String, why: String?) throws {
        let name = KeptInside.reason(of: file)
        guard try self.why(inside: file) != why else { return }
        try edit("Noting why it was not written") { database in
            try database.execute(sql: "DELETE FROM ru_meta WHERE name = ?", arguments: [name])
            guard let why else { return }
            try database.execute(sql: "INSERT INTO ru_meta(name, value) VALUES(?, ?)", arguments: [name, why])
        }
    }

    /// Why a kept file's content cannot be written; nil where nothing is known against it.
    package func why(inside file: String) throws -> String? {
        try read("Looking why it was not written") { try why(inside: file, in: $0) }
    }

    func why(inside file: String, in database: Database) throws -> String? {
        try String.fetchOne(
            database, sql: "SELECT value FROM ru_meta WHERE name = ?", arguments: [KeptInside.reason(of: file)])
    }

    /// Takes a kept file away that nobody wants: a person said so.
    package func letGo(inside file: String) throws {
        DurableFile.remove(file)
        // One that came back with a power cut would be written after all.
        DurableFile.syncFolder(of: file)
        try note(inside: file, why: nil)
    }

    /// Forgets the notes about files that are gone.
    package func forgetSettled() throws {
        let marks = try read("Looking for what was written") {
            try String.fetchAll(
                $0, sql: "SELECT name FROM ru_meta WHERE name GLOB ? OR name GLOB ?",
                arguments: [KeptInside.marks, KeptInside.reasons])
        }
        guard !marks.isEmpty else { return }
        // A file whose removal the disk has not taken yet would come back after a power cut, and be written again.
        DurableFile.syncFolder(of: keptInside.folder + "/")
        let there = Set(keptInside.files.flatMap { [KeptInside.mark(of: $0), KeptInside.reason(of: $0)] })
        try edit("Forgetting what was written") { database in
            for mark in marks where !there.contains(mark) {
                try database.execute(sql: "DELETE FROM ru_meta WHERE name = ?", arguments: [mark])
            }
        }
    }
}

extension KeptInside {
    /// Why a kept file is not even read, without a full stop.
    package static let unreadable = "it is damaged, or the keys to which it was sealed are gone"

    /// The note that a file's content has been written: a fact of the replica's, in the same database.
    fileprivate static func mark(of file: String) -> String { "inside " + name(of: file) }
    fileprivate static let marks = "inside *"
    /// The note why a file's content cannot be written.
    fileprivate static func reason(of file: String) -> String { "inside-why " + name(of: file) }
    fileprivate static let reasons = "inside-why *"

    private static func name(of file: String) -> String { file.split(separator: "/").last.map(String.init) ?? file }
}
