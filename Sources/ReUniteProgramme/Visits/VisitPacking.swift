package import GRDB
import ReUniteReplica
package import ReUniteSync

/// Picks what a day's visits need out of a replica.
package struct VisitPacking: Hashable, Sendable {
    /// The day in the United Kingdom, `YYYY-MM-DD`.
    package var day: String
    /// Codes in capitals; empty for every prison.
    package var prisons: Set<String>
    /// Only these visits; empty for all.
    package var visits: Set<Identifier>
    /// The device that will open it.
    package var device: Identifier
    /// How long it may be opened, in hours.
    package var hours: Int
    /// Milliseconds since 1970.
    package var now: Int64
    /// Authorisations that do not count here: this device may not record them by itself.
    package var undecided: Set<Identifier>
    /// What a refusal says was tried.
    package var what = "Packing the visits"

    package init(
        day: String, prisons: Set<String> = [], visits: Set<Identifier> = [], device: Identifier,
        hours: Int = VisitPacking.hours, now: Int64,
        undecided: Set<Identifier> = []
    ) {
        self.day = day
        self.prisons = prisons
        self.visits = visits
        self.device = device
        self.hours = hours
        self.now = now
        self.undecided = undecided
    }

    /// How long a bundle may be opened unless somebody says otherwise.
    package static let hours = 48
    /// A week.
    package static let longest = 168

    /// A planned visit that is not in the bundle.
    package struct LeftOut: Hashable, Sendable, Encodable {
        package enum Reason: String, Hashable, Sendable, Encodable {
            /// By video or in the community: no laptop is carried in.
            case notInPrison = "not-in-prison"
            /// The hub knows her to be in another prison.
            case elsewhere = "in-another-prison"
            case notAuthorised = "no-authorisation"
            /// The case, or visits to it, is hidden from this replica.
            case hidden
        }

        package let code: String
        package let prison: String?
        package let why: Reason
    }

    package struct Packed: Hashable, Sendable {
        package let sheet: VisitSheet
        package let leftOut: [LeftOut]
    }

    /// - Throws: ``Failure``: noInput when no visit is planned, notPermitted when none may be carried in, usage when it
    ///   would have expired before a visit.
    package func pack(in database: Database) throws -> Packed {
        let planned = try DayVisit.planned(on: day, prisons: prisons, in: database).filter {
            self.visits.isEmpty || self.visits.contains($0.id)
        }
        guard !planned.isEmpty else {
            throw Failure(
                .noInput, what: what, why: "no visit without an outcome is planned for \(day)",
                remedy: "Check the day and the prison, or sync first")
        }
        var authorised: [String: PrisonAuthorisation] = [:]
        for prison in Set(planned.compactMap(\.prison)) {
            authorised[prison] = try PrisonAuthorisations.valid(
                for: device, at: prison, on: day, leavingOut: undecided, in: database)
        }
        var visits: [VisitSheet.Visit] = []
        var leftOut: [LeftOut] = []
        var reader = VisitReader()
        for visit in planned {
            if let why = reason(visit, isAuthorised: visit.prison.map { authorised[$0] != nil } ?? false) {
                leftOut.append(LeftOut(code: visit.code.description, prison: visit.prison, why: why))
            } else if let packed = try reader.read(visit, in: database) {
                visits.append(packed)
            } else {
                leftOut.append(LeftOut(code: visit.code.description, prison: visit.prison, why: .hidden))
            }
        }
        guard let last = visits.map(\.plannedMs).max() else { throw nothing(leftOut) }
        let expires = now + Int64(hours) * 3_600_000
        guard expires > last else {
            throw Failure(
                .usage, what: what, why: "the bundle would have expired before the last visit",
                remedy: "Pack it later, or let it be opened for longer: 'visit pack --expires'")
        }
        let prisons = try Set(visits.map(\.prison)).sorted().compactMap { code -> VisitSheet.Prison? in
            guard let held = authorised[code] else { return nil }
            return VisitSheet.Prison(
                code: code,
                name: try String.fetchOne(database, sql: "SELECT name FROM prison WHERE code = ?", arguments: [code]),
                authorisation: held.id, governorRef: held.governorRef, deviceSerial: held.deviceSerial,
                mediaSerial: held.mediaSerial, validTo: held.validTo)
        }
        let counts = VisitSheet.Counts(
            women: Set(visits.map(\.woman.caseFile)).count, visits: visits.count, rows: reader.rows.count)
        let sheet = VisitSheet(
            version: VisitSheet.version, day: day, packedMs: now, expiresMs: expires, device: device.description,
            prisons: prisons, counts: counts, visits: visits)
        return Packed(sheet: sheet, leftOut: leftOut)
    }

    private func reason(_ visit: DayVisit, isAuthorised: Bool) -> LeftOut.Reason? {
        if !visit.isInPrison { return .notInPrison }
        if visit.isElsewhere { return .elsewhere }
        return isAuthorised ? nil : .notAuthorised
    }

    private func nothing(_ leftOut: [LeftOut]) -> Failure {
        guard !leftOut.contains(where: { $0.why == .notAuthorised }) else {
            return Failure(
                .notPermitted, what: what, why: "no authorisation for that device is recorded that is valid on the day",
                remedy:
                    "An office records the governor's letter with 'visit authorisation add'; or take forms on paper: 'visit form'"
            )
        }
        let reasons: [(LeftOut.Reason, String)] = [
            (.elsewhere, "the record has her in another prison"),
            (.notInPrison, "it is by video or not in a prison"),
            (.hidden, "it is hidden from this device"),
        ]
        let said = reasons.compactMap { reason, words in
            let count = leftOut.count { $0.why == reason }
            return count == 0 ? nil : count == leftOut.count ? words : "\(words) (\(count))"
        }.joined(separator: ", ")
        return Failure(
            .notPermitted, what: what, why: "none of the visits can be shown inside: \(said)",
            remedy: leftOut.contains { $0.why == .elsewhere }
                ? "Plan the visit anew in another prison, or correct where she is; or take forms on paper: 'visit form'"
                : "Look at the visits, or take forms on paper: 'visit form'")
    }
}
