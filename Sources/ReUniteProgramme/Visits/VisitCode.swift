import Crypto
package import GRDB
import ReUniteReplica
package import ReUniteSync

/// A visit's name on paper: eight digits and a check letter, `1234-5678-K`, worked out from the visit's id, so that it
/// is the same on every device and stands in no table.
package struct VisitCode: Hashable, Sendable, CustomStringConvertible {
    private let number: Int

    /// How many codes there are. A thousand visits share one with a chance of about 1 in 200; then both are named.
    private static let count: UInt64 = 100_000_000

    package init(of visit: Identifier) {
        let start = SHA256.hash(data: visit.bytes).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        number = Int(start % VisitCode.count)
    }

    /// Reads a code with or without hyphens and spaces, in either case; nil when it has another form or its letter does
    /// not fit.
    package init?(_ text: String) {
        let text = VisitCode.normalized(text)
        guard VisitCode.hasForm(text), let number = Int(text.dropLast()) else { return nil }
        self.number = number
        guard text.last == CaseReference.letter(for: number) else { return nil }
    }

    package var description: String {
        let digits = String(number)
        let padded = String(repeating: "0", count: max(0, 8 - digits.count)) + digits
        return "\(padded.prefix(4))-\(padded.suffix(4))-\(CaseReference.letter(for: number))"
    }

    private static func normalized(_ text: String) -> String {
        text.uppercased().filter { $0 != "-" && !$0.isWhitespace }
    }

    private static func hasForm(_ text: String) -> Bool {
        text.utf8.count == 9 && text.utf8.dropLast().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            && text.utf8.last.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } == true
    }

    /// The visit that a code or an id means.
    ///
    /// - Throws: ``Failure``: badData when it is mistyped or several visits fit, noInput when none here does.
    package static func visit(_ text: String, in database: Database) throws -> Identifier {
        let what = "Finding the visit"
        guard hasForm(normalized(text)) else {
            return try Lookup.row(text, table: "visit", what: what, in: database)
        }
        guard let code = VisitCode(text) else {
            throw Failure(
                .badData, what: what, why: "the code's check letter does not fit its digits",
                remedy: "Compare the code with the paper, digit by digit")
        }
        let fitting = try Row.fetchAll(database, sql: "SELECT id FROM visit ORDER BY id")
            .map { $0.identifier("id") }.filter { VisitCode(of: $0) == code }
        guard let visit = fitting.first else {
            throw Failure(
                .noInput, what: what, why: "no visit here has that code",
                remedy: "Sync first: the visit may have been planned on another device")
        }
        guard fitting.count == 1 else {
            throw Failure(
                .badData, what: what, why: "\(fitting.count) visits have that code",
                remedy: "Give the visit's id, which its history shows ('log visit')")
        }
        return visit
    }
}
