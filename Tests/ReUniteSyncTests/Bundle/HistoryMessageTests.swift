import ReUniteSync
import Testing

@Suite("The messages about a record's past, byte by byte")
struct HistoryMessageTests {
    private let key = Identifier(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func entry(_ position: Int64, _ cells: [HistoryAnswer.Cell]) -> HistoryAnswer.Entry {
        HistoryAnswer.Entry(
            position: Position(position), kind: .edit, flags: .mine, partner: "SRY", device: "desk", author: key,
            writtenMilliseconds: 64, receivedMilliseconds: 1_000, reason: "", cells: cells)
    }

    @Test("A question has the bytes that the page on the wire gives")
    func question() throws {
        let question = HistoryQuestion(table: 30, key: key, before: Position(64))
        #expect(hex(question.encoded()) == "011e0102030405060708090a0b0c0d0e0f108001")
        #expect(try HistoryQuestion(decoding: question.encoded()) == question)
    }

    @Test("An answer has the bytes that the page on the wire gives")
    func answer() {
        let answer = HistoryAnswer(
            hubMilliseconds: 1_000, ticket: [7, 7],
            body: .entries(
                [
                    entry(
                        64,
                        [
                            .init(group: 2, end: .stands, values: [.text("x"), .null]),
                            .init(group: 3, end: .overtaken, values: nil),
                        ])
                ], before: Position(64)))
        #expect(
            hex(answer.encoded())
                == "01d00f020707" + "01" + "8001" + "01"
                + "8001" + "01" + "01" + "03535259" + "046465736b" + "0102030405060708090a0b0c0d0e0f10" + "8001"
                + "d00f" + "00" + "02" + "020101" + "05" + "02" + "030178" + "00" + "030300")
    }

    private var bodies: [HistoryAnswer.Body] {
        [
            .unknown, .suspended, .epochChanged(HubEpoch(number: 2, salt: key)), .entries([], before: Position(3)),
            .entries(
                [entry(9, [.init(group: 0, end: .beside, values: [.integer(7)])]), entry(8, [])],
                before: Position(8)),
        ]
    }

    @Test("Every answer is read back as it was written, and one that is cut short or too long is refused")
    func roundTrip() throws {
        for body in bodies {
            let answer = HistoryAnswer(hubMilliseconds: 5, ticket: Array(repeating: 1, count: 24), body: body)
            let bytes = answer.encoded()
            #expect(try HistoryAnswer(decoding: bytes) == answer)
            for length in bytes.indices {
                #expect(throws: FormatError.self) { try HistoryAnswer(decoding: Array(bytes.prefix(length))) }
            }
            #expect(throws: FormatError.self) { try HistoryAnswer(decoding: bytes + [0]) }
        }
    }

    @Test("Damage anywhere is refused or read as something else, and never more than that")
    func damage() {
        for body in bodies {
            let bytes = HistoryAnswer(hubMilliseconds: 5, ticket: [1], body: body).encoded()
            for place in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[place] ^= 1 << UInt8(bit)
                    let read = try? HistoryAnswer(decoding: changed)
                    #expect(read == nil || read?.encoded() != bytes)
                }
            }
        }
    }

    @Test("Entries that are not the newest first, groups out of order, and a place that is not before them are refused")
    func order() {
        let wrong: [HistoryAnswer.Body] = [
            .entries([entry(8, []), entry(9, [])], before: .zero),
            .entries([entry(8, []), entry(8, [])], before: .zero),
            .entries([entry(8, [])], before: Position(9)), .entries([], before: Position(-1)),
            .entries(
                [entry(8, [.init(group: 1, end: .stands, values: nil), .init(group: 1, end: .stands, values: nil)])],
                before: .zero),
            .entries([entry(8, [.init(group: 62, end: .stands, values: nil)])], before: .zero),
        ]
        for body in wrong {
            let bytes = HistoryAnswer(hubMilliseconds: 5, ticket: [1], body: body).encoded()
            #expect(throws: FormatError.self) { try HistoryAnswer(decoding: bytes) }
        }
        let below = HistoryQuestion(table: 1, key: key, before: Position(-1)).encoded()
        #expect(throws: FormatError.self) { try HistoryQuestion(decoding: below) }
    }
}
