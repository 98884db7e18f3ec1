import Foundation
import ReUniteProgramme
import ReUniteSync
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What every command prints with: results on standard output, everything else on standard error.
enum Output {
    /// Whether `--json` was asked for, wherever on the line; also known when the line could not be parsed.
    static let isJSON = CommandLine.arguments.contains("--json")

    /// Prints one JSON document.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        exact(String(decoding: try encoder.encode(value), as: UTF8.self) + "\n")
    }

    /// Puts text on standard output as it is: for what programs read. People are told with ``say(_:end:)``.
    static func exact(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = write(STDOUT_FILENO, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    let said = errno
                    trouble.withLock { $0 = $0 ?? said }
                    return
                }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    /// What the system said when standard output took no more; nil while it takes everything.
    private static let trouble = Mutex<Int32?>(nil)

    /// Makes sure that everything printed has arrived.
    ///
    /// - Throws: ``Failure`` (inputOutput) where it has not: a script that reads it must not take half for the whole.
    ///   Nobody is told where the reader has gone, as `head` does.
    static func finish() throws {
        guard let trouble = trouble.withLock({ $0 }), trouble != EPIPE else { return }
        throw Failure(
            .inputOutput, what: "Printing", why: String(cString: strerror(trouble)).lowercased(),
            remedy: "What the command did is done; make room where its output goes, and ask again")
    }

    /// Prints a value as JSON if that was asked for, and as text otherwise.
    static func show(_ value: some Encodable, as json: Bool, text: () -> Void) throws {
        if json { try Output.json(value) } else { text() }
    }

    static func note(_ line: String) {
        FileHandle.standardError.write(Data((Printable.text(line) + "\n").utf8))
    }

    /// Reports a failure: a line on standard error, and the JSON error where JSON was asked for.
    static func report(_ failure: Failure) {
        note("reunite-sync: \(failure)")
        if isJSON { exact(FailureJSON.encode(failure) + "\n") }
    }

    /// An instant as RFC 3339 in UTC.
    static func time(_ milliseconds: Int64) -> String {
        let seconds = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
        return seconds.formatted(.iso8601)
    }

    static func time(_ milliseconds: Int64?) -> String? {
        milliseconds.map { time($0) }
    }

    /// Prints rows in columns, or row by row where the terminal is too narrow for them.
    static func table(_ head: [String], _ rows: [[String]]) {
        let table = TextTable(head, rows.map { $0.map(Printable.text) })
        for line in table.lines(width: terminalWidth) { say("\(line)") }
    }

    /// Prints a text for people whose end may lie beyond the edge, broken between words where a terminal has one.
    ///
    /// - Parameter indent: with which each line begins.
    static func paragraph(_ text: String, indent: String = "") {
        let text = Printable.text(text)
        let lines = terminalWidth.map { TextTable.broken(text, width: max(20, $0 - indent.count)) } ?? [text]
        for line in lines { say("\(indent)\(line)") }
    }

    /// How many characters fit on a line where standard output is a terminal; nil where it is a file or a pipe.
    private static var terminalWidth: Int? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
        return Int(size.ws_col)
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
