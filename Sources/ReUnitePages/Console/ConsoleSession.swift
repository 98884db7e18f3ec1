import ReUniteHub
import Synchronization

/// Two doors: the browser that opened the printed address, and in it the operator who has signed in.
///
/// One person at a time: whoever signs in takes the place of whoever was, and after a while without a request nobody is.
final class ConsoleSession: Sendable {
    /// How long somebody stays signed in without asking for anything.
    static let idleMilliseconds: Int64 = 15 * 60_000

    private struct Signed {
        let person: Hub.Operator
        var lastMilliseconds: Int64
    }

    private let door = PageSession()
    private let signed = Mutex<Signed?>(nil)
    private let clock: @Sendable () -> Int64

    /// - Parameter clock: milliseconds that only ever grow.
    init(clock: @escaping @Sendable () -> Int64 = ConsoleSession.monotonic) {
        self.clock = clock
    }

    var startToken: String { door.startToken }

    func begin(_ token: String) -> String? { door.begin(token) }

    func accepts(_ secret: String) -> Bool { door.accepts(secret) }

    func signIn(_ person: Hub.Operator) {
        let now = clock()
        signed.withLock { $0 = Signed(person: person, lastMilliseconds: now) }
    }

    func signOut() { signed.withLock { $0 = nil } }

    /// Who is signed in; asking for it is what keeps them so.
    func person() -> Hub.Operator? {
        let now = clock()
        return signed.withLock { signed in
            guard let there = signed, now - there.lastMilliseconds <= ConsoleSession.idleMilliseconds else {
                signed = nil
                return nil
            }
            signed?.lastMilliseconds = now
            return there.person
        }
    }

    private static let monotonic: @Sendable () -> Int64 = {
        let start = ContinuousClock.now
        return { Int64((ContinuousClock.now - start) / .milliseconds(1)) }
    }()
}
