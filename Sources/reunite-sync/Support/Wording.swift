import Foundation

/// How values and spans of time are worded for people.
enum Wording {
    /// Bytes as lower-case hexadecimal digits.
    static func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    /// The bytes that such digits spell; nil for anything else.
    static func bytes(hex: String) -> [UInt8]? {
        let digits = Array(hex)
        guard digits.count % 2 == 0 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: digits.count, by: 2) {
            guard let high = digits[place].hexDigitValue, let low = digits[place + 1].hexDigitValue else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }

    /// In place of values that only the case's own page shows.
    static let secret = "withheld"
    /// In place of what was typed into a record that is not here any more.
    static let withheld = "withheld: the case has left, or the record was deleted"
    static let hubIsOlder = """
        Devices have a newer program than this hub. Install the current reunite-sync here: what they sent is then \
        judged by itself.
        """
    /// Of a file with secrets of the hub.
    static func readableByOthers(_ file: String) -> String {
        "WARNING: others on this machine may read or write \(file): run chmod 600 on it, as the account that serves the hub."
    }

    static let purgeOwed = """
        Something that left is not yet cleaned from this file: another program uses it, or the disk is full. \
        Close other programs and sync again.
        """

    /// What it means for a replica that its program and the hub's are not of one version; nil where they are.
    static func schemas(here: Int, hub: Int?, keptRows: Int) -> String? {
        guard let hub, hub != here else { return nil }
        guard hub > here else {
            return """
                The hub's program is older than this one (schema \(hub), here \(here)). What is written here is kept and \
                waits until the hub is upgraded: tell the hub operator.
                """
        }
        return """
            The hub's program is newer than this one (schema \(hub), here \(here)). Work goes on. What this program cannot \
            show is kept (of \(keptRows) rows so far): install the current reunite-sync.
            """
    }

    /// `column = value, …` in the order of the columns.
    static func fields(_ value: [String: String?], columns: [String], labels: [String]) -> String {
        zip(columns, labels).map { column, label in "\(label) = \((value[column] ?? nil) ?? "(nothing)")" }
            .joined(separator: ", ")
    }

    /// `1 edit`, `2 edits`.
    static func count(_ number: some BinaryInteger, _ one: String, _ many: String? = nil) -> String {
        "\(number) \(number == 1 ? one : many ?? one + "s")"
    }

    /// How long ago something was, in the largest unit that says enough.
    static func age(since milliseconds: Int64) -> String {
        let now = Int64(Date().timeIntervalSince1970 * 1_000)
        return span(max(0, now - milliseconds))
    }

    /// A span of milliseconds in minutes, hours or days.
    static func span(_ milliseconds: Int64) -> String {
        let minutes = milliseconds / 60_000
        func count(_ number: Int64, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
        if minutes < 120 { return count(minutes, "minute") }
        if minutes < 2 * 1_440 { return count(minutes / 60, "hour") }
        return count(minutes / 1_440, "day")
    }
}

extension [String] {
    /// So much of the beginning of an id as no other of these begins with: to be typed again.
    func shortest(of id: String) -> String {
        let others = filter { $0 != id }
        let lengths = 8..<Swift.max(id.count, 9)
        let enough = lengths.first { length in !others.contains { $0.hasPrefix(id.prefix(length)) } }
        return enough.map { String(id.prefix($0)) } ?? id
    }
}
