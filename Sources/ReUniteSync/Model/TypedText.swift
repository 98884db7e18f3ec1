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

    /// A reason that says something, trimmed. Every command that asks why asks by this one rule.
    ///
    /// - Throws: ``Failure`` (usage) when it says too little, or has more than 2,000 characters.
    package static func reason(_ text: String, _ what: String) throws -> String {
        let words = trimmed(text)
        guard words.count >= reasonLength else {
            throw Failure(
                .usage, what: what, why: "the reason has fewer than \(reasonLength) characters",
                remedy: "Say with --reason why, so that others can follow it later")
        }
        guard words.unicodeScalars.count <= reasonLimit else {
            throw Failure(
                .usage, what: what, why: "the reason has more than \(reasonLimit) characters",
                remedy: "Say with --reason what matters, and leave out the rest")
        }
        return words
    }
}
