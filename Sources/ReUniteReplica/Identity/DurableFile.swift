import ReUniteSync

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Small files that must be whole or absent: written aside, forced to disk, then renamed into place.
package enum DurableFile {
    /// Writes the bytes, replacing what was there in one step. Where two do so at once, the one or the other is there then.
    ///
    /// - Parameter mode: the permissions, for example `0o600` for what only its owner may read.
    package static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws {
        guard let unfinished = UnfinishedFile.beside(path, mode: mode) else { throw failure("Writing \(path)", errno) }
        defer { unfinished.end() }
        let descriptor = unfinished.descriptor
        guard writeAll(bytes, to: descriptor), DiskSync.sync(descriptor) == 0, fchmod(descriptor, mode) == 0 else {
            let code = errno
            close(descriptor)
            unlink(unfinished.path)
            throw failure("Writing \(path)", code)
        }
        close(descriptor)
        guard rename(unfinished.path, path) == 0 else {
            let code = errno
            unlink(unfinished.path)
            throw failure("Writing \(path)", code)
        }
        syncFolder(of: path)
    }

    /// Makes an empty file that only its owner may read, unless there is a file: SQLite gives the files beside a database
    /// the permissions of the database. Where none can be made, whoever opens the database says why.
    package static func makePrivate(_ path: String) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes the bytes in the place of what was there, in one step, and then writes over the former bytes, so that they
    /// are not left among what the file system calls free. A solid-state disk may keep a copy all the same.
    package static func replace(_ bytes: [UInt8], in path: String, mode: UInt32 = 0o600) throws {
        let former = open(path, O_WRONLY | O_CLOEXEC)
        defer { if former >= 0 { close(former) } }
        try write(bytes, to: path, mode: mode)
        guard former >= 0 else { return }
        let length = Int(lseek(former, 0, SEEK_END))
        lseek(former, 0, SEEK_SET)
        guard length >= 0, writeAll(Array(repeating: 0, count: length), to: former), DiskSync.sync(former) == 0 else {
            throw failure("Clearing \(path)", errno)
        }
    }

    /// Adds bytes to the end of a file and forces them to disk. A crash may leave a part of them there.
    package static func append(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o600) throws {
        let isNew = !exists(path)
        let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("Writing \(path)", errno) }
        defer { close(descriptor) }
        guard writeAll(bytes, to: descriptor), DiskSync.sync(descriptor) == 0 else {
            throw failure("Writing \(path)", errno)
        }
        if isNew { syncFolder(of: path) }
    }

    /// The file's bytes; nil when there is none.
    ///
    /// - Parameter limit: a larger file is refused: these files are small.
    package static func read(_ path: String, limit: Int = 1 << 20) throws -> [UInt8]? {
        let descriptor = try openToRead(path)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw unreadable(path, errno)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = buffer.withUnsafeMutableBytes { Self.read(descriptor, $0) }
            if count < 0 {
                if errno == EINTR { continue }
                guard errno != EISDIR else {
                    throw Failure(
                        .noInput, what: "Reading \(path)", why: "it is a folder", remedy: "Name the file in it")
                }
                throw unreadable(path, errno)
            }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw Failure(
                    .badData, what: "Reading \(path)", why: "it is larger than such a file can be",
                    remedy: "Check that it is the right file")
            }
        }
    }

    /// Opens a file for reading without waiting for anybody: a pipe of that name would keep whoever opens it until somebody
    /// writes into it.
    ///
    /// - Returns: a descriptor, of a folder too; or a negative number with `errno`.
    /// - Throws: ``Failure`` (badData) for a pipe or the like.
    static func openToRead(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            // A socket cannot be opened at all.
            guard errno == ENXIO else { return descriptor }
            throw notAFile(path)
        }
        var about = stat()
        let kind = fstat(descriptor, &about) == 0 ? about.st_mode & S_IFMT : 0
        guard kind == S_IFIFO || kind == S_IFSOCK else { return descriptor }
        close(descriptor)
        throw notAFile(path)
    }

    private static func notAFile(_ path: String) -> Failure {
        Failure(
            .badData, what: "Reading \(path)", why: "it is a pipe, not a file that holds something",
            remedy: "Name the right file")
    }

    /// A path without links in it; as it is where it leads nowhere.
    static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Whether others than its owner may read or write a file.
    package static func isOpenToOthers(_ path: String) -> Bool {
        var about = stat()
        return stat(path, &about) == 0 && about.st_mode & 0o077 != 0
    }

    /// Makes a folder that only its owner can enter, unless it is there.
    package static func makeFolder(_ path: String) throws {
        if mkdir(path, 0o700) != 0 && errno != EEXIST { throw failure("Making folder \(path)", errno) }
    }

    /// Forces a file that another program wrote to disk.
    package static func sync(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("Writing \(path)", errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("Writing \(path)", errno) }
    }

    /// In bytes; 0 where there is no such file.
    package static func size(_ path: String) -> Int {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return 0 }
        defer { close(descriptor) }
        return Int(lseek(descriptor, 0, SEEK_END))
    }

    package static func exists(_ path: String) -> Bool {
        access(path, F_OK) == 0
    }

    package static func isFolder(_ path: String) -> Bool {
        !path.isEmpty && access(path + "/.", F_OK) == 0
    }

    package static func remove(_ path: String) {
        unlink(path)
    }

    /// Removes the folder in which a file lay, if nothing is in it.
    static func removeEmptyFolder(of path: String) {
        if let slash = path.lastIndex(of: "/") { rmdir(String(path[..<slash])) }
    }

    /// Gives a file another name in the same folder, for good.
    package static func move(_ path: String, to name: String) throws {
        guard rename(path, name) == 0 else { throw failure("Writing \(name)", errno) }
        syncFolder(of: name)
    }

    static func syncFolder(of path: String) {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        _ = DiskSync.sync(descriptor)
        close(descriptor)
    }

    /// Whether all of the bytes were written; `errno` says why not.
    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Self.write(descriptor, $0) }
            if count < 0 && errno != EINTR { return false }
            written += max(count, 0)
        }
        return true
    }

    static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    private static func read(_ descriptor: Int32, _ bytes: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Glibc)
            Glibc.read(descriptor, bytes.baseAddress, bytes.count)
        #else
            Darwin.read(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    /// Why a file that is there could not be read.
    static func unreadable(_ path: String, _ code: Int32) -> Failure {
        let failure = failure("Reading \(path)", code)
        guard failure.code == .cannotCreate else { return failure }
        return Failure(.noInput, what: failure.what, why: failure.why, remedy: failure.remedy)
    }

    static func failure(_ what: String, _ code: Int32) -> Failure {
        let why = String(cString: strerror(code)).lowercased()
        switch code {
        case ENOSPC, EDQUOT:
            return Failure(
                .inputOutput, what: what, why: "the disk is full", remedy: "Free some space and run it again")
        case EACCES, EPERM, EROFS:
            return Failure(
                .cannotCreate, what: what, why: why, remedy: "Check the permissions of the file and its folder")
        case EISDIR:
            return Failure(.cannotCreate, what: what, why: "it is a folder", remedy: "Name a file in it")
        case ENOENT, ENOTDIR:
            return Failure(.cannotCreate, what: what, why: why, remedy: "Check that the folder exists")
        default:
            return Failure(.inputOutput, what: what, why: why, remedy: "Check the disk and run it again")
        }
    }
}

/// An exclusive claim on a file or folder by one process, given back when the process ends, however it ends.
package final class FileClaim: Sendable {
    private let descriptor: Int32

    /// - Throws: ``Failure`` (tryLater), at once, when another process holds it.
    package init(_ path: String, what: String, holder: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(
                .cannotCreate, what: what, why: "the lock file could not be made (\(String(cString: strerror(errno))))",
                remedy: "Check the permissions of the folder")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Failure(
                .tryLater, what: what, why: "\(holder) is already running on the same files",
                remedy: "Wait for it to finish, or stop it")
        }
    }

    deinit {
        close(descriptor)
    }
}
