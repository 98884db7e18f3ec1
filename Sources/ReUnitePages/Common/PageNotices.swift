import Synchronization

/// What a page is to say once, after the form that led to it was taken. Kept here, so that no address tells it.
final class PageNotices: Sendable {
    private let waiting = Mutex<[String: [String]]>([:])

    /// The same twice is said once.
    ///
    /// - Parameter reader: the form token of whom it is for.
    func leave(_ text: String, for reader: String) {
        waiting.withLock { waiting in
            if waiting[reader]?.contains(text) != true { waiting[reader, default: []].append(text) }
        }
    }

    func take(for reader: String) -> [String] {
        waiting.withLock { $0.removeValue(forKey: reader) ?? [] }
    }
}
