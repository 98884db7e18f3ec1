public import ReUniteSync

/// What a step would open and close, computed without changing anything.
///
/// It counts the rows that are at the hub now. What the step itself writes (its event, a pack, a signature) comes on
/// top, and so does what devices have not sent.
public struct AccessPreview: Hashable, Sendable {
    public var partners: [Partner]

    /// One partner that would gain or lose rows.
    public struct Partner: Hashable, Sendable {
        public var id: Identifier
        public var code: String
        /// Rows that its offices would gain and lose, by class.
        public var gains: [ClassCount]
        public var loses: [ClassCount]
        /// Devices that are served now and would receive rows, or may hold some that would leave.
        public var devices: [Device]

        public var gainedRows: Int { gains.reduce(0) { $0 + $1.rows } }
        public var lostRows: Int { loses.reduce(0) { $0 + $1.rows } }
        public var gainingDevices: Int { devices.count { $0.gains > 0 } }
        public var losingDevices: Int { devices.count { $0.loses > 0 } }
        /// Edits that these devices last said they had not sent.
        public var unsent: Int64 { devices.reduce(0) { $0 + $1.unsent } }
    }

    public struct ClassCount: Hashable, Sendable, Encodable {
        /// The class's code.
        public var code: String
        public var rows: Int
    }

    public struct Device: Hashable, Sendable {
        public var id: Identifier
        public var name: String
        public var role: String
        public var gains: Int
        public var loses: Int
        public var lastSeenMilliseconds: Int64?
        /// How many positions of the hub's order it has not seen.
        public var behind: Int64
        /// Edits that it last said it had not sent.
        public var unsent: Int64
    }
}

/// What comes of asking about a step.
public enum StepForecast: Hashable, Sendable {
    /// There is no such row, or none that the asker may know of.
    case unknown
    /// The step is not open from where the row stands.
    case notOpen(from: String, open: [String])
    case moves(from: String, AccessPreview)
}

extension Hub {
    /// What a step would open and close if it were taken now, for the hub's operator.
    package func preview(_ question: StepQuestion) throws -> StepForecast {
        try store.preview(question, by: nil, atMilliseconds: now)
    }
}
