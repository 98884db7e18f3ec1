import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// The list of cases.
struct CaseloadView: Sendable {
    struct Line: Sendable {
        let id: String
        let reference: String
        let knownAs: String
        let phase: String
        let owner: String
        let isUnsent: Bool
        let hasConflict: Bool
    }

    let frame: PageFrame

    let caption: String
    let columns: [String]
    let lines: [Line]
    let isEmpty: Bool

    init(_ replica: Replica, _ frame: PageFrame) throws {
        self.frame = frame
        let (labels, cases) = try replica.read("Listing cases") { database in
            (try Labels(database), try CaseFiles.lines(replica.attention(in: database), in: database))
        }
        columns = [
            labels.column("case_file", "ref"), labels.column("person", "known_as"),
            labels.column("case_file", "phase"), labels.column("case_file", "owner_partner_id"),
        ]
        lines = cases.map {
            Line(
                id: $0.id.description, reference: $0.reference ?? $0.id.description, knownAs: $0.knownAs,
                phase: $0.phase, owner: $0.owner, isUnsent: $0.isUnsent, hasConflict: $0.hasConflict)
        }
        isEmpty = lines.isEmpty
        caption = "\(lines.count) in this replica, the newest first"
    }
}
