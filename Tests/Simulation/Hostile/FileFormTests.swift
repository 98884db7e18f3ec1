import Foundation
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub
@testable import ReUniteProgramme
@testable import ReUniteReplica

/// What lies in files beside a database, comes on a stick, or is typed from paper: forms that no message has, and that are
/// read by another part of the program than messages are (`MessageKind`).
@Suite("Whatever byte of a file is changed and wherever it is cut, it is refused or read as another one")
struct FileFormTests {
    /// Damages a form at every byte: bits, the largest number that a varint can say, digits, and its end.
    ///
    /// - Parameters:
    ///   - isStrict: whether no beginning of it is a whole one.
    ///   - read: throws what a refusal throws.
    private func damage(
        _ what: String, _ whole: [UInt8], isStrict: Bool = true, read: ([UInt8]) throws -> Void
    ) throws {
        try read(whole)
        var refused = 0
        func tryOut(_ bytes: [UInt8], _ place: Int, mustRefuse: Bool = false) {
            do {
                try read(bytes)
                #expect(!mustRefuse, "\(what): \(place) bytes of it were read")
            } catch is FormatError {
                refused += 1
            } catch let failure as Failure where [.badData, .configuration].contains(failure.code) {
                refused += 1
            } catch {
                Issue.record("\(what), byte \(place): \(error)")
            }
        }
        for place in whole.indices {
            for flip in [1, 0x20, 0x80, 0xFF] as [UInt8] {
                var changed = whole
                changed[place] ^= flip
                tryOut(changed, place)
            }
            let rest = whole[(place + 1)...]
            tryOut(whole[..<place] + Array(repeating: 0xFF, count: 9) + [1] + rest, place)
            tryOut(whole[..<place] + Array("-9223372036854775808".utf8) + rest, place)
            tryOut(Array(whole[..<place]), place, mustRefuse: isStrict)
        }
        if isStrict { tryOut(whole + [0], whole.count, mustRefuse: true) }
        #expect(refused > 0 || !isStrict, "\(what)")
    }

    private func ring() throws -> KeyRing {
        let hub = Identifier(high: 1, low: 2)
        var ring = KeyRing(DeviceKeys.generate(number: 1))
        for number in 2...3 as ClosedRange<UInt32> {
            ring.prepare(DeviceKeys.generate(number: number))
            let next = try #require(ring.next)
            ring.adoptKeepingAll(
                try KeySuccession(
                    hub: hub, owner: hub, replaced: number - 1, keys: next.publicKeys, lastBatch: 7, milliseconds: 9
                ).signed(with: ring.current, and: next))
        }
        ring.destroy(1)
        return ring
    }

    @Test("of a device's or a hub's keys, and of the keys for tickets")
    func keys() throws {
        let ring = try ring()
        try damage("key ring", ring.exportSecret()) { bytes in
            let read = try KeyRing(importingSecret: bytes)
            _ = (read.current, read.next, read.unsaid, try? read.chain(of: .zero))
            #expect(try KeyRing(importingSecret: read.exportSecret()).exportSecret() == read.exportSecret())
        }
        try damage("keys", DeviceKeys.generate().exportSecret()) { _ = try KeyRing(importingSecret: $0) }
        var generator = SystemRandomNumberGenerator()
        var tickets = try TicketKeys(importingSecret: TicketKey(using: &generator).exportSecret())
        for _ in 0..<2 {
            try damage("ticket keys", tickets.exportSecret(), isStrict: false) {
                _ = try TicketKeys(importingSecret: $0)
            }
            tickets.rotate(to: TicketKey(using: &generator))
        }
    }

    @Test("of a transfer that was cut short and goes on")
    func staged() throws {
        let upload = StagedUpload(id: Identifier(high: 3, low: 4), lastBatch: 9, edits: 12, body: Array(0..<60))
        try damage("staged upload", upload.encoded()) { bytes in
            let read = try StagedUpload(decoding: bytes)
            #expect(try StagedUpload(decoding: read.encoded()) == read)
        }
        let ticket = StagedDelivery.Ticket(
            id: Identifier(high: 3, low: 5), bytes: 70_000, from: Position(4), cursor: Position(4),
            epoch: HubEpoch(number: 1, salt: Identifier(high: 8, low: 8)), sent: 6, hubMilliseconds: World.start)
        try damage("staged delivery", ticket.encoded()) { bytes in
            let read = try StagedDelivery.Ticket(decoding: bytes)
            #expect(try StagedDelivery.Ticket(decoding: read.encoded()) == read)
        }
    }

