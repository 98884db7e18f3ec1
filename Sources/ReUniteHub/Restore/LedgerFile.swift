import Foundation
import ReUniteReplica
import ReUniteSync
import Synchronization

/// What may stand in a ledger of lines.
protocol LedgerEntry: Codable, Hashable {
    /// The hub's word about new keys of its own; nil mostly.
    var keyWord: Data? { get }
    /// The same as whoever goes on in spite of a ledger that was written in may take it from a line that nobody signed:
    /// what closes something, and nothing that gives; nil for the rest.
    var unproved: Self? { get }
}

/// What a hub must never forget, a line each, opaque ids only: in a file of its folder and, with `hub serve --ledger`, in
/// another folder too, byte for byte the same. It is on the hub's own disk before what it records counts. Where the other
/// disk is full or gone, what it lacks is owed to it, and nothing is level 3 until it has it
/// (`docs/decisions/0070-accepted-batches-in-the-ledger.md`). Every line is signed and names the one before
/// (`docs/decisions/0098-lines-of-the-ledger-are-signed.md`).
struct LedgerFile<Entry: LedgerEntry> {
    /// The hub's.
    let folder: String
    let name: String

    /// Chooses the other folder of all ledgers of a hub.
    static func choose(_ other: String, for folder: String) throws {
        try DurableFile.write(Array(other.utf8), to: folder + "/ledger-folder")
    }

    /// The other folder; nil where none was chosen.
    static func chosen(for folder: String) throws -> String? {
        try DurableFile.read(folder + "/ledger-folder").map { String(decoding: $0, as: UTF8.self) }
    }

    private var ownPath: String { "\(folder)/\(name)" }

    private func otherPath() throws -> String? {
        try LedgerFile.chosen(for: folder).map { "\($0)/\(name)" }
    }

    // MARK: Writing

    /// Adds lines to both files, with one signature.
    ///
    /// - Returns: how many lines there are then.
    @discardableResult
    func append(_ entries: [Entry]) throws -> LedgerCount {
        let claim = try claim()
        defer { withExtendedLifetime(claim) {} }
        let ring = try LedgerWriting.ring(of: folder)
        var tail = try tail(signingAnewWith: ring)
        guard !entries.isEmpty else { return tail.count }
        let size = tail.size
        var bytes: [UInt8] = []
        (bytes, tail) = try LedgerLine.encode(
            try entries.map(encoded), after: tail, in: name, signedWith: ring.current)
        try DurableFile.append(bytes, to: ownPath)
        LedgerWriting.note(tail, of: ownPath)
        guard let other = try otherPath() else { return tail.count }
        do {
            // Where it is not as this was, it lacks something, or somebody else wrote in it: ``copy(to:_:)`` sees to it.
            guard DurableFile.size(other) == size else { throw FormatError(.truncated, "ledger") }
            try DurableFile.append(bytes, to: other)
        } catch {
            try HubFiles(folder: folder).noteLedgerDebt(.lines)
        }
        return tail.count
    }

    /// How many lines the hub has written.
    func count() throws -> LedgerCount { try append([]) }

    /// Brings the file of another folder up to the hub's own.
    ///
    /// - Throws: ``Failure`` where somebody else wrote in it.
    func copy(to other: String, _ keys: LedgerKeys) throws {
        let claim = try claim()
        defer { withExtendedLifetime(claim) {} }
        _ = try tail(signingAnewWith: try LedgerWriting.ring(of: folder))
        let path = "\(other)/\(name)"
        let own = try DurableFile.read(ownPath, limit: 1 << 30) ?? []
        let there = try DurableFile.read(path, limit: 1 << 30) ?? []
        if own.starts(with: there) {
            if own.count > there.count { try DurableFile.append(Array(own[there.count...]), to: path) }
            return
        }
        var keys = keys
        try take(try checked(path, &keys))
        try DurableFile.write(try DurableFile.read(ownPath, limit: 1 << 30) ?? [], to: path)
    }

    // MARK: Reading

    /// What both files say, each entry once.
    struct Reading {
        var entries: [Entry] = []
        /// Of what stands behind a line that is not proved, what closes something.
        var unproved: [Entry] = []
        var files: [LedgerLines] = []

        var fault: (path: String, fault: LedgerLines.Fault)? {
            files.lazy.compactMap { file in file.fault.map { (file.path, $0) } }.first
        }

