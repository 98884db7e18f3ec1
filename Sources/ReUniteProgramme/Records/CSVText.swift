import ReUniteSync

/// Cells as text: what encodings and spreadsheets do to them, and how they are written so that nothing is run.
package enum CSVText {
    /// What a spreadsheet would take for a formula when a cell begins with it.
    private static let dangerous: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    /// What tells a spreadsheet that a file is UTF-8.
    package static let mark = "\u{FEFF}"

    /// A cell of a file (RFC 4180). One that a spreadsheet would take for a formula begins with an apostrophe, which
    /// ``typed(_:)`` takes away again.
    ///
    /// - Parameter isNumber: a number is written as it is.
    package static func cell(_ text: String, isNumber: Bool = false) -> String {
        let starts = [text.unicodeScalars.first, tidy(text).unicodeScalars.first]
        let isDangerous = starts.contains { $0.map { dangerous.contains($0) || $0 == "'" } == true }
        let safe = isDangerous && !isNumber ? "'" + text : text
        guard safe.unicodeScalars.contains(where: { "\",;\n\r\t|".unicodeScalars.contains($0) }) else { return safe }
        return "\"" + safe.replacing("\"", with: "\"\"") + "\""
    }

    package static func line(_ cells: [String]) -> String { cells.joined(separator: ",") + "\r\n" }

    private static let marks: Set<Unicode.Scalar> = [
        "\u{200B}", "\u{200C}", "\u{200D}", "\u{FEFF}", "\u{200E}", "\u{200F}",
    ]

    /// Without what people cannot see at either end: white space, also hard spaces, and marks of no width. Inside a word
    /// such a mark may be part of it: Persian and Hindi are written with joiners.
    static func tidy(_ text: String) -> String {
        func isUnseen(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || marks.contains(scalar) }
        var view = text.unicodeScalars
        while let last = view.last, isUnseen(last) { view.removeLast() }
        return String(String.UnicodeScalarView(view.drop(while: isUnseen)))
    }

    /// What is neither text nor its writing: without marks of no width anywhere, and with plain spaces.
    static func visible(_ text: String) -> String {
        let scalars = text.unicodeScalars.lazy.filter { !marks.contains($0) }
            .map { ["\u{A0}", "\u{202F}", "\u{2007}"].contains($0) ? " " : $0 }
        return String(String.UnicodeScalarView(scalars))
    }

    /// What steers a screen or a printer, breaks lines where none is seen, turns the direction of what follows, or is no
    /// letter of any script. Marks of no width are none of these.
    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        controls.contains { $0.contains(scalar.value) }
    }

    static let controls: [ClosedRange<UInt32>] = [
        0...8, 0xB...0xC, 0xE...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF,
    ]

    /// What a person typed into a cell: tidy, and without the ways in which spreadsheets say "this is text".
    static func typed(_ cell: String) -> String {
        let text = tidy(cell)
        let scalars = text.unicodeScalars
        if text.hasPrefix("=\""), text.hasSuffix("\""), scalars.count >= 3 {
            return String(String.UnicodeScalarView(scalars.dropFirst(2).dropLast()))
        }
        if scalars.first == "'" {
            let rest = tidy(String(String.UnicodeScalarView(scalars.dropFirst())))
            if rest.unicodeScalars.first.map({ dangerous.contains($0) || $0 == "'" }) == true { return rest }
        }
        return text
    }

    /// What is wrong with a cell, whatever column it is in; nil when nothing is.
    static func complaint(_ cell: String) -> (why: String, advice: String)? {
        let text = tidy(cell)
        let scalars = text.unicodeScalars
        // Of the cell itself: some of them count as white space at an end.
        if cell.unicodeScalars.contains(where: isControl) {
            return ("there is a control character in it", "Type the cell again")
        }
        if scalars.contains("\u{FFFD}") { return ("a letter of it was lost when it was saved", "Type the cell again") }
        if ["#REF!", "#N/A", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"].contains(text)
            || text.count > 2 && text.allSatisfy({ $0 == "#" })
        {
            return (
                "the spreadsheet shows an error, or the column was too narrow",
                "Mend it in the spreadsheet and save it again"
            )
        }
        if isRounded(text) {
            return (
                "the spreadsheet has shortened a long number",
                "Make the column text, type the number again and save it"
            )
        }
        let isText = text.hasPrefix("=\"") && text.hasSuffix("\"") && !text.dropFirst(2).dropLast().contains("\"")
        if (scalars.first == "=" && !isText) || scalars.first == "@" || isCall(text) {
            return ("it is a formula", "Copy the column and paste its values, or begin the cell with an apostrophe")
        }
        return nil
    }

    /// Such as `+HYPERLINK(`, `-2+3+cmd|'…'!A0` or `+'x'!A1`; a list's dash and a telephone number are none.
    private static func isCall(_ text: String) -> Bool {
        guard text.hasPrefix("+") || text.hasPrefix("-") else { return false }
        if text.contains("|") && text.contains("!") { return true }
        // What is quoted says nothing of what it is part of.
        let bare = text.replacing(/"[^"]*"|'[^']*'/, with: "\"")
        if bare.contains(/[\p{L}\d_."]!\$?[A-Za-z]/)
            || bare.contains(/^[+-]\$?[A-Za-z]{1,3}\$?\d{1,7}\s*($|[-+*\/^&:,)])/)
        {
            return true
        }
        // Two words beside each other are somebody's sentence, and no program's formula.
        if bare.replacing(/\([^()]*\)/, with: "()").contains(/\p{L}\s+\p{L}/) { return false }
        return bare.contains(/[\p{L}_][\p{L}\d_.]*\(|[\p{L}\d)"]\s*[+*^&]/)
    }

    /// Such as `7.70090E+09`.
    private static func isRounded(_ text: String) -> Bool {
        let parts = text.uppercased().split(separator: "E+", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...3).contains(parts[1].count) else { return false }
        return parts[1].allSatisfy(\.isNumber) && parts[0].first?.isNumber == true
            && parts[0].allSatisfy { $0.isNumber || $0 == "." || $0 == "," }
    }

    /// - Throws: ``Failure`` (badData) for a spreadsheet's own file.
    static func decode(_ bytes: [UInt8]) throws -> (String, CSVFile.Encoding) {
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) || bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw CSVFile.unusable("it is a spreadsheet's own file, not CSV")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return try decode(Array(bytes.dropFirst(3))) }
        for (mark, isLittle) in [([0xFF, 0xFE] as [UInt8], true), ([0xFE, 0xFF], false)] where bytes.starts(with: mark)
        {
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
                let (one, other) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
                return isLittle ? other << 8 | one : one << 8 | other
            }
            return (String(decoding: units, as: UTF16.self), .utf16)
        }
        if let text = String(validating: bytes, as: UTF8.self) { return (text, .utf8) }
        var view = String.UnicodeScalarView()
        for byte in bytes {
            view.append((0x80...0x9F).contains(byte) ? windows[Int(byte) - 0x80] : Unicode.Scalar(byte))
        }
        return (String(view), .windows1252)
    }

    /// 0x80 to 0x9F; five of them stand for nothing.
    private static let windows: [Unicode.Scalar] = Array(
        ("\u{20AC}\u{FFFD}\u{201A}\u{0192}\u{201E}\u{2026}\u{2020}\u{2021}\u{02C6}\u{2030}\u{0160}\u{2039}\u{0152}"
            + "\u{FFFD}\u{017D}\u{FFFD}\u{FFFD}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{02DC}"
            + "\u{2122}\u{0161}\u{203A}\u{0153}\u{FFFD}\u{017E}\u{0178}").unicodeScalars)
}
