import Foundation
import Testing

@Suite struct ReferralJourneyTests {
    @Test("a case written with the sqlite3 shell alone reaches the other organisation when it accepts, and not before")
    func caseArrivesOnAcceptance() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let gloucestershire = try await network.desk("GLS")
            let reference = try await gloucestershire.counts()

            let written = try await surrey.writeCase("ZQREFERRED")
            _ = try await surrey.writeCase("ZQUNRELATED")
            let referral = try await surrey.refer(written, to: "GLS")

            // Before acceptance: the referral, its pack and its events, and nothing else.
            let report = try await gloucestershire.synced()
            #expect(report["entered"] == .list([.text(referral)]))
            // Once it has said that the pack is there, the hub says so to both.
            try await gloucestershire.synced()
            try await surrey.synced()
            var expected = reference
            expected["referral"] = 1
            expected["referral_pack"] = 1
            expected["referral_event"] = try await surrey.count("referral_event")
            #expect(try await gloucestershire.counts() == expected)
            #expect(try await gloucestershire.sql("SELECT state FROM referral") == "RECEIVED")
            for marker in ["ZQREFERRED-child", "ZQREFERRED-need", "ZQREFERRED-note", "ZQUNRELATED"] {
                #expect(try !gloucestershire.holds(marker), "\(marker) came before acceptance")
            }

            try await gloucestershire.json("referral", "accept", referral)
            let accepted = try await gloucestershire.synced()
            #expect(accepted["entered"].items.contains(.text(written.id)) == true)

            // After acceptance: who she is, her children, needs and consent. Notes come with the handover.
            expected["case_file"] = 1
            expected["person"] = 1
            expected["child"] = 1
            expected["need"] = 1
            expected["consent"] = 1
            expected["referral_event"] = try await gloucestershire.count("referral_event")
            #expect(try await gloucestershire.counts() == expected)
            #expect(
                try await gloucestershire.sql("SELECT legal_first, date_of_birth FROM person")
                    == "ZQREFERRED-first|1991-04-02")
            #expect(try gloucestershire.holds("ZQREFERRED-child"), "a scan of the file must find what is there")

            // The file, its log and what lies beside them have not one byte of what was not shown.
            #expect(try !gloucestershire.holds("ZQREFERRED-note"))
            #expect(try !gloucestershire.holds("ZQUNRELATED"))
            try await gloucestershire.sql("PRAGMA wal_checkpoint(TRUNCATE)")
            #expect(try !gloucestershire.holds("ZQREFERRED-note"))
            #expect(try !gloucestershire.holds("ZQUNRELATED"))
            #expect(try surrey.holds("ZQUNRELATED-note"))
            try await surrey.synced()
            #expect(try await surrey.sql("SELECT state FROM referral") == "ACCEPTED")
        }
    }
}
