import GRDB
import ReUniteReplica
import ReUniteSync

/// Turns a cell into a column's value, or says in plain words why not. Never says what is in the cell: reports of an
/// import are passed around, and cells are about people.
struct FieldReading {
    struct Complaint: Error, Hashable {
        let why: String
        let advice: String
    }

    enum Value: Hashable {
        case none
        case value(DatabaseValue)
        /// A row to be looked for when it is known which case the line is about.
        case name(String)
    }

    let order: DateOrder
    let today: String
    let partners: [Identifier: String]

    private var year: Int { Int(today.prefix(4)) ?? 2000 }

    /// - Parameter heading: the column's heading in the file: it may say what a number counts.
    func read(_ text: String, as rule: FieldRule, heading: String) throws(Complaint) -> Value {
        guard !text.isEmpty else { return .none }
        switch rule.kind {
        case .text: return .value(try self.text(text, rule).databaseValue)
        case .date: return .value(try date(CSVText.visible(text), rule).databaseValue)
        case .instant:
            return .value(try instant(CSVText.visible(text), rule).databaseValue)
        case .yesOrNo:
            switch FieldRule.plain(text) {
            case "yes", "y", "true", "t", "1", "x": return .value(1.databaseValue)
            case "no", "n", "false", "f", "0": return .value(0.databaseValue)
            default: throw Complaint(why: "it is neither yes nor no", advice: "Write yes or no, or leave it empty")
            }
        case .integer: return .value(try integer(CSVText.visible(text), rule).databaseValue)
        case .money: return .value(try money(CSVText.visible(text), rule, heading).databaseValue)
        case .key:
            guard let id = Identifier(text.lowercased()) else {
                throw Complaint(why: "it is not an id", advice: "Leave the column out: rows get ids by themselves")
            }
            return .value(id.sqlBlob.databaseValue)
        case .partner: return .value(try partner(text).sqlBlob.databaseValue)
        case .caseFile: return .name(CSVText.visible(text))
        case .row: return .name(text)
        }
    }

    private func text(_ text: String, _ rule: FieldRule) throws(Complaint) -> String {
        if !rule.codes.isEmpty { return try code(text, rule) }
        let count = text.unicodeScalars.count
        if let lengths = rule.checks.lengths, count > lengths.upperBound {
            throw Complaint(
                why: "it is too long by \(count - lengths.upperBound)",
                advice: "Write at most \(lengths.upperBound) letters")
        }
        if let lengths = rule.checks.lengths, count < lengths.lowerBound {
            throw Complaint(why: "it is too short", advice: "Write at least \(lengths.lowerBound) letters")
        }
        if rule.column == "ref", rule.table == "case_file" {
            let typed = CaseReference.normalized(CSVText.visible(text))
            guard CaseReference.hasForm(typed) else { return text }
            guard let reference = CaseReference(typed) else {
                throw Complaint(
                    why: "the reference's check letter does not fit its number",
                    advice: "Compare it with the paper, digit by digit")
            }
            return reference.description
        }
        if rule.column.hasSuffix("postcode"), let canonical = Postcode.check(text).canonical { return canonical }
        return text
    }

    private func code(_ text: String, _ rule: FieldRule) throws(Complaint) -> String {
        if rule.isList, text.contains(where: { ",;".contains($0) }) {
            var codes: [String] = []
            for part in text.split(whereSeparator: { ",;".contains($0) }) {
                codes.append(try code(CSVText.tidy(String(part)), rule))
            }
            return codes.joined(separator: ",")
        }
        guard let found = rule.codesByText[FieldRule.plain(text)] else {
            let known = rule.codes.filter(\.isActive)
            let advice =
                rule.isCodeOfRow && known.count > 20
                ? "Use the code, or the name as the network's list has it"
                : "Use one of \(known.prefix(20).map(FieldReading.named).joined(separator: ", "))"
            throw Complaint(why: "it is not in the list", advice: advice)
        }
        guard found.isActive else {
            throw Complaint(
                why: "it is in the list, but not in use", advice: "Choose another, or ask the hub's operator")
        }
        return found.code
    }

