package import ReUniteHub
package import ReUniteProgramme
package import ReUniteSync

extension Hub {
    /// Gives a case of a partner that has left the network to another one. Its rows stay as they are.
    ///
    /// - Parameters:
    ///   - code: the receiver's.
    ///   - hasAgreed: whether the operator vouches that she agreed to it, whatever she had said before.
    ///   - reason: why to this one, and how she agreed; for the audit log.
    /// - Throws: ``Failure``: see ``CaseGiving/check(_:to:hasAgreed:in:)``; usage when the reason says too little.
    package func give(
        case caseID: Identifier, to code: String, hasAgreed: Bool = false, by person: String, reason: String
    ) throws -> CaseGiving.Sides {
        let what = "Giving the case"
        let why = try TypedText.reason(reason, what)
        let sides = try read(what) { try CaseGiving.check(caseID, to: code, hasAgreed: hasAgreed, in: $0) }
        try change(
            what,
            [(table: "case_file", key: caseID, values: ["owner_partner_id": .blob(sides.receiver.bytes)])],
            noting: [
                .word(.code, "case-give"), .id(.scope, caseID), .id(.partner, sides.receiver), .why(by: person, why),
            ]
        ) { _ in }
        return sides
    }
}
