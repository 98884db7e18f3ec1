/// What a person types to say why, or who it was.
package enum TypedText {
    /// The fewest characters of a reason that says anything.
    package static let reasonLength = 10
    /// The most, in the code points that SQLite counts.
    package static let reasonLimit = 2_000

    /// A text without white space at either end.
    package static func trimmed(_ text: String) -> String {
        var words = text.drop(while: \.isWhitespace)
        while let last = words.last, last.isWhitespace { words.removeLast() }
        return String(words)
    }

    /// What something is to be called, trimmed: what is printed in lists and stands in everybody's tables.
    ///
    /// - Parameters:
    ///   - thing: what is named, for the error: "device's name".
    ///   - length: how many characters it may have, as SQLite counts them.
    /// - Throws: ``Failure`` (badData) when it has fewer or more, or some that cannot be seen.
    package static func name(
        _ text: String, _ what: String, of thing: String, _ length: ClosedRange<Int> = 1...200
    ) throws -> String {
        let words = trimmed(text)
        guard length.contains(words.unicodeScalars.count) else {
            let why = words.isEmpty ? "the \(thing) is empty" : "the \(thing) is too short or too long"
            throw Failure(
                .badData, what: what, why: why,
                remedy: "Use \(length.lowerBound) to \(length.upperBound) characters")
        }
        // What shows nothing would make two names look alike.
        guard Printable.text(words) == words,
            words.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .format })
        else {
            throw Failure(
                .badData, what: what, why: "the \(thing) has a line break or a character that cannot be seen",
                remedy: "Type it anew without")
        }
        return words
    }

    /// A reason that says something, trimmed. Every command that asks why asks by this one rule.
    ///
    /// - Throws: ``Failure`` (usage) when it says too little, or has more than 2,000 characters.
    package static func reason(_ text: String, _ what: String) throws -> String {
        let words = trimmed(text)
        guard words.count >= reasonLength else {
            throw Failure(
                .usage, what: what, why: "the reason has fewer than \(reasonLength) characters",
                remedy: "Say why with --reason, so that others can follow it later")
        }
        guard words.unicodeScalars.count <= reasonLimit else {
            throw Failure(
                .usage, what: what, why: "the reason has more than \(reasonLimit) characters",
                remedy: "Say what matters with --reason, and leave out the rest")
        }
        return words
    }
}
