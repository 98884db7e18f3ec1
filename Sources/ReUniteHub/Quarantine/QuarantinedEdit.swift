public import ReUniteSync

/// An edit that was not applied.
public struct QuarantinedEdit: Hashable, Sendable, Encodable {
    public var id: String
    public var table: String
    public var row: String
    public var columns: [String]
    public var reason: String
    /// The reason as a sentence for the operator.
    public var explanation: String
    public var partner: String
    public var device: String
    public var receivedMilliseconds: Int64
    /// `waiting`, `released` or `refused`.
    public var state: String
}

/// All that an operator needs to decide about an edit in quarantine.
public struct QuarantinedEditDetail: Hashable, Sendable {
    public var edit: QuarantinedEdit
    public var tableLabel: String
    public var columnLabels: [String]
    /// `create`, `set`, `delete` and so on.
    public var kind: String
    /// What was typed; empty where it cannot be read.
    public var value: [String: String?]
    /// What the row shows now in the same columns; empty where it is not there.
    public var current: [String: String?]
    /// Whether the values are withheld: the row's class is secret, or an erasure took them.
    public var isWithheld: Bool
    public var scope: String?
    /// The same, or the scope that a new row names; nil where it has none.
    public var about: Identifier?
    /// The edit's name; nil where nothing of it can be read.
    public var name: OpID?
    /// The organisation's name, and the device's role.
    public var organisation: String
    public var role: String
    /// The staff member's id, where somebody had signed in.
    public var author: String?
    /// The staff member's role, where the network's rules say so.
    public var authorRole: String?
    /// When its author's device says that it was typed; milliseconds since 1970.
    public var typedMilliseconds: Int64?
    /// Whether its release can be asked for at all.
    public var isReleasable: Bool
    /// Columns that a later edit of the same device has written since.
    public var superseded: [String]
    /// The table of what it waits for; nil when it waits for a person alone.
    public var waitsFor: String?
    public var outcome: String?
    public var decidedMilliseconds: Int64?
    public var decidedBy: String?
    public var decidedWhy: String?
}

/// Who decided about an edit in quarantine, and why.
package struct DecidedBy: Hashable, Sendable {
    package let name: String
    package let why: String
    /// The operator who had signed in; nil where nobody had, as on the hub's own machine.
    package let signedIn: Identifier?
    /// What the hub writes along with it, so that the author is told.
    package let telling: [Op]
}

/// What came of a release.
public struct ReleasedEdit: Hashable, Sendable, Encodable {
    public var id: String
    /// `accepted`, or `obsolete` when something else stands there by now.
    public var outcome: String
    /// Why it is obsolete, or not wholly accepted.
    public var reason: String?
    public var explanation: String?
    /// Edits that had waited for it, and were released with it.
    public var alsoReleased: Int
    /// Whether it now stands beside another value, so that a person must decide.
    public var opensConflict: Bool
}

/// A batch whose predecessor has not arrived.
public struct HeldBatch: Hashable, Sendable, Encodable {
    public var id: String
    public var partner: String
    public var device: String
    public var receivedMilliseconds: Int64
    public var edits: Int
    /// Whether the device could prove what it had seen; if not, its edits go to quarantine.
    public var isProved: Bool
    /// The version of the schema that the hub must have first; nil where only the batch's predecessor is missing.
    public var schema: Int?
}
