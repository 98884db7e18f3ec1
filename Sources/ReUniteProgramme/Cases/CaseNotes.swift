package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A note of what happened. Notes are evidence: they are added, never changed.
package struct NewNote: Hashable, Sendable {
    /// A code of `case_note.kind`.
    package var kind: String
    package var subject: String?
    package var body: String
    /// The note that this one puts right, of the same kind of readers: its id or a part of it.
    package var corrects: String?
    /// Whether it is for the partner's own organisation: then nobody else is ever shown it.
    package var isOwn: Bool
    /// When it happened, milliseconds since 1970; nil for now.
    package var recordedFor: Int64?

    package init(
        body: String, kind: String = "CONTACT", subject: String? = nil, corrects: String? = nil,
        recordedFor: Int64? = nil, isOwn: Bool = false
    ) {
        self.body = body
        self.kind = kind
        self.subject = subject
        self.corrects = corrects
        self.recordedFor = recordedFor
        self.isOwn = isOwn
    }
}

package enum CaseNotes {
    /// Adds a note to a case. Returns the note's id.
    @discardableResult
    package static func add(_ note: NewNote, to text: String, in database: Database, now: Int64) throws -> Identifier {
        let what = "Adding the note"
        let id = try Lookup.caseFile(text, in: database)
        try Codes.check(note.kind, list: "case_note.kind", what: what, in: database)
        try checkLength(of: note.body, what)
        try Typed.past(note.recordedFor, now: now, what: what)
        let table = note.isOwn ? "own_note" : "case_note"
        let corrected = try note.corrects.map { try Lookup.row($0, table: table, what: what, in: database) }
        return try database.whole {
            let file = note.isOwn ? try ownFile(of: id, in: database) : nil
            return try database.add(
                table,
                [
                    "case_id": file == nil ? id.sqlBlob : nil, "own_file_id": file?.sqlBlob, "kind": note.kind,
                    "subject": note.subject, "body": note.body, "corrects_id": corrected?.sqlBlob,
                    "recorded_for_at": note.recordedFor ?? now, "entered_at": now,
                ])
        }
    }

    /// How long a note may be, in characters as the table counts them.
    private static let longest = 20_000

    /// - Throws: ``Failure`` (badData) for a note that its table does not take.
    static func checkLength(of text: String?, _ what: String) throws {
        guard let text, text.unicodeScalars.count > longest else { return }
        throw Failure(
            .badData, what: what, why: "the note is longer than 20,000 characters",
            remedy: "Shorten it, or make two of it")
    }

    /// The ids of this partner's own files about a case, the oldest first: a replica holds no other's.
    package static func ownFiles(of id: Identifier, in database: Database) throws -> [Identifier] {
        try Row.fetchAll(
            database, sql: "SELECT id FROM own_file WHERE case_id = ? ORDER BY id", arguments: [id.sqlBlob]
        ).map { $0.identifier("id") }
    }

    /// This partner's own notes about a case, whoever owns it by now.
    static func own(of id: Identifier, codes: [Identifier: String], in database: Database) throws -> [Record] {
        try ownFiles(of: id, in: database).flatMap {
            try Record.fetch("own_note", where: "own_file_id", is: $0, codes: codes, in: database)
        }
    }

    private static func ownFile(of id: Identifier, in database: Database) throws -> Identifier {
        if let file = try ownFiles(of: id, in: database).first { return file }
        return try database.add("own_file", ["case_id": id.sqlBlob])
    }
}
