package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// All that this replica holds of one case, in words and in order.
package struct CaseSheet: Sendable {
    package struct Field: Hashable, Sendable {
        package let column: String
        package let label: String
        package let text: String
    }

    /// One row.
    package struct Entry: Hashable, Sendable {
        package let id: Identifier
        package let fields: [Field]
        package let isUnsent: Bool
        /// The labels of its columns with an open conflict.
        package let conflicts: [String]
        /// When it happened, milliseconds since 1970; nil where the table does not say.
        package let happened: Int64?
    }

    /// The rows of one table.
    package struct Section: Hashable, Sendable {
        package let table: String
        package let label: String
        package let help: String
        package let entries: [Entry]
        package let mayAdd: Bool
        package let mayChange: Bool
    }

    /// What belongs together for a worker.
    package struct Group: Hashable, Sendable {
        package let anchor: String
        package let title: String
        package let sections: [Section]
    }

    package struct Child: Hashable, Sendable {
        package let id: Identifier
        package let name: String
        /// In words: born on, or expected on.
        package let born: String
        /// With whom, in kind and never by address; the present care episode before what was said at the beginning.
        package let lives: String
        /// How far contact has come; empty without a plan.
        package let stage: String
    }

    package let line: CaseLine
    /// What must not be overlooked: high risks and who must be kept away.
    package let warnings: [String]
    package let children: [Child]
    /// Where she is and when she comes out.
    package let custody: [Field]
    package let groups: [Group]
    package let referrals: [ReferralSummary]
}

extension CaseFiles {
    /// Which tables stand together. What is named nowhere comes last, so that a new table is shown without new code.
    private static let together: [(anchor: String, title: String, tables: [String])] = [
        ("case", "The case", ["case_file", "case_assignment"]),
        ("woman", "The woman", ["person", "person_alias", "person_identifier", "person_phone"]),
        ("children", "Children, and where each lives", ["child", "child_care_episode", "child_voice_entry"]),
        ("custody", "Custody and release", ["custody_episode", "sentence", "temporary_release"]),
        (
            "plan", "Needs and plan",
            ["need", "goal", "support_action", "support_package", "progress_reading", "mentor_match", "mentor_session"]
        ),
        ("notes", "Notes", ["case_note", "own_note"]), ("visits", "Visits", ["visit"]),
        ("contact", "Contact with her children, stage by stage", ["contact_plan", "contact_session"]),
        ("consent", "Consent", ["consent", "consent_override"]),
        ("risk", "Risk", ["risk_flag", "contact_restriction", "safeguarding_concern", "limited_access"]),
        (
            "home", "Home",
            ["occupancy", "occupancy_event", "duty_to_refer", "address", "move_on", "tenancy_check"]
        ),
    ]
    private static let elsewhere: Set<String> = ["edit_proposal"]
    private static let byHand: Set<String> = ["consent_override", "edit_proposal", "case_file"]

    /// One case in words.
    ///
    /// - Parameters:
    ///   - attention: the rows that wait for the hub or for a decision.
    ///   - partner: whose replica this is.
    /// - Throws: ``Failure`` (noInput) when this replica does not hold it.
    package static func sheet(
        _ id: Identifier, _ attention: [RowAttention], by partner: Identifier, in database: Database
    ) throws -> CaseSheet {
        let all = try CaseMarks(attention, partner: partner, in: database)
        guard let line = try lines([id], all, in: database).first else {
            throw Failure(
                .noInput, what: "Showing the case", why: "this replica does not hold it",
                remedy: "Check the address, or sync: it may not have arrived")
        }
        let labels = try Labels(database)
        let reader = SheetReader(
            id: id, database: database, labels: labels, codes: try Partners.codes(in: database),
            marks: Dictionary(attention.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first }),
            access: try RowAccess(id, in: database))
        let tables = try Row.fetchAll(
            database, sql: "SELECT name, append_only FROM ru_table WHERE scope_kind = 'case' ORDER BY number")
        var left = tables.map { $0["name"] as String }.filter { !elsewhere.contains($0) }
        let evidence = Set(tables.filter { $0["append_only"] == 1 }.map { $0["name"] as String })
        var groups = try together.map { group in
            let sections = try group.tables.compactMap { name -> CaseSheet.Section? in
                guard name == "own_note" || left.contains(name) else { return nil }
                left.removeAll { $0 == name }
                return try reader.section(
                    name, isEvidence: evidence.contains(name) || name == "own_note", byHand: byHand.contains(name))
            }
            return CaseSheet.Group(anchor: group.anchor, title: group.title, sections: sections)
        }
        let rest = try left.map {
            try reader.section($0, isEvidence: evidence.contains($0), byHand: byHand.contains($0))
        }
        if !rest.isEmpty { groups.append(CaseSheet.Group(anchor: "more", title: "More", sections: rest)) }
        return CaseSheet(
            line: line, warnings: try reader.warnings(), children: try reader.children(),
            custody: try reader.custody(), groups: groups,
            referrals: try Referrals.list(of: id, by: partner, in: database))
    }
}
