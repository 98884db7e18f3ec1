/// Numbers as the report prints them.
enum Format {
    /// With so many decimals, rounded.
    static func fixed(_ value: Double, _ decimals: Int) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1
        for _ in 0..<decimals { scale *= 10 }
        let scaled = Int((value.magnitude * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard decimals > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % scale)
        return "\(sign)\(scaled / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
    }

    static func ratio(_ value: Double) -> String { fixed(value, 2) }

    /// Three or more digits that matter.
    static func quantity(_ value: Double) -> String {
        fixed(value, value.magnitude >= 100 ? 0 : value.magnitude >= 10 ? 1 : 2)
    }
}
