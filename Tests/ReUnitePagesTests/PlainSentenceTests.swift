import Foundation
import Testing

@testable import ReUnitePages

/// Reads every sentence of the sources: a page says it without the commands and options that it names.
@Suite("Sentences without commands")
struct PlainSentenceTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let sources = root.appendingPathComponent("Sources")

    /// What stands after a clause was cut out of the middle of a sentence.
    private static let leftover =
        #"\b(see|as|of|run|a|an|the|by|from|use|give|given|add|or|and|for|with|without|than|leave)( *[,.;:)]|$)|[,;:]$|  "#

    @Test("Every sentence that names a command or an option is whole without it")
    func everySentence() throws {
        let commands = try PlainSentenceTests.commands()
        #expect(commands.count > 20 && commands.contains("hub") && commands.contains("inbox"))
        let names = (commands + ["reunite-sync"]).joined(separator: "|")
        let named = try NSRegularExpression(pattern: "'(\(names))( [^']*)?'|(?<![-\\w<!])--[a-z]")
        let leftover = try NSRegularExpression(pattern: PlainSentenceTests.leftover, options: .caseInsensitive)
        var found = 0
        for (file, text) in try PlainSentenceTests.sentences() where named.finds(text) {
            found += 1
            let plain = PlainSentence.withoutCommands(text)
            #expect(!named.finds(plain) && !leftover.finds(plain), "\(file): \(text)\n  \(plain)")
        }
        #expect(found > 150, "\(found) sentences were found")
    }

    @Test("A clause goes with the command in it, and nothing else does")
    func clauses() {
        for (text, plain) in [
            ("Make a backup with 'hub backup'; nothing was changed", "Make a backup; nothing was changed"),
            ("Ask for it to be renewed ('hub device renew'), then sync", "Ask for it to be renewed, then sync"),
            ("End it with 'referral complete' or 'referral withdraw'", "End it"),
            ("Name the home and the days: --unit, --from and --to", "Name the home and the days"),
            ("Name another with --listen, or stop it", "Name another, or stop it"),
            ("'abc' is not an id of the hub's", "'abc' is not an id of the hub's"),
            ("the file 'keys' is older", "the file 'keys' is older"),
        ] {
            #expect(PlainSentence.withoutCommands(text) == plain)
        }
    }

    @Test("A page that names a command says whose it is: who reads it may have no terminal")
    func templates() throws {
        let pages = PlainSentenceTests.sources.appendingPathComponent("ReUnitePages")
        let files = try FileManager.default.subpathsOfDirectory(atPath: pages.path).filter { $0.hasSuffix(".mustache") }
        #expect(files.count > 20)
        var found = 0
        for file in files.sorted() {
            let text = try String(contentsOf: pages.appendingPathComponent(file), encoding: .utf8)
            for sentence in text.matches(of: #/[^.>]*reunite-sync/#).map(\.0) {
                found += 1
                #expect(sentence.contains("Whoever looks after the hub's machine can "), "\(file): \(sentence)")
            }
        }
        #expect(found > 0)
    }

    /// The names of the commands, as the program's own list has them.
    private static func commands() throws -> [String] {
        let main = try String(
            contentsOf: sources.appendingPathComponent("reunite-sync/Main.swift"), encoding: .utf8)
        let list = try #require(main.firstMatch(of: #/subcommands: \[([^\]]*)\]/#)).1
        return list.matches(of: #/([A-Z][A-Za-z]*)\.self/#).map {
            String($0.1).lowercased().replacing(#/command$/#, with: "")
        }
    }

    /// Every literal of the modules behind the pages, and of the program's own every way out, with the parts of a long
    /// one joined.
    private static func sentences() throws -> [(file: String, text: String)] {
        let literal = try NSRegularExpression(pattern: #""((?:[^"\\\n]|\\.)*)""#)
        let remedy = try NSRegularExpression(pattern: #"(?:remedy|advice|do):\s*"((?:[^"\\\n]|\\.)*)""#)
        let sql = try NSRegularExpression(
            pattern: #"\b(SELECT|INSERT|UPDATE|DELETE|WHERE|VALUES|AND|CASE|CREATE|IN|CHECK)\b|= *'|<[a-z]"#)
        var found: [(file: String, text: String)] = []
        let files = try FileManager.default.subpathsOfDirectory(atPath: sources.path).filter { $0.hasSuffix(".swift") }
        for file in files.sorted() {
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            let pattern = file.hasPrefix("reunite-sync/") ? remedy : literal
            found += pattern.firstGroups(of: joined(text)).filter { $0.contains(" ") && !sql.finds($0) }
                .map { (file, $0) }
        }
        return found
    }

    private static func joined(_ text: String) -> String {
        text.replacingOccurrences(of: #"(?m)^\s*//.*$"#, with: "", options: .regularExpression)
            .replacingOccurrences(of: #"\\\n\s*"#, with: "", options: .regularExpression)
            .replacingOccurrences(of: #""""\n\s*([^\n]*)\n\s*""""#, with: "\"$1\"", options: .regularExpression)
            .replacingOccurrences(of: #""\s*\+\s*""#, with: "", options: .regularExpression)
            // What a literal works out is some word.
            .replacingOccurrences(of: #"\\\((?:[^()]|\([^()]*\))*\)"#, with: "x", options: .regularExpression)
    }
}

extension NSRegularExpression {
    fileprivate func finds(_ text: String) -> Bool {
        firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
    }

    fileprivate func firstGroups(of text: String) -> [String] {
        matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
            Range($0.range(at: 1), in: text).map { String(text[$0]) }
        }
    }
}
