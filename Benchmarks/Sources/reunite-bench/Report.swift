/// The findings as text, as Markdown, as JSON.
struct Report {
    var title: String
    var findings: [Finding]

    private static let heads = [
        "#", "compared", "median", "min - max", "ratio", "min - max", "least", "target (stretch)", "",
    ]

    private var cells: [[String]] {
        findings.map { finding in
            let value = finding.value
            func span(_ samples: Samples, _ format: (Double) -> String) -> String {
                samples.values.isEmpty ? "" : "\(format(samples.least)) - \(format(samples.most))"
            }
            return [
                "\(finding.row)", finding.what,
                finding.isRun ? "\(Format.quantity(value.median)) \(finding.unit.rawValue)" : "",
                span(value, Format.quantity), finding.ratio.map(Format.ratio) ?? "",
                finding.ratios.map { span($0, Format.ratio) } ?? "", finding.leastRatio.map(Format.ratio) ?? "",
                finding.target?.text ?? "", finding.verdict,
            ]
        }
    }

    func text() -> String {
        let rows = [Self.heads] + cells
        let widths = Self.heads.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: "  ")
        }
        return title + "\n\n" + lines.joined(separator: "\n") + "\n"
    }

    func markdown() -> String {
        let rows = [Self.heads, Self.heads.map { _ in "---" }] + cells
        return title + "\n\n" + rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
    }

    func json() -> String {
        let items = findings.map { finding in
            let numbers = finding.value.values.map { Format.fixed($0, 6) }.joined(separator: ",")
            var members = [
                #""row":\#(finding.row)"#, #""what":"\#(finding.what)""#, #""unit":"\#(finding.unit.rawValue)""#,
                #""values":[\#(numbers)]"#,
            ]
            if finding.isRun { members.append(#""median":\#(Format.fixed(finding.value.median, 6))"#) }
            if let least = finding.leastRatio { members.append(#""leastRatio":\#(Format.fixed(least, 4))"#) }
            if let ratio = finding.ratio { members.append(#""ratio":\#(Format.fixed(ratio, 4))"#) }
            if let target = finding.target {
                members.append(#""direction":"\#(target.direction.rawValue)","must":\#(Format.ratio(target.must))"#)
                if let stretch = target.stretch { members.append(#""stretch":\#(Format.ratio(stretch))"#) }
                members.append(#""verdict":"\#(finding.verdict)""#)
            }
            return "{" + members.joined(separator: ",") + "}"
        }
        return #"{"title":"\#(title)","findings":["# + items.joined(separator: ",\n") + "]}\n"
    }
}
