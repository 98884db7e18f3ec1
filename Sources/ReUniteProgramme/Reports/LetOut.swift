/// A small number that is let out on purpose: shown as a bound, and what that bound tells.
///
/// One of 35 is "under 3 %": the count stays `c`, and whoever can divide knows that it is one.
struct LetOut: Hashable {
    /// Fewer than so many in a hundred.
    let bound: Int
    /// What the count may be for somebody who knows how the bound is made.
    let yes: ClosedRange<Int>
    /// How many it is of, at least: of fewer the bound would be untrue.
    let least: Int

    static let word = "under "

    var text: String { "\(LetOut.word)\(bound) %" }

    /// - Parameter of: as it is shown beside it.
    init(_ count: Int, of: Int) {
        bound = LetOut.bound(count, of: of)
        yes = count...count
        least = LetOut.least(count, bound)
    }

    /// As somebody outside reads it; nil where a line lets nothing out.
    init?(cells: [String], percent: String?) {
        guard cells.count == 4, cells[0] == SmallNumbers.Cell.hidden.text, let of = Int(cells[2]), of > 0,
            let percent, percent.hasPrefix(LetOut.word), let bound = Int(percent.dropFirst(6).dropLast(2))
        else { return nil }
        let counts = (1..<SmallNumbers.least).filter { LetOut.bound($0, of: of) == bound }
        guard let fewest = counts.first, let most = counts.last else { return nil }
        self.bound = bound
        yes = fewest...most
        least = LetOut.least(fewest, bound)
    }

    /// Whether it is true of so many.
    func isTrue(_ count: Int, of: Int) -> Bool { 100 * count < bound * of }

    private static func bound(_ count: Int, of: Int) -> Int { 100 * count / of + 1 }

    private static func least(_ count: Int, _ bound: Int) -> Int { 100 * count / bound + 1 }
}

extension OutcomeReport {
    /// That a small number is shown though it is small: who allowed it, and why. It stands beside the figure for good.
    package struct Waiver: Hashable, Sendable, Codable {
        /// An area's code; nil for all of them.
        package let area: String?
        package let by: String
        package let reason: String
        /// When, `YYYY-MM-DD` in London.
        package let day: String

        package init(area: String?, by: String, reason: String, day: String) {
            (self.area, self.by, self.reason, self.day) = (area, by, reason, day)
        }

        private enum CodingKeys: String, CodingKey {
            case area, by, reason
            case day = "on"
        }

        /// As it stands under a table.
        package var text: String {
            "Shown though it is small: \(area ?? "all areas"). Allowed by \(by) on \(day): \(reason)"
        }
    }

    /// Beside a table in which who has nobody is not told from who has the number that was let out.
    package static let nothingHidden = "Here c under yes may be nothing: since a small number of it was let out."

    /// Small numbers that are to be let out, by the measure.
    package typealias Waivers = [String: [Waiver]]
}
