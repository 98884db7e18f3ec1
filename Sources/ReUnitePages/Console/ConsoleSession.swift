import ReUniteHub
import ReUniteSync
import Synchronization

/// Two doors: the browser that opened the printed address, and in it the operator who has signed in.
///
/// One person at a time: whoever signs in takes the place of whoever was, and after a while without a request nobody is.
final class ConsoleSession: Sendable {
    /// How long somebody stays signed in without asking for anything.
    static let idleMilliseconds: Int64 = 15 * 60_000

    /// So many wrong codes in a row, and nobody signs in for a while.
    static let attempts = 5
    static let pauseMilliseconds: Int64 = 60_000

    private struct Signed {
        let person: Hub.Operator
        var lastMilliseconds: Int64
    }

    private struct State {
        var signed: Signed?
        /// Whoever was signed in last: their open forms are theirs alone.
        var last: Identifier?
        /// Grows whenever somebody else signs in.
        var turn = 0
        /// Forms that came while nobody was signed in, each for whoever had opened it.
        var kept = KeptForms<Identifier>()
        var wrong = 0
        var closedUntil: Int64?
    }

    private let door = PageSession()
    private let state = Mutex(State())
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: milliseconds that only ever grow.
    init(clock: @escaping @Sendable () -> Int64 = ConsoleSession.monotonic) {
        self.clock = clock
    }

    var startToken: String { door.startToken }

    func begin(_ token: String) -> String? { door.begin(token) }

    func accepts(_ secret: String) -> Bool { door.accepts(secret) }

    /// What the forms carry: another for each operator, so that none is sent under the name of the next.
    func formToken(_ secret: String) -> String {
        let turn = state.withLock { $0.turn }
        return PageSecret.formToken(of: turn == 0 ? secret : "\(secret) \(turn)")
    }

    /// - Returns: where a form of theirs was to go that came meanwhile; nil without one.
    func signIn(_ person: Hub.Operator) -> String? {
        let now = clock()
        return state.withLock { state in
            if let last = state.last, last != person.id { state.turn += 1 }
            state.last = person.id
            state.wrong = 0
            state.signed = Signed(person: person, lastMilliseconds: now)
            return state.kept.all(of: person.id).last?.address
        }
    }

    /// Whether a code may be tried now, or has to wait.
    var mayTry: Bool {
        let now = clock()
        return state.withLock { $0.closedUntil.map { now >= $0 } ?? true }
    }

    func noteWrongCode() {
        let now = clock()
        state.withLock { state in
            state.wrong += 1
            guard state.wrong >= ConsoleSession.attempts else { return }
            state.wrong = 0
            state.closedUntil = now + ConsoleSession.pauseMilliseconds
        }
    }

    func signOut() { state.withLock { $0.signed = nil } }

    /// Who is signed in; asking for it is what keeps them so.
    func person() -> Hub.Operator? {
        let now = clock()
        return state.withLock { state in
            guard let there = state.signed, now - there.lastMilliseconds <= ConsoleSession.idleMilliseconds else {
                state.signed = nil
                return nil
            }
            state.signed?.lastMilliseconds = now
            return there.person
        }
    }

    /// Keeps a form that came when its operator was signed in no more, until the same one is again.
    ///
    /// - Parameters:
    ///   - page: where the form is shown.
    ///   - path: where it was sent.
    func keep(_ form: FormBody, page: String, sentTo path: String) {
        state.withLock { state in
            guard let person = state.last else { return }
            state.kept.keep(form, of: person, page: page, sentTo: path)
        }
    }

    /// What is kept for somebody, the oldest first.
    func kept(for person: Identifier) -> [KeptForms<Identifier>.Kept] { state.withLock { $0.kept.all(of: person) } }

    /// What they typed into a page, until it is taken.
    ///
    /// - Parameter number: of the one that was asked for; nil for the oldest.
    func show(_ page: String, number: Int? = nil, to person: Identifier) -> KeptForms<Identifier>.Kept? {
        state.withLock { $0.kept.show(on: page, number: number, to: person) }
    }

    /// Notes that a form of theirs was taken.
    func settle(_ form: FormBody, sentTo path: String, by person: Identifier) {
        state.withLock { $0.kept.settle(form, of: person, sentTo: path) }
    }

    func letGo(_ number: Int, by person: Identifier) { state.withLock { $0.kept.letGo(number, of: person) } }

    private static let monotonic: @Sendable () -> Int64 = {
        let start = ContinuousClock.now
        return { Int64((ContinuousClock.now - start) / .milliseconds(1)) }
    }()
}
