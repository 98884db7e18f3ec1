import Foundation
import ReUniteReplica
import ReUniteSync

/// What may stand in a ledger of lines.
protocol LedgerEntry: Codable, Hashable {
    /// The hub's word about new keys of its own; nil mostly.
    var keyWord: Data? { get }
    /// The same without that word: the keys that it names are lost.
    var wordless: Self { get }
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

    var ownPath: String { "\(folder)/\(name)" }

    func otherPath() throws -> String? {
        try LedgerFile.chosen(for: folder).map { "\($0)/\(name)" }
    }

    // MARK: Writing

    /// Adds lines to both files, with one signature.
    ///
    /// - Returns: how many lines there are then.
    @discardableResult
    func append(_ entries: [Entry]) throws -> LedgerCount {
        try add(try entries.map(encoded), naming: entries.compactMap(\.keyWord).compactMap(LedgerKeys.named))
    }

    /// From here on nothing is signed with keys before these.
    func append(naming keys: PublicKeys) throws {
        _ = try add([try LedgerMark(keys: keys).encoded()], naming: [keys])
    }

    private func add(_ entries: [[UInt8]], naming keys: [PublicKeys]) throws -> LedgerCount {
        let claim = try claim()
        defer { withExtendedLifetime(claim) {} }
        let size = try end().tail.size
        guard !entries.isEmpty else { return try end().tail.count }
        let (bytes, tail) = try write(entries, naming: keys)
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

    /// Adds lines to the hub's own file. The caller holds the claim.
    @discardableResult
    func write(_ entries: [[UInt8]], naming keys: [PublicKeys]) throws -> (bytes: [UInt8], tail: LedgerTail) {
        let (before, signer) = try end()
        var (bytes, tail) = try LedgerLine.encode(entries, after: before, in: name, signedWith: signer)
        for keys in keys { tail.raise(to: keys) }
        try DurableFile.append(bytes, to: ownPath)
        LedgerWriting.note(tail, of: ownPath)
        return (bytes, tail)
    }

    /// How many lines the hub has written.
    func count() throws -> LedgerCount { try append([]) }

    /// The same once the file of another folder has them all: it lacks some where a program was killed between the two.
    ///
    /// - Throws: ``Failure`` where somebody else wrote in it.
    func count(in other: String, _ keys: LedgerKeys) throws -> LedgerCount {
        let claim = try claim()
        defer { withExtendedLifetime(claim) {} }
        if try end().tail.size != DurableFile.size("\(other)/\(name)") { try level(other, keys) }
        return try end().tail.count
    }

    /// Brings the file of another folder up to the hub's own.
    ///
    /// - Throws: ``Failure`` where somebody else wrote in it.
    func copy(to other: String, _ keys: LedgerKeys) throws {
        let claim = try claim()
        defer { withExtendedLifetime(claim) {} }
        try level(other, keys)
    }

    /// Whether the file of another folder says something, with the hub's signature, that the hub's own does not.
    func hasNews(in other: String, _ keys: LedgerKeys) throws -> Bool {
        var keys = keys
        let known = Set(try LedgerLines(reading: ownPath).lines.compactMap(LedgerLines.entry))
        return try checked("\(other)/\(name)", &keys).proved.contains { !known.contains($0) && decoded($0) != nil }
    }

    private func level(_ other: String, _ keys: LedgerKeys) throws {
        _ = try end()
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

    /// Takes what the lines of another file say and the hub's own does not into that.
    private func take(_ file: LedgerLines) throws {
        let own = try LedgerLines(reading: ownPath)
        let known = Set(own.lines.compactMap(LedgerLines.entry))
        if let fault = file.fault {
            // One of before lines were signed is nothing new.
            if file.isOld, file.lines.allSatisfy(known.contains) { return }
            throw LedgerWriting.failure(
                fault, in: file.path, .configuration, LedgerWriting.what, remedy: LedgerWriting.remedy)
        }
        guard !own.lines.isEmpty else {
            // The hub's own is lost: it goes on with this one.
            try DurableFile.write(file.bytes, to: ownPath)
            return LedgerWriting.note(nil, of: ownPath)
        }
        let news = file.proved.filter { !known.contains($0) }
        guard !news.isEmpty else { return }
        let words = news.compactMap { decoded($0)?.keyWord }.compactMap(LedgerKeys.named)
        try write(
            [try LedgerMark(following: file.follows + [file.tail.count]).encoded()] + news.map { Array($0) },
            naming: words)
    }

    /// Where the hub's own file ends, and by whose signature it goes on. Part of a line or of a group at its end is taken
    /// away: what follows would be damaged by it, or would sign it. One that an earlier version of this program wrote, or
    /// that was signed with keys which are lost, is signed anew.
    func end() throws -> (tail: LedgerTail, signer: DeviceKeys) {
        let ring = try LedgerWriting.ring(of: folder)
        if let known = LedgerWriting.tail(of: ownPath), known.size == DurableFile.size(ownPath),
            let signer = known.signer(in: ring)
        {
            return (known, signer)
        }
        let file = try LedgerLines(reading: ownPath)
        let end = self.end(of: file)
        if !file.isOld, !end.isOfBefore, let signer = end.tail.signer(in: ring) {
            if DurableFile.size(ownPath) > end.tail.size { try PartialFile(ownPath).truncate(to: end.tail.size) }
            LedgerWriting.note(end.tail, of: ownPath)
            return (end.tail, signer)
        }
        let tail = try rewrite(
            try ownEntries(), following: file.isOld ? [] : end.follows + [end.tail.count], with: ring)
        return (tail, ring.current)
    }

    /// The end of a file that nobody but the hub writes, up to the last line with a signature.
    private func end(of file: LedgerLines) -> (tail: LedgerTail, follows: [LedgerCount], isOfBefore: Bool) {
        var (all, tail) = (LedgerTail(), LedgerTail())
        var (follows, isOfBefore) = ([LedgerCount](), false)
        var named: [PublicKeys] = []
        for line in file.lines {
            let key = LedgerLine(line)?.signature?.key
            if let key, key < all.key { isOfBefore = true }
            all.add(line, key: key)
            let entry = LedgerLines.entry(of: line) ?? []
            if let mark = LedgerMark(entry) {
                follows += mark.follows
                if let keys = mark.keys { named.append(keys) }
            } else if let keys = decoded(entry)?.keyWord.flatMap(LedgerKeys.named) {
                named.append(keys)
            }
            guard key != nil else { continue }
            for keys in named { all.raise(to: keys) }
            (named, tail) = ([], all)
        }
        return (tail, follows, isOfBefore)
    }

    /// Whether a program of before signed with former keys, for a moment, behind the line that named newer ones.
    func isOfBefore() throws -> Bool { end(of: try LedgerLines(reading: ownPath)).isOfBefore }

    /// Writes the hub's own file anew.
    ///
    /// - Parameter counts: of those in whose place it stands.
    @discardableResult
    func rewrite(_ entries: [Entry], following counts: [LedgerCount], with ring: KeyRing) throws -> LedgerTail {
        let own = Set(ring.keys.map(\.publicKeys) + ring.past)
        let kept = entries.map { entry in
            guard let keys = entry.keyWord.flatMap(LedgerKeys.named) else { return entry }
            return keys.number <= ring.inUse && own.contains(keys) ? entry : entry.wordless
        }
        var lines = try kept.map(encoded)
        let follows = counts.filter { $0.lines > 0 }
        if !follows.isEmpty { lines.insert(try LedgerMark(following: follows.withoutRepeats).encoded(), at: 0) }
        var (bytes, tail) = try LedgerLine.encode(lines, after: LedgerTail(), in: name, signedWith: ring.current)
        for keys in kept.compactMap(\.keyWord).compactMap(LedgerKeys.named) { tail.raise(to: keys) }
        try DurableFile.write(bytes, to: ownPath)
        LedgerWriting.note(tail, of: ownPath)
        return tail
    }

    // MARK: Lines

    func checked(_ path: String, _ keys: inout LedgerKeys) throws -> LedgerLines {
        var lines = try LedgerLines(reading: path)
        lines.check(name, &keys) { decoded($0)?.keyWord }
        return lines
    }

    private func encoded(_ entry: Entry) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return Array(try encoder.encode(entry))
    }

    func decoded(_ entry: ArraySlice<UInt8>) -> Entry? {
        try? JSONDecoder().decode(Entry.self, from: Data(entry))
    }

    func claim() throws -> FileClaim {
        try FileClaim.waiting(folder + "/ledger-lines.lock", what: LedgerWriting.what, holder: "another program")
    }
}

extension [LedgerCount] {
    fileprivate var withoutRepeats: [LedgerCount] {
        var seen = Set<LedgerCount>()
        return filter { seen.insert($0).inserted }
    }
}
