import Crypto
import Synchronization

/// Who may read the pages inside, and for how long nobody has touched them.
final class InsideSession: Sendable {
    /// After so many milliseconds without a page the desk is locked.
    static let patience: Int64 = 180_000
    /// So many wrong codes in a row, and the desk stays locked until it is opened anew.
    static let attempts = 5
    /// While something that was typed is kept it waits so many milliseconds instead: it would end with the desk.
    static let pause: Int64 = 60_000
    /// Without letters and digits that look alike: 32 of them, so 8 are 40 bits.
    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    private struct State {
        var seen: Int64
        var isLocked = false
        var wrong = 0
        var closedUntil: Int64 = 0
        var kept = KeptForms<Bool>()
    }

    let page = PageSession()
    /// What is typed to go on after the lock, as it was printed at the start.
    let code: String
    private let clock: @Sendable () -> Int64
    private let state: Mutex<State>

    /// - Parameter clock: milliseconds that never go back.
    init(clock: @escaping @Sendable () -> Int64) {
        self.clock = clock
        var random = SystemRandomNumberGenerator()
        let digits = (0..<8).map { _ in InsideSession.letters.randomElement(using: &random) ?? "A" }
        code = String(digits[..<4]) + "-" + String(digits[4...])
        state = Mutex(State(seen: clock()))
    }

    /// Notes that a page was asked for. Returns whether the desk is locked.
    func touch() -> Bool {
        let now = clock()
        return state.withLock { state in
            if now - state.seen >= InsideSession.patience { state.isLocked = true }
            if !state.isLocked { state.seen = now }
            return state.isLocked
        }
    }

    func lock() { state.withLock { $0.isLocked = true } }

    /// What comes of a code.
    enum Opening { case open, wrong, wait, spent }

    /// Opens the lock with the right code.
    func unlock(_ typed: String) -> Opening {
        let plain: (String) -> String = { $0.uppercased().filter { $0.isLetter || $0.isNumber } }
        let isRight = PageSecret.isSame(plain(typed), plain(code))
        let now = clock()
        return state.withLock { state in
            let keeps = !state.kept.all(of: true).isEmpty
            if state.wrong >= InsideSession.attempts {
                guard keeps else { return .spent }
                guard now >= state.closedUntil else { return .wait }
            }
            guard isRight else {
                state.wrong += 1
                guard state.wrong % InsideSession.attempts == 0 else { return .wrong }
                state.closedUntil = now + InsideSession.pause
                return keeps ? .wait : .spent
            }
            state.wrong = 0
            state.isLocked = false
            state.seen = now
            return .open
        }
    }

    /// Keeps what was typed while the desk locked itself.
    func keep(_ form: FormBody, sentTo path: String) {
        state.withLock { $0.kept.keep(form, of: true, page: path, sentTo: path) }
    }

    /// What was kept and is not saved yet, the oldest first.
    var kept: [KeptForms<Bool>.Kept] { state.withLock { $0.kept.all(of: true) } }

    /// What was typed into the page with this path, until it is saved.
    ///
    /// - Parameter number: of the one that was asked for; nil for the oldest.
    func show(_ path: String, number: Int? = nil) -> FormBody? {
        state.withLock { $0.kept.show(on: path, number: number, to: true)?.filled }
    }

    /// Notes that a form was saved.
    func settle(_ form: FormBody, sentTo path: String) {
        state.withLock { $0.kept.settle(form, of: true, sentTo: path) }
    }

    func letGo(_ number: Int) { state.withLock { $0.kept.letGo(number, of: true) } }
}
