import Foundation
import TestSupport
import Testing

/// The story that all of this is for: a mother in prison in Surrey is housed in Gloucestershire, and a Surrey laptop is
/// inside the prison, without a network, while her case changes hands.
@Suite("From Surrey to Gloucestershire")
struct HandoverStoryTests {
    private static let checklist = [
        "--risk-call", "DONE", "--children-plan", "DONE", "--duty-to-refer", "DONE", "--transport", "NOT_NEEDED",
    ]

    @Test("the right rows end in the right files, and not one byte elsewhere")
    func theWholeStory() async throws {
        try await Network.run { network in
            let surrey = try await network.desk("SRY")
            let laptop = try await network.desk("SRY", role: "field")
            let gloucestershire = try await network.desk("GLS")
            let bystander = try await neighbour(network)

            // Surrey writes two cases; the laptop that goes inside takes one of them.
            let maya = try await surrey.writeCase("ZQMAYA")
            _ = try await surrey.writeCase("ZQOTHER")
            try await surrey.sql(
                """
                INSERT INTO address(case_id, lines, confidentiality) VALUES(x'\(maya.hex)', 'ZQREFUGE', 'REFUGE');
                INSERT INTO risk_flag(case_id, kind, level, detail) VALUES(x'\(maya.hex)', 'KNOWN_ADULT', 'HIGH', 'ZQRISK');
                """)
            try await network.put(maya.hex, on: laptop, by: surrey)
            try await laptop.synced()
            #expect(try await laptop.sql("SELECT count(*) FROM case_file") == "1")
            try expect("ZQOTHER", isNotIn: laptop)

            // Referred, received by itself, assessed, accepted: who she is and what is needed, no notes, no refuge.
            let referral = try await surrey.refer(maya, to: "GLS")
            for desk in [gloucestershire, surrey, gloucestershire] { try await desk.synced() }
            #expect(try await gloucestershire.sql("SELECT state FROM referral") == "RECEIVED")
            try expect("ZQMAYA-need", "ZQMAYA-note", "ZQRISK", "ZQREFUGE", isNotIn: gloucestershire)
            try await gloucestershire.json("referral", "assess", referral, "--assessor", "Housing worker")
            try await gloucestershire.json("referral", "accept", referral)
            for desk in [gloucestershire, surrey] { try await desk.synced() }
            #expect(try await gloucestershire.sql("SELECT level FROM risk_flag") == "HIGH")
            try expect("ZQMAYA-note", "ZQREFUGE", "ZQOTHER", isNotIn: gloucestershire)

            // The laptop goes into the prison. What is written there belongs to the day on which it is written.
            try await laptop.synced()
            try await laptop.sql(
                """
                INSERT INTO case_note(case_id, body) VALUES(x'\(maya.hex)', 'ZQINSIDE she held her daughter');
                UPDATE need SET detail = 'ZQLATE three bedrooms' WHERE case_id = x'\(maya.hex)';
                """)

            // Both sides sign, the hub hands over, and Surrey keeps what it sent.
            try await sign(referral, by: surrey)
            for desk in [surrey, gloucestershire] { try await desk.synced() }
            #expect(try await gloucestershire.sql("SELECT count(*) FROM case_note") == "1")
            try await sign(referral, by: gloucestershire)
            try await gloucestershire.synced()
            let left = try await surrey.synced()
            #expect(left["left"].items.contains(.text(maya.id)))
            #expect(try await surrey.sql("SELECT state FROM referral") == "TRANSFERRED")
            #expect(try await surrey.sql("SELECT group_concat(ref) FROM case_file") == "ZQOTHER")
            try expect("ZQREFUGE", isNotIn: surrey)
            #expect(try await surrey.sql("SELECT count(*) FROM referral_pack WHERE items LIKE '%ZQMAYA-note%'") == "1")
            try await gloucestershire.synced()
            #expect(
                try await gloucestershire.sql("SELECT count(*) FROM address WHERE lines = 'ZQREFUGE'") == "1",
                "the owner holds all of the case")

            // What Gloucestershire writes from now on is not Surrey's.
            try await gloucestershire.sql(
                "INSERT INTO case_note(case_id, body) VALUES(x'\(maya.hex)', 'ZQAFTER she has arrived')")
            try await gloucestershire.synced()

            // The laptop comes out. The case leaves it at once; the note has arrived, the change waits for the owner.
            let home = try await laptop.synced(status: 1)
            #expect(home["left"].items.contains(.text(maya.id)))
            #expect(home["returned"].int == 1)
            #expect(try await laptop.sql("SELECT count(*) FROM case_file") == "0")
            try expect("ZQLATE", "ZQINSIDE", "ZQREFUGE", "ZQAFTER", isNotIn: laptop)
            try await gloucestershire.synced()
            #expect(
                try await gloucestershire.sql("SELECT count(*) FROM case_note WHERE body LIKE 'ZQINSIDE%'") == "1")
            let waiting = try await gloucestershire.json("proposals", "list")["proposals"].items
            try #require(waiting.count == 1)
            #expect(waiting[0]["from"].text == "SRY")
            try await gloucestershire.json("proposals", "take", try waiting[0].requireText("id"))
            for desk in [gloucestershire, gloucestershire, laptop] { try await desk.synced() }
            #expect(try await gloucestershire.sql("SELECT detail FROM need") == "ZQLATE three bedrooms")