    /// A code, with its label beside it where that says more: either is taken.
    private static func named(_ code: FieldRule.Code) -> String {
        let label = FieldRule.plain(code.label)
        return label.isEmpty || label == FieldRule.plain(code.code) ? code.code : "\(code.code) (\(code.label))"
    }

    private func date(_ text: String, _ rule: FieldRule) throws(Complaint) -> String {
        do {
            let latest = rule.isBirth ? year : year + 20
            let day = try TypedDate(text, order: order, latest: latest).day
            if rule.isBirth, day > today {
                throw Complaint(
                    why: "it is in the future",
                    advice: "Compare it with the paper; an unborn child's date is one that is expected")
            }
            return day
        } catch let complaint as Complaint {
            throw complaint
        } catch let wrong as TypedDate.Wrong {
            throw Complaint(why: wrong.why, advice: wrong.advice)
        } catch {
            throw Complaint(why: "it is not a date", advice: "Write it as YYYY-MM-DD")
        }
    }

    /// A time of a day, or the noon of a day. A time that cannot be read is nobody's noon.
    private func instant(_ text: String, _ rule: FieldRule) throws(Complaint) -> Int64 {
        if let time = CivilTime.londonTime(text, on: nil) { return time }
        guard text.contains(":") else {
            return CivilTime.londonInstant(date: try date(text, rule), minutes: 12 * 60)
        }
        let unread = Complaint(
            why: "it is not a day with a time, or no clock showed that time",
            advice: "Write it as 2026-03-01 14:05, or the day alone for its noon")
        guard let mark = text.lastIndex(where: { " Tt".contains($0) }), text[mark...].contains(":") else {
            throw unread
        }
        let day = try date(String(text[..<mark]), rule)
        guard let time = CivilTime.londonInstant(date: day, clock: text[text.index(after: mark)...]) else {
            throw unread
        }
        return time
    }

    private func integer(_ text: String, _ rule: FieldRule) throws(Complaint) -> Int64 {
        if rule.isWeekdays, Int64(text) == nil {
            guard let bits = WorkingDays.bits(text) else {
                throw Complaint(why: "these are no days of a week", advice: "Write them as Mon, Tue")
            }
            return Int64(bits)
        }
        var digits = Pounds.grouped(text, by: ",") ?? ""
        // A spreadsheet's number with nothing behind the point.
        if let point = digits.firstIndex(of: "."), digits[point...].dropFirst().allSatisfy({ $0 == "0" }) {
            digits = String(digits[..<point])
        }
        guard let number = Int64(digits) else {
            throw Complaint(why: "it is not a whole number", advice: "Write digits alone")
        }
        try check(number, rule)
        return number
    }

    private func check(_ number: Int64, _ rule: FieldRule) throws(Complaint) {
        guard let range = rule.checks.range, !range.contains(number) else { return }
        let advice =
            range.upperBound == Int64.max
            ? "Write \(range.lowerBound) or more" : "Write a number from \(range.lowerBound) to \(range.upperBound)"
        throw Complaint(why: "the number is out of range", advice: advice)
    }

    /// Pence. A bare whole number is taken only under the column's own name, which says what it counts; one with a point
    /// is not taken there without a sign.
    private func money(_ text: String, _ rule: FieldRule, _ heading: String) throws(Complaint) -> Int64 {
        if !text.contains("£") && !text.uppercased().contains("GBP") {
            let isPence = FieldRule.plain(heading) == FieldRule.plain(rule.column)
            guard isPence != text.contains(".") else {
                throw Complaint(
                    why: "it could be pounds or pence",
                    advice: "Write it as £1234.50, or call the column \(rule.column) and write pence without a point")
            }
            if isPence { return try integer(text, rule) }
        }
        guard let pence = Pounds.pence(text) else {
            throw Complaint(why: "it is not a sum of money", advice: "Write it as £1234.50")
        }
        try check(pence, rule)
        return pence
    }

    private func partner(_ text: String) throws(Complaint) -> Identifier {
        if let id = Identifier(text.lowercased()), partners[id] != nil { return id }
        let found = partners.filter { $0.value.uppercased() == text.uppercased() }.keys
        guard let id = found.first, found.count == 1 else {
            throw Complaint(why: "no partner has that code", advice: "Use a partner's code, such as SRY")
        }
        return id
    }
}
