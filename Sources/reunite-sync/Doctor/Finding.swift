/// One thing that was looked at.
struct Finding: Encodable {
    enum State: String, Encodable {
        case good
        /// Somebody should do something about it.
        case attention
        /// This machine does not tell.
        case unknown
    }

    /// A fixed word.
    var check: String
    var state: State
    var says: String
    var remedy: String?

    private enum CodingKeys: String, CodingKey {
        case check, state, says
        case remedy = "do"
    }

    static func good(_ check: String, _ says: String) -> Finding {
        Finding(check: check, state: .good, says: says)
    }

    static func unknown(_ check: String, _ says: String) -> Finding {
        Finding(check: check, state: .unknown, says: says)
    }

    static func attention(_ check: String, _ says: String, do remedy: String) -> Finding {
        Finding(check: check, state: .attention, says: says, remedy: remedy)
    }
}
