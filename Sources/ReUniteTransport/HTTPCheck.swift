package import ReUniteReplica
import ReUniteSync

/// Compares a replica with its hub over HTTP, row by row where their sums differ (`docs/verify.md`).
package struct HTTPCheck {
    private let replica: Replica
    private let line: HubLine
    /// About how many rows, or sums of scopes, the hub tells of in one answer.
    package struct Sizes: Sendable {
        package var rows = 40_000
        package var scopes = 30_000

        package init() {}
    }

    private let sizes: Sizes

    /// - Parameter patience: how long to go on trying while nothing gets through.
    package init(
        replica: Replica, client: HubClient, patience: Duration = .zero, waiting: Waiting = .system,
        sizes: Sizes = Sizes()
    ) {
        self.init(
            replica: replica, over: HubLine(replica: replica, client: client, patience: patience, waiting: waiting),
            sizes: sizes)
    }

    init(replica: Replica, over line: HubLine, sizes: Sizes = Sizes()) {
        self.replica = replica
        self.line = line
        self.sizes = sizes
    }

    package struct Outcome: Sendable {
        package var findings = VerifyFindings()
        /// How many rows the next sync asks for.
        package var asked = 0
        package var exchanges = 0
    }

    /// Puts the rows that differ on the list of what the next sync asks for.
    ///
    /// - Parameter repairs: whether rows that are gone from the tables without a mark are asked for too.
    package func run(repairs: Bool) async throws -> Outcome {
        let key = replica.newIdentifier()
        var outcome = Outcome()
        var sums = CheckAnswer(position: .zero)
        for share in IdentifierShare.all(of: try replica.scopeCount(), each: sizes.scopes) {
            let answer = try await ask([], share, key: key)
            outcome.exchanges += 1
            sums.position = answer.position
            sums.sums += answer.sums
        }
        let rows = Dictionary(sums.sums.map { ($0.scope, $0.versions.rows) }, uniquingKeysWith: { first, _ in first })
        for part in parts(of: try replica.differing(from: sums, key: key), rows: rows) {
            for share in IdentifierShare.all(of: part.rows, each: sizes.rows) {
                let answer = try await ask(part.scopes, share, key: key)
                outcome.exchanges += 1
                outcome.findings.add(
                    try replica.compare(answer, scopes: part.scopes, share: share, key: key, repairs: repairs))
            }
        }
        try replica.noteChecked()
        let found = outcome.findings
        outcome.asked = found.drifted.count + found.stale.count + (repairs ? found.missing.count : 0)
        return outcome
    }

    private func ask(_ scopes: [Identifier], _ share: IdentifierShare, key: Identifier) async throws -> CheckAnswer {
        let (answer, sealed) = try await line.post("/v1/check", "Comparing with the hub") {
            try replica.seal(check: scopes, share: share, key: key)
        }
        return try replica.open(check: answer, to: sealed)
    }

    /// The scopes in parts of which each has at most so many rows, or is one scope.
    private func parts(of scopes: [Identifier], rows: [Identifier: Int64]) -> [(scopes: [Identifier], rows: Int)] {
        var parts: [(scopes: [Identifier], rows: Int)] = []
        for scope in scopes {
            let count = Int(clamping: rows[scope] ?? 0)
            if let last = parts.last, last.rows + count <= sizes.rows, last.scopes.count < CheckRequest.scopeLimit {
                parts[parts.count - 1].scopes.append(scope)
                parts[parts.count - 1].rows += count
            } else {
                parts.append(([scope], count))
            }
        }
        return parts
    }
}
