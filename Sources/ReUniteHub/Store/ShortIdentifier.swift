import GRDB
import ReUniteReplica
import ReUniteSync

extension Database {
    /// The row of a table whose id begins with these hexadecimal digits: at least four, and of one row only.
    ///
    /// - Parameter thing: what the rows are, for the error: "conflict".
    /// - Throws: ``Failure``: noInput when there is none, usage when it is too short or says too little.
    func row(of table: String, beginning text: String, what: String, thing: String) throws -> Row {
        let digits = text.lowercased().filter { $0 != "-" }
        guard digits.count >= 4, digits.count <= 32 else {
            throw Failure(
                .usage, what: what, why: "'\(text.prefix(40))' is not an id",
                remedy: "Give the id from the list, or at least its first four digits")
        }
        guard digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
            throw Failure(
                .noInput, what: what, why: "there is no \(thing) with that id", remedy: "See the list of them")
        }
        let rows = try Row.fetchAll(
            self, sql: "SELECT * FROM \(table) WHERE substr(lower(hex(id)), 1, ?) = ? LIMIT 2",
            arguments: [digits.count, digits])
        guard let row = rows.first else {
            throw Failure(
                .noInput, what: what, why: "there is no \(thing) with that id", remedy: "See the list of them")
        }
        guard rows.count == 1 else {
            throw Failure(.usage, what: what, why: "more than one \(thing) begins so", remedy: "Give more digits")
        }
        return row
    }
}
