import Foundation
package import GRDB
import ReUniteReplica
import ReUniteSync

/// What a pound brings back: what studies say, as they say it; and, apart from that, what can be worked out from
/// quantities and prices that all name their source.
///
/// Worked out is: the present value of the benefits for each pound spent. A line's benefit in year t (from 0) is
/// units × price × (1 − deadweight) × attribution × left^t ÷ (1 + discount)^t, summed over the years of the horizon.
package struct SocialReturn: Sendable, Encodable {
    /// What a study printed. Nothing is worked out again.
    package struct Study: Hashable, Sendable, Encodable {
        package let study: String
        package let years: Int
        package let pencePerPound: Int
        package let source: String
        package let note: String
    }

    package struct Benefit: Hashable, Sendable, Encodable {
        package let category: String
        package let unit: String
        package let units: Int
        package let pricePence: Int
        package let source: String
        /// Present value by horizon in years; pence.
        package let valuePence: [Int: Int]
    }

    package struct Own: Hashable, Sendable, Encodable {
        package let study: String
        package let spentPence: Int
        package let discountPerMille: Int
        package let benefits: [Benefit]
        /// Lines that lack a quantity, a price, a share or a source: not counted.
        package let leftOut: [String]
        /// For each pound spent, by horizon in years; pence. Empty where nothing can be counted.
        package let pencePerPound: [Int: Int]
    }

    package let studies: [Study]
    package let own: Own?

    /// - Parameters:
    ///   - study: whose lines are to be worked out; nil for none.
    ///   - spentPence: what was put in; nil for all spending that this file knows of, up to a day.
    ///   - day: `YYYY-MM-DD`.
    /// - Throws: ``Failure`` (noInput) for a study that has no line.
    package init(
        workingOut study: String? = nil, spentPence: Int? = nil, asAt day: String, discountPerMille: Int = 35,
        in database: Database
    ) throws {
        studies = try Row.fetchAll(
            database, sql: "SELECT * FROM sroi_run ORDER BY study, horizon_years, id"
        ).map {
            Study(
                study: $0["study"], years: $0["horizon_years"], pencePerPound: $0["ratio_pence"], source: $0["source"],
                note: $0["note"])
        }
        own = try study.map {
            try SocialReturn.check($0, in: database)
            let spent = try spentPence ?? SocialReturn.spent(asAt: day, in: database)
            return try SocialReturn.own($0, spentPence: spent, discountPerMille, in: database)
        }
    }

    private static func check(_ study: String, in database: Database) throws {
        let names = try String.fetchAll(database, sql: "SELECT DISTINCT study FROM sroi_line ORDER BY study")
        guard !names.contains(study) else { return }
        throw Failure(
            .noInput, what: "Working out what a pound brings back", why: "there is no line of a study of that name",
            remedy: names.isEmpty
                ? "Write its lines into 'sroi_line' first" : "Use one of \(names.joined(separator: ", "))")
    }

    private static func spent(asAt day: String, in database: Database) throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT coalesce(sum(s.amount_pence), 0) FROM funding_spend s
                WHERE s.spent_on <= ? AND NOT EXISTS (SELECT 1 FROM funding_spend c WHERE c.corrects_id = s.id)
                """, arguments: [day]) ?? 0
    }

    static let horizons = [1, 10]

    private static func own(
        _ study: String, spentPence: Int, _ discount: Int, in database: Database
    ) throws -> Own {
        var benefits: [Benefit] = []
        var leftOut: [String] = []
        for row in try Row.fetchAll(
            database, sql: "SELECT * FROM sroi_line WHERE study = ? ORDER BY category, id", arguments: [study])
        {
            let label = "\(row["category"] as String): \(row["unit"] as String)"
            guard let units = row["units"] as Int?, let price = row["proxy_pence"] as Int?,
                let source = row["proxy_source"] as String?, !source.isEmpty,
                let deadweight = row["deadweight_per_mille"] as Int?,
                let attribution = row["attribution_per_mille"] as Int?, let left = row["drop_off_per_mille"] as Int?
            else {
                leftOut.append(label)
                continue
            }
            let first = Double(units) * Double(price) * Double(1_000 - deadweight) / 1_000 * Double(attribution) / 1_000
            let yearly = Double(left) / 1_000 / (1 + Double(discount) / 1_000)
            let values = horizons.map { years in
                (years, Int((0..<years).reduce(0.0) { $0 + first * pow(yearly, Double($1)) }.rounded()))
            }
            benefits.append(
                Benefit(
                    category: row["category"], unit: row["unit"], units: units, pricePence: price, source: source,
                    valuePence: Dictionary(uniqueKeysWithValues: values)))
        }
        let ratios = horizons.compactMap { years -> (Int, Int)? in
            guard spentPence > 0, !benefits.isEmpty else { return nil }
            let value = benefits.reduce(0) { $0 + ($1.valuePence[years] ?? 0) }
            return (years, Int((Double(value) * 100 / Double(spentPence)).rounded()))
        }
        return Own(
            study: study, spentPence: spentPence, discountPerMille: discount, benefits: benefits, leftOut: leftOut,
            pencePerPound: Dictionary(uniqueKeysWithValues: ratios))
    }
}
