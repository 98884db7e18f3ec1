import Crypto
import Synchronization

/// Who may read the pages inside, and for how long nobody has touched them.
final class InsideSession: Sendable {
    /// After so many milliseconds without a page the desk is locked.
    static let patience: Int64 = 180_000
    /// So many wrong codes in a row, and the desk stays locked until it is opened anew.
    static let attempts = 5
    /// Without letters and digits that look alike: 32 of them, so 8 are 40 bits.
    private static let letters = Array("ABCDEFGHJKLMNPQRSTUVWXYZ23456789")

    private struct State {
        var seen: Int64
        var isLocked = false
        var wrong = 0
        /// Forms that came while the desk was locked, oldest first: where each was sent, and what was typed.
        var kept: [(path: String, form: FormBody)] = []
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

    var isSpent: Bool { state.withLock { $0.wrong >= InsideSession.attempts } }

    /// Opens the lock. False for a wrong code, or after too many of them.
    func unlock(_ typed: String) -> Bool {
        let plain: (String) -> String = { $0.uppercased().filter { $0.isLetter || $0.isNumber } }
        let isRight = PageSecret.isSame(plain(typed), plain(code))
        let now = clock()
        return state.withLock { state in
            guard state.wrong < InsideSession.attempts else { return false }
            guard isRight else {
                state.wrong += 1
                return false
            }
            state.wrong = 0
            state.isLocked = false
            state.seen = now
            return true
        }
    }

    /// Keeps what was typed while the desk locked itself. The same once more is one form.
    func keep(_ form: FormBody, sentTo path: String) {
        state.withLock { state in
            guard !state.kept.contains(where: { $0.path == path && $0.form == form }) else { return }
            state.kept.append((path, form))
        }
    }

    /// Where the forms were to go that were kept and not given back yet.
    var keptPaths: [String] { state.withLock { $0.kept.map(\.path) } }

    /// Gives a kept form back, once: of several for one page the oldest.
    func takeKept(_ path: String) -> FormBody? {
        state.withLock { state in
            guard let index = state.kept.firstIndex(where: { $0.path == path }) else { return nil }
            return state.kept.remove(at: index).form
        }
    }
}
