import Foundation
import ReUniteProgramme
package import ReUniteSync

/// A network that does not exist: ten areas, forty staff, some hundred families, two years of what happened to them, in
/// the order in which it is written down. The same seed and day make the same plan, ids included.
///
/// No person in it is a real one. Names are put together from parts; numbers are of ranges that are not issued
/// (``InventedNames``). How often what happens follows the figures that the programme and national statistics name.
package struct InventedPlan: Sendable {
    package let partners: [InventedPartner]
    package let period: ClosedRange<InventedDay>
    /// By day.
    package let writes: [InventedWrite]
    package let families: Int
    /// Pairs of cases that are one woman's, written by two partners that do not know of each other.
    package let twice: [(Identifier, Identifier)]
    package let around: InventedAround

    /// Stands for the id of whoever writes, which the hub gives.
    static let partnerMark = Data("partner".utf8)
    /// Stands for another partner's.
    static func mark(of place: Int) -> Data { Data([UInt8(place)]) }

    /// - Parameters:
    ///   - families: how many, 10 to 5,000.
    ///   - last: the last day of the story.
    package init(seed: UInt64, families: Int = 600, until last: InventedDay) {
        var chance = Chance(seed: seed)
        let partners = InventedPartner.all(&chance)
        let period = last - 730...last
        // By a chance of its own, so that whatever is added here changes no family.
        var other = Chance(seed: ~seed)
        let around = InventedAround(period, partners: partners.count, &other)
        var writes: [InventedWrite] = []
        for (place, partner) in partners.enumerated() {
            writes += InventedOffice(partner, at: place, period, around, chance.part()).writes
        }
        var homes = InventedHomes(partners)
        var women: [InventedWoman] = []
        var numbers: [String: Int] = [:]
        var twice: [(Identifier, Identifier)] = []
        for number in 0..<families {
            let place = number % partners.count
            var own = chance.part()
            // One in a hundred is on record with another partner as well, typed by somebody else.
            let again = number >= 100 && number % 100 == 7 ? women[number - 98] : nil
            let woman = again.map { InventedWoman(again: $0, &own) } ?? InventedWoman(&own, until: last)
            women.append(woman)
            if let again { twice.append((again.caseID, woman.caseID)) }
            let family = InventedFamily(
                woman, of: place, partners: partners, period, &homes, &numbers, own, around)
            writes += family.writes + family.beside(&other)
        }
        self.around = around
        self.partners = partners
        self.period = period
        self.families = families
        self.twice = twice
        // What is written on one day stays in the order in which it was thought of.
        self.writes = writes.enumerated().sorted { ($0.element.day, $0.offset) < ($1.element.day, $1.offset) }
            .map(\.element)
    }
}

/// Which home is taken from when to when, and which mentor.
struct InventedHomes {
    /// A stay as it was, and until when it was booked.
    private struct Stay {
        let days: ClosedRange<InventedDay>
        let booked: InventedDay

        /// Whether somebody who comes later could not be promised the home half a year before: it is booked by then, and
        /// who lives there has not left early and been gone for three weeks.
        func isInTheWay(of later: Stay) -> Bool {
            later.days.lowerBound - 45 <= max(booked, days.upperBound)
                && later.days.lowerBound - 201 <= days.upperBound
        }
    }

    private var taken: [[[Stay]]]
    /// By number, the days in which a place of the fast track is taken.
    private var fastTrack = [[ClosedRange<InventedDay>]](repeating: [], count: 12)
    private var mentoring: [Identifier: [ClosedRange<InventedDay>]] = [:]
    private let partners: [InventedPartner]

    init(_ partners: [InventedPartner]) {
        self.partners = partners
        taken = partners.map { $0.units.map { _ in [] } }
    }

    /// A mentor who has nobody else in these days, if there is one.
    mutating func mentor(_ days: ClosedRange<InventedDay>, of place: Int) -> Identifier? {
        let free = partners[place].mentors.first { mentor in
            !mentoring[mentor, default: []].contains { $0.overlaps(days) }
        }
        if let free { mentoring[free, default: []].append(days) }
        return free
    }

    /// A place of the fast track that is free in these days, if there is one.
    mutating func service(_ days: ClosedRange<InventedDay>) -> Int? {
        let free = fastTrack.firstIndex { taken in !taken.contains { $0.overlaps(days) } }
        if let free { fastTrack[free].append(days) }
        return free
    }

    /// Until when a stay is booked that lasts so many days in the end.
    static func booked(_ days: ClosedRange<InventedDay>) -> InventedDay {
        days.lowerBound + (days.upperBound.number - days.lowerBound.number > 365 ? 730 : 365)
    }

    /// A home that is free for all of these days, as far as bookings tell when she asks, if there is one.
    mutating func take(_ days: ClosedRange<InventedDay>, of place: Int, bedrooms: Int) -> Identifier? {
        let stay = Stay(days: days, booked: InventedHomes.booked(days))
        // The last home of each is kept for what goes wrong with homes.
        for (number, unit) in partners[place].units.dropLast().enumerated()
        where unit.bedrooms >= bedrooms
            && !taken[place][number].contains(where: { other in
                let isLater = other.days.lowerBound > days.lowerBound
                return isLater ? stay.isInTheWay(of: other) : other.isInTheWay(of: stay)
            })
        {
            taken[place][number].append(stay)
            return unit.id
        }
        return nil
    }
}
