/// Sums of money as people write them.
package enum Pounds {
    /// Pence of pounds such as `£1,234.50`, `1234.5` or `GBP 7`.
    ///
    /// - Returns: nil for what is no such sum, also where a comma may be what others write for a point.
    package static func pence(_ text: String) -> Int64? {
        let bare = CSVText.tidy(
            CSVText.visible(text).uppercased().replacing("GBP", with: "").replacing("£", with: ""))
        guard let digits = grouped(bare, by: ", ") else { return nil }
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let pounds = Int64(parts.first ?? ""), pounds.magnitude < 1_000_000_000_000 else {
            return nil
        }
        guard parts.count == 2 else { return pounds * 100 }
        guard (1...2).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let fraction = Int64(parts[1])
        else { return nil }
        let hundredths = parts[1].utf8.count == 1 ? fraction * 10 : fraction
        return pounds * 100 + (digits.hasPrefix("-") ? -hundredths : hundredths)
    }

    /// Without the marks between thousands; nil where one stands elsewhere.
    static func grouped(_ text: String, by marks: String) -> String? {
        let whole = text.prefix { $0 != "." }
        let groups = whole.drop { $0 == "-" }.split(omittingEmptySubsequences: false) { marks.contains($0) }
        guard groups.count == 1 || (1...3).contains(groups[0].count) && groups.dropFirst().allSatisfy({ $0.count == 3 })
        else { return nil }
        return whole.filter { !marks.contains($0) } + String(text.dropFirst(whole.count))
    }
}
