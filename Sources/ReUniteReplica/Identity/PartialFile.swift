import ReUniteSync

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that grows at its end as bytes arrive, and keeps what it has when the process dies.
///
/// Each write is with the system at once; ``force()`` brings it to the disk. After a power cut the end of the file may
/// therefore hold anything, so whoever reads it must check what it says.
package final class PartialFile {
    private let descriptor: Int32
    private let path: String
    package private(set) var count: Int

    /// Opens the file, or makes an empty one that only its owner can read.
    package init(_ path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw DurableFile.failure("Opening \(path)", errno) }
        self.path = path
        count = Int(lseek(descriptor, 0, SEEK_END))
    }

    /// Opens a file that is there, for reading only: what it lies on may take no writing.
    package init(reading path: String) throws {
        descriptor = try DurableFile.openToRead(path)
        guard descriptor >= 0 else { throw DurableFile.unreadable(path, errno) }
        self.path = path
        count = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit {
        close(descriptor)
    }

    /// Writes bytes at a place that is not behind the end.
    package func write(_ bytes: some Collection<UInt8>, at offset: Int) throws {
        var written = 0
        let all = ContiguousArray(bytes)
        while written < all.count {
            let result = all.withUnsafeBytes {
                pwrite(
                    descriptor, $0.baseAddress?.advanced(by: written), all.count - written, off_t(offset + written))
            }
            if result < 0 {
                if errno == EINTR { continue }
                throw DurableFile.failure("Writing \(path)", errno)
            }
            written += result
            count = max(count, offset + written)
        }
    }

    package func append(_ bytes: some Collection<UInt8>) throws {
        try write(bytes, at: count)
    }

    /// A part of the file.
    ///
    /// - Throws: ``Failure`` when it is not all there.
    package func read(_ range: Range<Int>) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < bytes.count {
            let result = bytes.withUnsafeMutableBytes {
                pread(
                    descriptor, $0.baseAddress?.advanced(by: filled), range.count - filled,
                    off_t(range.lowerBound + filled))
            }
            if result < 0 && errno == EINTR { continue }
            guard result > 0 else {
                throw DurableFile.failure("Reading \(path)", result < 0 ? errno : EIO)
            }
            filled += result
        }
        return bytes
    }

    package func truncate(to length: Int) throws {
        guard ftruncate(descriptor, off_t(length)) == 0 else { throw DurableFile.failure("Writing \(path)", errno) }
        count = length
    }

    package func force() throws {
        guard fsync(descriptor) == 0 else { throw DurableFile.failure("Writing \(path)", errno) }
    }
}
