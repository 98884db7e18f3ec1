package import ReUniteSync

/// A cell whose values wait for a person, or waited.
public struct OpenConflict: Hashable, Sendable, Encodable {
    public var id: String
    public var table: String
    public var row: String
    public var columns: [String]
    public var scope: String
    public var openedMilliseconds: Int64
    /// `open`, or what closed it: `decision`, `edit`, `deletion`.
    public var state: String
    public var closedMilliseconds: Int64?
    public var values: [Candidate]
    /// Whether the row's class is secret: then no value of it is shown here.
    public var isWithheld: Bool

    /// One of the values.
    public struct Candidate: Hashable, Sendable, Encodable {
        /// Its number in the conflict, from 1.
        public var number: Int
        public var value: [String: String?]
        public var partner: String
        public var device: String
        /// When its author's device wrote it, as far as the hub believes the clock; milliseconds since 1970.
        public var writtenMilliseconds: Int64
        public var receivedMilliseconds: Int64
        /// Whether ordinary SQL sees this one now.
        public var shown: Bool
        /// The organisation's name, and the device's role.
        public var organisation: String
        public var role: String
        /// The staff member's id, where somebody had signed in.
        public var author: String?
        /// The staff member's role, where the network's rules say so.
        public var authorRole: String?
        /// When its author's device says that it was written.
        public var claimedMilliseconds: Int64
        /// Whether that clock cannot be trusted.
        public var isClockSuspect: Bool
        /// How long the device had heard nothing of the hub when this arrived; nil where nothing proves it.
        public var offlineMilliseconds: Int64?
        /// Whether it is an operator's decision.
        public var isDecision: Bool
    }
}

/// All that an operator needs to decide a conflict.
public struct ConflictDetail: Hashable, Sendable, Encodable {
    public var conflict: OpenConflict
    public var question: String
    public var tableLabel: String
    public var columnLabels: [String]
    public var policy: String
    public var scopeKind: String
    /// What all of them started from; nil where the hub no longer knows.
    public var base: [String: String?]?
    /// When what the row tells of happened, where it has such a column.
    public var happenedMilliseconds: Int64?
    /// Rows that refer to this one.
    public var dependents: [Dependents]
    /// The codes of the partners that will see the decision.
    public var told: [String]
    /// What was decided before, oldest first.
    public var decisions: [Decision]
    /// The position up to which this is what there is.
    public var asOf: Int64

    public struct Dependents: Hashable, Sendable, Encodable {
        public var table: String
        public var label: String
        public var count: Int
    }

    public struct Decision: Hashable, Sendable, Encodable {
        /// `resolve` or `reopen`.
        public var kind: String
        public var atMilliseconds: Int64
        public var by: String
        public var reason: String
        /// The name of the hub's own op.
        public var op: String
        public var isUndone: Bool
    }
}

/// Two edits of one row whose authors had not seen each other's, and that merged by themselves.
public struct ParallelEdit: Hashable, Sendable, Encodable {
    public var table: String
    public var row: String
    public var atMilliseconds: Int64
    public var sides: [Side]

    public struct Side: Hashable, Sendable, Encodable {
        public var columns: [String]
        public var partner: String
        public var device: String
    }
}

/// Which conflicts to list.
public enum ConflictFilter: Hashable, Sendable {
    case open
    case decided
    case all
}

/// In which order.
public enum ConflictOrder: Hashable, Sendable {
    /// Those that wait longest first.
    case opened
    /// Those that were closed last first.
    case newestClosed
}

/// What an operator decides.
public enum Choice: Hashable, Sendable {
    /// One of the values, by its number.
    case keep(Int)
    /// Another value, as JSON: an object from column to value, or a bare scalar where there is one column.
    case value(json: String)
    /// Another value, as it was typed into one field for each column; an empty field is no value.
    case typed([String: String])
}

/// What came of a decision, or of taking one back.
public struct DecidedConflict: Hashable, Sendable, Encodable {
    public var conflict: String
    /// The name of the hub's own op.
    public var op: String
    /// Whether values still wait for a person: one came that the decision did not name, or it was taken back.
    public var isOpen: Bool
}

/// What the hub must know of a conflict to write a decision.
package struct ConflictCell: Hashable, Sendable {
    package var id: Identifier
    package var table: UInt16
    package var key: Identifier
    package var group: UInt8
    /// The values that stood at a position, in the order of their numbers.
    package var siblings: [CellSibling]
    package var asOf: Position
    package var isOpen: Bool
    /// The newest decision that stands: its op's name, and when it was made.
    package var decision: Decided?

    package struct Decided: Hashable, Sendable {
        package var op: OpID
        package var position: Position
        package var atMilliseconds: Int64
    }
}

/// What is recorded with a decision's batch.
package struct DecisionNote: Hashable, Sendable {
    package var conflict: Identifier
    package var isReopening: Bool
    package var undoes: Position?
    package var by: String
    package var reason: String
    /// Who had signed in; nil at a command line, where a name is only said.
    package var signedIn: Identifier?
}
