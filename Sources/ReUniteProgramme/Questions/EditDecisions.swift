package import GRDB
package import ReUniteReplica
package import ReUniteSync

/// An edit that an operator decides about, as much of it as telling its author why needs.
package struct DecidedEdit: Hashable, Sendable {
    package let name: OpID
    /// The code of the organisation whose device wrote it.
    package let partner: String
    /// Its row's scope, or the one that a new row names; nil where it has none.
    package let scope: Identifier?
    package let table: String
    /// What was typed, and what stands there, by column.
    package let typed: [String: String?]
    package let standing: [String: String?]
    /// Whether its values are kept from every page.
    package let isWithheld: Bool

    package init(
        name: OpID, partner: String, scope: Identifier?, table: String, typed: [String: String?],
        standing: [String: String?], isWithheld: Bool
    ) {
        self.name = name
        self.partner = partner
        self.scope = scope
        self.table = table
        self.typed = typed
        self.standing = standing
        self.isWithheld = isWithheld
    }
}

/// Why an operator decided about an edit as she did, on its way to who wrote it: a row of `edit_decision` in the author's
/// organisation's own file about the case.
package enum EditDecisions {
    /// What comes of wanting to tell.
    package enum Telling: Sendable {
        case told(NewEditDecision)
        /// Why the author is not told, in words for the operator.
        case untold(String)
    }

    /// A row that is yet to be written, with the file that it goes into.
    package struct NewEditDecision: Hashable, Sendable {
        let partner: Identifier
        let caseID: Identifier
        /// The partner's file about the case; nil where it has none yet.
        let file: Identifier?
        let name: OpID
        let isReleased: Bool
        let why: String

        package func insert(into database: Database, now: Int64) throws {
            let file =
                try file ?? database.add("own_file", ["case_id": caseID.sqlBlob, "partner_id": partner.sqlBlob])
            _ = try database.add(
                "edit_decision",
                [
                    "own_file_id": file.sqlBlob, "batch": name.batch.sqlBlob, "idx": Int64(name.index),
                    "decision": isReleased ? "RELEASED" : "REFUSED", "why": why, "decided_at": now,
                ])
        }
    }

    /// Which case an edit is about; nil where it is about none.
    package static func caseFile(of edit: DecidedEdit, in database: Database) throws -> Identifier? {
        try edit.scope.flatMap { try ScopeNames.caseFile(of: $0, in: database) }
    }

    /// - Parameters:
    ///   - reads: the classes that the author's organisation may read of the edit's scope now.
    ///   - holds: whether it is shown anything of the case now.
    package static func prepare(
        _ why: String, isReleased: Bool, about edit: DecidedEdit, reads: Set<String>, holds: Bool,
        in database: Database
    ) throws -> Telling {
        guard !edit.isWithheld else { return .untold("its values are among what the hub's pages never show") }
        guard let caseID = try caseFile(of: edit, in: database) else { return .untold("it is about no case") }
        guard let partner = try Partners.list(in: database).first(where: { $0.code == edit.partner }) else {
            return .untold("the hub itself wrote it")
        }
        guard partner.isActive else { return .untold("\(edit.partner) has left the network") }
        let barred = try Int.fetchOne(
            database, sql: "SELECT 1 FROM access_limit WHERE case_id = ? AND partner = ?",
            arguments: [caseID.sqlBlob, partner.id.sqlBlob])
        // An operator's words about a case go to nobody whom the case itself does not reach, or does not reach any more.
        guard holds, barred == nil else { return .untold("\(edit.partner) does not hold the case, or not any more") }
        let table = try Row.fetchOne(
            database, sql: "SELECT class, class_column FROM ru_table WHERE name = ?", arguments: [edit.table])
        let isShown = table.map { $0["class_column"] == nil && reads.contains($0["class"]) } ?? false
        guard try isShown || !tells(why, edit, in: database) else {
            return .untold("the reason names what stands in the record, which \(edit.partner) may not see")
        }
        let file = try Row.fetchOne(
            database, sql: "SELECT id FROM own_file WHERE case_id = ? AND partner_id = ? ORDER BY id LIMIT 1",
            arguments: [caseID.sqlBlob, partner.id.sqlBlob])
        return .told(
            NewEditDecision(
                partner: partner.id, caseID: caseID, file: file?.identifier("id"), name: edit.name,
                isReleased: isReleased, why: why))
    }

    /// Whether the reason names a value that others wrote and the author did not type.
    private static func tells(_ why: String, _ edit: DecidedEdit, in database: Database) throws -> Bool {
        let cell = DisputedCell(
            scope: .zero, table: edit.table, row: .zero, columns: [],
            sides: [
                DisputedCell.Side(partner: edit.partner, value: edit.typed),
                DisputedCell.Side(partner: "", value: edit.standing),
            ], isWithheld: false)
        return ConflictQuestions.tells(why, to: edit.partner, cell, try Labels(database))
    }

    // MARK: At the author's device

    /// What the operator said about an edit of this device's; nil before there is a decision, and where it is not here.
    package static func why(_ edit: ReturnedEdit, in database: Database) throws -> String? {
        guard edit.state != .waiting else { return nil }
        return try String.fetchOne(
            database,
            sql: "SELECT why FROM edit_decision WHERE batch = ? AND idx = ? ORDER BY decided_at DESC, id DESC LIMIT 1",
            arguments: [edit.name.batch.sqlBlob, Int64(edit.name.index)])
    }
}
