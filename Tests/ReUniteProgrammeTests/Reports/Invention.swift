import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport

@testable import ReUniteProgramme

/// Cases with everything that is counted, at random: also what must not count.
struct Invention {
    private let database: Database
    private var generator: SeededGenerator
    /// Whether some women have two cases, in two areas.
    private let isLinked: Bool

    init(_ database: Database, seed: UInt64, isLinked: Bool = true) {
        self.database = database
        self.isLinked = isLinked
        generator = SeededGenerator(seed: seed)
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }

    private mutating func pick(_ choices: [String?]) -> String? {
        choices[Int.random(in: 0..<choices.count, using: &generator)]
    }

    private mutating func day(_ years: ClosedRange<Int>) -> String {
        let numbers = [Int.random(in: 1...12, using: &generator), Int.random(in: 1...31, using: &generator)]
        let text =
            "\(Int.random(in: years, using: &generator))-"
            + numbers.map { ($0 < 10 ? "0" : "") + "\($0)" }.joined(separator: "-")
        return CivilTime.isDate(text) ? text : String(text.dropLast(2)) + "28"
    }

    private mutating func days(after day: String, _ range: ClosedRange<Int>) -> String {
        let later = Int64(Int.random(in: range, using: &generator)) * CivilTime.millisecondsInDay
        return CivilTime.londonDate(milliseconds: CivilTime.londonInstant(date: day, minutes: 12 * 60) + later)
    }

    /// Some time of a day in London: often near midnight, where UTC has another day.
    private mutating func moment(_ day: String) -> Int64 {
        CivilTime.londonInstant(date: day, minutes: chance(50) ? 12 * 60 : chance(50) ? 20 : 24 * 60 - 20)
    }

    mutating func write(cases: Int, from first: Int = 0) throws {
        var before: (person: Identifier, caseID: Identifier)?
        for number in first..<first + cases {
            let partner = [Network.surrey, Network.gloucestershire, Network.derby][number % 3]
            let reason = pick([nil, nil, "COMPLETED", "DIED", "MISTAKEN_OR_DUPLICATE", "NOT_ENGAGED"])
            let id = try database.add(
                "case_file",
                [
                    "ref": "T\(number)", "owner_partner_id": partner.sqlBlob, "opened_on": day(2022...2025),
                    "phase": pick(["ENQUIRY", "ASSESSED", "PRE_RELEASE", "RELEASED", "HOUSED", "CLOSED"]),
                    "close_reason": reason,
                    "closed_on": reason.map { _ in day(2024...2026) },
                ])
            let key = id.sqlBlob
            let person = try database.add("person", ["case_id": key, "known_as": "Woman \(number)"])
            if let other = before, isLinked, chance(10) {
                _ = try database.add(
                    "person_link",
                    [
                        "a_person_id": person.sqlBlob, "a_case_id": key, "b_person_id": other.person.sqlBlob,
                        "b_case_id": other.caseID.sqlBlob, "decision": "SAME", "rationale": "One number",
                    ])
            }
            before = (person, id)
            try custody(key)
            try events(key)
            try homes(key)
            try child(key)
            try referral(key, from: number % 3)
        }
    }

