package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A note of what happened. Notes are evidence: they are added, never changed.
package struct NewNote: Hashable, Sendable {
    /// A code of `case_note.kind`.
    package var kind: String
    package var subject: String?
    package var body: String
    /// The note that this one puts right: its id or a part of it.
    package var corrects: String?
    /// When it happened, milliseconds since 1970; nil for now.
    package var recordedFor: Int64?

    package init(
        body: String, kind: String = "CONTACT", subject: String? = nil, corrects: String? = nil,
        recordedFor: Int64? = nil
    ) {
        self.body = body
        self.kind = kind
        self.subject = subject
        self.corrects = corrects
        self.recordedFor = recordedFor
    }
}

package enum CaseNotes {
    /// Adds a note to a case. Returns the note's id.
    @discardableResult
    package static func add(_ note: NewNote, to text: String, in database: Database, now: Int64) throws -> Identifier {
        let what = "Adding the note"
        let id = try Lookup.caseFile(text, in: database)
        try Codes.check(note.kind, list: "case_note.kind", what: what, in: database)
        try Typed.past(note.recordedFor, now: now, what: what)
        let corrected = try note.corrects.map { try Lookup.row($0, table: "case_note", what: what, in: database) }
        return try database.add(
            "case_note",
            [
                "case_id": id.sqlBlob, "kind": note.kind, "subject": note.subject, "body": note.body,
                "corrects_id": corrected?.sqlBlob, "recorded_for_at": note.recordedFor ?? now, "entered_at": now,
            ])
    }
}
