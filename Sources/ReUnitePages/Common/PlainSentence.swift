/// Sentences of the engine for people who use pages: the commands and options that they name help nobody there.
///
/// A command is always named in a clause of its own, behind "with" or a colon or in brackets, so that the sentence is
/// whole without it: "Make a backup with 'hub backup'". A test reads every sentence of the sources.
enum PlainSentence {
    static func withoutCommands(_ text: String) -> String {
        text.replacing(
            #/ \((?:'[a-z][^']*'|--[a-z][a-z\-]*)(?:(?:,| and| or) (?:'[a-z][^']*'|--[a-z][a-z\-]*))*\)/#, with: ""
        ).replacing(
            #/(?:,? with |: )(?:'[a-z][^']*'|--[a-z][a-z\-]*)(?:(?:,| and| or) (?:'[a-z][^']*'|--[a-z][a-z\-]*))*/#,
            with: "")
    }
}
