import Foundation
import ReUniteReplica
import ReUniteSync
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How far the hub has come, in a file beside its database: a database that is behind it was put back from an earlier
/// copy.
///
/// It is written after each commit and not forced to disk, so it may be behind the database after a power cut, and is
/// never ahead of it.
package final class HubWitness: Sendable {
    package struct Mark: Hashable {
        /// The number of the hub's life.
        var epoch: UInt32
        var position: Position

        init(epoch: UInt32, position: Position) {
            self.epoch = epoch
            self.position = position
        }

        /// The same where another place tells that the hub had come further.
        init?(_ mark: Mark?, reaching position: Position?) {
            guard mark != nil || position != nil else { return nil }
            epoch = mark?.epoch ?? 0
            self.position = max(mark?.position ?? .zero, position ?? .zero)
        }
    }

    private let path: String
    private let last = Mutex<Mark?>(nil)

    init(folder: String) {
        path = folder + "/witness"
    }

    func read() throws -> Mark? {
        guard let bytes = try DurableFile.read(path), bytes.count >= 24 else { return nil }
        let words = bytes.prefix(24)
        func number(_ place: Int) -> UInt64 {
            words[place..<place + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        // A write that was cut short says nothing.
        guard number(16) == number(0) ^ number(8) ^ HubWitness.check else { return nil }
        return Mark(
            epoch: UInt32(truncatingIfNeeded: number(0)), position: Position(Int64(bitPattern: number(8))))
    }

    func write(_ mark: Mark) {
        let isNews = last.withLock { last in
            guard last != mark else { return false }
            last = mark
            return true
        }
        guard isNews else { return }
        let words = [UInt64(mark.epoch), UInt64(bitPattern: mark.position.rawValue)]
        let bytes = (words + [words[0] ^ words[1] ^ HubWitness.check]).flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return }
        _ = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        close(descriptor)
    }

    private static let check: UInt64 = 0x5255_7769_746E_6573
}
