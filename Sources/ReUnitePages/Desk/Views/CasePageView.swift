import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// One case.
struct CasePageView: FramedView {
    struct Entry: Sendable {
        let id: String
        let table: String
        let fields: [Fact]
        let badges: [BadgeView]
        let mayChange: Bool
        /// Whose entry, for whoever hears the link alone.
        let about: String
    }

    struct Section: Sendable {
        let table: String
        let label: String
        /// At most one.
        let helps: [String]
        let entries: [Entry]
        let isEmpty: Bool
        /// Where another is added; at most one.
        let adds: [String]
    }

    struct Group: Sendable {
        let anchor: String
        let title: String
        let sections: [Section]
        let isChildren: Bool
        let isConsent: Bool
    }

    struct Child: Sendable {
        let name: String
        let born: String
        let lives: String
        let stage: String
    }

    struct Referral: Sendable {
        let id: String
        let title: String
        let state: String
        let side: String
    }

    var frame: PageFrame
    let id: String
    let heading: String
    let subheading: String
    let badges: [BadgeView]
    let warnings: [String]
    let children: [Child]
    let custody: [Fact]
    let groups: [Group]
    let referrals: [Referral]
    /// What the hub asks about the case, and nobody has answered.
    let questions: [QuestionView]

    init(_ replica: Replica, _ id: Identifier, by partner: Identifier, _ frame: PageFrame) throws {
        self.frame = frame
        self.id = id.description
        let (sheet, asked) = try replica.read("Showing the case") { database in
            let attention = try replica.attention(of: CaseFiles.scopes(of: [id], in: database), in: database)
            return (
                try CaseFiles.sheet(id, attention, by: partner, in: database),
                try ConflictQuestions.waiting(about: id, in: database)
            )
        }
        questions = asked.map(QuestionView.init)
        let line = CaseLineView(sheet.line)
        heading = line.knownAs.isEmpty ? line.reference : line.knownAs
        subheading = [line.reference, line.phase, line.owner].filter { !$0.isEmpty }.joined(separator: " · ")
        badges = line.badges
        warnings = sheet.warnings
        children = sheet.children.map { Child(name: $0.name, born: $0.born, lives: $0.lives, stage: $0.stage) }
        custody = sheet.custody.map { Fact(label: $0.label, text: $0.text) }
        groups = sheet.groups.map { group in
            Group(
                anchor: "group-\(group.anchor)", title: group.title,
                sections: group.sections.map { CasePageView.section($0, id) }, isChildren: group.anchor == "children",
                isConsent: group.anchor == "consent")
        }
        referrals = sheet.referrals.map { referral in
            Referral(
                id: referral.id,
                title: referral.side == "SENDER"
                    ? "To \(referral.to ?? "another")" : "From \(referral.from ?? "another")",
                state: referral.stateLabel, side: referral.kind)
        }
    }

    /// The records of one kind that the organisation keeps about itself.
    static func section(_ section: CaseSheet.Section) -> Section {
        Self.section(section, add: "\(Desk.organisationPath)/\(section.table)/add")
    }

    private static func section(_ section: CaseSheet.Section, _ id: Identifier) -> Section {
        let add =
            switch section.table {
            case "consent": "/case/\(id)/consent"
            case "own_note": "/case/\(id)/own-note"
            default: "/case/\(id)/add/\(section.table)"
            }
        return Self.section(section, add: add)
    }

    private static func section(_ section: CaseSheet.Section, add: String) -> Section {
        Section(
            table: section.table, label: section.label, helps: section.help.isEmpty ? [] : [section.help],
            entries: section.entries.map { entry in
                Entry(
                    id: entry.id.description, table: section.table,
                    fields: entry.fields.map { Fact(label: $0.label, text: $0.text) },
                    badges: (entry.isUnsent ? [BadgeView(.unsent)] : [])
                        + entry.conflicts.map { BadgeView(kind: "conflict", text: "Conflict: \($0)") },
                    mayChange: section.mayChange, about: entry.fields.first?.text ?? section.label)
            }, isEmpty: section.entries.isEmpty, adds: section.mayAdd ? [add] : [])
    }
}