            // One line of outcome goes back.
            try await gloucestershire.json("referral", "complete", referral, "--outcome", "ARRIVED")
            for desk in [gloucestershire, surrey, laptop, bystander] { try await desk.synced() }
            #expect(try await surrey.sql("SELECT band FROM referral_outcome") == "ARRIVED")

            try expect("ZQLATE", "ZQINSIDE", "ZQREFUGE", "ZQAFTER", isNotIn: surrey)
            try expect("ZQLATE", "ZQINSIDE", "ZQREFUGE", "ZQAFTER", "ZQOTHER", isNotIn: laptop)
            try expect("ZQOTHER", isNotIn: gloucestershire)
            try expect("ZQMAYA", "ZQOTHER", "ZQRISK", "ZQREFUGE", "ZQLATE", "ZQINSIDE", "ZQAFTER", isNotIn: bystander)
            #expect(
                try !FileScan.find(["ZQOTHER"], ofReplica: surrey.file).isEmpty, "the scan must find what is there")

            // Nobody owes a purge, and the hub can say who was shown what.
            let purges = try await network.hub("purge", "list", "--all", "--json")
            #expect(purges.status == 0, "\(purges)")
            #expect(try purges.json()["purges"].items.count >= 2)
            let shown = try await network.hub("report", "disclosures", "--case", maya.id, "--json")
            #expect(shown.status == 0, "\(shown)")
            #expect(shown.out.contains("GLS"))
            #expect(!shown.out.contains("DBY"))
        }
    }

    // MARK: Steps

    private func sign(_ referral: String, by desk: Desk) async throws {
        let all = ["referral", "handover", referral] + HandoverStoryTests.checklist
        let ran = try await Running(
            desk.network.program, all + ["--replica", desk.file, "--json"], in: desk.network.folder
        ).finish()
        try #require(ran.status == 0, "\(ran)")
    }

    /// An office that has nothing to do with her.
    private func neighbour(_ network: Network) async throws -> Desk {
        let added = try await network.hub("partner", "add", "DBY", "--name", "Peak Lodge", "--area", "DBY")
        try #require(added.status == 0, "\(added)")
        return try await network.desk("DBY")
    }

    private func expect(
        _ words: String..., isNotIn desk: Desk, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(try FileScan.find(words, ofReplica: desk.file) == [], sourceLocation: sourceLocation)
    }
}
