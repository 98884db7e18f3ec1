import ReUniteReplica
import ReUniteSync

/// An organisation that does not exist, in an area that does: who works there, and what homes it has.
package struct InventedPartner: Sendable {
    package let area: String
    let areaName: String
    package let name: String
    let type: String
    /// Prisons whose women it visits, the nearest first.
    let prisons: [String]
    /// Where a homelessness duty is owed; nil where no local authority is on record.
    let authority: String?
    /// How many months before the end of the story it joined; nil: it was there from the beginning.
    let joined: Int?
    /// Staff: manager, support worker, family support worker, children's worker.
    let staff: [Identifier]
    let names: [String]
    /// Homes with their bedrooms.
    let units: [(id: Identifier, bedrooms: Int)]
    let mentors: [Identifier]

    static let roles = ["PARTNER_MANAGER", "SUPPORT_WORKER", "FAMILY_SUPPORT_WORKER", "CHILDRENS_WORKER"]
    /// How many homes each has.
    static let homes = 18

    private typealias Place = (
        area: String, areaName: String, name: String, type: String, prisons: [String], authority: String?, joined: Int?
    )
    private static let places: [Place] = [
        ("SLN", "South London", "Lantern House", "CHILDRENS_CHARITY", ["BZI", "DWI"], "E09000022", nil),
        ("BHM", "Birmingham", "The Weir Project", "WOMENS_CENTRE", ["EWI", "DHI", "PFI"], "E08000025", nil),
        ("GLS", "Gloucestershire", "Sixpenny Women's Centre", "WOMENS_CENTRE", ["EWI"], "E07000081", nil),
        ("GMR", "Greater Manchester", "Millrace Homes", "HOUSING_ASSOCIATION", ["STI"], "E08000003", nil),
        ("SYK", "South Yorkshire", "Copperbeech", "HOMELESS_CHARITY", ["NHI"], "E08000019", nil),
        ("WYK", "West Yorkshire", "Hollin House", "WOMENS_CENTRE", ["NHI", "AGI"], "E08000035", nil),
        ("HUM", "Humberside", "The Saltbox", "HOMELESS_CHARITY", ["AGI", "NHI"], "E06000010", nil),
        ("DBY", "Derby", "Threeways", "WOMENS_CENTRE", ["FHI"], "E06000015", 20),
        ("SRY", "Surrey", "Downland Families", "CHILDRENS_CHARITY", ["SDI", "BZI", "DWI"], "E07000217", 15),
        ("TYN", "Tyneside", "Quayside Together", "PROBATION_PROVIDER", ["LNI"], nil, 9),
    ]

    /// Ten of them.
    static func all(_ chance: inout Chance) -> [InventedPartner] {
        places.map { place in
            InventedPartner(
                area: place.area, areaName: place.areaName, name: place.name, type: place.type, prisons: place.prisons,
                authority: place.authority, joined: place.joined, staff: roles.map { _ in chance.identifier() },
                names: roles.map { _ in "\(chance.pick(InventedNames.women)) \(InventedNames.family(&chance))" },
                units: (0..<homes).map { (chance.identifier(), $0 < homes / 3 ? 1 : $0 < homes * 5 / 6 ? 2 : 3) },
                mentors: (0..<3).map { _ in chance.identifier() })
        }
    }

    /// The first day of its work.
    func start(_ period: ClosedRange<InventedDay>) -> InventedDay {
        joined.map { period.upperBound - $0 * 30 } ?? period.lowerBound
    }
}

/// What a partner writes about itself.
struct InventedOffice {
    let partner: InventedPartner
    let place: Int
    let period: ClosedRange<InventedDay>
    var chance: Chance
    private(set) var writes: [InventedWrite] = []

    init(
        _ partner: InventedPartner, at place: Int, _ period: ClosedRange<InventedDay>, _ around: InventedAround,
        _ chance: Chance
    ) {
        self.partner = partner
        self.place = place
        self.period = period
        self.chance = chance
        write(around)
    }

