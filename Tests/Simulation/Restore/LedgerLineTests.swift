import Foundation
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// The files in which a hub notes what it closed and whom it took in, on a disk that somebody else can write to.
@Suite("Every line of the ledgers is the hub's own, behind the one before")
struct LedgerLineTests {
    private let folder: TemporaryFolder
    private let hub: String
    private let other: String
    private let id: Identifier
    private let ring: KeyRing
    private let ledger: ClosingLedger

    init() throws {
        folder = try TemporaryFolder()
        hub = folder.file("hub")
        other = folder.file("other")
        id = Identifier(high: 0x6875_6200, low: 98)
        try HubFiles(folder: hub).prepare()
        try DurableFile.makeFolder(other)
        try LedgerFile<ClosingLedger.Entry>.choose(other, for: hub)
        ring = try HubFiles(folder: hub).ring()
        ledger = ClosingLedger(folder: hub)
        for position in 1...3 { try ledger.append([LedgerLineTests.entry(.closed, at: Int64(position) * 10)]) }
        // One signature for all three.
        try ledger.append([41, 42, 43].map { LedgerLineTests.entry($0 == 42 ? .opened : .closed, at: $0) })
        try ledger.append([LedgerLineTests.entry(.enrolled, at: 50)])
    }

    static func entry(_ kind: ClosingLedger.Entry.Kind, at position: Int64) -> ClosingLedger.Entry {
        ClosingLedger.Entry(
            kind: kind, position: position, atMilliseconds: World.start + position,
            partner: Identifier(high: 1, low: UInt64(position)).description,
            scope: Identifier(high: 2, low: UInt64(position)).description, mask: 6)
    }

    private func lines(_ folder: String) throws -> [String] {
        String(decoding: try DurableFile.read(folder + "/closings") ?? [], as: UTF8.self).split(separator: "\n").map(
            String.init)
    }

    private func put(_ lines: [String], in folder: String) throws {
        try DurableFile.write(Array(lines.map { $0 + "\n" }.joined().utf8), to: folder + "/closings")
    }

    private func read() throws -> LedgerFile<ClosingLedger.Entry>.Reading {
        var keys = try LedgerKeys(ring, of: id)
        return try ledger.file.read(&keys)
    }

    @Test("what it wrote it reads, the same in both folders, with one signature for what is appended at once")
    func whole() throws {
        let reading = try read()
        #expect(reading.fault == nil)
        #expect(reading.entries.map(\.position) == [10, 20, 30, 41, 42, 43, 50])
        #expect(try lines(hub) == lines(other))
        #expect(try lines(hub).filter { !$0.contains(" - - ") }.count == 5)
        #expect(reading.unproved.isEmpty)
    }

