import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// One case.
struct CasePageView: Sendable {
    struct Entry: Sendable {
        let id: String
        let fields: [Fact]
        let isMarked: Bool
        let isUnsent: Bool
        let conflicts: [String]
    }

    struct Section: Sendable {
        let anchor: String
        let label: String
        let help: [Help]
        let entries: [Entry]
        let isEmpty: Bool
    }

    /// At most one to a section: a list of none shows nothing.
    struct Help: Sendable {
        let help: String
    }

    let frame: PageFrame

    let heading: String
    let subheading: String
    let sections: [Section]

    init(_ replica: Replica, _ id: Identifier, _ frame: PageFrame) throws {
        self.frame = frame
        let sheet = try replica.read("Showing the case") { database in
            try CaseFiles.sheet(id, replica.attention(in: database), in: database)
        }
        let line = sheet.line
        heading = line.knownAs.isEmpty ? line.reference ?? "Case" : line.knownAs
        subheading = [line.reference ?? "", line.phase, line.owner].filter { !$0.isEmpty }.joined(separator: " · ")
        sections = sheet.sections.map { section in
            Section(
                anchor: section.table, label: section.label,
                help: section.help.isEmpty ? [] : [Help(help: section.help)],
                entries: section.entries.map { entry in
                    Entry(
                        id: entry.id.description, fields: entry.fields.map { Fact(label: $0.label, text: $0.text) },
                        isMarked: entry.isUnsent || !entry.conflicts.isEmpty, isUnsent: entry.isUnsent,
                        conflicts: entry.conflicts)
                }, isEmpty: section.entries.isEmpty)
        }
    }
}
