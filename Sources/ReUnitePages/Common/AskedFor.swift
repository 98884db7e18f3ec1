import Synchronization

/// What somebody asked for by a form, for the page that shows it: the browser may go back to that page, or load it anew,
/// and sends no form again. Kept in memory; the address has a number, and no word.
final class AskedFor<Asked: Sendable & Equatable>: Sendable {
    /// How many are kept: whoever goes back further is shown the empty form.
    private let most = 100

    private struct State {
        var reader = ""
        var last = 0
        var asked: [Int: Asked] = [:]
    }

    private let state = Mutex(State())

    /// Keeps it for one reader, in place of whatever was kept for another.
    ///
    /// - Parameter reader: the form token of whom it is for.
    /// - Returns: its number; the last one's where the same was asked for last.
    func keep(_ asked: Asked, for reader: String) -> Int {
        state.withLock { state in
            if state.reader != reader { state = State(reader: reader, last: state.last) }
            if state.asked[state.last] == asked { return state.last }
            state.last += 1
            state.asked[state.last] = asked
            state.asked[state.last - most] = nil
            return state.last
        }
    }

    /// What was asked for under a number; nil where that reader asked for nothing so, or long ago.
    func what(_ number: String?, for reader: String) -> Asked? {
        guard let number = number.flatMap({ Int($0) }) else { return nil }
        return state.withLock { $0.reader == reader ? $0.asked[number] : nil }
    }
}
