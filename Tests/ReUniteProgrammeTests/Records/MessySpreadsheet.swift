import Foundation
import TestSupport

/// A register of five hundred invented women as a women's centre might have kept it for years: dates in every form,
/// blank lines, words of its own, hard spaces, numbers that a spreadsheet spoilt. The same each time.
///
/// Nobody in it exists. Some lines are wrong on purpose; ``wrong`` says where.
struct MessySpreadsheet {
    /// Where an import has to stop: a line, and the column if it is about one.
    struct Place: Hashable, Comparable, CustomStringConvertible {
        let line: Int
        let heading: String?

        static func < (left: Place, right: Place) -> Bool {
            (left.line, left.heading ?? "") < (right.line, right.heading ?? "")
        }

        var description: String { "\(line) \(heading ?? "")" }
    }

    static let women = 500
    static let headings = [
        "Ref no", "First name", "Surname", "Known as", "D.O.B.", "Prison No", "PNC", "Mobile", "Safe to ring?",
        "Child 1", "Child 1 born", "Child 2", "Child 2 born", "Lives with", "Need", "Opened", "Remarks", "",
    ]
    static let map = """
        heading,column,value,meaning
        Ref no,ref
        First name,person.legal_first
        Surname,person.legal_last
        D.O.B.,person.date_of_birth
        Prison No,person_identifier.value
        ,person_identifier.type,,NOMS
        PNC,person_identifier 2.value
        ,person_identifier 2.type,,PNC
        Mobile,person_phone.number
        Safe to ring?,person_phone.safe_to_call
        Safe to ring?,,y,YES
        Safe to ring?,,n/k,UNKNOWN
        Child 1,child.first_name
        Child 1 born,child.date_of_birth
        Child 2,child 2.first_name
        Child 2 born,child 2.date_of_birth
        Lives with,child.lives_with
        Need,need.category
        Need,,housing,ACCOMMODATION
        Need,,drugs,DRUGS_ALCOHOL
        Opened,opened_on
        Remarks,case_note.body

        """

    private(set) var text = ""
    /// What keeps the file from being imported.
    private(set) var wrong: Set<Place> = []
    /// What is imported, and said.
    private(set) var doubtful: Set<Place> = []
    private(set) var blankLines = 0
    private(set) var children = 0
    /// Women, numbers of hers and so on that a mended file brings.
    private(set) var identifiers = 0
    private var line = 1

    private static let firsts = [
        "Zoë", "Aisha", "Bridget", "Carmel", "Delphine", "Esther", "Fatou", "Gwen", "Hollie", "Ines", "Jodie", "Kezia",
        "Lorna", "Mairéad", "Nadia", "Oluchi", "Petra", "Quinta", "Rhian", "Siân", "Tamsin", "Ursula", "Vesna", "Wanda",
        "Yvette",
    ]
    private static let lasts = [
        "O’Dowd", "Ashworth", "Blackthorn", "Chukwu", "Drabble", "Eastman", "Farrow", "Gallacher", "Hargreaves",
        "Ibáñez", "Jarrold", "Kettle", "Lovelace", "Mbeki", "Nightingale", "Osgood", "Pemberton", "Quayle", "Rowntree",
        "Stanhope",
    ]

    /// - Parameter isMended: as somebody left it who did what the dry run asked for.
    init(isMended: Bool) {
        emit(Self.headings.map { $0 == "Surname" ? "  Surname " : $0 })
        for number in 0..<Self.women {
            if number % 60 == 30 {
                emit(Array(repeating: number % 120 == 30 ? "" : "  ", count: Self.headings.count))
                blankLines += 1
            }
            woman(number, isMended)
        }
    }

    private mutating func woman(_ number: Int, _ isMended: Bool) {
        var cells = plain(number)
        func place(_ heading: String) -> Int { Self.headings.firstIndex(of: heading) ?? 0 }
        func spoil(_ heading: String, _ text: String) {
            guard !isMended else { return }
            cells[place(heading)] = text
            wrong.insert(Place(line: line, heading: heading))
        }
        func doubt(_ heading: String, _ text: String) {
            cells[place(heading)] = text
            doubtful.insert(Place(line: line, heading: heading))
        }
        switch number {
        case 17: spoil("D.O.B.", "30/02/1990")
        case 33: spoil("D.O.B.", "03/25/1988")
        case 48: spoil("D.O.B.", "04/05/2031")
        case 64: spoil("D.O.B.", "not known")
        case 81: spoil("D.O.B.", "1987")
        case 97: spoil("Mobile", "7.70090E+09")
        case 111: spoil("Need", "Hosing")
        case 130: spoil("Known as", "=HYPERLINK(\"http://example.org\")")
        case 142: spoil("First name", "Pet\u{7}ra")
        case 158: spoil("Surname", String(repeating: "Ab", count: 60))
        case 171: spoil("Safe to ring?", "maybe")
        case 190: spoil("Child 1 born", "#REF!")
        case 204: spoil("Ref no", "SRY-24-0204-A")
        case 220: doubt("Child 1 born", "01/06/1950")
        case 236: doubt("PNC", "2003/0011985Z")
        case 251: doubt("Mobile", "7700900251")
        case 266:
            // Somebody typed a separator into a cell.
            if !isMended {
                cells.append("and his brother")
                wrong.insert(Place(line: line, heading: ""))
            }
        case 310 where !isMended:
            // The line before, once more; and the one before that with another remark.
            let again = plain(309)
            wrong.insert(Place(line: line, heading: nil))
            emit(again)
        case 420 where !isMended:
            var twin = plain(400)
            twin[place("Ref no")] = ""
            twin[place("Remarks")] = "Came back after a year"
            wrong.insert(Place(line: line, heading: nil))
            emit(twin)
        default: break
        }
        if !cells[place("Child 1")].trimmingCharacters(in: .whitespaces).isEmpty { children += 1 }
        if !cells[place("Child 2")].trimmingCharacters(in: .whitespaces).isEmpty { children += 1 }
        if !cells[place("Prison No")].isEmpty { identifiers += 1 }
        if !cells[place("PNC")].isEmpty { identifiers += 1 }
        emit(cells)
    }

