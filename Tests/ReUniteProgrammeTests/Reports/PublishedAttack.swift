import Foundation
import TestSupport
import Testing

@testable import ReUniteProgramme

/// Somebody else who lays over each other all that is published (Tests/Figures/attack.py).
enum PublishedAttack {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Figures/attack.py").path

    struct Item: Encodable {
        let revision: Int
        let report: OutcomeReport
        /// The counts of that day as they were then, nothing hidden.
        let exact: OutcomeReport
    }

    /// Runs the attacker on networks. Returns what it found and how much it tried.
    static func run(_ networks: [[Item]]) throws -> (
        told: [String], tried: Int, lines: Int, untrue: Int, givenUp: Int
    ) {
        let folder = try TemporaryFolder()
        let file = folder.file("published.json")
        try JSONEncoder().encode(networks).write(to: URL(fileURLWithPath: file))
        let result = try ForeignClient.run(["python3", "-B", Self.script, file])
        #expect(result.succeeded, "\(result.errors)")
        let lines = result.output.split(separator: "\n").map(String.init)
        let numbers = (lines.last ?? "").split(separator: " ").compactMap { Int($0) }
        try #require(numbers.count == 4, "\(result.output)")
        return (lines.filter { $0.hasPrefix("told") }, numbers[0], numbers[1], numbers[2], numbers[3])
    }
}
