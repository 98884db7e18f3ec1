import Foundation
import Testing

@testable import ReUniteSync

@Suite("Delta codec: the format does not change unnoticed")
struct GoldenTests {
    private static let times: [Int64] = [1_760_000_000_000, 1_760_000_000_000, 1_760_000_000_250, 1_760_000_060_000]

    private static func key(_ number: UInt64) -> Identifier {
        Identifier(
            high: UInt64(1_759_999_999_000 + number) << 16 | 0x7000 | number, low: 2 << 62 | number &* 0x9E37_79B9)
    }

    /// Every kind of op, every form of column, a loose section, contexts; sections that interleave.
    static var ops: [Op] {
        var ops: [Op] = []
        for index in 0..<24 {
            let number = UInt64(index)
            let table: UInt16 = index % 3 == 0 ? 1 : 2
            let stamp = HybridTime(
                rawValue: UInt64(times[index % 4] + Int64(index / 4) * 100_000) << 16 | number % 4 / 2)
            let columns: [Value] =
                table == 1
                ? [
                    .text("2026-0\(1 + index % 9)-1\(index % 10)"), .text(index % 2 == 0 ? "open" : "closed"),
                    .integer(Int64(stamp.milliseconds) + 5), .real(Double(index) / 4), .blob(key(number / 2).bytes),
                    .text("Note \(index): é, 👩‍👧"),
                ]
                : [
                    .integer(Int64(index) - 12), .null, .real(Double(index) * -3), .blob([UInt8(index), 0]),
                    index % 4 == 0 ? .text("2026-02-30") : .integer(.min),
                ]
            ops.append(
                Op(
                    table: table, key: key(number), kind: .create, groups: table == 1 ? 0x3F : 7, stamp: stamp,
                    values: columns))
        }
        let stamp = HybridTime(milliseconds: 1_760_000_900_000)
        ops.append(
            Op(
                table: 1, key: key(3), kind: .transit, groups: 2, stamp: stamp, values: [.text("closed")],
                from: .text("open")))
        ops.append(
            Op(table: 1, key: key(6), kind: .increment, flags: .coarse, groups: 4, stamp: stamp, values: [.integer(-1)])
        )
        ops.append(Op(table: 2, key: Identifier(high: 1, low: 2), kind: .delete, groups: 0, stamp: stamp, values: []))
        ops.append(
            Op(
                table: 65_535, key: .zero, kind: .set, flags: [.scanned, .clockSuspect], groups: 1 << 61, stamp: stamp,
                values: [.text(""), .blob([])]))
        let name = SiblingName(group: 1, op: OpID(batch: key(99), index: 7))
        ops.append(
            Op(
                table: 1, key: key(0), kind: .resolve, groups: 2, stamp: stamp, values: [.text("open")],
                context: Op.Context(
                    cellBase: Position(41),
                    extras: [ExtraContext(device: key(50), sequence: 9, batchTag: 0x0102_0304_0506_0708)],
                    kept: [], supersedes: [name])))
        return ops
    }

    static var rows: [RowState] {
        var rows: [RowState] = []
        for (index, op) in ops.enumerated() {
            var clock = RowClock(stamp: Position(1_000 + Int64(index)))
            if index % 5 == 0 { clock.exceptions = [RowClock.Exception(group: 2, stamp: Position(2_000))] }
            if index == 7 { clock.siblings = [SiblingName(group: 2, op: OpID(batch: key(98), index: 3))] }
            let scope = op.table == 1 && index % 6 == 0 ? key(UInt64(index) / 2) : index == 4 ? key(77) : .zero
            rows.append(
                RowState(
                    table: op.table, key: op.key, scope: scope, clock: clock, groups: op.groups,
                    echoed: index == 25 ? 0x30 : 0, values: op.values))
        }
        return rows
    }

    /// Notes that are shortest in words: a few words, never in the same order.
    static var notes: [Op] {
        var random = SeededRandom(48)
        let words =
            "Ana asked about the flat, the keys; rent is late. Zoë's tenancy ends soon -- phone again at 10 \u{1F}"
            .split(separator: " ")
        return (0..<12).map { index in
            let text = (0..<25).map { _ in String(random.pick(words)) }.joined(separator: " ")
            return Op(
                table: 700, key: key(UInt64(index)), kind: .set, groups: 32,
                stamp: HybridTime(milliseconds: times[0] + Int64(index)), values: [.text(text)])
        }
    }

    private func vector(_ name: String, of bytes: @autoclosure () throws -> [UInt8]) throws -> [UInt8] {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Vectors/\(name).hex")
        if ProcessInfo.processInfo.environment["REUNITE_WRITE_VECTORS"] != nil {
            let digits = try bytes().map { String(format: "%02x", $0) }
            let lines = stride(from: 0, to: digits.count, by: 40).map {
                digits[$0..<min($0 + 40, digits.count)].joined()
            }
            try (lines.joined(separator: "\n") + "\n").write(to: url, atomically: true, encoding: .utf8)
        }
        let text = try String(contentsOf: url, encoding: .utf8).filter { !$0.isWhitespace }
        var result: [UInt8] = []
        var rest = text[...]
        while !rest.isEmpty {
            result.append(try #require(UInt8(rest.prefix(2), radix: 16)))
            rest = rest.dropFirst(2)
        }
        return result
    }

    @Test("the kept batch still decodes to the same ops")
    func goldenOps() throws {
        let bytes = try vector("delta-ops", of: GoldenTests.ops.unmodelled(TestLayout.sample))
        let ops = try OpCodec.decode(bytes, expecting: GoldenTests.ops.count)
        #expect(isIdentical(ops, GoldenTests.ops.map(normalised)))
    }

    @Test("the kept notes are in words, and still decode to the same ops")
    func goldenNotes() throws {
        let bytes = try vector("delta-words", of: GoldenTests.notes.unmodelled(TestLayout.sample))
        #expect(bytes[2] & DeltaFormat.Flags.textInWords.rawValue != 0)
        #expect(isIdentical(try OpCodec.decode(bytes, expecting: 12), GoldenTests.notes))
    }

    @Test("the kept delivery still decodes to the same rows")
    func goldenRows() throws {
        let bytes = try vector("delta-rows", of: GoldenTests.rows.unmodelled(TestLayout.sample))
        let rows = try RowCodec.decode(bytes)
        #expect(isIdentical(rows, GoldenTests.rows.map(normalised)))
    }

    /// Few, because another implementation reads them with every bit changed.
    private static var modelledOps: [Op] { Array(ops.prefix(3) + ops.suffix(2)) + [notes[0]] }

    @Test("the kept modelled batch still decodes to the same ops, and no other bytes are made of them")
    func goldenModelledOps() throws {
        let made = try OpCodec.encode(GoldenTests.modelledOps, layout: TestLayout.sample)
        let bytes = try vector("delta-modelled", of: made)
        #expect(bytes[2] == DeltaFormat.Flags.modelled.rawValue)
        #expect(isIdentical(try OpCodec.decode(bytes, expecting: 6), GoldenTests.modelledOps.map(normalised)))
        // What the model predicts must be the same on every machine.
        #expect(bytes == made)
    }

    @Test("the dictionary is the one that is kept")
    func dictionary() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let kept = try Data(contentsOf: root.appendingPathComponent("Schemas/wire/dictionary-1.txt"))
        #expect(PresetDictionary.first.bytes == Array(kept))
        // Deflate reaches no farther back, and a decoder keeps it in memory.
        #expect(kept.count < 16_384)
    }
}
