/// Rows in columns for a person's terminal; where it is too narrow for that, a block for each row.
///
/// A terminal breaks a line that is too long wherever it ends: of a table two cells then stand under each other that do
/// not belong together. Where nobody looks, nothing is broken: what is read by a program, or kept, has a line for a row.
package struct TextTable: Hashable, Sendable {
    private let head: [String]
    private let rows: [[String]]

    /// - Parameter rows: as many cells each as `head`; printable, without a line break.
    package init(_ head: [String], _ rows: [[String]]) {
        (self.head, self.rows) = (head, rows)
    }

    /// - Parameter width: so many characters fit on a line; nil where that does not matter.
    package func lines(width: Int?) -> [String] {
        let widths = head.indices.map { column in ([head] + rows).map { TextTable.width(of: $0[column]) }.max() ?? 0 }
        let whole = widths.reduce(0, +) + 2 * max(0, widths.count - 1)
        guard let width, whole > width, !rows.isEmpty else { return ([head] + rows).map { line($0, widths) } }
        return rows.enumerated().flatMap { ($0 == 0 ? [] : [""]) + block($1, width) }
    }

    private func line(_ row: [String], _ widths: [Int]) -> String {
        let cells = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - TextTable.width(of: $0)) }
        return TextTable.trimmed(cells.joined(separator: "  "))
    }

    /// Each cell behind its heading, on lines of its own where it is long. What is empty is left out.
    private func block(_ row: [String], _ width: Int) -> [String] {
        let heads = zip(head, row).filter { !$1.isEmpty }
        let indent = min((heads.map { TextTable.width(of: $0.0) }.max() ?? 0) + 2, max(2, width / 2))
        let margin = String(repeating: " ", count: indent)
        return heads.flatMap { head, cell in
            var lines = TextTable.broken(cell, width: max(1, width - indent)).map { margin + $0 }
            let room = indent - TextTable.width(of: head)
            guard room > 0 else { return [head] + lines }
            lines[0] = head + String(repeating: " ", count: room) + lines[0].dropFirst(indent)
            return lines
        }
    }

    /// The text in parts that fit, broken between words; a word that is longer than a line stays whole, to be copied.
    package static func broken(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: false) {
            if !line.isEmpty, self.width(of: line) + 1 + self.width(of: word) > width {
                lines.append(trimmed(line))
                line = String(word)
            } else {
                line += line.isEmpty ? String(word) : " \(word)"
            }
        }
        return lines + [trimmed(line)]
    }

    /// How many places a terminal gives to a text: two to what is written in squares, as Chinese is, and to pictures.
    static func width(of text: some StringProtocol) -> Int {
        text.reduce(0) { $0 + (isWide($1) ? 2 : 1) }
    }

    private static func isWide(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first, scalar.value >= 0x1100 else { return false }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return true
        default: return false
        }
    }

    private static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
