import Foundation
import GRDB
package import ReUniteReplica
import ReUniteSync

/// Something that was typed inside about a woman of the day's sheet: written at once where her case is in the replica,
/// else kept sealed until it is.
package struct InsideEntry: Hashable, Sendable, Codable {
    package enum Kind: String, Hashable, Sendable, Codable { case record, note, another }

    package let kind: Kind
    /// The planned visit's id.
    package let visit: String
    package let caseFile: String
    package let prison: String
    /// `YYYY-MM-DD`: the day of the sheet, to which a bare time belongs.
    package let day: String
    /// By the name of the field, as ``InsideWork`` has it.
    package private(set) var typed: [String: String]
    /// True of a form that met the lock and was not saved: nothing writes it but a person. Nil in files of before.
    fileprivate var draft: Bool?

    package init(_ kind: Kind, _ typed: [String: String], _ visit: VisitSheet.Visit, prison: String, day: String) {
        self.kind = kind
        self.visit = visit.id
        caseFile = visit.woman.caseFile
        self.prison = prison
        self.day = day
        // What a form carries for itself stays behind.
        self.typed = typed.filter { $0.key != "form_token" && !$0.value.isEmpty }
    }

    /// Where the entry went.
    package enum Outcome: Hashable, Sendable { case written, kept }

    /// Writes the entry, or keeps it and asks for the case.
    ///
    /// - Throws: ``Failure`` (badData) for what cannot be; nothing is written or kept then.
    package func save(in replica: Replica, now: Int64) throws -> Outcome {
        let facts = try replica.facts()
        try check(in: replica, facts.partner, now)
        if try isCaseHere(replica) {
            try replica.edit(InsideEntry.writing) { try write(in: $0, facts.partner, now) }
            return .written
        }
        try replica.keep(inside: try Array(JSONEncoder().encode(self)))
        try askForCase(replica)
        return .kept
    }

    /// Only an office puts a case on a laptop; the laptop asks once. What is kept is kept either way.
    func askForCase(_ replica: Replica) throws {
        let facts = try replica.facts()
        guard facts.role != "office" else { return }
        let writer = Caseloads.Writer(device: facts.device, partner: facts.partner, isOffice: false)
        _ = try? replica.edit("Asking for the case") {
            try Caseloads.add(caseFile, device: nil, by: writer, in: $0)
        }
    }

    /// Writes what was kept, where the case has come meanwhile: each entry exactly once, also where the machine stops
    /// between writing it and taking its file away. Returns how many entries were written.
    ///
    /// What cannot be read or written stays where it is: nothing that was typed is lost, and ``waiting(_:)`` says it.
    ///
    /// - Parameter removing: takes a file away that has been written; for tests, in which the machine stops before that.
    @discardableResult
    package static func settle(
        _ replica: Replica, now: Int64, removing: (String) -> Void = { DurableFile.remove($0) }
    ) throws -> Int {
        try replica.forgetSettled()
        let partner = try replica.facts().partner
        var written = 0
        for file in replica.keptInside.files {
            guard let entry = try? read(file, replica) else {
                try replica.note(inside: file, why: KeptInside.unreadable)
                continue
            }
            guard try entry.isCaseHere(replica) else {
                try replica.note(inside: file, why: nil)
                continue
            }
            guard !entry.isDraft else {
                try replica.note(inside: file, why: InsideEntry.unsaved)
                continue
            }
            do {
                let isNew = try replica.settle(inside: file, removing: removing, writing) {
                    try entry.write(in: $0, partner, now)
                }
                if isNew { written += 1 }
            } catch let failure as Failure {
                // One that cannot be written keeps neither the others waiting nor the sync from having succeeded.
                if failure.code != .tryLater { try replica.note(inside: file, why: failure.why) }
                continue
            }
        }
        return written
    }

    private static let writing = "Saving what was typed inside"

    /// When the visits took place whose outcome is kept here sealed, by the visit's id: no more of it is told.
    package static func recorded(_ replica: Replica) -> [String: Int64] {
        waiting(replica).reduce(into: [:]) { times, entry in
            guard entry.kind == .record, !entry.isDraft, let at = entry.typed["at"] else { return }
            times[entry.visit] = CivilTime.londonTime(at, on: entry.day)
        }
    }

    /// What still waits, oldest first.
    package static func waiting(_ replica: Replica) -> [InsideEntry] {
        replica.keptInside.files.compactMap { try? read($0, replica) }
    }

    /// An entry whose case is here and that cannot be written as it is.
    package struct Stuck: Hashable, Sendable {
        /// Names it in an address: letters, digits and hyphens.
        package let name: String
        package let entry: InsideEntry
        /// In plain words, without a full stop.
        package let why: String
        fileprivate let file: String
    }

    /// What cannot be written as it is, oldest first. What is of a case that has left since is shown to nobody.
    package static func stuck(_ replica: Replica) throws -> [Stuck] {
        try replica.keptInside.files.compactMap { file in
            guard let why = try replica.why(inside: file), let entry = try? read(file, replica),
                try entry.isCaseHere(replica)
            else { return nil }
            let name = file.split(separator: "/").last.map { String($0.dropLast(".rub".count)) } ?? ""
            return Stuck(name: name, entry: entry, why: why, file: file)
        }
    }

    /// Writes an entry as somebody put it right, in place of what was kept.
    ///
    /// - Throws: ``Failure`` (badData) for what cannot be; it stays as it was kept then.
    package static func settle(_ stuck: Stuck, as typed: [String: String], in replica: Replica, now: Int64) throws {
        let partner = try replica.facts().partner
        var entry = stuck.entry
        entry.typed = typed.filter { !$0.value.isEmpty }
        try entry.check(in: replica, partner, now)
        _ = try replica.settle(inside: stuck.file, writing) { try entry.write(in: $0, partner, now) }
    }

    /// Lets an entry go that nobody wants.
    package static func letGo(_ stuck: Stuck, in replica: Replica) throws { try replica.letGo(inside: stuck.file) }

    private func check(in replica: Replica, _ partner: Identifier, _ now: Int64) throws {
        try replica.read("Checking what was typed") {
            try InsideWork(sheet, partner: partner, now: now).check(kind, typed, in: $0)
        }
    }

    static func read(_ file: String, _ replica: Replica) throws -> InsideEntry {
        try JSONDecoder().decode(InsideEntry.self, from: Data(try replica.kept(inside: file)))
    }

    func isCaseHere(_ replica: Replica) throws -> Bool {
        guard let id = Identifier(caseFile) else { return false }
        return try replica.read("Looking for the case") {
            try Bool.fetchOne(
                $0, sql: "SELECT EXISTS (SELECT 1 FROM case_file WHERE id = ?)", arguments: [id.sqlBlob]) ?? false
        }
    }

    private func write(in database: Database, _ partner: Identifier, _ now: Int64) throws {
        let work = InsideWork(sheet, partner: partner, now: now)
        guard let visit = sheet.visits.first else { return }
        switch kind {
        case .record: _ = try work.record(typed, visit, in: database)
        case .note: try work.note(typed, visit, in: database)
        case .another: try work.another(typed, visit, prison: prison, in: database)
        }
    }

    /// As much of the day's sheet as writing needs.
    private var sheet: VisitSheet {
        VisitSheet(
            version: VisitSheet.version, day: day, packedMs: 0, expiresMs: 0, device: "", prisons: [],
            counts: .init(women: 1, visits: 1, rows: 0),
            visits: [
                .init(
                    id: visit, code: "", prison: prison, type: "IN_REACH", plannedMs: 0,
                    woman: .init(caseFile: caseFile))
            ])
    }
}

/// A form that met the lock: what was typed into it lies sealed beside what was saved, for the machine may stop before
/// somebody saves it.
extension InsideEntry {
    /// Why nothing writes it by itself, without a full stop.
    static let unsaved = "it was typed while the pages locked, and nobody has saved it"

    package var isDraft: Bool { draft == true }

    /// Seals the form as it stands, and asks for the case where it is not here. Returns the file.
    package func keepDraft(in replica: Replica) throws -> String {
        var entry = self
        entry.draft = true
        let file = try replica.keep(inside: try Array(JSONEncoder().encode(entry)))
        if try isCaseHere(replica) {
            try replica.note(inside: file, why: InsideEntry.unsaved)
        } else {
            try askForCase(replica)
        }
        return file
    }

    /// The forms that are sealed and not saved, oldest first, each with its file.
    package static func drafts(_ replica: Replica) -> [(file: String, entry: InsideEntry)] {
        replica.keptInside.files.compactMap { file in
            guard let entry = try? read(file, replica), entry.isDraft else { return nil }
            return (file, entry)
        }
    }
}
