import Crypto
import Synchronization

/// Who may read the pages: the browser that opened the printed address, and no other.
///
/// The start token is taken once, and only digests of it and of the cookie's value are kept.
final class PageSession: Sendable {
    private struct State {
        var start: SHA256.Digest?
        var session: SHA256.Digest?
    }

    /// The token in the printed address: 256 random bits, 64 hexadecimal digits.
    let startToken: String
    private let state: Mutex<State>

    init() {
        startToken = PageSecret.new()
        state = Mutex(State(start: PageSecret.digest(startToken), session: nil))
    }

    /// Takes the start token, once. Returns the value for the session's cookie; nil for a wrong or used token.
    func begin(_ token: String) -> String? {
        // Digests are compared in constant time.
        let given = PageSecret.digest(token)
        return state.withLock { state in
            guard let start = state.start, start == given else { return nil }
            let secret = PageSecret.new()
            state = State(start: nil, session: PageSecret.digest(secret))
            return secret
        }
    }

    func accepts(_ secret: String) -> Bool {
        let given = PageSecret.digest(secret)
        return state.withLock { $0.session.map { $0 == given } ?? false }
    }
}
