/// What a person types to say why, or who it was.
package enum TypedText {
    /// The fewest characters of a reason that says anything.
    package static let reasonLength = 10

    /// A text without white space at either end.
    package static func trimmed(_ text: String) -> String {
        var words = text.drop(while: \.isWhitespace)
        while let last = words.last, last.isWhitespace { words.removeLast() }
        return String(words)
    }

    /// A reason that says something, trimmed.
    ///
    /// - Throws: ``Failure`` (usage) when it says too little.
    package static func reason(_ text: String, _ what: String) throws -> String {
        let words = trimmed(text)
        guard words.count >= reasonLength else {
            throw Failure(
                .usage, what: what, why: "the reason has fewer than \(reasonLength) characters",
                remedy: "Say with --reason why, so that others can follow it later")
        }
        return words
    }
}
