import Foundation
import ReUniteReplica

/// The disk under a folder, as far as the system tells.
struct Disk {
    /// Such as `ext4` or `nfs4`; nil where the system does not say.
    let kind: String?
    let freeBytes: Int64?
    /// Whether what is written there is encrypted before it reaches the disk; nil where nobody can tell.
    let isEncrypted: Bool?

    init(under folder: String) {
        let path = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        let mount = Disk.mounts().filter { Disk.holds($0.point, path) }.max { $0.point.count < $1.point.count }
        kind = mount?.kind
        isEncrypted = mount.flatMap(Disk.isEncrypted)
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: path)
        freeBytes = (attributes?[.systemFreeSize] as? NSNumber)?.int64Value
    }

    /// Over a network the locks that keep two programs from writing at once cannot be relied on.
    var isRemote: Bool {
        guard let kind else { return false }
        return ["nfs", "cifs", "smb", "9p", "afs", "ceph", "fuse.sshfs", "fuse.rclone", "davfs"].contains {
            kind.hasPrefix($0)
        }
    }

    /// Sticks mostly: such a disk keeps no permissions.
    var hasPermissions: Bool {
        kind.map { !["vfat", "exfat", "msdos", "fuseblk", "ntfs", "ntfs3"].contains($0) } ?? true
    }

    /// Gone when the machine is switched off.
    var isMemory: Bool { kind == "tmpfs" || kind == "ramfs" }

    private struct Mount {
        let device: String
        let point: String
        let kind: String
        let source: String
    }

    private static func mounts() -> [Mount] {
        guard let text = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let halves = line.components(separatedBy: " - ")
            let (left, right) = (halves[0].split(separator: " "), (halves.last ?? "").split(separator: " "))
            guard halves.count == 2, left.count > 4, right.count > 1 else { return nil }
            return Mount(
                device: String(left[2]), point: left[4].replacingOccurrences(of: "\\040", with: " "),
                kind: String(right[0]), source: String(right[1]))
        }
    }

    private static func holds(_ point: String, _ path: String) -> Bool {
        point == "/" || path == point || path.hasPrefix(point + "/")
    }

    private static func isEncrypted(_ mount: Mount) -> Bool? {
        let named = "/sys/class/block/" + (mount.source.split(separator: "/").last ?? "")
        let folders = ["/sys/dev/block/" + mount.device, named]
        guard mount.source.hasPrefix("/dev/"), let device = folders.first(where: DurableFile.isFolder) else {
            return nil
        }
        return isEncrypted(device: device, depth: 0)
    }

    /// A device, or every one that it lies on, as with volumes on an encrypted partition.
    private static func isEncrypted(device: String, depth: Int) -> Bool {
        if let id = try? String(contentsOfFile: device + "/dm/uuid", encoding: .utf8), id.hasPrefix("CRYPT-") {
            return true
        }
        let below = (try? FileManager.default.contentsOfDirectory(atPath: device + "/slaves")) ?? []
        return depth < 8 && !below.isEmpty
            && below.allSatisfy { isEncrypted(device: "/sys/class/block/" + $0, depth: depth + 1) }
    }
}
