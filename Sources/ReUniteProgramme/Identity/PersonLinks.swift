package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A decision about two persons that holds.
package struct PersonLink: Hashable, Sendable {
    package enum Decision: String, Sendable, Encodable {
        case same = "SAME"
        case different = "DIFFERENT"
        case retracted = "RETRACTED"
    }

    package let id: Identifier
    package let a: Identifier
    package let b: Identifier
    package let decision: Decision
}

/// A row of `person_link` that is yet to be written.
package struct NewPersonLink: Hashable, Sendable {
    package let a: Identifier
    package let aCase: Identifier
    package let b: Identifier
    package let bCase: Identifier
    package let decision: PersonLink.Decision
    package let isVerified: Bool
    package let rationale: String
    package let retracts: Identifier?

    package func insert(into database: Database, now: Int64) throws {
        try database.execute(
            sql: """
                INSERT INTO person_link(a_person_id, a_case_id, b_person_id, b_case_id, decision, confidence, rationale,
                  retracts_id, recorded_for_at, entered_at) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                a.sqlBlob, aCase.sqlBlob, b.sqlBlob, bCase.sqlBlob, decision.rawValue,
                isVerified ? "VERIFIED" : "UNVERIFIED", rationale, retracts?.sqlBlob, now, now,
            ])
    }
}

/// Says that two persons are one woman, or two, and takes it back. Only the hub does; no row is ever changed.
///
/// The same for two rows of one child, each with its own care episodes: both stay, and the child counts once.
package enum PersonLinks {
    /// The decisions that hold, in the order of their ids.
    package static func live(in database: Database) throws -> [PersonLink] {
        try Row.fetchAll(
            database, sql: "SELECT id, a_person_id, b_person_id, decision FROM person_link_live ORDER BY id"
        ).compactMap { row in
            PersonLink.Decision(rawValue: row["decision"]).map {
                PersonLink(
                    id: row.identifier("id"), a: row.identifier("a_person_id"), b: row.identifier("b_person_id"),
                    decision: $0)
            }
        }
    }

    /// The row that decides about two persons, named by their ids or the beginnings of these.
    ///
    /// - Throws: ``Failure``: noInput when there is no such person; badData when it is decided already, contradicts
    ///   what was decided, or links a person to herself; usage for a reason that says too little.
    package static func decide(
        _ left: String, _ right: String, isDifferent: Bool, isVerified: Bool, reason: String, in database: Database
    ) throws -> NewPersonLink {
        let what = isDifferent ? "Keeping the women apart" : "Linking the women"
        let (a, b) = try pair(left, right, what: what, in: database)
        let reason = try TypedText.reason(reason, what)
        let links = try live(in: database)
        let classes = IdentityClasses(links)
        if classes.areSame(a.id, b.id) {
            throw Failure(
                .badData, what: what, why: "they are linked already: directly, or through others",
                remedy: isDifferent ? "Take the link back first, with 'hub person unlink'" : "There is nothing to do")
        }
        if isDifferent, links.contains(where: { $0.decision == .different && joins($0, a.id, b.id) }) {
            throw Failure(
                .badData, what: what, why: "that was decided already", remedy: "There is nothing to do")
        }
        if !isDifferent, classes.areDifferent(a.id, b.id) {
            throw Failure(
                .badData, what: what, why: "it was decided that they, or others linked to them, are two women",
                remedy: "Take that back first, with 'hub person unlink'")
        }
        return NewPersonLink(
            a: a.id, aCase: a.caseID, b: b.id, bCase: b.caseID, decision: isDifferent ? .different : .same,
            isVerified: isVerified, rationale: reason, retracts: nil)
    }

    /// The rows that take back what was decided about two persons, either way.
    ///
    /// - Throws: ``Failure``: noInput when there is no such person; badData when nothing was decided about the two;
    ///   usage for a reason that says too little.
    package static func undo(
        _ left: String, _ right: String, reason: String, in database: Database
    ) throws -> [NewPersonLink] {
        let what = "Taking the link back"
        let (a, b) = try pair(left, right, what: what, in: database)
        let reason = try TypedText.reason(reason, what)
        let links = try live(in: database)
        let between = links.filter { joins($0, a.id, b.id) }
        guard !between.isEmpty else {
            let isIndirect = IdentityClasses(links).areSame(a.id, b.id)
            throw Failure(
                .badData, what: what,
                why: isIndirect ? "they are linked through others only" : "nothing was decided about these two",
                remedy: isIndirect ? "Take back one of the links between them" : "Check the ids")
        }
        return between.map {
            NewPersonLink(
                a: a.id, aCase: a.caseID, b: b.id, bCase: b.caseID, decision: .retracted, isVerified: false,
                rationale: reason, retracts: $0.id)
        }
    }

    private typealias Person = (id: Identifier, caseID: Identifier, table: String)

    private static func joins(_ link: PersonLink, _ a: Identifier, _ b: Identifier) -> Bool {
        (link.a, link.b) == (a, b) || (link.a, link.b) == (b, a)
    }

    /// The lesser id first: a pair has one way to be written.
    private static func pair(
        _ left: String, _ right: String, what: String, in database: Database
    ) throws -> (Person, Person) {
        let a = try person(left, what: what, in: database)
        let b = try person(right, what: what, in: database)
        guard a.id != b.id else {
            throw Failure(
                .badData, what: what, why: "both ids name the same record", remedy: "Give two different persons")
        }
        guard a.table == b.table else {
            throw Failure(
                .badData, what: what, why: "one is a woman and the other a child",
                remedy: "Give two women, or two children")
        }
        return a.id < b.id ? (a, b) : (b, a)
    }

    private static func person(_ text: String, what: String, in database: Database) throws -> Person {
        if CaseReference.hasForm(CaseReference.normalized(text)) {
            return try woman(of: text, what: what, in: database)
        }
        do {
            return try row(text, of: "person", what: what, in: database)
        } catch let failure as Failure where failure.code == .noInput {
            return try row(text, of: "child", what: what, in: database)
        }
    }

    /// The woman of a case, by its reference.
    private static func woman(of reference: String, what: String, in database: Database) throws -> Person {
        let caseID = try Lookup.caseFile(reference, in: database)
        let women = try Row.fetchAll(
            database, sql: "SELECT id FROM person WHERE case_id = ?", arguments: [caseID.sqlBlob])
        guard women.count == 1, let woman = women.first else {
            throw Failure(
                .noInput, what: what, why: "no woman is written down in that case yet",
                remedy: "Give her id, which the list of candidates shows ('hub person candidates')")
        }
        return (woman.identifier("id"), caseID, "person")
    }

    private static func row(_ text: String, of table: String, what: String, in database: Database) throws -> Person {
        let id = try Lookup.row(text, table: table, what: what, in: database)
        let row = try Row.fetchOne(
            database, sql: "SELECT case_id FROM \(table) WHERE id = ?", arguments: [id.sqlBlob])
        return (id, row?.identifier("case_id") ?? .zero, table)
    }
}
