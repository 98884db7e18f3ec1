import Crypto
import Foundation
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

@Suite("What was published, and which small numbers were let out in it, is held against the audit log")
struct LetOutVerifiedTests {
    private static let person = "R. Quill, data protection officer"

    /// One of 35 women offended again, and is let out in published figures.
    ///
    /// - Parameter noting: what the hub's program puts on the log of it.
    private static func world(
        _ noting: (Publication.Draft) -> HubAction?
    ) throws -> (world: World, draft: Publication.Draft) {
        let world = try LetOutSyncTests.oneOf35(seed: 607)
        // Somebody who types has a space at the end.
        let draft = try world.hub.read("Publishing figures") {
            try Publication.draft(
                "2025-12-31", reason: "Agreed by the board in February", lettingOut: [.init("reoffending", nil)],
                by: person + " ", in: $0, now: world.hub.now)
        }
        try world.hub.insert("Publishing figures", noting: noting(draft)) { try draft.insert(into: $0, now: $1) }
        try world.settle()
        return (world, draft)
    }

    private static func noted(_ draft: Publication.Draft) -> HubAction {
        let noted = draft.noted(by: person + " ")
        return HubAction(noted.written, waived: noted.waived)
    }

    /// The waived entry with another fact in the place of one.
    private static func noted(_ draft: Publication.Draft, with fact: AuditFact) -> HubAction {
        let noted = draft.noted(by: person + " ")
        return HubAction(noted.written, waived: noted.waived.map { $0.filter { $0.field != fact.field } + [fact] })
    }

    @Test("Figures and waivers that are on the log fit, and whatever is edited by hand is named")
    func edited() throws {
        let (world, draft) = try Self.world { Self.noted($0) }
        #expect(try world.hub.verifyAudit().findings == [])
        #expect(try world.hub.verifyAudit().publications == 1)
        let head = try world.hub.auditHead()
        let database = try DatabaseQueue(path: world.hubPath)
        /// What is found where the text of the figures is another, with its hash or without.
        func found(_ from: String, _ to: String, rehashed: Bool) throws -> Set<String> {
            let text = draft.text.replacingOccurrences(of: from, with: to)
            try #require(text != draft.text, "\(from)")
            let hash = rehashed ? Data(SHA256.hash(data: Data(text.utf8))) : Data(draft.hash)
            return try found("UPDATE publication SET figures = ?, sha256 = ?", [text, hash])
        }
        func found(_ sql: String, _ arguments: StatementArguments = []) throws -> Set<String> {
            var codes = Set<String>()
            try database.inTransaction { database in
                try database.execute(sql: sql, arguments: arguments)
                #expect(database.changesCount > 0, "the edit changed nothing: \(sql)")
                var verification = AuditVerification(database)
                codes = Set(try verification.run(noted: head).findings.map(\.code))
                return .rollback
            }
            return codes
        }
        let waiver = try #require(draft.text.firstMatch(of: #/,"waivers":\[[^\]]*\]/#)?.0).description
        #expect(try found(Self.person, "Mallory", rehashed: false) == ["publication", "waiver"])
        #expect(
            try found(Self.person, "Mallory", rehashed: true)
                == ["publication", "publication-gone", "waiver", "waiver-gone"])
        #expect(try found("under 3 %", "under 9 %", rehashed: false) == ["publication", "waiver"])
        #expect(try found(waiver, "", rehashed: false) == ["publication", "waiver", "waiver-gone"])
        #expect(
            try found(waiver, "", rehashed: true) == ["publication", "publication-gone", "waiver", "waiver-gone"])
        #expect(try found("{\"as_at\"", "[{\"as_at\"", rehashed: false).contains("publication"))
        #expect(try found("UPDATE publication SET quarter = '2025-09-30'") == ["publication"])
        #expect(try found("DELETE FROM publication") == ["publication-gone", "waiver-gone"])
        #expect(try world.hub.verifyAudit().findings == [])
    }

    @Test("A small number in published figures of which the log says nothing, or something else, is found")
    func unlogged() throws {
        let hash: (Publication.Draft) -> AuditFact = { _ in .hash(.why, [UInt8](repeating: 7, count: 32)) }
        let others: [(String, (Publication.Draft) -> HubAction?, [String])] = [
            ("nothing at all", { _ in nil }, ["publication", "waiver"]),
            ("no waiver", { HubAction(Self.noted($0).facts) }, ["waiver"]),
            ("another bound", { Self.noted($0, with: .number(.under, 9)) }, ["waiver"]),
            ("another reason", { Self.noted($0, with: hash($0)) }, ["waiver"]),
            ("another measure", { Self.noted($0, with: .word(.code, "homes")) }, ["waiver", "waiver-gone"]),
        ]
        for (name, noting, codes) in others {
            let (world, _) = try Self.world(noting)
            #expect(try world.hub.verifyAudit().findings.map(\.code) == codes, "\(name)")
        }
    }

    @Test("A revision shows what was let out before under the entry of then, and one more under its own")
    func revised() throws {
        let (world, _) = try Self.world { Self.noted($0) }
        // Somebody else had no home; the figures of the quarter change, and she who was let out is still one.
        _ = try LetOutSyncTests.women(20, on: world.surreyOffice, naming: world.gloucester, in: world)
        try world.settle()
        let draft = try world.hub.read("Publishing figures") {
            try Publication.draft(
                "2025-12-31", reason: "Twenty more were told of", by: "Ada", in: $0, now: world.hub.now)
        }
        #expect(draft.revision == 2 && draft.text.contains("under "))
        #expect(draft.noted(by: "Ada").waived.isEmpty)
        let noted = draft.noted(by: "Ada")
        try world.hub.insert("Publishing figures", noting: HubAction(noted.written, waived: noted.waived)) {
            try draft.insert(into: $0, now: $1)
        }
        #expect(try world.hub.verifyAudit().findings == [])
        #expect(try world.hub.verifyAudit().publications == 2)
    }

    @Test("Figures that came back to a restored hub are not held against the log that was lost with its life")
    func restored() throws {
        let world = try World(seed: 608)
        _ = try LetOutSyncTests.women(35, on: world.surreyOffice, naming: world.gloucester, in: world)
        try world.settle()
        let backup = try world.keepLedger()
        let draft = try world.hub.read("Publishing figures") {
            try Publication.draft("2025-12-31", reason: "", in: $0, now: world.hub.now)
        }
        let noted = draft.noted(by: "Ada")
        try world.hub.insert("Publishing figures", noting: HubAction(noted.written)) {
            try draft.insert(into: $0, now: $1)
        }
        try world.settle()
        world.hubTime.advance(milliseconds: 60_000)
        try world.loseHubDisk()
        try world.restoreHub(from: backup, ledger: world.ledgerFolder)
        let report = try world.hub.verifyAudit()
        #expect(report.publications == 1, "it came back from the record of batches")
        #expect(report.findings == [])
        // What is published in this life is on its log.
        let next = try world.hub.read("Publishing figures") {
            try Publication.draft("2025-09-30", reason: "", in: $0, now: world.hub.now)
        }
        try world.hub.insert("Publishing figures") { try next.insert(into: $0, now: $1) }
        #expect(try world.hub.verifyAudit().findings.map(\.code) == ["publication"])
    }
}