        /// Whether as many lines are there as somebody has counted, of that very file.
        func has(_ count: LedgerCount) -> Bool {
            files.allSatisfy { $0.tail.count.chain != count.chain }
                || files.contains { $0.tail.count.chain == count.chain && $0.tail.count.lines >= count.lines }
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
    func settle(_ reading: Reading, taking entries: [Entry], anew: Bool) throws {
        let claim = try claim()
        defer { withExtendedLifetime(claim) {} }
        let ring = try LedgerWriting.ring(of: folder)
        for file in reading.files where file.fault != nil { try LedgerWriting.setAside(file.path) }
        if anew || reading.fault != nil {
            try rewrite(entries, with: ring)
        } else if let longest = reading.files.max(by: { $0.bytes.count < $1.bytes.count }),
            reading.files.allSatisfy({ longest.bytes.starts(with: $0.bytes) })
        {
            if DurableFile.size(ownPath) != longest.bytes.count {
                try DurableFile.write(longest.bytes, to: ownPath)
            }
        } else {
            try rewrite(entries, with: ring)
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

    // MARK: Steps

    private func checked(_ path: String, _ keys: inout LedgerKeys) throws -> LedgerLines {
        var lines = try LedgerLines(reading: path)
        lines.check(name, &keys) { decoded($0)?.keyWord }
        return lines
    }

    /// Takes what the lines of another file say and the hub's own does not into that.
    private func take(_ file: LedgerLines) throws {
        let known = Set(try LedgerLines(reading: ownPath).lines.compactMap(LedgerLines.entry))
        if let fault = file.fault {
            // One of before lines were signed is nothing new.
            if file.isOld, file.lines.allSatisfy(known.contains) { return }
            throw LedgerWriting.failure(
                fault, in: file.path, .configuration, LedgerWriting.what, remedy: LedgerWriting.remedy)
        }
        let news = file.proved.filter { !known.contains($0) }
        guard !news.isEmpty else { return }
        let ring = try LedgerWriting.ring(of: folder)
        let (bytes, _) = try LedgerLine.encode(
            news.map { Array($0) }, after: try tail(signingAnewWith: ring), in: name, signedWith: ring.current)
        try DurableFile.append(bytes, to: ownPath)
        LedgerWriting.note(nil, of: ownPath)
    }

    /// Where the hub's own file ends. Part of a line or of a group at its end is taken away: what follows would be damaged
    /// by it, or would sign it.
    ///
    /// - Parameter ring: with which a file is signed that an earlier version of this program wrote, or that was signed
    ///   with keys which are lost.
    private func tail(signingAnewWith ring: KeyRing) throws -> LedgerTail {
        if let known = LedgerWriting.tail(of: ownPath), known.size == DurableFile.size(ownPath) { return known }
        let file = try LedgerLines(reading: ownPath)
        // Up to the last line with a signature: behind it stands at most part of a group that was never ended.
        var (all, tail) = (LedgerTail(), LedgerTail())
        for line in file.lines {
            let key = LedgerLine(line)?.signature?.key
            all.add(line, key: key)
            if key != nil { tail = all }
        }
        if file.isOld || tail.key > ring.inUse { return try rewrite(try ownEntries(), with: ring) }
        if DurableFile.size(ownPath) > tail.size { try PartialFile(ownPath).truncate(to: tail.size) }
        LedgerWriting.note(tail, of: ownPath)
        return tail
    }

    @discardableResult
    private func rewrite(_ entries: [Entry], with ring: KeyRing) throws -> LedgerTail {
        let (bytes, tail) = try LedgerLine.encode(
            try entries.map(encoded), after: LedgerTail(), in: name, signedWith: ring.current)
        try DurableFile.write(bytes, to: ownPath)
        LedgerWriting.note(tail, of: ownPath)
        return tail
    }

    private func encoded(_ entry: Entry) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(entry))
    }

    private func decoded(_ entry: ArraySlice<UInt8>) -> Entry? {
        try? JSONDecoder().decode(Entry.self, from: Data(entry))
    }

    private func claim() throws -> FileClaim {
        try FileClaim.waiting(folder + "/ledger-lines.lock", what: LedgerWriting.what, holder: "another program")
    }
}

/// What all ledgers of lines share.
enum LedgerWriting {
    static let what = "Writing the ledger of closings"
    static let remedy =
        "Find out who can write there, take the file away and keep it: the hub writes it anew from its own"

    /// Where files end, as this program left them.
    private static let tails = Mutex<[String: LedgerTail]>([:])

    static func tail(of path: String) -> LedgerTail? { tails.withLock { $0[path] } }
    static func note(_ tail: LedgerTail?, of path: String) { tails.withLock { $0[path] = tail } }

    /// The hub's keys. Another program may be putting newer ones into the file at this moment.
    static func ring(of folder: String) throws -> KeyRing {
        let files = HubFiles(folder: folder)
        for _ in 0..<5 {
            if let ring = try? files.ring() { return ring }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return try files.ring()
    }

    static func failure(
        _ fault: LedgerLines.Fault, in path: String, _ code: Failure.Code, _ what: String, remedy: String
    ) -> Failure {
        Failure(
            code, what: what, why: "line \(fault.line) of \(path) is not as the hub left it: \(fault.why)",
            remedy: remedy)
    }

    static func later(_ path: String) -> Failure {
        Failure(
            .configuration, what: "Reading the ledger of closings",
            why: "\(path) is of a later version of this program",
            remedy: "Use that version")
    }

    /// Keeps a file that somebody else wrote in, under another name.
    static func setAside(_ path: String) throws {
        var name = path + ".damaged"
        var number = 2
        while DurableFile.exists(name) {
            name = "\(path).damaged-\(number)"
            number += 1
        }
        try DurableFile.move(path, to: name)
    }
}
