import ReUniteSync

/// A file of rows as spreadsheets write it: RFC 4180, and what programs make of it.
///
/// Text may be UTF-8 with or without a mark, UTF-16 with one, or Windows-1252; cells may be apart by commas, semicolons,
/// tabs or bars; lines may end in any way. The first record holds the headings.
package struct CSVFile: Sendable {
    package enum Encoding: String, Sendable, Encodable {
        case utf8 = "UTF-8"
        case utf16 = "UTF-16"
        case windows1252 = "Windows-1252"
    }

    /// One record and the line, from 1, on which it begins: a quoted cell may hold several lines.
    package struct Record: Hashable, Sendable {
        package let line: Int
        package let cells: [String]
    }

    package let encoding: Encoding
    package let separator: Unicode.Scalar
    package let headings: Record
    /// Without those that are blank.
    package let records: [Record]
    package let blankLines: Int

    /// The largest file that is read, in bytes.
    package static let limit = 64 << 20

    /// - Parameter separator: between cells; nil to find out.
    /// - Throws: ``Failure`` (badData) for what is no such file, naming the line.
    package init(_ bytes: [UInt8], separator: Unicode.Scalar? = nil) throws {
        let (text, encoding) = try CSVText.decode(bytes)
        self.encoding = encoding
        var scalars = Array(text.unicodeScalars)
        if let place = scalars.firstIndex(of: "\0") {
            throw CSVFile.unusable(
                "it is not a text file: there is a NUL in it", line: CSVFile.line(of: place, in: scalars))
        }
        var firstLine = 1
        var declared: Unicode.Scalar?
        // Excel's own way to say what stands between cells.
        if let end = scalars.firstIndex(where: { $0 == "\n" || $0 == "\r" }), end == 5,
            String(String.UnicodeScalarView(scalars[..<4])).lowercased() == "sep="
        {
            declared = scalars[4]
            let isPair = scalars[end] == "\r" && scalars.count > 6 && scalars[6] == "\n"
            scalars.removeFirst(isPair ? 7 : 6)
            firstLine = 2
        }
        let chosen = separator ?? declared ?? CSVFile.separator(of: scalars)
        self.separator = chosen
        var parser = CSVParser(separator: chosen, line: firstLine)
        var all = try parser.records(scalars)
        let count = all.count
        all.removeAll { $0.cells.allSatisfy { CSVText.tidy($0).isEmpty } }
        guard let first = all.first else { throw CSVFile.unusable("there is nothing in it") }
        blankLines = count - all.count
        headings = first
        records = Array(all.dropFirst())
    }

    /// What separates the cells of the first line that is not blank: what stands there most often outside of quotes.
    private static func separator(of scalars: [Unicode.Scalar]) -> Unicode.Scalar {
        let candidates: [Unicode.Scalar] = [",", ";", "\t", "|"]
        var counts: [Unicode.Scalar: Int] = [:]
        var isQuoted = false
        var isBlank = true
        for scalar in scalars {
            if scalar == "\"" { isQuoted.toggle() }
            if (scalar == "\n" || scalar == "\r") && !isQuoted {
                if !isBlank { break }
                counts = [:]
                continue
            }
            if candidates.contains(scalar) && !isQuoted { counts[scalar, default: 0] += 1 } else { isBlank = false }
        }
        var best = candidates[0]
        for candidate in candidates where counts[candidate, default: 0] > counts[best, default: 0] { best = candidate }
        return best
    }

    /// The line, from 1, on which a letter stands.
    private static func line(of place: Int, in scalars: [Unicode.Scalar]) -> Int {
        let ends = (0..<place).filter {
            scalars[$0] == "\n" || scalars[$0] == "\r" && scalars[$0 + 1] != "\n"
        }
        return ends.count + 1
    }

    static func unusable(_ why: String, line: Int? = nil) -> Failure {
        Failure(
            .badData, what: "Reading the file", why: line.map { "line \($0): \(why)" } ?? why,
            remedy: "Save it from the spreadsheet as CSV (UTF-8) and try again")
    }
}

/// Takes records out of text.
private struct CSVParser {
    let separator: Unicode.Scalar
    var line: Int

    private enum Place {
        case begin, plain, quoted, after
    }

    mutating func records(_ text: [Unicode.Scalar]) throws -> [CSVFile.Record] {
        var all: [CSVFile.Record] = []
        var cells: [String] = []
        var cell = String.UnicodeScalarView()
        var place = Place.begin
        var begins = line
        var opened = line
        func closeCell() {
            cells.append(String(cell))
            cell = String.UnicodeScalarView()
            place = .begin
        }
        func closeRecord() {
            closeCell()
            all.append(CSVFile.Record(line: begins, cells: cells))
            cells = []
        }
        var at = 0
        while at < text.count {
            let scalar = text[at]
            at += 1
            let isEnd = scalar == "\n" || scalar == "\r"
            let isPair = scalar == "\r" && at < text.count && text[at] == "\n"
            if isPair { at += 1 }
            if place == .quoted {
                if isEnd { line += 1 }
                if scalar != "\"" {
                    cell.append(scalar)
                    if isPair { cell.append("\n") }
                } else if at < text.count, text[at] == "\"" {
                    cell.append("\"")
                    at += 1
                } else {
                    place = .after
                }
            } else if isEnd {
                line += 1
                closeRecord()
                begins = line
            } else if scalar == separator {
                closeCell()
            } else if place == .begin, scalar == "\"" {
                // Spaces before the mark are the program's, not the person's.
                cell = String.UnicodeScalarView()
                place = .quoted
                opened = line
            } else if place == .begin, scalar == " " {
                cell.append(scalar)
            } else if place == .after {
                guard scalar == " " else {
                    throw CSVFile.unusable(
                        "something stands between a closing quotation mark and the next cell", line: line)
                }
            } else {
                place = .plain
                cell.append(scalar)
            }
        }
        guard place != .quoted else {
            throw CSVFile.unusable("a quotation mark opens here and is never closed", line: opened)
        }
        if !cells.isEmpty || !cell.isEmpty || place == .after { closeRecord() }
        return all
    }
}