    private mutating func custody(_ key: Data) throws {
        let dates = [day(2023...2026), day(2023...2026)]
        var released = dates[0]
        for place in 0..<Int.random(in: 0...2, using: &generator) {
            released = dates[place]
            _ = try database.add(
                "custody_episode",
                [
                    "case_id": key, "release_date": chance(90) ? released : nil, "confirmed": chance(30) ? 1 : 0,
                    "received_on": chance(30) ? days(after: released, -300...80) : nil,
                    "release_type": pick([nil, "CRD_LICENCE", "PAROLE", "ROTL", "TIME_SERVED", "HDC", "REMAND", "PSS"]),
                ])
        }
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            let start = day(2020...2024)
            _ = try database.add(
                "sentence",
                [
                    "case_id": key, "type": "DETERMINATE", "start_on": chance(80) ? start : nil,
                    "length_band": pick([nil, "LT12M", "LT12M", "12M_4Y"]),
                    "expiry_on": chance(50) ? days(after: start, 0...1_500) : nil,
                ])
        }
        for at in [0, 3, 3] where chance(60) {
            let checked = chance(70) ? days(after: released, at == 0 ? -2...40 : 50...150) : day(2023...2026)
            _ = try database.add(
                "tenancy_check",
                [
                    "case_id": key, "counted_from": "RELEASE", "at_months": at, "checked_on": checked,
                    "type": pick([nil, "A01C", "A08A", "A07A", "A12", "HMP"]),
                ])
        }
    }

    private mutating func events(_ key: Data) throws {
        for kind in ["REOFFENCE", "RECALL", "BREACH", "DIED"] where chance(kind == "DIED" ? 4 : 45) {
            let proven = chance(70)
            let id = try database.add(
                "outcome_event",
                [
                    "case_id": key, "kind": kind, "occurred_on": day(2023...2026),
                    "source": ["PROBATION", "SELF_REPORT", "PNC", "COURT"][Int(key.first ?? 0) % 4],
                    "proven_on": proven ? day(2023...2026) : nil,
                    "disposal": proven ? pick(["CONVICTION", "CAUTION", "NOT_PROCEEDED_WITH"]) : nil,
                ])
            guard chance(15) else { continue }
            _ = try database.add(
                "outcome_event",
                [
                    "case_id": key, "kind": "BREACH", "occurred_on": day(2023...2026), "source": "COURT",
                    "corrects_id": id.sqlBlob,
                ])
        }
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            _ = try database.add(
                "engagement_event",
                [
                    "case_id": key, "kind": pick(["ATTENDED", "ATTENDED", "FAILED_ATTEMPT"]),
                    "recorded_for_at": moment(chance(50) ? "2026-09-\(chance(50) ? "12" : "28")" : day(2024...2026)),
                ])
        }
        if chance(50) {
            _ = try database.add(
                "move_on",
                [
                    "case_id": key, "moved_on": day(2024...2026), "planned": chance(70) ? (chance(70) ? 1 : 0) : nil,
                    "category": pick([nil, "A01C", "DECEASED", "PENDING"]),
                    "ete_status": pick(["EDUCATION", "EMPLOYED", "SELF_EMPLOYED", "NONE", "VOLUNTEERING", "UNKNOWN"]),
                ])
        }
    }

    private mutating func homes(_ key: Data) throws {
        guard chance(60) else { return }
        let status = pick(["ARRIVED", "DEPARTED", "REQUESTED", "CANCELLED"])
        let arrived = day(2023...2025)
        _ = try database.add(
            "occupancy",
            [
                "case_id": key,
                "unit_id": Identifier(high: 9, low: UInt64.random(in: 1...9_999, using: &generator)).sqlBlob,
                "arrive_on": arrived, "depart_on": "2027-01-01", "status": status,
            ])
        for at in [6, 12] where chance(60) {
            let checked = chance(70) ? days(after: arrived, (at * 30 - 40)...(at * 30 + 60)) : day(2024...2026)
            _ = try database.add(
                "tenancy_check",
                [
                    "case_id": key, "counted_from": "MOVE_IN", "at_months": at, "checked_on": checked,
                    "sustained": chance(80) ? (chance(70) ? 1 : 0) : nil,
                    "gap_days": chance(30) ? (chance(50) ? 0 : 9) : nil,
                ])
        }
    }

    private mutating func child(_ key: Data) throws {
        guard chance(60) else { return }
        let child = try database.add("child", ["case_id": key, "first_name": "Child"])
        _ = try database.add(
            "contact_plan", ["case_id": key, "child_id": child.sqlBlob, "return_planned": chance(70) ? 1 : nil])
        for _ in 0..<Int.random(in: 0...2, using: &generator) {
            _ = try database.add(
                "contact_session",
                [
                    "case_id": key, "child_id": child.sqlBlob, "kind": "CRECHE",
                    "attended": pick(["YES", "LATE", "NO"]),
                    "recorded_for_at": moment(pick(["2026-09-02", "2026-09-03", "2026-09-30", "2026-10-01"]) ?? ""),
                ])
        }
        if chance(50) {
            _ = try database.add(
                "child_care_episode",
                [
                    "case_id": key, "child_id": child.sqlBlob, "from_on": day(2022...2024), "to_on": day(2024...2026),
                    "legal_status": pick(["C1", "V2", "NONE"]), "end_reason": pick(["E4A", "E4A", nil]),
                ])
        }
        for kind in ["CHILD_RETURNED", "CHILD_RE_REMOVED"] where chance(kind == "CHILD_RETURNED" ? 70 : 25) {
            _ = try database.add(
                "outcome_event",
                [
                    "case_id": key, "child_id": child.sqlBlob, "kind": kind, "occurred_on": day(2024...2026),
                    "source": "CHILDRENS_SERVICES",
                ])
        }
    }

    private mutating func referral(_ key: Data, from place: Int) throws {
        guard chance(40) else { return }
        let partners = [(Network.surrey, "SRY"), (Network.gloucestershire, "GLS"), (Network.derby, "DBY")]
        let (from, to) = (partners[place], partners[(place + 1) % 3])
        let id = try database.add(
            "referral",
            [
                "case_id": key, "from_partner_id": from.0.sqlBlob, "to_partner_id": to.0.sqlBlob, "from_area": from.1,
                "to_area": chance(80) ? to.1 : from.1,
                "decline_reason": pick([nil, "NO_HOME_IN_AREA", "NO_HOME_OF_SUITABLE_SIZE", "NRPF"]),
            ])
        for state in ["SENT", "SENT", chance(50) ? "ACCEPTED" : "DECLINED"] where chance(80) {
            _ = try database.add(
                "referral_event",
                ["referral_id": id.sqlBlob, "to_state": state, "recorded_for_at": moment(day(2024...2026))])
        }
    }
}
