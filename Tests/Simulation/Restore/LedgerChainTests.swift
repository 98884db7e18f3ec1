import Foundation
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// Lines that the hub's own keys signed once, put back by somebody who has the keys or the lines of before.
@Suite("A ledger is the one that was counted, up to its last line, and in the keys of its time")
struct LedgerChainTests {
    private let folder: TemporaryFolder
    private let hub: String
    private let other: String
    private let id = Identifier(high: 0x6875_6200, low: 101)
    private let ring: KeyRing
    private let ledger: ClosingLedger

    init() throws {
        folder = try TemporaryFolder()
        hub = folder.file("hub")
        other = folder.file("other")
        try HubFiles(folder: hub).prepare()
        try DurableFile.makeFolder(other)
        try LedgerFile<ClosingLedger.Entry>.choose(other, for: hub)
        ring = try HubFiles(folder: hub).ring()
        ledger = ClosingLedger(folder: hub)
        for position in [10, 20, 30] as [Int64] { try ledger.append([LedgerLineTests.entry(.closed, at: position)]) }
    }

    private func bytes(_ folder: String) throws -> [UInt8] { try DurableFile.read(folder + "/closings") ?? [] }

    private func read() throws -> LedgerFile<ClosingLedger.Entry>.Reading {
        var keys = try LedgerKeys(ring, of: id)
        return try ledger.file.read(&keys)
    }

    /// Lines behind a file as whoever has some keys can write them.
    private func forged(
        _ entries: [ClosingLedger.Entry], behind file: [UInt8], with keys: DeviceKeys
    ) throws -> [UInt8] {
        var tail = LedgerTail()
        for line in file.split(separator: UInt8(ascii: "\n")) { tail.add(line, key: keys.number) }
        var bytes = file
        for entry in entries {
            let (line, end) = try LedgerLine.encode(
                [Array(try JSONEncoder().encode(entry))], after: tail, in: "closings", signedWith: keys)
            bytes += line
            tail = end
        }
        return bytes
    }

    /// The hub's word about its next keys in the ledger, and the ring with them prepared and in use.
    private func announce() throws -> (prepared: KeyRing, newer: KeyRing) {
        var prepared = ring
        prepared.prepare(DeviceKeys.generate(number: 2))
        try HubFiles(folder: hub).store(prepared)
        let word = try say(prepared, at: 60)
        var newer = prepared
        newer.adoptKeepingAll(word)
        return (prepared, newer)
    }

    private func say(_ prepared: KeyRing, at milliseconds: Int64) throws -> SignedKeySuccession {
        let next = try #require(prepared.next)
        let word = try KeySuccession(
            hub: id, owner: id, replaced: 1, keys: next.publicKeys, lastBatch: 0,
            milliseconds: World.start + milliseconds
        ).signed(with: prepared.current, and: next)
        var told = LedgerLineTests.entry(.hubRekeyed, at: 60)
        told.succession = Data(word.bytes)
        try ledger.append([told])
        return word
    }

    @Test("keys that were replaced sign nothing behind the line that replaced them, though it is the last one")
    func refilled() throws {
        let (_, newer) = try announce()
        let upToWord = try bytes(other)
        try HubFiles(folder: hub).store(newer)
        try ledger.append([LedgerLineTests.entry(.revoked, at: 70)])
        try ledger.append([LedgerLineTests.entry(.closed, at: 71)])
        let count = try ledger.file.count()
        let entries = [72, 73, 74].map { LedgerLineTests.entry(.enrolled, at: $0) }
        try DurableFile.write(try forged(entries, behind: upToWord, with: ring.current), to: other + "/closings")
        DurableFile.remove(hub + "/closings")
        let reading = try read()
        #expect(reading.fault?.fault.line == 5)
        #expect(reading.entries.map(\.position) == [10, 20, 30, 60])
        #expect(!reading.has(count))
    }

