import Foundation

/// Of a publication's text what says that small numbers were let out. The text is the programme's; its names are fixed, for
/// everybody has it.
struct PublishedFigures: Decodable {
    struct Waiver: Hashable, Decodable {
        let area: String?
        let by: String
        let reason: String
        let on: String
    }

    struct Line: Decodable {
        let area: String?
        let yes: String
        let percent: String?

        /// Of a number that is shown as a bound though it is hidden, fewer than how many in a hundred; nil of any other.
        var bound: Int64? {
            guard yes == "c", let percent else { return nil }
            return Int64(percent.filter { ("0"..."9").contains($0) })
        }
    }

    struct Figure: Decodable {
        let measure: String
        let lines: [Line]
        let waivers: [Waiver]?

        /// What a line of it is called in the audit log.
        func name(_ area: String?) -> String { measure + (area.map { ":\($0)" } ?? "") }
    }

    /// The last day of the quarter that it counts.
    let asAt: String
    let figures: [Figure]

    private enum CodingKeys: String, CodingKey {
        case figures
        case asAt = "as_at"
    }

    /// - Parameter text: UTF-8; nil is returned where it is in a form that this program does not know.
    init?(_ text: [UInt8]) {
        guard let read = try? JSONDecoder().decode(PublishedFigures.self, from: Data(text)) else { return nil }
        self = read
    }
}
