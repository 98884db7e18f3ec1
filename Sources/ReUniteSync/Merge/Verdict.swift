/// What the hub decided about an op. Nothing is ever rejected into the void: what is not accepted is either already
/// covered by a later value, or kept in quarantine.
public enum Verdict: UInt8, Sendable, CaseIterable {
    case accepted = 0
    /// Another value already covers it, or it changed nothing.
    case obsolete = 1
    /// Kept at the hub, not applied; a person decides.
    case quarantined = 3
    /// It was in quarantine, and a person refused it for good. The hub keeps it as it was written.
    case refused = 4
}

/// Why an op, or a part of it, was not accepted.
public enum Reason: UInt8, Sendable, CaseIterable {
    case none = 0
    /// The author may not write there. The same answer for what is foreign, dead, erased or unknown.
    case notInScope = 1
    /// The author was entitled when writing, and is no longer.
    case late = 2
    /// The row's disclosure class is not in the author's write mask.
    case mask = 3
    /// Only another role may write this table.
    case role = 4
    /// The step is not among the declared transitions.
    case transition = 5
    /// A row that it refers to is not there.
    case parentGone = 6
    /// Rows still refer to the row that it deletes.
    case hasChildren = 7
    /// The row was deleted while the edit was made.
    case rowDeleted = 8
    /// A value is of the wrong type, out of range or too long.
    case malformed = 9
    /// Written for a schema that the hub does not have.
    case schema = 10
    /// The device was revoked before the edit arrived.
    case deviceRevoked = 11
    /// The value is the one that its author started from.
    case unchanged = 12
    /// A later value was written in knowledge of it.
    case covered = 13
    /// The append-only row exists already or may not be changed.
    case appendOnly = 14
    /// The base that the batch claims was not issued by this hub to this device.
    case unprovenBase = 15
    /// What was asked for is not free, or somebody else changed the booking meanwhile.
    case allocation = 16
    /// The person or row was erased; nothing of it is taken any more.
    case erased = 17
    /// Only the owner may change it: the edit waits for the owner as a proposal.
    case proposal = 18
    /// The staff member who wrote it had left the organisation by then.
    case authorLeft = 19
    /// It came from a device of which two copies had been seen, before an operator let it in again.
    case clone = 20
    /// As many values as a cell holds stand there already, and its author had seen none of them.
    case crowded = 21

    /// The word that is printed and stored: fixed, lower case, hyphenated.
    public var code: String {
        switch self {
        case .none: "none"
        case .notInScope: "not-in-scope"
        case .late: "late"
        case .mask: "mask"
        case .role: "role"
        case .transition: "transition"
        case .parentGone: "parent-gone"
        case .hasChildren: "has-children"
        case .rowDeleted: "row-deleted"
        case .malformed: "malformed"
        case .schema: "schema"
        case .deviceRevoked: "device-revoked"
        case .unchanged: "unchanged"
        case .covered: "covered"
        case .appendOnly: "append-only"
        case .unprovenBase: "unproven-base"
        case .allocation: "allocation"
        case .erased: "erased"
        case .proposal: "proposal"
        case .authorLeft: "author-left"
        case .clone: "clone"
        case .crowded: "crowded"
        }
    }

    /// One sentence for the person whose edit came back.
    public var explanation: String {
        switch self {
        case .none: ""
        case .notInScope: "Your organisation may not write there."
        case .late: "Your organisation could write there when you did, and no longer can."
        case .mask: "Your organisation may read this, not change it."
        case .role:
            "Only the hub keeps this, or it names another organisation where yours must stand, such as its owner."
        case .transition: "That step is not allowed from that state."
        case .parentGone: "Something that it belongs to is not there."
        case .hasChildren: "Other records still belong to it."
        case .rowDeleted: "The record was deleted meanwhile."
        case .malformed: "A value does not fit its column."
        case .schema: "It was written for another version of the programme."
        case .deviceRevoked: "The device had been revoked."
        case .unchanged: "Nothing was changed."
        case .covered: "A later change replaced it."
        case .appendOnly: "Records of this kind are added, never changed."
        case .unprovenBase: "The hub did not recognise what it was based on."
        case .allocation: "It was not free, or the booking had changed meanwhile."
        case .erased: "The record was erased."
        case .proposal: "Only the organisation that owns it may change it; your edit waits for it."
        case .authorLeft: "Whoever was signed in had left your organisation by then."
        case .clone: "Two copies of this replica had been seen; the hub operator lets one in again."
        case .crowded: "Too many different values stand there already; somebody has to decide between them first."
        }
    }
}