    @Test("what is written between the word about new keys and their first use is signed with the new ones")
    func between() throws {
        let (_, newer) = try announce()
        try ledger.append([LedgerLineTests.entry(.revoked, at: 61)])
        // Whoever died over it says it once more when it is opened again.
        _ = try say(try HubFiles(folder: hub).ring(), at: 62)
        try HubFiles(folder: hub).store(newer)
        try ledger.append([LedgerLineTests.entry(.closed, at: 70)])
        let reading = try read()
        #expect(reading.fault == nil)
        #expect(reading.entries.map(\.position) == [10, 20, 30, 60, 61, 60, 70])
        let keys = try bytes(hub).split(separator: UInt8(ascii: "\n")).map { LedgerLine($0)?.signature?.key }
        #expect(keys == [1, 1, 1, 1, 2, 2, 2])
    }

    @Test("a hub signs its own file anew where a program of before used its former keys for a moment longer")
    func ofBefore() throws {
        let (_, newer) = try announce()
        let old = try forged([LedgerLineTests.entry(.revoked, at: 61)], behind: try bytes(hub), with: ring.current)
        for place in [hub, other] { try DurableFile.write(old, to: place + "/closings") }
        try HubFiles(folder: hub).store(newer)
        var keys = try LedgerKeys(newer, of: id)
        #expect(try ledger.file.entries(&keys).map(\.position) == [10, 20, 30, 60, 61])
        try ledger.append([LedgerLineTests.entry(.closed, at: 70)])
        #expect(try ledger.file.entries(&keys).map(\.position) == [10, 20, 30, 60, 61, 70])
        // The other one is named, and stays as it is.
        #expect { try ledger.copy(to: other, keys) } throws: { "\($0)".contains("line 5 of \(other)/closings") }
        #expect(try bytes(other) == old)
    }

    @Test("as many lines as were counted are not enough: the last of them must be the one that was counted")
    func branch() throws {
        let before = try bytes(hub)
        try ledger.append([LedgerLineTests.entry(.revoked, at: 40)])
        let count = try ledger.file.count()
        let counted = try bytes(hub)
        // The same hub from an earlier copy of itself: its line 4 says something else, and it has a fifth.
        for place in [hub, other] { try DurableFile.write(before, to: place + "/closings") }
        try ledger.append([LedgerLineTests.entry(.opened, at: 40)])
        try ledger.append([LedgerLineTests.entry(.opened, at: 50)])
        #expect(try read().fault == nil)
        #expect(try !read().has(count))
        #expect(try read().has(try ledger.file.count()))
        for place in [hub, other] { try DurableFile.write(counted, to: place + "/closings") }
        #expect(try read().has(count))
    }

    @Test("a file that was written anew names those in whose place it stands, and none of them stands in its place")
    func follows() throws {
        let first = try ledger.file.count()
        let earlier = try bytes(other)
        for _ in 0..<2 {
            let reading = try read()
            try ledger.file.settle(reading, taking: reading.entries, anew: true, counted: [])
        }
        let reading = try read()
        #expect(reading.fault == nil && reading.entries.map(\.position) == [10, 20, 30])
        // Who counted the first has what it counted.
        #expect(reading.has(first))
        let later = try ledger.file.count()
        #expect(later.chain != first.chain && reading.has(later))
        try ledger.append([LedgerLineTests.entry(.revoked, at: 40)])
        // The true one of before, put back.
        DurableFile.remove(hub + "/closings")
        try DurableFile.write(earlier, to: other + "/closings")
        #expect(try read().fault == nil)
        #expect(try !read().has(later))
        #expect(try read().has(first))
    }

    @Test("a hub that lost its own file goes on with the other one, not with another")
    func lostOwn() throws {
        let count = try ledger.file.count()
        DurableFile.remove(hub + "/closings")
        try ledger.copy(to: other, LedgerKeys(ring, of: id))
        try ledger.append([LedgerLineTests.entry(.revoked, at: 40)])
        #expect(try ledger.file.count().chain == count.chain)
        #expect(try read().has(count))
        #expect(try bytes(hub) == bytes(other))
    }
}
