import Crypto
import Foundation
package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A quarter's figures as they went out. What was published stays: a correction is a revision, held against the one
/// before it, so that nobody learns of one woman from the difference.
package struct Publication: Sendable, Encodable {
    package let quarter: String
    /// From 1.
    package let revision: Int
    /// RFC 3339.
    package let publishedAt: String
    /// SHA-256 of the stored text, hexadecimal.
    package let hash: String
    package let reason: String
    package let report: OutcomeReport
    /// Whether the text is the one that was hashed.
    package let isIntact: Bool

    private enum CodingKeys: String, CodingKey {
        case quarter, revision, reason, report
        case publishedAt = "published_at"
        case hash = "sha256"
        case isIntact = "intact"
    }

    /// What is on record of a quarter, the first revision first.
    package static func all(of quarter: String? = nil, in database: Database) throws -> [Publication] {
        try Row.fetchAll(
            database,
            sql: "SELECT * FROM publication WHERE ?1 IS NULL OR quarter = ?1 ORDER BY quarter, revision",
            arguments: [quarter]
        ).map { row in
            let text: String = row["figures"]
            do {
                return Publication(
                    quarter: row["quarter"], revision: row["revision"],
                    publishedAt: CivilTime.instant(milliseconds: row["recorded_for_at"]),
                    hash: row.bytes("sha256").shown, reason: row["reason"],
                    report: try JSONDecoder().decode(OutcomeReport.self, from: Data(text.utf8)),
                    isIntact: Array(SHA256.hash(data: Data(text.utf8))) == row.bytes("sha256"))
            } catch {
                throw Failure(
                    .badData, what: "Reading what was published", why: "the figures of a quarter cannot be read",
                    remedy: "Update this program; if that does not help, ask the hub's operator")
            }
        }
    }

    /// What was published last of every other quarter: measures of one count the same people as measures of another,
    /// up to six quarters away, and somebody may have kept all of them.
    static func beside(_ quarter: String, in database: Database) throws -> [Publication] {
        Dictionary(grouping: try all(in: database).filter { $0.quarter != quarter }, by: \.quarter)
            .compactMap { $0.value.last }.sorted { $0.quarter < $1.quarter }
    }

    /// A quarter for whoever may see what strangers may: as it was published, or counted now with small numbers hidden.
    package static func report(of quarter: String, in database: Database) throws -> OutcomeReport {
        if let last = try all(of: quarter, in: database).last { return last.report }
        return try OutcomeReport(
            asAt: quarter, published: true, beside: try beside(quarter, in: database), in: database)
    }

    /// A small yes that is to be shown as a bound, such as "under 3 %".
    package struct SmallNumber: Hashable, Sendable {
        package let measure: String
        /// An area's code; nil for all of them.
        package let area: String?

        /// - Parameter typed: `MEASURE`, or `MEASURE:AREA`.
        package init(typed: String) {
            let parts = typed.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            measure = parts[0]
            area = parts.count > 1 ? parts[1] : nil
        }

        package init(_ measure: String, _ area: String?) { (self.measure, self.area) = (measure, area) }
    }

    /// What is to be put on record.
    package struct Draft: Sendable {
        package let quarter: String
        package let revision: Int
        package let report: OutcomeReport
        package let text: String
        package let hash: [UInt8]
        package let reason: String
        /// What is let out by this one, apart from what was before.
        let small: [SmallNumber]

        /// What the audit log says of it: that it was published, and of each number that is let out, as what.
        package func noted(by person: String) -> (written: [AuditFact], waived: [[AuditFact]]) {
            let why = AuditFact.why(by: person, reason)
            let waived = small.map { small -> [AuditFact] in
                let figure = report.figures.first { $0.measure == small.measure }
                let percent = figure?.lines.first { $0.area == small.area }?.percent ?? ""
                // As it stands beside the figure, so that the one can be held against the other.
                let waiver = figure?.waivers?.first { $0.area == small.area }
                let name = small.measure + (small.area.map { ":\($0)" } ?? "")
                return [
                    .word(.code, name), .number(.under, Int64(percent.filter(\.isNumber)) ?? 0), .hash(.root, hash),
                    waiver.map { .why(by: $0.by, $0.reason) } ?? why,
                ]
            }
            return ([.word(.code, "publish"), .hash(.root, hash), why], waived)
        }

        /// Writes it down. Only the hub does.
        package func insert(into database: Database, now: Int64) throws {
            try database.execute(
                sql: """
                    INSERT INTO publication(quarter, revision, figures, sha256, reason, recorded_for_at, entered_at)
                    VALUES(?, ?, ?, ?, ?, ?, ?)
                    """, arguments: [quarter, revision, text, hash.sqlBlob, reason, now, now])
        }
    }

    /// Counts a quarter for publication.
    ///
    /// - Parameters:
    ///   - quarter: its last day.
    ///   - reason: why there is a revision, or small numbers are let out; not needed otherwise.
    ///   - small: small numbers to let out (``SmallNumber``).
    ///   - person: who allows that.
    ///   - now: milliseconds since 1970.
    /// - Throws: ``Failure`` (badData) for a day that ends no quarter or is not over, for a revision without a reason, for
    ///   one that would say the same, and where what is let out would tell a hidden number.
    package static func draft(
        _ quarter: String, reason: String, lettingOut small: [SmallNumber] = [], by person: String = "",
        in database: Database, now: Int64
    ) throws -> Draft {
        let what = "Publishing figures"
        guard quarter < CivilTime.londonDate(milliseconds: now) else {
            throw Failure(
                .badData, what: what, why: "the quarter is not over", remedy: "Publish when its last day has passed")
        }
        let last = try all(of: quarter, in: database).last
        let isUnsaid = last == nil && small.isEmpty && reason.isEmpty
        let reason = isUnsaid ? "" : try TypedText.reason(reason, what)
        let person = small.isEmpty ? person : try TypedText.name(person, what, of: "name of who allows it")
        let waivers = Dictionary(grouping: Set(small), by: \.measure).mapValues { lines in
            lines.map {
                OutcomeReport.Waiver(
                    area: $0.area, by: person, reason: reason, day: CivilTime.londonDate(milliseconds: now))
            }
        }
        let report = try OutcomeReport(
            asAt: quarter, published: true, after: last?.report, beside: try beside(quarter, in: database),
            lettingOut: waivers, in: database)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let bytes = Array(try encoder.encode(report))
        let hash = Array(SHA256.hash(data: bytes))
        // An older program wrote the same in another form.
        guard try last.map({ Array(try encoder.encode($0.report)) }) != bytes else {
            throw Failure(
                .badData, what: what, why: "it would say the same as revision \(last?.revision ?? 1)",
                remedy: "There is nothing to do")
        }
        return Draft(
            quarter: quarter, revision: (last?.revision ?? 0) + 1, report: report,
            text: String(decoding: bytes, as: UTF8.self), hash: hash, reason: reason,
            small: Set(small).sorted { ($0.measure, $0.area ?? "~") < ($1.measure, $1.area ?? "~") })
    }
}