    mutating func add(_ table: String, on day: InventedDay, id: Identifier? = nil, _ cells: InventedWrite.Cells) {
        let owner = InventedWrite.Cells([("partner_id", InventedPlan.partnerMark)])
        writes.append(
            InventedWrite(
                day: day, partner: place, caseID: nil, id: id ?? chance.identifier(),
                act: .row(table: table, owner + cells)))
    }

    private mutating func write(_ around: InventedAround) {
        let start = partner.start(period)
        for (number, role) in InventedPartner.roles.enumerated() {
            // The network's officer is lent by one partner, for two days a week.
            let isOfficer = partner.area == "WYK" && number == 0
            add(
                "staff_user", on: start, id: partner.staff[number],
                [
                    ("login", "\(partner.area.lowercased())\(number + 1)"), ("display_name", partner.names[number]),
                    ("role", isOfficer ? "NETWORK_OFFICER" : role),
                    ("working_days", isOfficer ? 3 : number == 3 ? 7 : 31), ("based_in", isOfficer ? "Leeds" : nil),
                ])
            add(
                "staff_check", on: start,
                [
                    ("staff_id", partner.staff[number].sqlBlob), ("kind", "DBS"), ("done_on", (start - 40).text),
                    ("expires_on", (start + 1_055).text), ("recorded_for_at", (start - 40).noon),
                    ("entered_at", start.noon),
                ])
        }
        homes(start)
        for mentor in partner.mentors {
            add(
                "volunteer_mentor", on: start, id: mentor,
                [
                    ("name", "\(chance.pick(InventedNames.women)) \(InventedNames.family(&chance))"), ("capacity", 1),
                    ("started_on", start.text),
                ])
        }
        let (grant, legal) = (around.grants[place], around.dropIns[place])
        add(
            "funding_grant", on: start, id: grant,
            [
                ("funder", "An invented trust"), ("purpose", "REVENUE"),
                ("amount_pence", chance.between(60...140) * 100_000), ("from_on", start.text),
            ])
        // Bristling with ends: one contract that opens prisons runs out before the story does.
        add(
            "contract_period", on: start,
            [
                ("type", "GRANT"), ("funder", "An invented trust"), ("inreach_right", 1),
                ("prison", partner.prisons[0]), ("from_on", start.text),
                ("to_on", (period.upperBound + (place == 7 ? -60 : 300)).text),
            ])
        var day = start + chance.between(1...25)
        while day <= period.upperBound {
            add(
                "drop_in_session", on: day,
                [
                    ("kind", "LEGAL_DROP_IN"), ("held_on", day.text), ("attendees", chance.between(2...11)),
                    ("agreement_id", legal.sqlBlob),
                ])
            day = day + 91
        }
        work(around, grant: grant, legal: legal)
    }

    private mutating func homes(_ start: InventedDay) {
        let isHostel = place == 4
        var property = chance.identifier()
        for (number, unit) in partner.units.enumerated() {
            let isNew = isHostel ? number == 0 || number >= 6 : true
            if isNew {
                property = number == 0 ? property : chance.identifier()
                add(
                    "property", on: start, id: property,
                    [
                        ("name", "\(InventedNames.street(&chance))"),
                        ("type", isHostel && number == 0 ? "HOSTEL" : "FAMILY_HOME"),
                        ("postcode", InventedNames.postcode(&chance)), ("near_school", chance.happens(60) ? 1 : 0),
                        ("step_free", chance.happens(20) ? 1 : 0), ("shared", isHostel && number == 0 ? 1 : 0),
                    ])
            }
            add(
                "unit", on: start, id: unit.id,
                [
                    ("property_id", property.sqlBlob),
                    ("ref", "\(partner.area)-\(InventedNames.padded(number + 1, 2))"),
                    ("bedrooms", unit.bedrooms), ("max_children", unit.bedrooms + 1), ("online_from", start.text),
                ])
        }
        // The last home is out of use for some weeks.
        guard let last = partner.units.last else { return }
        let broken = period.upperBound - chance.between(5...40)
        add(
            "void_period", on: broken,
            [
                ("unit_id", last.id.sqlBlob), ("from_on", broken.text), ("to_on", (broken + 60).text),
                ("reason", "MAINTENANCE"), ("recorded_for_at", broken.noon), ("entered_at", broken.noon),
            ])
    }
}
