package import GRDB

/// The codes of a network's disclosure classes, by the bit that each has in a mask.
package struct ClassCodes {
    private let classes: [(bit: UInt8, code: String)]

    package init(_ database: Database) throws {
        classes = try Row.fetchAll(database, sql: "SELECT bit, code FROM ru_class ORDER BY bit").map {
            (UInt8(truncatingIfNeeded: $0["bit"] as Int64), $0["code"])
        }
    }

    /// Those in a mask, by bit.
    package func codes(in mask: Int64) -> [String] {
        classes.filter { mask & (1 << Int64($0.bit)) != 0 }.map(\.code)
    }

    package func code(of bit: Int64) -> String? { classes.first { Int64($0.bit) == bit }?.code }

    package func bit(of code: String) -> UInt8? { classes.first { $0.code == code }?.bit }
}
