/// What went wrong, for a person: the thing, the cause and the way out. The one error shape of every module.
///
/// The texts never hold a value from the data.
public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; the raw value is the exit status of the command line.
    public enum Code: Int32, Sendable, CaseIterable {
        case usage = 64
        case badData = 65
        case noInput = 66
        case unavailable = 69
        case internalFault = 70
        case cannotCreate = 73
        case inputOutput = 74
        case tryLater = 75
        case notPermitted = 77
        case configuration = 78

        /// The word in `error.code` of the command line's JSON.
        public var word: String {
            switch self {
            case .usage: "usage"
            case .badData: "bad-data"
            case .noInput: "no-input"
            case .unavailable: "unavailable"
            case .internalFault: "internal-fault"
            case .cannotCreate: "cannot-create"
            case .inputOutput: "input-output"
            case .tryLater: "try-later"
            case .notPermitted: "not-permitted"
            case .configuration: "configuration"
            }
        }
    }

    public let code: Code
    /// What was being done: a noun phrase that reads well before "failed".
    public let what: String
    /// The cause, without a full stop.
    public let why: String
    /// What to do about it, a sentence without a full stop.
    public let remedy: String

    public init(_ code: Code, what: String, why: String, remedy: String) {
        self.code = code
        self.what = what
        self.why = why
        self.remedy = remedy
    }

    /// One line: `WHAT failed: WHY. WHAT TO DO.`
    public var description: String { "\(what) failed: \(why). \(remedy)." }
}

extension Failure {
    /// What a device says when the hub cannot keep what comes.
    package static let hubsDisk = Failure(
        .tryLater, what: "Answering", why: "the hub's disk is full or cannot be written to",
        remedy: "Its operator must see to it; what was not taken is kept here and goes with a later sync")
}
