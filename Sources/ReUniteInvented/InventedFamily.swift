import Foundation
import GRDB
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// One family's time with the programme, from the first letter to the last.
struct InventedFamily {
    let woman: InventedWoman
    let place: Int
    let partners: [InventedPartner]
    let period: ClosedRange<InventedDay>
    var chance: Chance
    var writes: [InventedWrite] = []

    // MARK: When what happens

    let opened: InventedDay
    var assessed: InventedDay { opened + 12 }
    /// Of the release from prison.
    let released: InventedDay
    /// She goes to another area.
    let moves: Bool
    let receiver: Int
    var home: Int { moves ? receiver : place }
    var arrives: InventedDay?
    var unit: Identifier?
    var leaves: InventedDay?
    /// A mentor for five weeks, from that day on.
    var mentor: (id: Identifier, from: InventedDay)?
    /// One of twelve places of the fast track to mental health, while she lives in a home.
    var service: (place: Int, days: ClosedRange<InventedDay>)?
    var closed: InventedDay?
    var closeReason = "COMPLETED"
    /// Contact broke off then.
    var lost: InventedDay?
    var last: InventedDay { period.upperBound }
    let prison: String
    let children: Int
    /// Those that are on record.
    var known: [Identifier] = []
    /// On what terms she came out.
    var releaseType = "CRD_LICENCE"

    init(
        _ woman: InventedWoman, of place: Int, partners: [InventedPartner], _ period: ClosedRange<InventedDay>,
        _ homes: inout InventedHomes, _ numbers: inout [String: Int], _ given: Chance,
        _ around: InventedAround
    ) {
        var chance = given
        self.woman = woman
        self.place = place
        self.partners = partners
        self.period = period
        let start = partners[place].start(period)
        let span = period.upperBound.number - start.number
        // Some were on the books already when the story begins.
        let earliest = start == period.lowerBound ? -300 : 0
        opened = start + chance.between(earliest...max(20, span - 30))
        let wait = chance.pick([chance.between(60...150): 55, chance.between(151...300): 45])
        moves = chance.happens(20) && start == period.lowerBound && opened >= start
        // A referral to another area takes its time, and begins in time.
        released = opened + (moves ? max(wait, 110) : wait)
        // Only to partners that were there from the beginning.
        receiver = (place + chance.between(1...6)) % 7
        prison = chance.pick(partners[place].prisons)
        children = chance.pick([1: 42, 2: 33, 3: 17, 4: 8])
        self.chance = chance
        live(&homes)
        let area = partners[place].area
        let year = Int(opened.text.dropFirst(2).prefix(2)) ?? 0
        numbers["\(area)\(year)", default: 0] += 1
        let number = numbers["\(area)\(year)"] ?? 1
        let reference = CaseReference(area: area, year: year, number: number)?.description
        write(reference: reference)
        self.around(around)
    }

    /// Decides what becomes of her.
    private mutating func live(_ homes: inout InventedHomes) {
        if chance.happens(5) { lost = opened + chance.between(60...400) }
        if chance.happens(88) {
            let arrival = released + chance.pick([0: 52, chance.between(1...14): 22, chance.between(15...70): 26])
            let stay = chance.pick([
                chance.between(180...330): 35, chance.between(331...420): 45, chance.between(421...650): 20,
            ])
            unit = homes.take(arrival...arrival + stay, of: home, bedrooms: min(3, (children + 1) / 2))
            arrives = arrival
            leaves = arrival + stay
        }
        if let lost {
            let end = lost + 90
            closed = end
            closeReason = "NOT_ENGAGED"
            if let arrives, arrives + 10 > end { (self.arrives, leaves, unit) = (nil, nil, nil) }
            leaves = leaves.map { min($0, end) }
            return
        }
        if let arrives, let leaves {
            let day = arrives + chance.between(15...60)
            if chance.happens(70), day + 45 < leaves, let id = homes.mentor(day...day + 35, of: home) {
                mentor = (id, day)
            }
            if place == InventedAround.fastTracked, !moves, unit != nil {
                let days = arrives + 5...arrives + 65
                service = homes.service(days).map { ($0, days) }
            }
            closed = leaves + chance.between(20...80)
            closeReason = chance.pick(["COMPLETED": 90, "MOVED_OUT_OF_AREA": 4, "RETURNED_TO_CUSTODY": 3, "OTHER": 3])
        } else if chance.happens(30) {
            closed = released + chance.between(60...200)
            closeReason = "NEEDS_MET_ELSEWHERE"
        }
    }

    // MARK: Writing

    /// Whether it has happened by the end of the story.
    func isPast(_ day: InventedDay?) -> Bool { day.map { $0 <= last } ?? false }

    /// A row of the case. Nothing that would be typed after the end.
    @discardableResult
    mutating func add(
        _ table: String, on day: InventedDay, id: Identifier? = nil, lag: Int = 0, _ cells: InventedWrite.Cells
    ) -> Identifier {
        let id = id ?? chance.identifier()
        let typed = day + lag
        guard typed <= last else { return id }
        let dated =
            InventedFamily.evidence.contains(table)
            ? cells + [("recorded_for_at", day.noon), ("entered_at", typed.noon + 7_200_000)] : cells
        let own = InventedWrite.Cells([("case_id", woman.caseID.sqlBlob)])
        writes.append(
            InventedWrite(
                day: typed, partner: place, caseID: woman.caseID, id: id, act: .row(table: table, own + dated)))
        return id
    }

    mutating func change(_ table: String, _ id: Identifier, on day: InventedDay, _ cells: InventedWrite.Cells) {
        guard day <= last else { return }
        writes.append(
            InventedWrite(day: day, partner: place, caseID: woman.caseID, id: id, act: .change(table: table, cells)))
    }

    /// Tables that say both when it happened and when it was typed.
    static let evidence: Set<String> = [
        "consent", "case_note", "case_assignment", "person_identifier", "contact_session", "engagement_event",
        "occupancy_event", "tenancy_check", "progress_reading", "outcome_event", "mentor_session",
    ]

    private mutating func write(reference: String?) {
        writes.append(
            InventedWrite(
                day: opened, partner: place, caseID: woman.caseID, id: woman.caseID,
                act: .row(
                    table: "case_file",
                    [("ref", reference), ("owner_partner_id", InventedPlan.partnerMark), ("opened_on", opened.text)])))
        identity()
        custody()
        phases()
        consents()
        needs()
        contacts()
        housing()
        outcomes()
        for number in 0..<children { child(number) }
        guard opened >= period.lowerBound else { return }
        if moves { referral() } else if chance.happens(8) { refusedReferral() }
    }
}
