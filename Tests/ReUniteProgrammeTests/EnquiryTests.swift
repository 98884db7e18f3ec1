import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("An anonymous enquiry leads to nobody")
struct EnquiryTests {
    private static let question = NewEnquiry(
        to: "GLS", releaseMonth: "2027-01", bedrooms: 2, childrenBands: ["AGE_2_4", "AGE_5_10"], needsStepFree: true,
        excludedOutward: ["GL1", "GL51"])

    private func make(_ network: Network, for referral: String? = nil) throws -> EnquirySummary {
        try network.edit {
            try Enquiries.make(Self.question, for: referral, by: Network.surrey, in: $0, now: Network.noon)
        }
    }

    private func answer(_ id: String, _ answer: String, reason: String? = nil, _ network: Network) throws {
        try network.edit {
            _ = try Enquiries.answer(id, answer, reason: reason, by: Network.gloucestershire, in: $0)
        }
    }

    @Test("It has no column for a case, a person or a referral, its id says nothing, and its receiver sees no referral")
    func anonymous() throws {
        let network = try Network()
        let summary = try network.markedCase()
        let referral = try network.draft(summary.id)
        let enquiry = try make(network, for: referral.id)
        let row = try network.edit { try #require(try Row.fetchOne($0, sql: "SELECT * FROM enquiry")) }
        let secrets = try [summary.id, referral.id].map { try #require(Identifier($0)).sqlBlob }
        for (_, value) in row {
            #expect(!secrets.contains { DatabaseValue(value: $0) == value })
        }
        let columns = Set(row.columnNames)
        #expect(columns.isDisjoint(with: ["case_id", "referral_id", "person_id", "created_by"]))
        // Version 4, while what was made beside it has an id that tells the time.
        #expect(enquiry.id.dropFirst(14).first == "4")
        #expect(try network.reads(Network.gloucestershire, enquiry.id) == ["ENQUIRY"])
        #expect(try network.reads(Network.surrey, enquiry.id) == ["ENQUIRY"])
        #expect(try network.reads(Network.derby, enquiry.id).isEmpty)
        #expect(try network.reads(Network.gloucestershire, referral.id).isEmpty)
        // Sent, the referral names it to both.
        try answer(enquiry.id, "MAYBE", network)
        #expect(try network.perform(referral.id) == ["PRE_CHECK_OK"])
        try network.consent(summary.id)
        try network.edit { _ = try Referrals.send(referral.id, by: Network.surrey, in: $0, now: Network.noon) }
        #expect(try network.reads(Network.gloucestershire, referral.id).contains("REFERRAL"))
    }

    @Test("A no closes the draft that waited for it; a yes or maybe lets it be sent, for 28 days")
    func answers() throws {
        for (word, state) in [("NO", "PRE_CHECK_NO"), ("YES", "PRE_CHECK_OK"), ("MAYBE", "PRE_CHECK_OK")] {
            let network = try Network()
            let summary = try network.markedCase()
            try network.consent(summary.id)
            let referral = try network.draft(summary.id)
            let enquiry = try make(network, for: referral.id)
            #expect(try network.duties(referral.id).isEmpty)
            let early = try network.failure {
                try Referrals.send(referral.id, by: Network.surrey, in: $0, now: Network.noon)
            }
            #expect(early?.code == .badData)
            try answer(enquiry.id, word, reason: word == "NO" ? "NO_HOME_IN_AREA" : nil, network)
            #expect(try network.perform(referral.id) == [state])
            guard word != "NO" else { continue }
            try network.setClock(Network.noon + 28 * Network.day + 1)
            #expect(try network.perform(enquiry.id) == ["EXPIRED"])
            let late = try network.failure {
                try Referrals.send(referral.id, by: Network.surrey, in: $0, now: Network.noon + 28 * Network.day + 1)
            }
            #expect(late?.why.contains("enquiry") == true)
            // Asked once more, it is sent.
            let again = try make(network, for: referral.id)
            try answer(again.id, "YES", network)
            try network.perform(referral.id)
            try network.edit { _ = try Referrals.send(referral.id, by: Network.surrey, in: $0, now: Network.noon) }
        }
    }

    @Test("Within one area, and without an enquiry, a referral is sent as before")
    func notNeeded() throws {
        let network = try Network()
        let referral = try network.sent()
        #expect(referral.state == "SENT")
    }

    @Test("Only who was asked answers, a no has a reason, and what it says has the right form")
    func forms() throws {
        let network = try Network()
        let enquiry = try make(network)
        for (partner, word, reason) in [
            (Network.surrey, "YES", nil), (Network.derby, "YES", nil), (Network.gloucestershire, "NO", nil),
            (Network.gloucestershire, "NO", "BECAUSE"), (Network.gloucestershire, "EXPIRED", nil),
        ] {
            let failure = try network.failure {
                try Enquiries.answer(enquiry.id, word, reason: reason, by: partner, in: $0)
            }
            #expect(failure?.code == .badData, "\(partner) \(word)")
        }
        var wrong = [Self.question, Self.question, Self.question, Self.question]
        wrong[0].excludedOutward = ["GL1 2AB"]
        wrong[1].releaseMonth = "2027-13"
        wrong[2].childrenBands = ["AGE_7"]
        wrong[3].bedrooms = 40
        for question in wrong {
            let failure = try network.failure {
                try Enquiries.make(question, by: Network.surrey, in: $0, now: Network.noon)
            }
            #expect(failure?.code == .badData)
        }
        #expect(try network.edit { try Enquiries.list(in: $0, by: Network.surrey) }.map(\.id) == [enquiry.id])
    }
}
