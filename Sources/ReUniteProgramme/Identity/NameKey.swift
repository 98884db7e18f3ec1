import Foundation

/// A name as it is compared: without case, marks, punctuation and spacing, in whatever order its parts stand.
struct NameKey: Hashable, Sendable {
    /// Its parts, as written.
    let parts: [String]
    /// The parts in the order of the alphabet, so that Smith-Jones is Jones Smith.
    let sorted: String
    /// The parts as they stand, so that Mc Donald is McDonald.
    let joined: String

    /// Nil for a text without letters.
    init?(_ text: String?) {
        guard let text else { return nil }
        parts = NameKey.parts(of: text)
        guard !parts.isEmpty else { return nil }
        sorted = parts.sorted().joined(separator: " ")
        joined = parts.joined()
    }

    func isSame(as other: NameKey) -> Bool { sorted == other.sorted || joined == other.joined }

    /// One part of a double name, or one letter off.
    func isClose(to other: NameKey) -> Bool {
        parts.contains { $0.count > 2 && other.parts.contains($0) } || NameKey.isOneLetterOff(joined, other.joined)
    }

    /// Letters that decompose into nothing simpler, as an English keyboard writes them.
    private static let plain: [Character: String] = [
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
    ]

    private static func parts(of text: String) -> [String] {
        var parts: [String] = []
        var part = ""
        for scalar in text.lowercased().decomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar.properties.isAlphabetic {
                part += plain[Character(scalar)] ?? String(scalar)
            } else if isSilent(scalar) {
                continue
            } else if !part.isEmpty {
                parts.append(part)
                part = ""
            }
        }
        if !part.isEmpty { parts.append(part) }
        return parts
    }

    /// Marks, and the apostrophe of O'Neil in all its shapes, join what they stand in.
    private static func isSilent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "'", "\u{2019}", "\u{2018}", "\u{02BC}", "`", "\u{00B4}": true
        default: scalar.properties.generalCategory == .nonspacingMark
        }
    }

    /// Whether one letter was added, left out, mistaken or exchanged with its neighbour. Short names are too alike.
    static func isOneLetterOff(_ left: String, _ right: String) -> Bool {
        let a = Array(left.utf8)
        let b = Array(right.utf8)
        guard min(a.count, b.count) >= 4, abs(a.count - b.count) <= 1, a != b else { return false }
        let prefix = zip(a, b).prefix { $0 == $1 }.count
        let suffix = zip(a.dropFirst(prefix).reversed(), b.dropFirst(prefix).reversed()).prefix { $0 == $1 }.count
        let leftRest = a.count - prefix - suffix
        let rightRest = b.count - prefix - suffix
        if max(leftRest, rightRest) <= 1 { return true }
        return leftRest == 2 && rightRest == 2 && a[prefix] == b[prefix + 1] && a[prefix + 1] == b[prefix]
    }
}
