import Testing

@testable import ReUniteSync

@Suite("Enrolment")
struct EnrolmentTests {
    private func code(_ seed: UInt64) -> EnrolmentCode {
        var generator = SeededGenerator(seed: seed)
        return EnrolmentCode.make(using: &generator)
    }

    private func request(_ verifier: EnrolmentVerifier) throws -> EnrolRequest {
        var generator = SeededGenerator(seed: 5)
        return EnrolRequest(
            keys: try BundleFixtures.keys(from: 0).publicKeys, verifier: verifier, using: &generator)
    }

    private func answer() throws -> EnrolAnswer {
        EnrolAnswer(
            device: BundleFixtures.device, partner: Identifier(high: 7, low: 8), partnerCode: "NORTH",
            partnerName: "North Office", role: "field", hub: BundleFixtures.hub, hubName: "Hub",
            hubEpoch: BundleFixtures.epoch, hubKeys: try BundleFixtures.keys(number: 2, from: 80).publicKeys,
            firstTicket: .none, firstCheckpoint: [1, 2, 3])
    }

    @Test("A code is read as it was printed, in any case, with O for 0 and I or L for 1")
    func codes() throws {
        for seed in 0..<200 as Range<UInt64> {
            let made = code(seed)
            #expect(made.text.utf8.count == 19)
            #expect(EnrolmentCode(made.text) == made, "seed \(seed)")
            #expect(EnrolmentCode(made.text.lowercased()) == made, "seed \(seed)")
        }
        let known = try #require(EnrolmentCode("0123-4567-89AB-CDEF"))
        #expect(known.text == "0123-4567-89AB-CDEF")
        #expect(EnrolmentCode("oi23 4567 89ab cdef") == known)
        #expect(EnrolmentCode("OL23456789ABCDEF") == known)
        #expect(EnrolmentCode("GHJK-MNPQ-RSTV-WXYZ")?.text == "GHJK-MNPQ-RSTV-WXYZ")
    }

    @Test(
        "What is no code is not read",
        arguments: [
            "", "0123-4567-89AB-CDE", "0123-4567-89AB-CDEF0", "0123-4567-89AB-CDEU", "0123-4567-89AB-CDE!",
            "0123-4567-89AB-CDEé", "0123_4567_89AB_CDEF",
        ])
    func noCodes(text: String) {
        #expect(EnrolmentCode(text) == nil)
    }

    @Test("The hub's verifier is the written derivation, and nothing of it is printed")
    func verifier() throws {
        let verifier = try #require(EnrolmentCode("0123-4567-89AB-CDEF")).verifier
        #expect(BundleFixtures.hex(verifier.slot) == "96061fac06ca2132")
        #expect(BundleFixtures.hex(verifier.key) == "18289d9e4e664ade0f484b8cd240f834fa49c7bf8cde709523cd784109656831")
        #expect("\(verifier)" == "EnrolmentVerifier")
        #expect(try EnrolmentVerifier(slot: verifier.slot, key: verifier.key) == verifier)
    }

    @Test("Both sides with one code take each other in")
    func bothProofs() throws {
        let verifier = code(1).verifier
        let sent = try request(verifier).encoded(provedWith: verifier)
        let received = try EnrolRequest(decoding: sent)
        #expect(received.slot == verifier.slot)
        #expect(received == (try request(verifier)))
        #expect(EnrolRequest.isProved(sent, by: verifier))
        let reply = try answer().encoded(to: sent, provedWith: verifier)
        #expect(try EnrolAnswer(decoding: reply, to: sent, provedBy: verifier) == (try answer()))
    }

    @Test("With another code neither proof holds")
    func anotherCode() throws {
        let verifier = code(1).verifier
        let other = code(2).verifier
        let sent = try request(verifier).encoded(provedWith: verifier)
        #expect(!EnrolRequest.isProved(sent, by: other))
        let reply = try answer().encoded(to: sent, provedWith: other)
        #expect(throws: FormatError(.notAuthentic, "enrolment proof")) {
            try EnrolAnswer(decoding: reply, to: sent, provedBy: verifier)
        }
    }

    @Test("Every changed byte of either message is refused, and an answer fits its own request only")
    func everyByte() throws {
        let verifier = code(1).verifier
        let sent = try request(verifier).encoded(provedWith: verifier)
        let reply = try answer().encoded(to: sent, provedWith: verifier)
        for index in sent.indices {
            var changed = sent
            changed[index] ^= 1
            #expect(!EnrolRequest.isProved(changed, by: verifier), "request byte \(index)")
            #expect(throws: FormatError(.notAuthentic, "enrolment proof"), "request byte \(index)") {
                try EnrolAnswer(decoding: reply, to: changed, provedBy: verifier)
            }
        }
        for index in reply.indices {
            var changed = reply
            changed[index] ^= 1
            #expect(throws: FormatError(.notAuthentic, "enrolment proof"), "answer byte \(index)") {
                try EnrolAnswer(decoding: changed, to: sent, provedBy: verifier)
            }
            #expect(throws: FormatError.self, "answer of \(index) bytes") {
                try EnrolAnswer(decoding: Array(reply[..<index]), to: sent, provedBy: verifier)
            }
        }
        for length in sent.indices {
            #expect(throws: FormatError.self) { try EnrolRequest(decoding: Array(sent[..<length])) }
        }
    }

    @Test("An answer that its device could not read is not made")
    func longTexts() throws {
        let verifier = code(1).verifier
        var long = try answer()
        long.partnerName = String(repeating: "x", count: 257)
        #expect(throws: FormatError(.tooLarge, "enrolment partner name")) {
            try long.encoded(to: [], provedWith: verifier)
        }
    }

    @Test("Both screens show the same four words, and others for another answer")
    func words() throws {
        let verifier = code(1).verifier
        let sent = try request(verifier).encoded(provedWith: verifier)
        let reply = try answer().encoded(to: sent, provedWith: verifier)
        var other = try answer()
        other.hubName = "Another"
        let shown = fourWords(EnrolAnswer.transcriptHash(request: sent, answer: reply))
        #expect(shown.count == 4)
        let otherReply = try other.encoded(to: sent, provedWith: verifier)
        #expect(fourWords(EnrolAnswer.transcriptHash(request: sent, answer: otherReply)) != shown)
        #expect(fourWords([0, 1, 254, 255, 9]) == ["acorn", "actor", "willow", "zebra"])
    }

    @Test("There are 256 different words, and no two begin with the same five letters")
    func wordList() {
        let words = ConfirmationWords.all
        #expect(words.count == 256)
        #expect(Set(words.map { $0.prefix(5) }).count == 256)
        #expect(words.allSatisfy { (3...9).contains($0.count) && $0.allSatisfy { ("a"..."z").contains($0) } })
    }
}
