import ReUniteSync

/// A hub's health at a glance.
public struct HubStatus: Hashable, Sendable, Encodable {
    public var hub: String
    public var name: String
    public var epoch: UInt32
    public var position: Int64
    public var partners: Int
    public var devices: [Hub.Device]
    public var rows: Int
    public var batches: Int
    public var held: Int
    public var conflicts: Int
    public var quarantined: Int
    public var schema: Int
}

/// A cell whose values wait for a person.
public struct OpenConflict: Hashable, Sendable, Encodable {
    public var id: String
    public var table: String
    public var row: String
    public var columns: [String]
    public var scope: String
    public var openedMilliseconds: Int64
    public var values: [Candidate]

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
    }
}

/// An edit that was not applied.
public struct QuarantinedEdit: Hashable, Sendable, Encodable {
    public var id: String
    public var table: String
    public var row: String
    public var columns: [String]
    public var reason: String
    public var partner: String
    public var device: String
    public var receivedMilliseconds: Int64
}

/// How much a hub holds.
package struct HubCounts: Hashable, Sendable {
    package var partners: Int
    package var rows: Int
    package var batches: Int
    package var held: Int
    package var conflicts: Int
    package var quarantined: Int
}

extension Hub {
    public func status() throws -> HubStatus {
        let counts = try store.counts()
        return HubStatus(
            hub: id.description, name: name, epoch: epoch.number, position: try store.position().rawValue,
            partners: counts.partners, devices: try devices(), rows: counts.rows, batches: counts.batches,
            held: counts.held, conflicts: counts.conflicts, quarantined: counts.quarantined,
            schema: store.tables.version)
    }

    /// The open conflicts, oldest first, each with every value that stands.
    public func conflicts() throws -> [OpenConflict] {
        try store.conflicts()
    }

    /// The edits that wait in quarantine, oldest first.
    public func quarantine() throws -> [QuarantinedEdit] {
        try store.quarantine()
    }
}