    @Test("of the head of a sealed backup, once it is opened, and of the key to it on paper")
    func backup() throws {
        var head = ByteWriter()
        head.byte(1)
        head.string(Array(0..<40))
        head.string(Array(0..<32))
        head.varint(4_096)
        try damage("backup head", head.bytes, isStrict: false) { bytes in
            guard let read = try SealedBackup.readHead(bytes) else { throw FormatError(.truncated, "backup") }
            #expect(read.end <= bytes.count && read.length >= 0)
        }
        let key = OfflineKey()
        let text = key.text(hub: "Hub")
        // Digits alone: what stands around them says nothing.
        let digits = text.split(separator: "\n").filter { $0.allSatisfy { $0.isHexDigit || $0 == " " } }
        try damage("backup key", Array(digits.joined(separator: "\n").utf8)) { bytes in
            let read = try OfflineKey(text: String(decoding: bytes, as: UTF8.self))
            #expect(try read.keys().publicKeys == key.keys().publicKeys, "other digits are not taken")
        }
    }

    @Test("of a line that the ledger says of itself, and of what one delivery showed")
    func lines() throws {
        let count = LedgerCount(chain: 7, lines: 12, last: Array(repeating: 8, count: 32))
        for mark in [LedgerMark(following: [count]), LedgerMark(keys: DeviceKeys.generate().publicKeys)] {
            try damage("mark", try mark.encoded(), isStrict: false) { bytes in
                guard let read = LedgerMark(bytes) else { throw FormatError(.malformed, "mark") }
                _ = (read.follows.map { $0.covers(count) }, read.keys)
            }
        }
        let rows = (1...4).map {
            DisclosedRow(table: 3, key: Identifier(high: 1, low: UInt64($0)), position: Position(Int64($0) << 58))
        }
        try damage("disclosure", DisclosureDetail.pack(rows)) { _ = try DisclosureDetail.unpack($0) }
    }

    private func sheet(planned: Int64 = World.start, packed: Int64 = World.start) -> VisitSheet {
        VisitSheet(
            version: 1, day: "2026-03-02", packedMs: packed, expiresMs: World.start + 86_400_000,
            device: Identifier(high: 1, low: 2).description,
            prisons: [
                VisitSheet.Prison(
                    code: "SUR", name: "A prison", authorisation: "A1", governorRef: "G1", deviceSerial: nil,
                    mediaSerial: nil, validTo: "2026-12-31")
            ], counts: VisitSheet.Counts(women: 1, visits: 1, rows: 12),
            visits: [
                VisitSheet.Visit(
                    id: Identifier(high: 1, low: 9).description, code: "0000-0001-B", prison: "SUR", type: "IN_REACH",
                    plannedMs: planned, worker: "A worker",
                    woman: VisitSheet.Woman(
                        caseFile: Identifier(high: 1, low: 8).description, knownAs: "Ruth",
                        children: [.init(firstName: "Ada", dateOfBirth: "2019-01-01")],
                        risks: [.init(kind: "SELF_HARM", level: "HIGH")]))
            ])
    }

    @Test("of the sheet of a day's visits, whose times are such as there are")
    func visits() throws {
        try damage("visit sheet", try sheet().encoded()) { bytes in
            let read = try VisitSheet(decoding: bytes)
            for time in [read.packedMs, read.expiresMs] + read.visits.map(\.plannedMs) {
                _ = CivilTime.londonMinute(milliseconds: time)
            }
        }
        for time in [Int64.min, .max, .min + 1, -1, 1 << 60] {
            #expect(throws: Failure.self) { try VisitSheet(decoding: try sheet(planned: time).encoded()) }
            #expect(throws: Failure.self) { try VisitSheet(decoding: try sheet(packed: time).encoded()) }
        }
    }

    @Test("of a file of records, of the map for it, and of the codes that stand on paper")
    func text() throws {
        let records = Array("sep=;\r\nName;Born;\"Note\"\r\nRuth;01/02/1990;\"two\r\nlines \"\" and é\"\r\n".utf8)
        try damage("records", records, isStrict: false) { bytes in
            let file = try CSVFile(bytes)
            #expect(!file.headings.cells.isEmpty)
        }
        try damage("map", Array("heading,column,value,meaning\nName,known_as,,\n".utf8), isStrict: false) {
            _ = try MapLine.read($0)
        }
        for (what, text) in [("visit", "1234-5678-"), ("case", "AB-1234-5678-")] {
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" {
                try damage(what, Array((text + String(letter)).utf8), isStrict: false) { bytes in
                    let typed = String(decoding: bytes, as: UTF8.self)
                    _ = (VisitCode(typed), CaseReference(typed), Identifier(typed), EnrolmentCode(typed))
                }
            }
        }
        // One wrong digit is no other visit.
        let code = VisitCode(of: Identifier(high: 1, low: 9))
        let written = code.description
        for (place, sign) in written.enumerated() where sign.isNumber {
            var typed = Array(written)
            typed[place] = sign == "9" ? "0" : Character(String((sign.wholeNumberValue ?? 0) + 1))
            #expect(VisitCode(String(typed)) == nil, "\(place)")
        }
        #expect(VisitCode(written) == code)
    }
}
