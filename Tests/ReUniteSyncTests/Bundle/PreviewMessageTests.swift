import ReUniteSync
import Testing

@Suite("The messages of a preview, byte by byte")
struct PreviewMessageTests {
    private let key = Identifier(high: 0x0102_0304_0506_0708, low: 0x090a_0b0c_0d0e_0f10)

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    @Test("A question has the bytes that the page on the wire gives")
    func question() throws {
        let question = StepQuestion(table: 30, key: key, group: 3, to: "ACCEPTED")
        #expect(
            hex(question.encoded())
                == "011e0102030405060708090a0b0c0d0e0f1003" + "084143434550544544")
        #expect(try StepQuestion(decoding: question.encoded()) == question)
    }

    @Test("An answer has the bytes that the page on the wire gives")
    func answer() throws {
        let answer = PreviewAnswer(
            hubMilliseconds: 1_000, ticket: [7, 7],
            body: .moves(
                from: "SENT",
                [
                    .init(
                        partner: "GLS", gains: .init(rows: 300, devices: 1), loses: .init(rows: 0, devices: 0),
                        unsent: 2,
                        devices: [
                            .init(
                                id: key, name: "desk", role: "office", gains: 300, loses: 0, lastSeenMilliseconds: 64,
                                unsent: 2)
                        ]),
                    .init(
                        partner: "SRY", gains: .init(rows: 0, devices: 0), loses: .init(rows: 5, devices: 2),
                        unsent: 0, devices: nil),
                ]))
        #expect(
            hex(answer.encoded())
                == "01d00f020707" + "01" + "0453454e54" + "02"
                + "03474c53" + "ac0201" + "0000" + "02" + "01" + "01"
                + "0102030405060708090a0b0c0d0e0f10" + "046465736b" + "066f6666696365" + "ac02" + "00" + "8001" + "02"
                + "03535259" + "0000" + "0502" + "00" + "00")
    }

    private var bodies: [PreviewAnswer.Body] {
        [
            .moves(from: "SENT", []), .unknown, .notOpen(from: "SENT", open: ["DECLINED", "RECEIVED"]), .suspended,
            .epochChanged(HubEpoch(number: 2, salt: key)),
            .moves(
                from: "SENT",
                [
                    .init(
                        partner: "GLS", gains: .init(rows: 1, devices: 1), loses: .init(rows: 0, devices: 0), unsent: 0,
                        devices: [])
                ]),
        ]
    }

    @Test("Every answer is read back as it was written, and one that is cut short or too long is refused")
    func roundTrip() throws {
        for body in bodies {
            let answer = PreviewAnswer(hubMilliseconds: 5, ticket: Array(repeating: 1, count: 24), body: body)
            let bytes = answer.encoded()
            #expect(try PreviewAnswer(decoding: bytes) == answer)
            for length in bytes.indices {
                #expect(throws: FormatError.self) { try PreviewAnswer(decoding: Array(bytes.prefix(length))) }
            }
            #expect(throws: FormatError.self) { try PreviewAnswer(decoding: bytes + [0]) }
        }
    }

    @Test("Damage anywhere is refused or read as something else, and never more than that")
    func damage() {
        for body in bodies {
            let bytes = PreviewAnswer(hubMilliseconds: 5, ticket: [1], body: body).encoded()
            for place in bytes.indices {
                for bit in 0..<8 {
                    var changed = bytes
                    changed[place] ^= 1 << UInt8(bit)
                    let read = try? PreviewAnswer(decoding: changed)
                    #expect(read == nil || read?.encoded() != bytes)
                }
            }
        }
    }
}
