import Foundation

/// Where the measured databases live: a RAM disk if there is one, so that the code is measured and not the disk.
struct ScratchFiles {
    let directory: String

    init(in parent: String?) throws {
        let isRAMDisk = FileManager.default.isWritableFile(atPath: "/dev/shm")
        let root = parent ?? (isRAMDisk ? "/dev/shm" : NSTemporaryDirectory())
        directory = root + "/reunite-bench-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// A path where no database is.
    func fresh(_ name: String) -> String {
        let path = directory + "/" + name
        for suffix in ["", "-wal", "-shm", ".device"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        return path
    }

    /// A copy of a database that no connection has open; of a replica, with the folder beside it.
    func copy(of source: String, as name: String) throws -> String {
        let path = fresh(name)
        try FileManager.default.copyItem(atPath: source, toPath: path)
        if FileManager.default.fileExists(atPath: source + ".device") {
            try FileManager.default.copyItem(atPath: source + ".device", toPath: path + ".device")
        }
        return path
    }

    func size(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.size] as? Int) ?? 0
    }
}
