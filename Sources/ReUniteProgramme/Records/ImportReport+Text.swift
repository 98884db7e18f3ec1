/// Remarks for people. Of hundreds that say the same of one column, a mistake that stands alone must not be buried.
extension ImportReport {
    /// A line for each remark; where they would be more than `most`, one for each column and reason, with the lines of the
    /// file, those that concern fewest lines first.
    package static func lines(_ remarks: [Remark], most: Int) -> [String] {
        guard remarks.count > most else { return remarks.map(\.text) }
        var groups: [Remark: [Int]] = [:]
        for remark in remarks {
            let key = Remark(
                line: 0, column: remark.column, heading: remark.heading, why: remark.why, advice: remark.advice)
            groups[key, default: []].append(remark.line)
        }
        return groups.sorted {
            ($0.value.count, $0.value[0], $0.key.text) < ($1.value.count, $1.value[0], $1.key.text)
        }.map { remark, lines in
            guard lines.count > 1 else {
                return Remark(
                    line: lines[0], column: remark.column, heading: remark.heading, why: remark.why,
                    advice: remark.advice
                ).text
            }
            let shown = lines.prefix(Self.shown).map(String.init).joined(separator: ", ")
            let rest = lines.count > Self.shown ? " and \(lines.count - Self.shown) more" : ""
            return "\(lines.count) lines (\(shown)\(rest))\(remark.text.dropFirst("line 0".count))"
        }
    }

    /// Of so many lines that say the same the numbers are told.
    private static let shown = 10
}
