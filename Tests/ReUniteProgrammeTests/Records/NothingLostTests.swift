import GRDB
import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteProgramme

@Suite("No line of a file is taken for another's")
struct NothingLostTests {
    private let network: Network
    private let ref: String

    init() throws {
        network = try Network()
        ref = try network.markedCase().ref ?? ""
    }

    @Test("Two children taken into care on one day are two lines, also when lines that are here are passed over")
    func siblings() throws {
        try network.load("Case,First name\n\(ref),Otis", into: "child")
        let heading = "Case,Child,From,Legal status"
        let (first, second) = ("\(ref),Mchild,2025-05-01,C2", "\(ref),Otis,2025-05-01,C2")
        #expect(try network.load(heading, first, into: "child_care_episode").errors.map(\.text) == [])
        let report = try network.load(heading, first, second, into: "child_care_episode") { $0.skipsRepeats = true }
        #expect(report.rows == ["child_care_episode": 1] && report.skipped == 1)
        #expect(
            try network.values(
                """
                SELECT c.first_name FROM child_care_episode e JOIN child c ON c.id = e.child_id ORDER BY 1
                """) == ["Mchild", "Otis"])
        let again = try network.load(heading, second, into: "child_care_episode")
        #expect(again.errors.map(\.why) == ["it is here already"])
    }

    @Test("A line that says less than a row that is here comes in, and is said")
    func less() throws {
        let section = try network.values(
            "SELECT code FROM code_value WHERE list = 'need.section' ORDER BY code LIMIT 1")
        try network.load("Case,Category,Section\n\(ref),HEALTH,\(section.first ?? "")", into: "need")
        let report = try network.load("Case,Category\n\(ref),HEALTH", into: "need") { $0.skipsRepeats = true }
        #expect(report.rows == ["need": 1] && report.skipped == 0)
        #expect(report.warnings.map(\.line) == [2] && report.warnings.allSatisfy { $0.why.contains("and more") })
        let again = try network.load("Case,Category\n\(ref),HEALTH", into: "need") { $0.skipsRepeats = true }
        #expect(again.rows == [:] && again.skipped == 1)
    }

    @Test("A word of a map stands for that word, never for an empty cell or for another sign")
    func signs() throws {
        let lines = "legal_first,legal_last,date_of_birth,Interp\nEve,Quill,1991-01-01,\nAda,Lane,1992-01-01,-"
        let report = try network.load(lines, into: "person", map: "Interp,interpreter,-,yes\n")
        #expect(report.errors.map(\.text) == [])
        #expect(
            try network.values(
                "SELECT legal_first || ' ' || interpreter FROM person WHERE legal_first IN ('Ada', 'Eve') ORDER BY 1")
                == ["Ada 1", "Eve 0"])
        let other = try network.load(
            "legal_first,legal_last,Interp\nIvy,Reed,?", into: "person", map: "Interp,interpreter,-,yes\n")
        #expect(other.errors.map(\.column) == ["C"])
    }

    @Test("Whom an order protects is not guessed where mother and child are called the same")
    func namesakes() throws {
        try network.load("Case,First name\n\(ref),mKnown", into: "child")
        let kind = "NO_CONTACT"
        let heading = "Case,Protects,Other party,Kind,From"
        let report = try network.load(heading, "\(ref),Mknown,John,\(kind),2026-01-01", into: "contact_restriction")
        #expect(report.errors.map(\.column) == ["B"])
        let child = try network.load(heading, "\(ref),Mchild,John,\(kind),2026-01-01", into: "contact_restriction")
        #expect(child.errors.map(\.text) == [] && child.rows == ["contact_restriction": 1])
    }
}
