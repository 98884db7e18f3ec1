import ReUniteProgramme
import ReUniteSync

/// What was typed behind a command's name, before anything is made of it.
enum TypedArguments {
    /// Refuses what steers a screen or turns the direction of text, in the words of an import: what is typed here stands
    /// in a record, or is looked for in one. It names the option, and never says what was typed.
    ///
    /// - Parameter file: the replica's path, which is the machine's business.
    /// - Throws: ``Failure`` (badData).
    static func check(_ arguments: [String] = CommandLine.arguments, besides file: String) throws {
        for (place, argument) in arguments.enumerated() where TypedOption.steers(argument) {
            let parts = argument.split(separator: "=", maxSplits: 1)
            let isPair = argument.hasPrefix("--") && parts.count == 2
            guard (isPair ? String(parts[1]) : argument) != file else { continue }
            let before = place > 0 ? arguments[place - 1] : ""
            let name = isPair ? String(parts[0]) : before.hasPrefix("-") ? before : "argument \(place)"
            throw Failure(
                .badData, what: "Reading the command", why: "\(Printable.text(name)): \(TypedOption.control)",
                remedy: "Type it again")
        }
    }
}