    /// The same line for the same number, whatever was asked for in between.
    private func plain(_ number: Int) -> [String] {
        var random = SeededGenerator(seed: UInt64(number) &* 0x9E37_79B9 &+ 7)
        func pick(_ choices: [String]) -> String { choices[Int.random(in: 0..<choices.count, using: &random)] }
        let first = Self.firsts[number % 25]
        let last = Self.lasts[number / 25]
        let (day, month, year) = (number % 28 + 1, number / 28 % 12 + 1, 1968 + number * 7 % 32)
        let child = number % 3 == 0 ? "" : pick(["Ella", "Noah", "Maya", "Tom", "Ada"])
        let second = number % 7 == 1 ? pick(["Sam", "Ivy", "Leo"]) : ""
        return [
            number % 4 == 0 ? reference(number) : "",
            pick(["", " ", "\u{A0}"]) + first + pick(["", "  "]), pick(["", "\t"]) + last,
            number % 5 == 0 ? String(first.prefix(3)) + "\u{A0}" : "",
            date(day, month, year, form: number % 8), prisonNumber(number),
            [40: "81/34U", 80: "02/73319Z", 120: "00/223R"][number] ?? "",
            number % 2 == 0 ? "07700 90\(String(format: "%04d", number))" : "",
            number % 2 == 0 ? pick(["Y", "yes ", "NO", "n/k", ""]) : "",
            child, child.isEmpty ? "" : date(day, month, 2012 + number % 9, form: (number + 3) % 8), second,
            second.isEmpty ? "" : date(day, month, 2016 + number % 5, form: (number + 5) % 8),
            child.isEmpty ? "" : pick(["Grandmother", "foster carers", "her sister; for now"]),
            pick(["Housing", "drugs", "ACCOMMODATION", "finance & ID", "Health", ""]),
            date(number % 28 + 1, number % 12 + 1, 2021 + number % 4, form: number % 8),
            pick([
                "", "Rings on Mondays", "'=not a sum", "He said \"no\";\nshe said \"not yet\"", "£40 owed – to whom?",
            ]),
            "",
        ]
    }

    private func reference(_ number: Int) -> String {
        let letters = Array("ZABCDEFGHJKLMNPQRTUVWXY")
        return "sry-24-\(String(format: "%04d", number))-\(letters[(24 * 10_000 + number) % 23])"
    }

    private func prisonNumber(_ number: Int) -> String {
        guard number % 3 != 2 else { return "" }
        let text = "A\(String(format: "%04d", number))BC"
        return number % 6 == 0 ? "=\"\(text)\"" : number % 6 == 1 ? text.lowercased() + " " : text
    }

    /// The same day in eight ways.
    private func date(_ day: Int, _ month: Int, _ year: Int, form: Int) -> String {
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let two = { (number: Int) in String(format: "%02d", number) }
        switch form {
        case 0: return "\(year)-\(two(month))-\(two(day))"
        case 1: return "\(two(day))/\(two(month))/\(year)"
        case 2: return "\(day).\(month).\(two(year % 100))"
        case 3: return "\(day) \(names[month - 1]) \(year)"
        case 4: return "\(day)-\(names[month - 1])-\(two(year % 100))"
        case 5: return String(serial(day, month, year))
        case 6: return "\(two(day))/\(two(month))/\(year) 00:00"
        default: return " \(names[month - 1]) \(day)th, \(year)"
        }
    }

    /// As a spreadsheet counts days. Worked out by Foundation, not by what is tested.
    private func serial(_ day: Int, _ month: Int, _ year: Int) -> Int {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let begin = calendar.date(from: DateComponents(year: 1899, month: 12, day: 30)) ?? .distantPast
        let end = calendar.date(from: DateComponents(year: year, month: month, day: day)) ?? .distantPast
        return Int((end.timeIntervalSince(begin) / 86_400).rounded())
    }

    private mutating func emit(_ cells: [String]) {
        let quoted = cells.map { cell in
            cell.contains { ";\"\n".contains($0) }
                ? "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : cell
        }
        let record = quoted.joined(separator: ";") + "\r\n"
        text += record
        line += record.filter(\.isNewline).count
    }

    func bytes(_ form: Form) -> [UInt8] {
        switch form {
        case .markedUTF8: [0xEF, 0xBB, 0xBF] + Array(text.utf8)
        case .windows1252: Array(text.data(using: .windowsCP1252) ?? Data())
        case .utf16: [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        }
    }

    enum Form: CaseIterable {
        case markedUTF8, windows1252, utf16
    }
}
