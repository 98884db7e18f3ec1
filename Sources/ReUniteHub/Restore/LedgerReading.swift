import Foundation
import ReUniteReplica
import ReUniteSync

extension LedgerFile {
    /// What both files say, each entry once.
    struct Reading {
        var entries: [Entry] = []
        /// Of what stands behind a line that is not proved, what closes something.
        var unproved: [Entry] = []
        var files: [LedgerLines] = []

        var fault: (path: String, fault: LedgerLines.Fault)? {
            files.lazy.compactMap { file in file.fault.map { (file.path, $0) } }.first
        }

        /// Whether there is no line at all that is proved.
        var isEmpty: Bool { files.allSatisfy { $0.tail.count.lines == 0 } }

        /// Whether all is there that somebody has counted: in that very file, or in one that was begun in its place. What a
        /// program of before has counted is missed in that very file only: the others did not say then what they follow.
        func has(_ count: LedgerCount) -> Bool {
            if count.last.isEmpty, files.allSatisfy({ $0.tail.count.chain != count.chain }) { return true }
            return files.contains { $0.has(count) }
        }
    }

    /// Reads both files, and says what is wrong with them instead of throwing it.
    func read(_ keys: inout LedgerKeys) throws -> Reading {
        var reading = Reading()
        var seen = Set<ArraySlice<UInt8>>()
        if try LedgerLines(reading: ownPath).isOld { try append([]) }
        for path in [ownPath] + (try otherPath().map { [$0] } ?? []) {
            let lines = try checked(path, &keys)
            reading.files.append(lines)
            for entry in lines.proved where seen.insert(entry).inserted {
                // One that cannot be read is signed all the same: a later version of this program wrote it.
                guard let entry = decoded(entry) else { throw LedgerWriting.later(path) }
                reading.entries.append(entry)
            }
        }
        for entry in reading.files.flatMap(\.doubtful).compactMap(LedgerLines.entry)
        where seen.insert(entry).inserted {
            if let entry = decoded(entry)?.unproved { reading.unproved.append(entry) }
        }
        return reading
    }

    /// What both files say, for a hub that is not being restored: its own file must be as it wrote it. Of the other it
    /// takes what is proved; what else stands there is told by `hub status` while it is served.
    func entries(_ keys: inout LedgerKeys) throws -> [Entry] {
        if try isOfBefore() { try append([]) }
        let reading = try read(&keys)
        if let own = reading.files.first, let fault = own.fault {
            throw LedgerWriting.failure(
                fault, in: own.path, .configuration, "Opening the hub",
                remedy:
                    "Put the file back from a copy that nobody could write in, or restore the newest backup with 'hub restore'"
            )
        }
        return reading.entries
    }

    /// What the hub's own file says, as it stands: nobody but the hub writes there.
    func ownEntries() throws -> [Entry] {
        try LedgerLines(reading: ownPath).lines.compactMap(LedgerLines.entry).compactMap(decoded)
    }

    // MARK: Restoring

    /// Makes both files say what was taken from them, signed with the keys that the hub goes on with. What somebody else
    /// wrote in is kept beside them.
    ///
    /// - Parameter counts: what the restore was held against; a file that is begun anew stands in the place of that too.
    func settle(_ reading: Reading, taking entries: [Entry], anew: Bool, counted counts: [LedgerCount]) throws {
        let claim = try claim()
        defer { withExtendedLifetime(claim) {} }
        let ring = try LedgerWriting.ring(of: folder)
        for file in reading.files where file.fault != nil { try LedgerWriting.setAside(file.path) }
        let longest = reading.files.max { $0.bytes.count < $1.bytes.count }
        if !anew, reading.fault == nil, let longest, reading.files.allSatisfy({ longest.bytes.starts(with: $0.bytes) }),
            counts.allSatisfy(reading.has)
        {
            if DurableFile.size(ownPath) != longest.bytes.count {
                try DurableFile.write(longest.bytes, to: ownPath)
            }
        } else {
            let ended = reading.files.flatMap { $0.follows + [$0.tail.count] }
            try rewrite(entries, following: ended + counts, with: ring)
        }
        LedgerWriting.note(nil, of: ownPath)
        guard let other = try otherPath() else { return }
        let own = try DurableFile.read(ownPath, limit: 1 << 30) ?? []
        guard try DurableFile.read(other, limit: 1 << 30) ?? [] != own else { return }
        do {
            try DurableFile.write(own, to: other)
        } catch {
            try HubFiles(folder: folder).noteLedgerDebt(.lines)
        }
    }
}
