import Foundation
import ReUniteReplica
import ReUniteSync

/// The batches that a hub has taken since its newest backup, in files of another folder than its own, best on other
/// storage: with them a hub that is restored from that backup has lost nothing that devices rely on (`docs/restore.md`).
///
/// The database holds every one of these batches too. So the ledger can be written anew from it at any time: when it is
/// damaged, when it is to be sealed to another key, and when somebody is erased.
struct BatchLedger: Hashable {
    let folder: String
    /// In order; none of them is replaced by a later one.
    private(set) var segments: [LedgerSegment]
    /// Files that are to go: a later one holds what they hold.
    private var replaced: [String]
    private var nextNumber: Int

    /// A file is followed by another when it is larger than this, in bytes.
    static let segmentBytes = 64 << 20
    /// All files together hold no more, in bytes: then it is time for a backup.
    static let limitBytes = 2 << 30

    /// Reads what there is.
    ///
    /// - Parameter isProved: whether a file that says that it was written anew is the hub's own; else it replaces nothing.
    init(in folder: String, isProved: (LedgerSegment) throws -> Bool = { _ in true }) throws {
        self.folder = folder
        segments = []
        replaced = []
        nextNumber = 1
        for number in try BatchLedger.numbers(in: folder) {
            nextNumber = number + 1
            let path = BatchLedger.path(number, in: folder)
            guard let segment = try LedgerSegment(reading: path, number: number) else {
                replaced.append(path)
                continue
            }
            // One that was written anew begins where the first did.
            while let before = segments.last, segment.first.from <= before.first.from, segment.ending != .damaged,
                try isProved(segment)
            {
                replaced.append(before.path)
                segments.removeLast()
            }
            segments.append(segment)
        }
    }

    /// The position from which it holds everything, and that up to which it does; nil where there is nothing.
    var start: Position? { segments.first?.first.from }
    var reach: Position? { segments.last?.last.to }
    var bytes: Int { segments.reduce(0) { $0 + $1.end } }

    /// Whether it is whole, but for an end that may be torn.
    var isSound: Bool {
        segments.dropLast().allSatisfy { $0.ending == .whole } && segments.last?.ending != .damaged
            && zip(segments, segments.dropFirst()).allSatisfy { $0.last.to >= $1.first.from }
    }

    /// Whether the files are as this program left them.
    func isAsItWas() throws -> Bool {
        try replaced.isEmpty && BatchLedger.numbers(in: folder) == segments.map(\.number)
            && segments.last?.isAsItWas ?? true
    }

    /// Whose the ledger is and whom it is sealed to, by its last record; nil where there is none, or it cannot be read.
    func lastHeader() throws -> BundleHeader? {
        guard let segment = segments.last, !segment.last.place.isEmpty else { return nil }
        let beginning = segment.last.place.prefix(BundleOpening.beginningLimit)
        return try? SealedBundle.readHeader(
            PartialFile(reading: segment.path).read(beginning.startIndex..<beginning.endIndex))
    }

    // MARK: Writing

    /// Lets what follows go into another file.
    mutating func rotate(at position: Position) throws {
        if !segments.isEmpty { try segments[segments.count - 1].cutTornEnd() }
        segments.append(
            LedgerSegment(path: BatchLedger.path(nextNumber, in: folder), number: nextNumber, at: position))
        nextNumber += 1
    }

    /// Begins anew, in a file that counts once ``finishRewriting()`` has given it its name: what is there stays until then.
    mutating func rewrite(at position: Position) {
        DurableFile.remove(unfinished)
        replaced += segments.map(\.path)
        segments = [LedgerSegment(path: unfinished, number: nextNumber, at: position)]
        nextNumber += 1
    }

    private var unfinished: String { folder + "/batches.writing" }
    private var isRewriting: Bool { segments.last?.path == unfinished }

    mutating func finishRewriting() throws {
        guard let segment = segments.last, isRewriting else { return }
        guard segment.end > 0 else {
            segments = []
            return
        }
        try segments[0].rename(BatchLedger.path(segment.number, in: folder))
    }

    /// - Throws: ``Failure``: unavailable when it would hold more than it may.
    mutating func append(_ bundle: [UInt8], from: Position, to: Position) throws {
        guard bytes + bundle.count <= BatchLedger.limitBytes else {
            throw Failure(
                .unavailable, what: "Writing the ledger of batches",
                why: "it holds \(BatchLedger.limitBytes >> 20) MiB since the last backup",
                remedy: "Make a backup with 'hub backup'")
        }
        if segments.last.map({ $0.end > BatchLedger.segmentBytes && !isRewriting }) ?? true { try rotate(at: from) }
        try segments[segments.count - 1].append(bundle, from: from, to: to)
    }

    /// Removes the files that a backup which reaches a position holds, and those that were written anew.
    mutating func prune(coveredBy backup: Position) {
        var kept: [LedgerSegment] = []
        for (place, segment) in segments.enumerated() {
            let reach = place + 1 < segments.count ? segments[place + 1].first.from : segment.last.to
            if segment.end == 0 || reach <= backup { replaced.append(segment.path) } else { kept.append(segment) }
        }
        segments = kept
        for path in replaced { DurableFile.remove(path) }
        replaced = []
    }

    /// Held while the files are written. Another program holds it for moments only.
    func claim() throws -> FileClaim {
        try FileClaim.waiting(
            folder + "/batches.lock", what: "Writing the ledger of batches", holder: "another program")
    }

    // MARK: Files

    private static let prefix = "batches-"

    private static func path(_ number: Int, in folder: String) -> String {
        "\(folder)/\(prefix)\(String(format: "%010d", number))"
    }

    private static func numbers(in folder: String) throws -> [Int] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).compactMap { name in
                name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
            }.sorted()
        } catch {
            throw Failure(
                .noInput, what: "Reading the ledger of batches", why: "the folder \(folder) cannot be read",
                remedy: "Check that its disk is there")
        }
    }
}

extension FileClaim {
    /// One that others hold for moments only: it is waited for.
    static func waiting(_ path: String, what: String, holder: String) throws -> FileClaim {
        var tries = 0
        while true {
            do {
                return try FileClaim(path, what: what, holder: holder)
            } catch let failure as Failure where failure.code == .tryLater && tries < 500 {
                tries += 1
                Thread.sleep(forTimeInterval: 0.004)
            }
        }
    }
}
