package import ReUniteSync

/// What was found out of place in a replica (`docs/verify.md`).
package struct VerifyFindings: Hashable, Sendable {
    /// Rows that the hub has decided on.
    package var rows = 0
    /// Rows whose values are not the hub's, though their version is, and nothing waits on them: somebody wrote past the
    /// triggers, or the file was damaged.
    package var drifted: [RowKey] = []
    /// Rows that the hub has decided on and the tables lack, though nobody is known to have deleted them.
    package var missing: [RowKey] = []
    /// Rows of which this replica knows another version than the hub: one side has the row and the other has not, or their
    /// clocks differ.
    package var stale: [RowKey] = []
    /// Rows that were in the tables without the change log knowing of them. They are in it now.
    package var unlogged = 0
    /// Whether the sum that is kept of the clocks was not what they come to. It is now.
    package var digestWasWrong = false
    /// What SQLite says of the file's structure, when it is not sound.
    package var damage: [String] = []

    package init() {}

    /// Whether something was found that was not there before: all but `unlogged`, which an ordinary program may cause.
    package var isSound: Bool {
        drifted.isEmpty && missing.isEmpty && stale.isEmpty && !digestWasWrong && damage.isEmpty
    }

    /// Adds what the comparison with the hub found.
    package mutating func add(_ other: VerifyFindings) {
        drifted += other.drifted
        missing = Array(Set(missing).union(other.missing)).sorted()
        stale += other.stale
    }
}