    @Test("lines at the end that nobody signed are taken by nobody, and the hub signs nothing behind them")
    func unsignedAtTheEnd() throws {
        let whole = try lines(hub)
        var tail = LedgerTail()
        for line in whole { tail.add(line.utf8, key: 1) }
        // As the first of a group that was never ended: right in number and hash, without a signature.
        let planted = try [LedgerLineTests.entry(.enrolled, at: 60), LedgerLineTests.entry(.closed, at: 61)]
            .map { Array(try JSONEncoder().encode($0)) }
        let group = try LedgerLine.encode(
            planted, after: tail, in: "closings", signedWith: DeviceKeys.generate(number: 1)
        ).bytes
        let first = try #require(String(decoding: group, as: UTF8.self).split(separator: "\n").first.map(String.init))
        #expect(first.contains(" - - "))
        for place in [other, hub] { try put(whole + [first], in: place) }
        #expect(try read().entries.map(\.position) == [10, 20, 30, 41, 42, 43, 50])
        let reading = try read()
        try ledger.file.settle(reading, taking: reading.entries, anew: false, counted: [])
        try ledger.append([LedgerLineTests.entry(.revoked, at: 70)])
        #expect(try read().fault == nil)
        #expect(try read().entries.map(\.position) == [10, 20, 30, 41, 42, 43, 50, 70])
        for place in [hub, other] { #expect(try !lines(place).contains(first), "\(place)") }
    }

    /// What somebody does to the lines, and the line that is named.
    enum Harm: String, CaseIterable {
        case planted, plantedUnsigned, plantedAtTheEnd, changed, changedInGroup, moved, repeated, missing, first,
            otherHub
    }

    @Test(
        "a line that was planted, changed, moved, repeated or taken away is found and named", arguments: Harm.allCases)
    func harm(_ harm: Harm) throws {
        var lines = try lines(other)
        let thief = DeviceKeys.generate(number: 1)
        func forged(behind place: Int) throws -> String {
            var tail = LedgerTail()
            for line in lines[..<place] { tail.add(line.utf8, key: 1) }
            let planted = try JSONEncoder().encode(LedgerLineTests.entry(.enrolled, at: 35))
            let bytes = try LedgerLine.encode([Array(planted)], after: tail, in: "closings", signedWith: thief).bytes
            return String(decoding: bytes.dropLast(), as: UTF8.self)
        }
        let named: Int
        switch harm {
        case .planted:
            lines.insert(try forged(behind: 3), at: 3)
            named = 4
        case .plantedUnsigned:
            lines.insert(
                String(decoding: try JSONEncoder().encode(LedgerLineTests.entry(.enrolled, at: 35)), as: UTF8.self),
                at: 2)
            named = 3
        case .plantedAtTheEnd:
            lines.append(try forged(behind: lines.count))
            named = 8
        case .changed:
            lines[1] = lines[1].replacingOccurrences(of: "\"closed\"", with: "\"opened\"")
            named = 2
        case .changedInGroup:
            lines[4] = lines[4].replacingOccurrences(of: "\"opened\"", with: "\"closed\"")
            named = 5
        case .moved:
            lines.swapAt(1, 2)
            named = 2
        case .repeated:
            lines.append(lines[4])
            named = 8
        case .missing:
            lines.remove(at: 2)
            named = 3
        case .first:
            lines.remove(at: 0)
            named = 1
        case .otherHub:
            let place = folder.file("stranger")
            try HubFiles(folder: place).prepare()
            try ClosingLedger(folder: place).append([LedgerLineTests.entry(.enrolled, at: 10)])
            lines = try self.lines(place)
            named = 1
        }
        try put(lines, in: other)
        let reading = try read()
        let fault = try #require(reading.fault)
        #expect(fault.path == other + "/closings" && fault.fault.line == named, "\(fault.fault)")
        // The hub's own says all that it wrote, and nothing of what stands behind the harm gives anything.
        #expect(reading.entries.map(\.position) == [10, 20, 30, 41, 42, 43, 50])
        #expect(reading.unproved.allSatisfy { [.closed, .hidden, .revoked].contains($0.kind) })
        // Whoever serves the hub is told, and the file stays as evidence.
        #expect {
            try ledger.copy(to: other, LedgerKeys(ring, of: id))
        } throws: {
            "\($0)".contains("line \(named) of \(other)/closings")
        }
        #expect(try self.lines(other) == lines)
    }

