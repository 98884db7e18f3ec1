import GRDB
import ReUniteReplica
import ReUniteSync

extension Database {
    /// All of the body or none of it, also where the caller goes on after an error.
    func whole<Result>(_ body: () throws -> Result) throws -> Result {
        var result: Result?
        try inSavepoint {
            result = try body()
            return .commit
        }
        guard let result else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return result
    }

    /// Inserts a row; columns without a value keep their default. Returns the id that the table made for it.
    func add(_ table: String, _ values: KeyValuePairs<String, (any DatabaseValueConvertible)?>) throws -> Identifier {
        let given = values.compactMap { column, value in value.map { (column, $0) } }
        let columns = given.map { quoted($0.0) }.joined(separator: ", ")
        let places = given.map { _ in "?" }.joined(separator: ", ")
        let row = try Row.fetchOne(
            self, sql: "INSERT INTO \(quoted(table))(\(columns)) VALUES(\(places)) RETURNING id",
            arguments: StatementArguments(given.map { $0.1 }))
        guard let row else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return row.identifier("id")
    }
}

/// Checks of what people type.
enum Typed {
    /// Years that a day may be of, as text: an import takes no others, nor does the hub (`ru_bound`) of times.
    static let years: Range<Substring> = "1900"..<"2200"

    /// - Throws: ``Failure`` (badData) unless the text is a day that exists, of a year that may be.
    static func date(_ text: String?, name: String, what: String) throws {
        guard let text else { return }
        guard CivilTime.isDate(text) else {
            throw Failure(
                .badData, what: what, why: "the \(name) is not a date", remedy: "Write it as YYYY-MM-DD")
        }
        guard years.contains(text.prefix(4)) else {
            throw Failure(
                .badData, what: what, why: "the year of the \(name) cannot be right",
                remedy: "Compare it with the paper")
        }
    }

    /// How far an event may lie ahead of this machine's clock, in milliseconds: another machine's clock may be fast.
    private static let tolerance: Int64 = 86_400_000

    static func past(_ milliseconds: Int64?, now: Int64, what: String) throws {
        guard let milliseconds else { return }
        try meant(milliseconds, what: what)
        guard milliseconds > now + tolerance else { return }
        throw Failure(
            .badData, what: what, why: "it is dated more than a day in the future",
            remedy: "Correct the date, or this machine's clock")
    }

    /// - Throws: ``Failure`` (badData) for a time that the hub would send back.
    private static func meant(_ milliseconds: Int64, what: String) throws {
        guard !MeantTimes.range.contains(milliseconds) else { return }
        throw Failure(.badData, what: what, why: MeantTimes.why, remedy: "Write it as 2026-11-23 14:05")
    }

    /// As ``past(_:now:what:)``, for what the writer was at and reads off paper: a slip of an hour is seen.
    static func over(_ milliseconds: Int64, now: Int64, what: String) throws {
        try meant(milliseconds, what: what)
        guard milliseconds > now + VisitOutcomes.slip else { return }
        throw Failure(
            .badData, what: what, why: "it is in the future",
            remedy: "Compare the time with the paper, or correct this machine's clock")
    }
}
