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
        box.tidyComing()
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

    /// So many times an answer may become void while it is fetched.
    private static let tries = 3

    private func bring(
        _ item: RelayBox.Item, in box: RelayBox, over line: HubLine, _ report: inout Report
    ) async throws {
        let file = try box.read(item)
        guard let key = RelayBox.key(of: file) else { return }
        for _ in 0..<HTTPRelay.tries {
            var coming = try box.coming(for: item)
            if coming == nil {
                switch try await line.hand(file, named: key) {
                case .older:
                    let (refusal, answer) = try await line.handWhole(file)
                    if let refusal { return try refuse(item, refusal, in: box, &report) }
                    if !answer.isEmpty { try replica.carry(downFile: answer, for: item.device) }
                    return try settle(item, isAnswered: !answer.isEmpty, in: box, &report)
                case .refused(let why): return try refuse(item, why, in: box, &report)
                case .taken(nil): return try settle(item, isAnswered: false, in: box, &report)
                case .taken(let answer?): coming = try box.begin(answer.id, bytes: answer.bytes, for: item)
                }
            }
            if let coming, try await line.fetch(coming) {
                do {
                    try replica.carry(coming, for: item.device)
                } catch {
                    // What came is not what the hub sent: it comes anew.
                    box.discardComing(for: item)
                    throw error
                }
                return try settle(item, isAnswered: true, in: box, &report)
            }
            box.discardComing(for: item)
        }
        throw Failure(
            .tryLater, what: "Carrying a file", why: "what its device may hold is changing at this moment",
            remedy: "Sync again; nothing was lost")
    }

    private func refuse(_ item: RelayBox.Item, _ why: String, in box: RelayBox, _ report: inout Report) throws {
        try box.refuse(item, why: why, atMilliseconds: try replica.knownTime().now)
        report.refused.append(why)
    }

    /// The file is at the hub, and the answer on the disk: until then the file can be brought once more.
    private func settle(
        _ item: RelayBox.Item, isAnswered: Bool, in box: RelayBox, _ report: inout Report
    ) throws {
        if isAnswered {
            try box.answered(item)
            report.received += 1
        } else {
            box.remove(item)
        }
        box.settle(refusedBefore: item)
        report.sent += 1
    }
}
