package import ReUniteReplica
import ReUniteSync

/// Compares a replica with its hub over HTTP, row by row where their sums differ (`docs/verify.md`).
package struct HTTPCheck {
    private let replica: Replica
    private let line: HubLine
    /// About how many rows the hub tells of in one answer.
    static let rowsPerAnswer: Int64 = 40_000

    /// - Parameter patience: how long to go on trying while nothing gets through.
    package init(replica: Replica, client: HubClient, patience: Duration = .zero, waiting: Waiting = .system) {
        self.init(
            replica: replica, over: HubLine(replica: replica, client: client, patience: patience, waiting: waiting))
    }

    init(replica: Replica, over line: HubLine) {
        self.replica = replica
        self.line = line
    }

    package struct Outcome: Sendable {
        package var findings = VerifyFindings()
        /// How many rows the next sync asks for.
        package var asked = 0
        package var exchanges = 1
    }

    /// Puts the rows that differ on the list of what the next sync asks for.
    ///
    /// - Parameter repairs: whether rows that are gone from the tables without a mark are asked for too.
    package func run(repairs: Bool) async throws -> Outcome {
        let key = replica.newIdentifier()
        let sums = try await ask([], key: key)
        var outcome = Outcome()
        let sizes = Dictionary(sums.sums.map { ($0.scope, $0.versions.rows) }, uniquingKeysWith: { first, _ in first })
        for scopes in HTTPCheck.parts(of: try replica.differing(from: sums, key: key), sizes: sizes) {
            let answer = try await ask(scopes, key: key)
            outcome.exchanges += 1
            outcome.findings.add(try replica.compare(answer, scopes: scopes, key: key, repairs: repairs))
        }
        try replica.noteChecked()
        let found = outcome.findings
        outcome.asked = found.drifted.count + found.stale.count + (repairs ? found.missing.count : 0)
        return outcome
    }

    private func ask(_ scopes: [Identifier], key: Identifier) async throws -> CheckAnswer {
        let (answer, sealed) = try await line.post("/v1/check", "Comparing with the hub") {
            try replica.seal(check: scopes, key: key)
        }
        return try replica.open(check: answer, to: sealed)
    }

    /// The scopes in parts of which each has at most so many rows, or one scope.
    static func parts(of scopes: [Identifier], sizes: [Identifier: Int64]) -> [[Identifier]] {
        var parts: [[Identifier]] = []
        var rows: Int64 = 0
        for scope in scopes {
            let size = sizes[scope] ?? 0
            if let last = parts.last, rows + size <= rowsPerAnswer, last.count < CheckRequest.scopeLimit {
                parts[parts.count - 1].append(scope)
                rows += size
            } else {
                parts.append([scope])
                rows = size
            }
        }
        return parts
    }
}
