package import ReUniteSync

/// One thing that the network's rules want the hub to do: the lines of `ru_duty` with this subject and this name.
/// They are done together or not at all.
package struct Duty: Hashable, Sendable {
    /// The scope that it is about.
    package var subject: Identifier
    package var name: String
}

/// A duty that could not be done.
public struct StuckDuty: Hashable, Sendable, Encodable {
    /// The scope that it is about.
    public var subject: String
    public var duty: String
    /// Why: a reason's code as in the quarantine, `changes-nothing`, or `never-ends`.
    public var why: String
    /// Since when; milliseconds since 1970.
    public var sinceMilliseconds: Int64
}

/// What came of looking after the duties.
public struct DutyReport: Hashable, Sendable, Encodable {
    /// How many were done.
    public var done = 0
    /// How many could not be done.
    public var putOff = 0
    /// How many proposals were put before owners, carried out, or settled.
    public var proposals = 0
}

/// Where the hub's own chain ends, and what its next batch has seen.
package struct ChainEnd: Hashable, Sendable {
    package var head: BatchID
    package var number: UInt64
    package var sequence: UInt64
    package var base: Position
}

/// What became of one duty.
package enum DutyOutcome: Hashable, Sendable {
    case done
    /// There was nothing left to do.
    case nothing
    /// It was rolled back, and stands in the list of stuck duties.
    case putOff
}
