import ReUniteProgramme
public import ReUniteSync
import Synchronization

/// What a desk's owner gives it so that its pages can sync: pages know no network.
public struct SyncRunner: Sendable {
    /// How far a sync has come.
    public struct Progress: Hashable, Sendable {
        public var sentEdits: Int
        public var receivedBytes: Int
        /// The size of the delivery that is being fetched; 0 when none is.
        public var expectedBytes: Int

        public init(sentEdits: Int = 0, receivedBytes: Int = 0, expectedBytes: Int = 0) {
            self.sentEdits = sentEdits
            self.receivedBytes = receivedBytes
            self.expectedBytes = expectedBytes
        }
    }

    let run: @Sendable (@escaping @Sendable (Progress) -> Void) async throws -> SyncOutcome

    /// - Parameter run: syncs once, telling how far it has come.
    public init(_ run: @escaping @Sendable (@escaping @Sendable (Progress) -> Void) async throws -> SyncOutcome) {
        self.run = run
    }
}

/// The one sync that a desk runs at a time, and how the last one ended.
final class DeskSync: Sendable {
    enum State: Sendable {
        case idle
        case running(SyncRunner.Progress)
        /// With what came and went by it; nil where that could not be read.
        case done(SyncOutcome, CasesHere.Moved?)
        case failed(Failure)
    }

    private let runner: SyncRunner
    private let state = Mutex(State.idle)

    init(_ runner: SyncRunner) { self.runner = runner }

    var now: State { state.withLock { $0 } }

    var isRunning: Bool {
        if case .running = now { return true }
        return false
    }

    /// Begins a sync, unless one runs. It goes on when the browser leaves the page.
    ///
    /// - Parameter cases: reads what is held, before and after.
    func begin(_ cases: @escaping @Sendable () throws -> CasesHere) {
        let begins = state.withLock { state in
            if case .running = state { return false }
            state = .running(SyncRunner.Progress())
            return true
        }
        guard begins else { return }
        Task {
            let end: State
            do {
                let before = try cases()
                let outcome = try await runner.run { progress in
                    self.state.withLock { if case .running = $0 { $0 = .running(progress) } }
                }
                end = .done(outcome, try? before.moved(until: cases()))
            } catch let failure as Failure {
                end = .failed(failure)
            } catch {
                end = .failed(
                    Failure(
                        .tryLater, what: "Syncing", why: "the line to the hub broke",
                        remedy: "Try again; nothing is lost"))
            }
            state.withLock { $0 = end }
        }
    }
}
