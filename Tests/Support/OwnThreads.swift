import NIOPosix

/// Threads that only servers run on, so that a server in this process answers while tests keep all of the shared
/// threads busy: one that had to wait for its turn among them would be silent for longer than a client has patience.
public final class OwnThreads: TaskExecutor {
    public static let servers = OwnThreads(count: 4)

    private let threads: NIOThreadPool

    init(count: Int) {
        threads = NIOThreadPool(numberOfThreads: count)
        threads.start()
    }

    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        threads.submit { [self] _ in job.runSynchronously(on: asUnownedTaskExecutor()) }
    }
}
