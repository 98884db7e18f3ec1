import Crypto
import ReUniteSync

/// One row of a delivery, in the version that was shown.
struct DisclosedRow: Hashable, Sendable {
    let table: UInt16
    let key: Identifier
    /// The last position that had touched the row.
    let position: Position
}

/// The packed form of the rows of one line of the disclosure ledger, and the hash that stands for the line
/// (`docs/disclosure.md`, "Forms").
enum DisclosureDetail {
    private static let version: UInt8 = 1

    /// Tables ascending; within one, rows by position, so that most positions take a byte.
    static func pack(_ rows: [DisclosedRow]) -> [UInt8] {
        var out = ByteWriter(reserving: rows.count * 18 + 4)
        let tables = Dictionary(grouping: rows, by: \.table).sorted { $0.key < $1.key }
        out.varint(tables.count)
        for (table, members) in tables {
            out.varint(UInt64(table))
            out.varint(members.count)
            var before: Int64 = 0
            for row in members.sorted(by: { ($0.position, $0.key) < ($1.position, $1.key) }) {
                out.identifier(row.key)
                out.zigzag(row.position.rawValue - before)
                before = row.position.rawValue
            }
        }
        return out.bytes
    }

    static func unpack(_ bytes: [UInt8]) throws(FormatError) -> [DisclosedRow] {
        var input = ByteReader(bytes)
        var rows: [DisclosedRow] = []
        for _ in 0..<(try input.count("disclosed tables", limit: Int(UInt16.max))) {
            let table = UInt16(try input.count("disclosed table", limit: Int(UInt16.max)))
            var position: Int64 = 0
            for _ in 0..<(try input.count("disclosed rows", limit: 1 << 24)) {
                let key = try input.identifier("disclosed key")
                let (next, overflow) = position.addingReportingOverflow(try input.zigzag("disclosed position"))
                guard !overflow else { throw FormatError(.malformed, "disclosed position") }
                position = next
                rows.append(DisclosedRow(table: table, key: key, position: Position(position)))
            }
        }
        try input.end("disclosure")
        return rows
    }

    /// What a line says, in one form only.
    struct Line {
        let sequence: Int64
        let atMilliseconds: Int64
        let device: Identifier
        let partner: Identifier
        let scope: Identifier
        let opened: Position
        let position: Position
        let packed: [UInt8]
    }

    /// The leaf of RFC 6962's tree over the salted line: SHA-256(0x00, salt, canonical detail). Without the salt it
    /// cannot be told from any other.
    static func leaf(_ line: Line, salt: [UInt8]) -> [UInt8] {
        var out = ByteWriter(reserving: line.packed.count + 128)
        out.byte(0)
        out.raw(salt)
        out.byte(version)
        out.varint(UInt64(bitPattern: line.sequence))
        out.zigzag(line.atMilliseconds)
        out.identifier(line.device)
        out.identifier(line.partner)
        out.identifier(line.scope)
        out.zigzag(line.opened.rawValue)
        out.zigzag(line.position.rawValue)
        out.raw(line.packed)
        return Array(SHA256.hash(data: out.bytes))
    }
}
