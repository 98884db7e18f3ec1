import GRDB
import ReUniteReplica
import ReUniteSync

@testable import ReUniteProgramme

extension Network {
    static let laptop = Identifier(high: 9, low: 1)

    /// A visit in Bronzefield.
    func visit(of summary: CaseSummary, at time: Int64, prison: String? = "BZI", type: String = "IN_REACH") throws
        -> Identifier
    {
        try edit { database in
            let row = try Row.fetchOne(
                database,
                sql: "INSERT INTO visit(case_id, type, prison, planned_at) VALUES(?, ?, ?, ?) RETURNING id",
                arguments: [Identifier(summary.id)?.sqlBlob, type, prison, time])
            return row?.identifier("id") ?? .zero
        }
    }

    /// A governor's authorisation for the laptop.
    @discardableResult
    func authorise(_ prison: String = "BZI", until day: String = "2026-12-31") throws -> PrisonAuthorisation {
        try edit {
            try PrisonAuthorisations.add(
                .init(prison: prison, governorRef: "G-17", deviceSerial: "PF3X91", validTo: day),
                device: Network.laptop, of: Network.surrey, today: "2026-11-21", in: $0)
        }
    }

    func pack(_ day: String = "2026-11-22", hours: Int = 48, undecided: Set<Identifier> = []) throws
        -> VisitPacking.Packed
    {
        try edit {
            try VisitPacking(
                day: day, device: Network.laptop, hours: hours, now: Network.noon, undecided: undecided
            ).pack(in: $0)
        }
    }
}
