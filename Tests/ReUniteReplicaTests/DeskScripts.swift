import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A program that the project did not write.
enum Client: CaseIterable, CustomTestStringConvertible {
    case shell
    case python

    var testDescription: String {
        switch self {
        case .shell: "the sqlite3 shell"
        case .python: "Python"
        }
    }

    @discardableResult
    func run(_ sql: String, at desk: TestDesk) throws -> ForeignClient.Result {
        switch self {
        case .shell: try desk.shell(sql)
        case .python: try desk.python("db.executescript('''\(sql)''')")
        }
    }
}

extension TestDesk {
    /// Seals, and returns the ops that the hub has not judged.
    func sealed() throws -> [Op] {
        try replica.seal()
        return try decodedOps(of: replica)
    }

    /// A desk whose hub knows these books, each titled by its number.
    static func withBooks(_ numbers: UInt64...) throws -> TestDesk {
        let desk = try TestDesk()
        try desk.edit(numbers.map { insertBook($0) }.joined())
        try desk.accept()
        return desk
    }

    func edit(_ sql: String) throws { try replica.edit(sql) }

    func value(_ sql: String) throws -> Value { try replica.value(sql) }
}

func insertBook(_ number: UInt64, title: String? = nil) -> String {
    """
    INSERT INTO book(id, room_id, title) \
    VALUES(\(literal(row(number))), \(TestDesk.roomLiteral), '\(title ?? String(number))');
    """
}

func insertLoan(_ number: UInt64, of book: UInt64, state: String = "ASKED") -> String {
    """
    INSERT INTO loan(id, room_id, book_id, state) VALUES(\(literal(row(number))), \(TestDesk.roomLiteral), \
    \(literal(row(book))), '\(state)');
    """
}

/// `WHERE` for one row.
func at(_ number: UInt64) -> String { "WHERE id = \(literal(row(number)))" }

extension Op {
    /// The titles of an op on `book` that carries the title.
    var title: Value? {
        switch groups {
        case TinyNetwork.Book.all: values[2]
        case TinyNetwork.Book.title: values[0]
        default: nil
        }
    }
}

/// Expects that another program was refused, and told why.
func expectRefused(
    _ result: ForeignClient.Result, _ message: String, sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(!result.succeeded, sourceLocation: sourceLocation)
    #expect(result.errors.contains(message), "it said: \(result.errors)", sourceLocation: sourceLocation)
}

/// Expects a failure with this code from the body.
func expectFailure(
    _ code: Failure.Code, sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) {
    let failure = #expect(throws: Failure.self, sourceLocation: sourceLocation) { try body() }
    #expect(failure?.code == code, "\(String(describing: failure))", sourceLocation: sourceLocation)
}