    @Test("whatever byte is changed, nothing more is believed than before it")
    func everyByte() throws {
        let whole = Array(try #require(try DurableFile.read(other + "/closings")))
        var starts = [0]
        for (place, byte) in whole.enumerated() where byte == UInt8(ascii: "\n") { starts.append(place + 1) }
        var keys = try LedgerKeys(ring, of: id)
        let path = folder.file("changed")
        func check(_ bytes: [UInt8]) throws -> LedgerLines {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            var lines = try LedgerLines(reading: path)
            lines.check("closings", &keys) { _ in nil }
            return lines
        }
        let proved = try check(whole).proved.map { Array($0) }
        #expect(proved.count == 7)
        for place in whole.indices {
            var changed = whole
            changed[place] ^= 1 << UInt8(place % 7)
            let lines = try check(changed)
            let line = (starts.firstIndex { $0 > place } ?? starts.count) - 1
            #expect(lines.proved.map { Array($0) } == Array(proved.prefix(lines.proved.count)), "byte \(place)")
            #expect(lines.proved.count <= line, "byte \(place) of line \(line + 1)")
            #expect(lines.fault != nil || place == whole.count - 1, "byte \(place)")
            if place % 5 == 0 {
                let cut = try check(Array(whole[..<place]))
                #expect(cut.fault == nil && cut.proved.map { Array($0) } == Array(proved.prefix(cut.proved.count)))
            }
        }
    }

    @Test("part of a line at the end is passed over and does not damage what follows", arguments: [true, false])
    func torn(own: Bool) throws {
        let path = (own ? hub : other) + "/closings"
        let bytes = try #require(try DurableFile.read(path))
        try Data(bytes.dropLast(20)).write(to: URL(fileURLWithPath: path))
        #expect(try read().fault == nil)
        try ledger.append([LedgerLineTests.entry(.revoked, at: 60)])
        try ledger.copy(to: other, LedgerKeys(ring, of: id))
        let reading = try read()
        #expect(reading.fault == nil)
        #expect(reading.entries.contains { $0.kind == .revoked } && reading.entries.count == 8)
        #expect(try lines(hub) == lines(other))
    }

    @Test(
        "lines that lack at the end of the other folder's file come back to it; a hub that lost its own takes them there"
    )
    func cut() throws {
        let all = try lines(hub)
        try put(Array(all.dropLast(2)), in: other)
        try ledger.append([LedgerLineTests.entry(.revoked, at: 60)])
        #expect(HubFiles(folder: hub).owes(.lines))
        try ledger.copy(to: other, LedgerKeys(ring, of: id))
        #expect(try lines(other) == lines(hub) && lines(hub).count == 8)
        // Counted by somebody, they are missed where they are cut off in both.
        let count = try ledger.file.count()
        #expect(try count.lines == 8 && read().has(count))
        for folder in [hub, other] { try put(all, in: folder) }
        #expect(try !read().has(count))
        // Its own lost.
        DurableFile.remove(hub + "/closings")
        try ledger.copy(to: other, LedgerKeys(ring, of: id))
        #expect(try read().entries.map(\.position) == [10, 20, 30, 41, 42, 43, 50])
        #expect(try lines(hub) == lines(other) && read().fault == nil)
    }

    @Test("lines of former keys are believed, and none of them behind the first of newer keys")
    func rotated() throws {
        var newer = ring
        newer.prepare(DeviceKeys.generate(number: 2))
        let next = try #require(newer.next)
        let word = try KeySuccession(
            hub: id, owner: id, replaced: 1, keys: next.publicKeys, lastBatch: 0, milliseconds: World.start
        ).signed(with: ring.current, and: next)
        // The word is in the ledger before the keys are in use.
        var told = LedgerLineTests.entry(.hubRekeyed, at: 60)
        told.succession = Data(word.bytes)
        try ledger.append([told])
        newer.adoptKeepingAll(word)
        try HubFiles(folder: hub).store(newer)
        try ledger.append([LedgerLineTests.entry(.revoked, at: 70)])
        // Whoever has only the keys of before follows the word.
        #expect(try read().fault == nil && read().entries.last?.kind == .revoked)
        // Whoever has the old keys can write nothing behind it.
        var tail = LedgerTail()
        for line in try lines(other) { tail.add(line.utf8, key: 2) }
        let planted = Array(try JSONEncoder().encode(LedgerLineTests.entry(.enrolled, at: 80)))
        let forged = try LedgerLine.encode([planted], after: tail, in: "closings", signedWith: ring.current).bytes
        try DurableFile.append(forged, to: other + "/closings")
        #expect(try read().fault?.fault.line == 10)
        #expect(try read().entries.map(\.position).max() == 70)
    }

    @Test("a file of before lines were signed: the hub's own is signed, another's gives nothing")
    func unsigned() throws {
        let old = try lines(hub).map { String($0[try #require($0.firstIndex(of: "{"))...]) }
        let place = folder.file("older")
        try HubFiles(folder: place).prepare()
        try DurableFile.makeFolder(folder.file("older-ledger"))
        try LedgerFile<ClosingLedger.Entry>.choose(folder.file("older-ledger"), for: place)
        for folder in [place, folder.file("older-ledger")] { try put(old, in: folder) }
        let older = ClosingLedger(folder: place)
        var keys = try LedgerKeys(try HubFiles(folder: place).ring(), of: id)
        let reading = try older.file.read(&keys)
        #expect(reading.entries.map(\.position) == [10, 20, 30, 41, 42, 43, 50])
        #expect(reading.fault?.path == folder.file("older-ledger/closings"))
        // As it says nothing that the hub does not know, it is brought up to date without a word.
        try older.copy(to: folder.file("older-ledger"), keys)
        #expect(try older.file.read(&keys).fault == nil)
        #expect(try lines(place) == lines(folder.file("older-ledger")))
        // With the hub's own lost, it gives nothing.
        let fresh = folder.file("fresh")
        try HubFiles(folder: fresh).prepare()
        try LedgerFile<ClosingLedger.Entry>.choose(other, for: fresh)
        try put(old, in: other)
        let alone = try ClosingLedger(folder: fresh).file.read(&keys)
        #expect(alone.entries.isEmpty && alone.fault?.fault.line == 1)
        #expect(alone.unproved.map(\.position) == [10, 20, 30, 41, 43])
    }

    @Test("no line of closings can stand among the erasures")
    func files() throws {
        try DurableFile.write(try DurableFile.read(other + "/closings") ?? [], to: other + "/erasures")
        var keys = try LedgerKeys(ring, of: id)
        let reading = try ErasureLedger(HubFiles(folder: hub)).file.read(&keys)
        #expect(reading.fault?.fault.line == 1 && reading.entries.isEmpty)
    }
}
