package import ReUniteHub
import ReUniteProgramme
package import ReUniteSync

/// Deciding about an edit of the quarantine, and telling its author why: the functions behind the console and the commands.
extension Hub {
    /// Has an edit applied after all (``release(quarantined:by:reason:signedIn:telling:)``).
    ///
    /// - Returns: what came of it, and why its author is not told the reason; nil where it is.
    package func releaseTelling(
        _ id: String, by person: String, reason: String, signedIn: Identifier? = nil
    ) throws -> (released: ReleasedEdit, untold: String?) {
        let (ops, untold) = try telling(reason, about: id, isReleased: true)
        let released = try release(quarantined: id, by: person, reason: reason, signedIn: signedIn, telling: ops)
        return (released, untold)
    }

    /// Refuses an edit for good (``refuse(quarantined:by:reason:signedIn:telling:)``).
    ///
    /// - Returns: its id, and why its author is not told the reason; nil where it is.
    package func refuseTelling(
        _ id: String, by person: String, reason: String, signedIn: Identifier? = nil
    ) throws -> (id: String, untold: String?) {
        let (ops, untold) = try telling(reason, about: id, isReleased: false)
        let found = try refuse(quarantined: id, by: person, reason: reason, signedIn: signedIn, telling: ops)
        return (found, untold)
    }

    private func telling(_ reason: String, about id: String, isReleased: Bool) throws -> (ops: [Op], untold: String?) {
        let detail = try quarantined(id)
        guard let name = detail.name else { return ([], "nothing of it can be read") }
        let edit = DecidedEdit(
            name: name, partner: detail.edit.partner, scope: detail.about, table: detail.edit.table,
            typed: detail.value, standing: detail.current, isWithheld: detail.isWithheld)
        let what = "Telling the author"
        let caseID = try read(what) { try EditDecisions.caseFile(of: edit, in: $0) }
        let open = try edit.scope.map { try grants(on: $0) } ?? []
        let onCase = try caseID.map { try grants(on: $0) } ?? []
        let telling = try read(what) {
            try EditDecisions.prepare(
                TypedText.trimmed(reason), isReleased: isReleased, about: edit,
                reads: Set(open.filter { $0.isOpen && $0.partner == edit.partner }.flatMap(\.reads)),
                holds: onCase.contains { $0.isOpen && $0.partner == edit.partner && !$0.reads.isEmpty }, in: $0)
        }
        switch telling {
        case .untold(let why): return ([], why)
        case .told(let row): return (try ops { try row.insert(into: $0, now: $1) }, nil)
        }
    }
}
