#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whether what is written is forced to disk at once, as it is everywhere but where files are made that nobody has yet.
package enum DiskSync {
    /// For files in a folder of their own which are worth nothing until all is done: nothing waits for the disk, and a
    /// machine that loses its power leaves them half made. A database keeps what holds when it is opened. Whoever sets
    /// this forces the files in the end, when their databases are closed (``DurableFile/sync(_:)``).
    @TaskLocal package static var isPutOff = false

    /// As `fsync(2)`.
    static func sync(_ descriptor: Int32) -> Int32 { isPutOff ? 0 : fsync(descriptor) }
}
