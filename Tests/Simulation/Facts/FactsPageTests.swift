import Foundation
import Testing

/// `docs/facts.md` names a test for each fact: it must be there.
@Suite("The page of facts names tests that there are")
struct FactsPageTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The last cell of each line of its tables that has a fact.
    private func tests() throws -> [String] {
        let page = try String(contentsOf: Self.root.appending(path: "docs/facts.md"), encoding: .utf8)
        return page.split(separator: "\n").filter {
            $0.hasPrefix("| ") && !$0.hasPrefix("| Fact") && !$0.hasPrefix("| ---")
        }
        .compactMap { $0.split(separator: "|").last { !$0.allSatisfy(\.isWhitespace) } }.map(String.init)
    }

    @Test("Every fact has one, and what is named is the beginning of a case's name or a suite")
    func named() throws {
        let names = SeedFact.all.map { $0.name.lowercased() }
        let suites = try suites()
        var cases = 0
        for cell in try tests() {
            let found = cell.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(!found.isEmpty)
            for name in found where name.hasSuffix("…") {
                let beginning = name.replacing("seed: ", with: "").dropLast().lowercased()
                #expect(names.contains { $0.hasPrefix(beginning) }, "no case begins with “\(beginning)”")
                cases += 1
            }
            for suite in cell.matches(of: /`(\w+Tests)`/).map({ String($0.1) }) {
                #expect(suites.contains(suite), "there is no \(suite)")
            }
            #expect(cell.contains("seed: ") || cell.contains("Tests`"), "no test: \(cell)")
        }
        #expect(cases > 40)
    }

    @Test("Every case of the seed list is on the page")
    func listed() throws {
        let beginnings = try tests().flatMap { $0.split(separator: ";") }
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { $0.hasSuffix("…") }
            .map { $0.replacing("seed: ", with: "").dropLast().lowercased() }
        let missing = SeedFact.all.map(\.name).filter { name in
            !beginnings.contains { name.lowercased().hasPrefix($0) }
        }
        #expect(missing == [])
    }

    private func suites() throws -> Set<String> {
        let tests = Self.root.appending(path: "Tests")
        var found: Set<String> = []
        for case let file as URL in FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
            ?? .init()
        where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /(?:struct|class) (\w+Tests)\b/) { found.insert(String(match.1)) }
        }
        return found
    }
}
