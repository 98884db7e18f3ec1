#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that is being written under a name that nobody else has, until it is whole and takes its place.
///
/// Its writer holds a lock on it for as long. So one that nobody holds was left by a writer that died, or whose stick was
/// pulled out, and goes with the next that is made there. Where a file system knows no locks it goes too.
struct UnfinishedFile {
    let path: String
    /// To write to; whoever has it closes it.
    let descriptor: Int32
    /// Holds the lock until ``end()``, so that the other can be closed before the file has its name.
    private let lock: Int32

    /// So many others may be at work under the same name.
    private static let most = 100

    /// Beside a file on the machine's own disk: `NAME.new`, or with a number where another writer has that.
    ///
    /// - Returns: nil, with `errno`, where none can be made.
    static func beside(_ path: String, mode: UInt32) -> UnfinishedFile? {
        let made = make(mode: mode) { $0 == 0 ? path + ".new" : path + ".new\($0 + 1)" }
        let said = errno
        if made?.path == path + ".new", DurableFile.exists(path + ".new2") { clear(path + ".new2") }
        errno = said
        return made
    }

    /// In a folder of somebody's, such as a stick's: `RU~` and five digits that are drawn, within eight and three. Nobody's
    /// own file is called so.
    ///
    /// - Parameter names: what is in the folder.
    /// - Returns: nil, with `errno`, where none can be made.
    static func inFolder(_ folder: String, names: [String]) -> UnfinishedFile? {
        for name in names where name.uppercased().wholeMatch(of: /RU~[0-9A-F]{5}\.TMP/) != nil {
            clear(folder + name)
        }
        return make(mode: 0o600) { _ in
            let digits = String(Int.random(in: 0x10000...0xFFFFF), radix: 16, uppercase: true)
            return "\(folder)RU~\(digits).TMP"
        }
    }

    private static func make(mode: UInt32, name: (Int) -> String) -> UnfinishedFile? {
        for number in 0..<most {
            let path = name(number)
            var made = create(path, mode)
            if made < 0, errno == EEXIST {
                guard clear(path) else { continue }
                made = create(path, mode)
            }
            guard made >= 0 else {
                if errno == EEXIST { continue }
                return nil
            }
            // Whoever found it before it was locked took it for a dead one's.
            let isLocked = flock(made, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
            var about = stat()
            let lock = isLocked && fstat(made, &about) == 0 && about.st_nlink > 0 ? dup(made) : -1
            guard lock >= 0 else {
                close(made)
                continue
            }
            return UnfinishedFile(path: path, descriptor: made, lock: lock)
        }
        errno = EEXIST
        return nil
    }

    private static func create(_ path: String, _ mode: UInt32) -> Int32 {
        open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode)
    }

    /// Gives back the lock: the file has its name, or is gone.
    func end() {
        close(lock)
    }

    /// Removes what no living writer holds. Where the name is a link it is the link that goes: whoever prepared the folder
    /// cannot have another file written over.
    ///
    /// - Returns: whether the name may be free now.
    @discardableResult
    private static func clear(_ path: String) -> Bool {
        let found = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK)
        guard found >= 0 else { return errno == ENOENT || unlink(path) == 0 }
        defer { close(found) }
        guard flock(found, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else { return false }
        var (here, there) = (stat(), stat())
        guard fstat(found, &here) == 0, lstat(path, &there) == 0 else { return errno == ENOENT }
        // Another file has the name by now: that one is at work.
        guard here.st_ino == there.st_ino, here.st_dev == there.st_dev else { return false }
        return unlink(path) == 0
    }
}
