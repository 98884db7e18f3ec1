import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("Values are sealed as they are in the table")
struct CapturedValueTests {
    @Test(
        "Text keeps its bytes",
        arguments: [
            "65CC81", "C3A9", "6100 62", "F09F9880", "", "EFBBBF61", "0D0A09", "27227E5C", "E2808F", "EFBFBD",
        ])
    func text(hexadecimal: String) throws {
        let desk = try TestDesk()
        let bytes = hexadecimal.filter { $0 != " " }
        try desk.shell(
            "INSERT INTO book(room_id, title) VALUES(\(TestDesk.roomLiteral), CAST(x'\(bytes)' AS TEXT));")
        guard case .text(let title)? = try desk.sealed().first?.title else {
            Issue.record("no title")
            return
        }
        let sealed = title.utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }
        #expect(sealed.joined() == bytes)
    }

    @Test(
        "Numbers keep every bit",
        arguments: [
            ("width", "9223372036854775807", Value.integer(.max)),
            ("width", "-9223372036854775807 - 1", .integer(.min)),
            ("width", "0", .integer(0)), ("width", "NULL", .null), ("width", "'42'", .integer(42)),
            ("price", "0.1", .real(0.1)), ("price", "9e999", .real(.infinity)), ("price", "3", .real(3)),
            ("price", "5e-324", .real(.leastNonzeroMagnitude)),
            ("cover", "zeroblob(300)", .blob(Array(repeating: 0, count: 300))),
            ("cover", "x''", .blob([])),
        ])
    func numbers(column: String, literal: String, value: Value) throws {
        let desk = try TestDesk()
        let result = try desk.shell(
            "INSERT INTO book(room_id, title, \(column)) VALUES(\(TestDesk.roomLiteral), 'x', \(literal));")
        #expect(result.succeeded, "\(result.errors)")
        let table = try #require(desk.replica.schema[TinyNetwork.book])
        let index = try #require(table.columns.firstIndex { $0.name == column })
        #expect(try desk.sealed().first?.values[index] == value)
    }

    @Test("A value of the wrong type is refused by the table, and makes no edit")
    func wrongType() throws {
        let desk = try TestDesk()
        let result = try desk.shell(
            "INSERT INTO book(room_id, title, width) VALUES(\(TestDesk.roomLiteral), 'x', 'wide');")
        expectRefused(result, "cannot store TEXT value in INTEGER column")
        #expect(try desk.sealed() == [])
    }
}
