import ArgumentParser
import Foundation

/// A time on the command line: a day, which stands for its noon, or an instant.
struct Moment: ExpressibleByArgument {
    let milliseconds: Int64

    init?(argument: String) {
        let text = argument.count == 10 ? argument + "T12:00:00Z" : argument
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        milliseconds = Int64((date.timeIntervalSince1970 * 1_000).rounded())
    }
}
