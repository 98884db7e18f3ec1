public import ReUniteReplica
public import ReUniteSync

/// Brings other devices' files to the hub, and takes the hub's answers for them along, in the course of a sync.
public struct HTTPRelay: Sendable {
    private let replica: Replica
    private let client: HubClient
    private let patience: Duration
    private let waiting: Waiting

    /// What was carried.
    public struct Report: Hashable, Sendable {
        /// Files that the hub took.
        public var sent = 0
        /// Answers for their devices.
        public var received = 0
        /// Why the hub refused files: they are damaged or altered, or their devices are not served. They are put aside.
        public var refused: [String] = []
        /// Files that could not be brought this time.
        public var waiting: [Waits] = []
        /// Answers that were thrown away, because something that they may show has been closed to their devices.
        public var withdrawn = 0
    }

    /// A file that could not be brought this time, or whose answer could not be taken along.
    public struct Waits: Hashable, Sendable {
        public var bundle: Identifier
        /// The device that made it.
        public var device: Identifier
        public var bytes: Int
        /// Why it waits.
        public var why: String
    }

    /// - Parameter patience: how long to go on trying while nothing gets through.
    public init(
        replica: Replica, client: HubClient, patience: Duration = .zero, waiting: Waiting = .system
    ) {
        self.replica = replica
        self.client = client
        self.patience = patience
        self.waiting = waiting
    }

    /// Brings every file in the replica's box, once what lies there for others has been asked about. Returns nil when
    /// there was none to bring and none to throw away.
    ///
    /// A file that the hub has taken leaves the box; one that it refused is put aside, until somebody has seen to it. What
    /// cannot be brought now waits, and holds up no other; that is no failure of the sync.
    public func run() async throws -> Report? {
        let box = replica.relayBox
        let letters = box.letters().filter { $0.label.to > .zero }
        guard !letters.isEmpty || !box.waiting().isEmpty else { return nil }
        let line = HubLine(replica: replica, client: client, patience: patience, waiting: waiting)
        var report = Report()
        for letter in letters {
            // A hub that does not answer now is asked the next time.
            guard let isVoid = try? await line.hasClosed(letter.label, for: letter.device) else { break }
            guard isVoid else { continue }
            try box.takeBack(letter)
            report.withdrawn += 1
        }
        let items = box.waiting()
        guard !items.isEmpty else { return report.withdrawn > 0 ? report : nil }
        for item in items {
            do {
                try await bring(item, in: box, over: line, &report)
            } catch let failure as Failure {
                report.waiting.append(
                    Waits(bundle: item.label.id, device: item.device, bytes: item.bytes, why: failure.why))
            }
        }
        return report
    }

    private func bring(
        _ item: RelayBox.Item, in box: RelayBox, over line: HubLine, _ report: inout Report
    ) async throws {
        let reply = try await line.relay(try box.read(item))
        if reply.status == 422 {
            let why = reply.failure(what: "Carrying a file")?.why ?? "it does not say why"
            try box.refuse(item, why: why, atMilliseconds: try replica.knownTime().now)
            report.refused.append(why)
            return
        }
        if let failure = reply.failure(what: "Carrying a file") { throw failure }
        // Until the answer is on disk, the file can be brought once more.
        if reply.body.isEmpty {
            box.remove(item)
        } else {
            try replica.carry(downFile: reply.body, for: item.device)
            try box.answered(item)
            report.received += 1
        }
        box.settle(refusedBefore: item)
        report.sent += 1
    }
}
