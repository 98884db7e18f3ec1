import Foundation
import ReUniteReplica
import ReUniteSync

/// Answers that devices are taking along for others, piece by piece: `CARRIER.FILE.MAKER.ANSWER`, sealed to the maker of the
/// file. Under an answer's id there are always the same bytes.
struct AnswerFiles: Sendable {
    let folder: String

    /// All that may wait here.
    static let totalBytes = 1 << 30
    /// So many may wait for one carrier.
    static let most = 16

    /// One of them.
    struct Answer: Sendable {
        let path: String
        let carrier: Identifier
        /// The file that it answers.
        let file: Identifier
        let maker: Identifier
        let id: Identifier
        let bytes: Int
        let changed: Date

        fileprivate init?(_ name: String, in folder: String) {
            let parts = name.split(separator: ".").compactMap { Identifier(String($0)) }
            path = "\(folder)/\(name)"
            guard parts.count == 4, let facts = try? FileManager.default.attributesOfItem(atPath: path) else {
                return nil
            }
            (carrier, file, maker, id) = (parts[0], parts[1], parts[2], parts[3])
            bytes = facts[.size] as? Int ?? 0
            changed = facts[.modificationDate] as? Date ?? .distantPast
        }

        /// What stands outside.
        var label: BundleLabel? {
            guard let beginning = try? CarrierFile.source(path).beginning() else { return nil }
            return (try? SealedBundle.readHeader(beginning))?.label
        }
    }

    /// Seals an answer into its file, in the place of an earlier one to the same. Where a carrier has too many, the oldest goes.
    ///
    /// - Throws: ``Failure`` (tryLater) when too much waits here already.
    func write(_ parcel: BundleParcel, to file: Identifier, of maker: Identifier, carriedBy carrier: Identifier) throws
    {
        try DurableFile.makeFolder(folder)
        let own = all().filter { $0.carrier == carrier }
        for former in own where former.file == file { remove(former) }
        let others = own.filter { $0.file != file }.sorted { $0.changed < $1.changed }
        for oldest in others.dropLast(AnswerFiles.most - 1) { remove(oldest) }
        guard all().reduce(0, { $0 + $1.bytes }) + parcel.length <= AnswerFiles.totalBytes else {
            throw Failure(
                .tryLater, what: "Carrying a file", why: "too many answers wait at the hub to be fetched",
                remedy: "Sync again later; nothing was lost")
        }
        let path = "\(folder)/\(carrier).\(file).\(maker).\(parcel.label.id)"
        let unfinished = path + ".new"
        do {
            let file = try PartialFile(unfinished)
            try parcel.write(file.append)
            try file.force()
        } catch {
            DurableFile.remove(unfinished)
            throw error
        }
        try DurableFile.move(unfinished, to: path)
    }

    /// What a carrier is taking along under an id; nil when there is nothing.
    func find(_ id: Identifier, carriedBy carrier: Identifier) -> Answer? {
        all().first { $0.id == id && $0.carrier == carrier }
    }

    /// Part of an answer, as far as there is any.
    func read(_ answer: Answer, from offset: Int, count: Int) throws -> [UInt8] {
        let file = try PartialFile(reading: answer.path)
        let start = min(offset, file.count)
        return try file.read(start..<min(start + count, file.count))
    }

    func remove(_ answer: Answer) {
        DurableFile.remove(answer.path)
    }

    func all() -> [Answer] {
        names.compactMap { Answer($0, in: folder) }
    }

    /// Removes what was made a week ago, and what was never made whole.
    func prune(atMilliseconds now: Int64) {
        let limit = Date(timeIntervalSince1970: Double(now) / 1_000).addingTimeInterval(-UploadFiles.age)
        for answer in all() where answer.changed < limit { remove(answer) }
        for name in names where name.hasSuffix(".new") { DurableFile.remove("\(folder)/\(name)") }
    }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] }
}
