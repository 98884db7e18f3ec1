import CSQLite
import Foundation
import GRDB
package import ReUniteSync

/// An error code of SQLite from a statement that was run past GRDB.
package struct SQLiteFault: Error, Hashable, CustomStringConvertible {
    /// The extended result code.
    package let code: Int32
    package let message: String

    package init(_ connection: OpaquePointer, _ code: Int32) {
        let extended = sqlite3_extended_errcode(connection)
        self.code = extended & 0xFF == code & 0xFF ? extended : code
        message = String(cString: sqlite3_errmsg(connection))
    }

    private init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    static let notThere = SQLiteFault(code: SQLITE_CANTOPEN, message: "there is no such file")
    static let closed = SQLiteFault(code: SQLITE_MISUSE, message: "the database is closed")

    /// Whether a value did not fit its column: a wrong type, a failed CHECK, a NULL that may not be.
    package var isConstraint: Bool { code & 0xFF == SQLITE_CONSTRAINT || code & 0xFF == SQLITE_MISMATCH }

    package var description: String { message }
}

extension Failure {
    /// The rule that a statement broke, as the schema writes it: it names the column, and holds nothing of the data.
    private static func rule(in message: String) -> String {
        let parts = message.components(separatedBy: " constraint failed: ")
        guard parts.count == 2, let rule = parts.last, !rule.isEmpty else { return "" }
        if parts.first == "NOT NULL" { return ": \(rule) may not be empty" }
        if let length = rule.wholeMatch(of: /length\((\w+)\) (?:<= |BETWEEN \d+ AND )(\d+)/) {
            return ": \(length.1) is empty or has more than \(length.2) letters"
        }
        return ": it must be \(rule)"
    }

    /// The failure that an SQLite error means to the person who ran the command.
    package init(sqlite error: any Error, what: String, file: String) {
        let code: Int32
        let message: String
        switch error {
        case let error as Failure:
            self = error
            return
        case let error as DatabaseError:
            code = error.extendedResultCode.rawValue
            message = error.message ?? ""
        case let error as SQLiteFault:
            code = error.code
            message = error.message
        default:
            self.init(
                .internalFault, what: what, why: "an unexpected error (\(type(of: error)))",
                remedy: "Report this as a fault")
            return
        }
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            self.init(
                .tryLater, what: what, why: "another program is writing to \(file)",
                remedy: "Try again when it has finished")
        case SQLITE_FULL:
            self.init(
                .inputOutput, what: what, why: "the disk that holds \(file) is full",
                remedy: "Free some space and run the command again; nothing was lost")
        case SQLITE_IOERR, SQLITE_READONLY, SQLITE_PERM:
            self.init(
                .inputOutput, what: what, why: "the file \(file) could not be read or written",
                remedy: "Check whether the disk is full, and the permissions of the file and its folder")
        case SQLITE_CANTOPEN where !DurableFile.exists(file):
            self.init(
                .noInput, what: what, why: "the file \(file) is not there",
                remedy: "Is its drive in? Put it in, or the file back in its place, and try again")
        case SQLITE_CANTOPEN:
            self.init(
                .noInput, what: what, why: "the file \(file) could not be opened",
                remedy: "Check that it exists and that you may read it")
        case SQLITE_NOTADB, SQLITE_CORRUPT:
            self.init(
                .badData, what: what, why: "the file \(file) is damaged or is not an SQLite file",
                remedy: "Make a new replica with 'join', or restore the file")
        case SQLITE_CONSTRAINT where code == ResultCode.SQLITE_CONSTRAINT_UNIQUE.rawValue:
            // No table that syncs has such an index: a hub keeps both rows, and asks a person.
            let columns = message.split(separator: ":").last.map { " for\($0)" } ?? ""
            self.init(
                .configuration, what: what, why: "a unique index\(columns) forbids a second row with the same value",
                remedy: "Drop the index, if another program added it, and run the command again; nothing was lost")
        case SQLITE_CONSTRAINT:
            self.init(
                .badData, what: what, why: "a value is not allowed in its column\(Failure.rule(in: message))",
                remedy: "Correct the value and try again")
        default:
            self.init(
                .internalFault, what: what, why: "SQLite reported error \(code) for \(file)",
                remedy: "Report this as a fault")
        }
    }
}
