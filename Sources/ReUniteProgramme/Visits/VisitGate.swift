package import GRDB
package import ReUniteReplica
import ReUniteSync

/// Whether a visit bundle may be read here and now. The keys decide who can open it; this decides for how long and where,
/// for whoever means well: it binds this program and no other.
package enum VisitGate {
    private static let what = "Opening the visit bundle"

    /// The sheet with the visits in one prison.
    ///
    /// - Throws: ``Failure`` (notPermitted) when it has expired, the clock cannot be trusted, the prison is not listed, or
    ///   its authorisation is over or was withdrawn.
    package static func pass(
        _ sheet: VisitSheet, prison text: String, at time: KnownTime, in database: Database
    ) throws -> VisitSheet {
        // Expired for good: the time that was told is remembered, and never goes back.
        guard time.now < sheet.expiresMs else {
            throw refused("it expired at \(CivilTime.londonMinute(milliseconds: sheet.expiresMs))", "Pack it anew")
        }
        guard !time.isPutBack else {
            throw refused(
                "this device's clock was put back since it was last known", "Set the clock; if it is right, sync first")
        }
        guard time.wall >= sheet.packedMs - tolerance else {
            throw refused(
                "this device's clock stands before the time when it was packed", "Set the clock, or sync first")
        }
        let code = text.uppercased()
        guard let prison = sheet.prisons.first(where: { $0.code == code }) else {
            throw refused(
                "it is not for that prison", "It opens for: \(sheet.prisons.map(\.code).joined(separator: ", "))")
        }
        let today = CivilTime.londonDate(milliseconds: time.now)
        // The bundle brings the office's word; where this device knows better, that counts.
        let known = try PrisonAuthorisations.known(prison.authorisation, in: database)
        guard today <= prison.validTo, known?.isValid(on: today) ?? true else {
            throw refused(
                "the governor's authorisation is over or was withdrawn",
                "Leave the laptop outside; print a form with 'visit form'")
        }
        var shown = sheet
        shown.prisons = [prison]
        shown.visits = sheet.visits.filter { $0.prison == code }
        shown.counts.visits = shown.visits.count
        shown.counts.women = Set(shown.visits.map(\.woman.caseFile)).count
        return shown
    }

    /// How much two clocks may differ, in milliseconds.
    private static let tolerance: Int64 = 600_000

    private static func refused(_ why: String, _ remedy: String) -> Failure {
        Failure(.notPermitted, what: what, why: why, remedy: remedy)
    }
}
