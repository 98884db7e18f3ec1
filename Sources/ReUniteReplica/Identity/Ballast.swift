import ReUniteSync

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Room on the replica's disk that nobody else takes: a file in the folder beside it, given up where the disk is full in
/// the middle of a sync, so that what was typed is sealed and sent all the same (`docs/change-log.md`, "A full disk").
package struct Ballast: Sendable {
    /// 16 MiB: many times what is sealed in a day.
    static let bytes = 16 << 20
    /// It is laid in where so many times as much is free.
    private static let share: UInt64 = 4

    private let path: String

    init(folder: String) {
        path = folder + "/ballast"
    }

    /// Of the replica at a path, which may not even be opened on a full disk.
    package init(besides replicaPath: String) { self.init(folder: DeviceVault(replicaPath: replicaPath).folder) }

    /// Lays it in, unless it is there or the disk has not much more room.
    package func keep() {
        // One that a copy or a power cut left short is laid in anew.
        guard DurableFile.size(path) < Ballast.bytes,
            DurableFile.room(beside: path) >= Ballast.share * UInt64(Ballast.bytes)
        else { return }
        #if canImport(Glibc)
            unlink(path)
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return }
            let isWhole = posix_fallocate(descriptor, 0, off_t(Ballast.bytes)) == 0
            close(descriptor)
            if !isWhole { unlink(path) }
        #else
            try? DurableFile.write(Array(repeating: 0, count: Ballast.bytes), to: path)
        #endif
    }

    /// Gives it up, where it is the disk's room that is wanting. Returns whether there was one.
    package func release() -> Bool {
        DurableFile.room(beside: path) < UInt64(Ballast.bytes) && unlink(path) == 0
    }
}

extension Replica {
    package var ballast: Ballast { Ballast(folder: vault.folder) }

    /// Does something that writes, and once more where that failed at the disk and giving up the ballast made room.
    package func makingRoom<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let failure as Failure where failure.code == .inputOutput && ballast.release() {
            return try body()
        }
    }
}

extension DurableFile {
    /// How many bytes a program may still write to the disk that holds a file's folder; 0 where that is not known.
    static func room(beside path: String) -> UInt64 {
        var about = statvfs()
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        guard statvfs(folder.isEmpty ? "." : folder, &about) == 0 else { return 0 }
        return UInt64(about.f_bavail) * UInt64(about.f_frsize)
    }
}
