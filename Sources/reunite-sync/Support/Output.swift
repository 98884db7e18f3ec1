import Foundation
import ReUniteSync

/// What every command prints with: results on standard output, everything else on standard error.
enum Output {
    /// Whether `--json` was asked for, wherever on the line; also known when the line could not be parsed.
    static let isJSON = CommandLine.arguments.contains("--json")

    /// Prints one JSON document.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Prints a value as JSON if that was asked for, and as text otherwise.
    static func show(_ value: some Encodable, as json: Bool, text: () -> Void) throws {
        if json { try Output.json(value) } else { text() }
    }

    static func note(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    /// Reports a failure: a line on standard error, and the JSON error where JSON was asked for.
    static func report(_ failure: Failure) {
        note("reunite-sync: \(failure)")
        if isJSON { print(FailureJSON.encode(failure)) }
    }

    /// An instant as RFC 3339 in UTC.
    static func time(_ milliseconds: Int64) -> String {
        let seconds = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
        return seconds.formatted(.iso8601)
    }

    static func time(_ milliseconds: Int64?) -> String? {
        milliseconds.map { time($0) }
    }

    /// Prints rows in columns.
    static func table(_ head: [String], _ rows: [[String]]) {
        let all = [head] + rows
        let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        for row in all {
            let cells = zip(row, widths).map { $0.0.padding(toLength: $0.1, withPad: " ", startingAt: 0) }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            print(line)
        }
    }
}

/// A value that is a JSON `null` when there is none, so that the key is always there.
@propertyWrapper
struct OrNull<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    // Without it, the initialisers that the compiler makes would take the wrapper instead of the value.
    init(wrappedValue value: Value?) {
        wrappedValue = value
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}
