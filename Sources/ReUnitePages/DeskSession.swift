import Crypto
import Synchronization

/// Who may read the pages: the browser that opened the printed address, and no other.
///
/// The start token is taken once, and only digests of it and of the cookie's value are kept.
final class DeskSession: Sendable {
    private struct State {
        var start: SHA256.Digest?
        var session: SHA256.Digest?
    }

    /// The token in the printed address: 256 random bits, 64 hexadecimal digits.
    let startToken: String
    private let state: Mutex<State>

    init() {
        startToken = DeskSession.secret()
        state = Mutex(State(start: DeskSession.digest(startToken), session: nil))
    }

    /// Takes the start token, once. Returns the value for the session's cookie; nil for a wrong or used token.
    func begin(_ token: String) -> String? {
        // Digests are compared in constant time.
        let given = DeskSession.digest(token)
        return state.withLock { state in
            guard let start = state.start, start == given else { return nil }
            let secret = DeskSession.secret()
            state = State(start: nil, session: DeskSession.digest(secret))
            return secret
        }
    }

    func accepts(_ secret: String) -> Bool {
        let given = DeskSession.digest(secret)
        return state.withLock { $0.session.map { $0 == given } ?? false }
    }

    private static func digest(_ text: String) -> SHA256.Digest {
        SHA256.hash(data: Array(text.utf8))
    }

    private static func secret() -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let digits = String(UInt64.random(in: 0...UInt64.max, using: &random), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
