import ReUniteReplica
import ReUniteSync

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A file that a person named for a command to write.
enum OutputFile {
    /// Refuses what cannot be written, before anything is done or put on record.
    ///
    /// - Parameter replaces: whether a plain file of that name may give way. Nothing else ever does: a device or a pipe
    ///   is no file.
    /// - Throws: ``Failure``: usage for a name that is none, cannotCreate for one that is taken or leads nowhere.
    static func check(_ path: String, what: String, replaces: Bool) throws {
        guard !path.isEmpty, path != "-" else {
            throw Failure(
                .usage, what: what, why: path.isEmpty ? "the name of the file is empty" : "it writes to files only",
                remedy: "Name a file")
        }
        var status = stat()
        guard lstat(path, &status) == 0 else { return try checkFolder(of: path, what: what) }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            throw Failure(.cannotCreate, what: what, why: "\(path) is a folder", remedy: "Name a file in it")
        case S_IFREG where replaces:
            try checkFolder(of: path, what: what)
        case S_IFREG:
            throw Failure(
                .cannotCreate, what: what, why: "\(path) exists already",
                remedy: "Name another file, or replace this one with --replace")
        default:
            throw Failure(
                .cannotCreate, what: what, why: "\(path) is there and is no plain file",
                remedy: "Name another file")
        }
    }

    private static func checkFolder(of path: String, what: String) throws {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        guard DurableFile.isFolder(folder) else {
            throw Failure(
                .cannotCreate, what: what, why: "there is no folder \(folder)", remedy: "Check the name and the stick")
        }
        guard access(folder, W_OK) == 0 else {
            throw Failure(
                .cannotCreate, what: what, why: "nothing may be written in \(folder)",
                remedy: "Check its permissions, or name another folder")
        }
    }
}
