import ReUniteSync

extension Reason {
    /// Whether an operator's word can get an edit applied that was kept for this reason. What has no meaning, what may
    /// only be added, and what the law had taken away stays out whoever asks.
    var isReleasable: Bool {
        switch self {
        case .malformed, .appendOnly, .erased: false
        default: true
        }
    }

    /// One sentence for the operator.
    var forOperators: String {
        switch self {
        case .none: ""
        case .notInScope: "Its organisation may not write there, or the record is not here."
        case .late: "Its organisation could write there when it did, and no longer could when the edit arrived."
        case .mask: "Its organisation may read this, not change it."
        case .role: "Only the hub keeps this, or it names another owner or author than who wrote it."
        case .transition: "That step is not allowed from the state that the record is in."
        case .parentGone: "Something that it belongs to is not here. It is judged again when that comes."
        case .hasChildren: "Other records still belong to what it deletes."
        case .rowDeleted: "The record was deleted by somebody who had not seen it. A release brings the record back."
        case .malformed: "A value does not fit its column."
        case .schema: "It was written for a version of the programme that this hub does not have."
        case .deviceRevoked: "The device had been revoked when it arrived."
        case .unchanged: "It changes nothing."
        case .covered: "A later value has taken its place."
        case .appendOnly: "Records of this kind are added, never changed."
        case .unprovenBase: "Nothing proves what its author had seen. A release puts it beside what stands now."
        case .allocation: "What it asked for was not free, or the booking had changed meanwhile."
        case .erased: "The record was erased."
        case .proposal: "Only the owner may change it; a release applies it in the owner's place."
        case .clone:
            "Two copies of its device had been seen. Once it is let in again, all of them are judged again ('hub device readmit')."
        case .crowded: "As many values as a cell holds stand there. Decide between them, then release this one."
        case .authorLeft: "The staff member who was signed in had left by then. Ask their manager who wrote it."
        }
    }

    /// What an operator can do where even a release does not get an edit applied.
    var releaseRemedy: String {
        switch self {
        case .parentGone: "Release what it belongs to first, or wait until that arrives"
        case .notInScope: "Release the edit that makes the record first"
        case .hasChildren: "See to the records that belong to it first"
        case .rowDeleted: "The values it had are no longer kept; ask its author to make the record anew"
        case .crowded:
            "Decide between the values that stand there first with 'hub conflicts', or have one of them typed again"
        case .schema: "Install the newer reunite-sync at the hub first"
        case .transition: "Take the step from the state that the record is in now, or refuse the edit"
        case .role: "A record cannot move to another case, whoever asks; refuse the edit"
        default: "Ask its author to write it again, or refuse it with 'hub quarantine refuse'"
        }
    }
}
