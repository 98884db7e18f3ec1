import ReUniteSync

/// How a hub stands after it was restored from a backup (`docs/restore.md`).
public struct RecoveryState: Hashable, Sendable {
    /// The hub's life; 1 if it was never restored, and then the rest is empty.
    public var epoch: UInt32
    /// The last position of the backup, and the one after which the present life began.
    public var restored: Int64
    public var began: Int64
    /// Milliseconds since 1970; nil where it was never restored.
    public var restoredMilliseconds: Int64?
    /// Whether it opens scopes to anybody: not before an operator says so.
    public var isOpen: Bool
    /// Scopes that somebody is to see by the rows, and does not see before the hub is opened.
    public var heldScopes: Int
    /// What had been closed at a position that was lost, and stays closed.
    public var bars: [Bar]
    /// Rows that had been hidden, and stay so.
    public var hiddenRows: Int
    /// Batches that the lost life had judged, as devices say, and that have come back; and that have not.
    public var recalled: Int
    public var missing: Int
    /// Values of others that replicas held, and whose batches have not come back.
    public var salvage: Int
    /// Devices that have not synced since the restore.
    public var awaited: [Hub.Device]

    public struct Bar: Hashable, Sendable {
        public var id: String
        public var partner: String
        /// The field device's name; nil where it is the whole partner's.
        public var device: String?
        public var scope: String
        /// Codes of the classes.
        public var classes: [String]
        public var position: Int64
    }
}

/// A value that a replica held of somebody else, and that the restored hub does not know.
public struct SalvagedValue: Hashable, Sendable {
    public var id: String
    public var table: String
    public var row: String
    public var scope: String
    public var columns: [String]
    /// As a person reads them, in the order of the columns.
    public var values: [String?]
    /// What the hub shows now; nil where it has no such row.
    public var current: [String?]?
    /// Whether values are left out because the record is of a class that nobody reads in a list.
    public var isWithheld: Bool
    public var position: Int64
    /// Who showed it.
    public var device: String
    public var partner: String
    public var shownMilliseconds: Int64
}

extension Hub {
    public func recovery() throws -> RecoveryState {
        var state = try store.recovery()
        state.salvage = try salvage().count
        if let since = state.restoredMilliseconds {
            state.awaited = try devices().filter {
                ["enrolled", "expired"].contains($0.state) && ($0.lastSeen ?? 0) < since
            }
        }
        return state
    }

    /// Values that only replicas know of, oldest first; not those that the rows here have too.
    public func salvage() throws -> [SalvagedValue] {
        try store.salvage()
    }

    /// Writes a salvaged value as the hub's own edit; of a row that is not here, all of its values.
    public func take(salvage id: String, by person: String, reason: String) throws -> String {
        let what = "Taking the salvaged value"
        let (who, why) = (try Hub.name(person, what), try TypedText.reason(reason, what))
        let (salvage, op) = try store.edit(taking: id, atMilliseconds: time.wallMilliseconds)
        let receipts = try submit([op])
        guard receipts.allSatisfy({ $0.exceptions.allSatisfy { $0.verdict != .quarantined } }) else {
            throw Failure(
                .badData, what: what, why: "it cannot be applied to the row as it is",
                remedy: "Write it by hand where it belongs, then dismiss it")
        }
        try store.settle(salvage: salvage, taken: true, by: who, why: why, atMilliseconds: time.wallMilliseconds)
        return salvage.description
    }

    /// Lets a salvaged value go.
    public func dismiss(salvage id: String, by person: String, reason: String) throws -> String {
        let what = "Dismissing the salvaged value"
        let (who, why) = (try Hub.name(person, what), try TypedText.reason(reason, what))
        guard
            let salvage = try store.salvage().first(where: { $0.id.hasPrefix(id.lowercased()) }).flatMap({
                Identifier($0.id)
            })
        else {
            throw Failure(
                .noInput, what: what, why: "there is no salvaged value with that id",
                remedy: "Look at what is left with 'hub recovery salvage'")
        }
        try store.settle(salvage: salvage, taken: false, by: who, why: why, atMilliseconds: time.wallMilliseconds)
        return salvage.description
    }

    /// Opens a restored hub: its rows say again who may see what. Returns how many scopes that opens to somebody.
    public func openRestored(by person: String, reason: String) throws -> Int {
        let what = "Opening the restored hub"
        let opened = try store.openLife(
            by: try Hub.name(person, what), why: try TypedText.reason(reason, what),
            atMilliseconds: time.wallMilliseconds)
        attendInPassing()
        return opened
    }

    /// Opens what had been closed at a position that was lost, to whom it had been closed.
    public func allow(bar id: String) throws {
        try store.allow(bar: id, atMilliseconds: time.wallMilliseconds)
        attendInPassing()
    }
}
