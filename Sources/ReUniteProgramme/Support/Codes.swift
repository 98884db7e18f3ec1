package import GRDB
import ReUniteSync

/// Code lists, as the hub sends them.
package enum Codes {
    /// The codes of a list that are offered for new entries, in their order.
    package static func active(_ list: String, in database: Database) throws -> [String] {
        try String.fetchAll(
            database, sql: "SELECT code FROM code_value WHERE list = ? AND active = 1 ORDER BY sort, code",
            arguments: [list])
    }

    /// - Throws: ``Failure`` (badData), naming the codes of the list, when the code is none of them.
    static func check(_ code: String, list: String, what: String, in database: Database) throws {
        let codes = try active(list, in: database)
        guard !codes.contains(code) else { return }
        throw Failure(
            .badData, what: what, why: "the code is not in the list \(list)",
            remedy: codes.isEmpty
                ? "Sync first: the list has not arrived" : "Use one of: \(codes.joined(separator: ", "))")
    }
}
