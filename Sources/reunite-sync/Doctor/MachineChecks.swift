import Foundation
import ReUniteReplica

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What is asked of the machine, whatever is in the replica.
struct MachineChecks {
    let file: String
    let keyFolder: String

    private var folder: String { file.lastIndex(of: "/").map { String(file[...$0]) } ?? "." }

    func findings() -> [Finding] {
        let disk = Disk(under: folder)
        return [encryption(disk), space(disk), kind(disk), writable(), permissions(disk)]
    }

    private func encryption(_ disk: Disk) -> Finding {
        switch disk.isEncrypted {
        case true?: .good("disk_encryption", "The disk is encrypted.")
        case false?:
            .attention(
                "disk_encryption", "The disk is not encrypted: whoever finds the machine can read the cases.",
                do: "Encrypt the disk of this machine before cases are on it")
        case nil:
            .unknown("disk_encryption", "Whether the disk is encrypted cannot be told from here: ask who set it up.")
        }
    }

    /// Cleaning the file of what has left writes it anew, beside itself.
    private func space(_ disk: Disk) -> Finding {
        guard let free = disk.freeBytes else { return .unknown("free_space", "How much room there is cannot be told.") }
        let needed = max(200 << 20, Int64(DurableFile.size(file)) * 3)
        let mebibytes = free >> 20
        guard free >= needed else {
            return .attention(
                "free_space", "There is room for \(mebibytes) MiB only.",
                do: "Make room: \(needed >> 20) MiB are needed to sync and to clean up")
        }
        return .good("free_space", "There is room for \(mebibytes) MiB.")
    }

    private func kind(_ disk: Disk) -> Finding {
        let path = URL(fileURLWithPath: file).resolvingSymlinksInPath().path.lowercased()
        let synced = ["dropbox", "onedrive", "google drive", "nextcloud", "icloud"].first { path.contains("/\($0)") }
        if synced != nil || disk.isRemote {
            return .attention(
                "folder_kind",
                synced != nil
                    ? "Another program copies this folder elsewhere: it can damage the file, and takes the cases along."
                    : "The folder is on another machine: two programs could write at once and damage the file.",
                do: "Move the file and its .device folder, together, to a folder of this machine's own disk")
        }
        if disk.isMemory {
            return .attention(
                "folder_kind", "The folder is in memory: it is gone when the machine is switched off.",
                do: "Move the file and its .device folder, together, to a disk")
        }
        guard disk.hasPermissions else {
            return .attention(
                "folder_kind", "This kind of disk keeps no permissions: everybody who has it reads the cases.",
                do: "Move the file and its .device folder, together, to a disk of this machine")
        }
        return disk.kind == nil
            ? .unknown("folder_kind", "What kind of disk it is cannot be told.")
            : .good("folder_kind", "The folder is on a disk of this machine.")
    }

    private func writable() -> Finding {
        guard access(folder, W_OK | X_OK) == 0, access(file, R_OK | W_OK) == 0 else {
            return .attention(
                "folder_writable", "Nothing may be written to the file or its folder.",
                do: "Give this user back the file and its folder")
        }
        return .good("folder_writable", "The file and its folder can be written.")
    }

    /// The bits for others than the owner.
    private func permissions(_ disk: Disk) -> Finding {
        let loose = [file, file + "-wal", keyFolder, keyFolder + "/keys"].filter { path in
            var status = stat()
            return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
        }
        guard let first = loose.first, disk.hasPermissions else {
            return .good("permissions", "Only the owner of the files may open them.")
        }
        return .attention(
            "permissions", "Others on this machine may open \(first)\(loose.count > 1 ? " and more" : "").",
            do: "Run chmod -R go= on the file and its .device folder")
    }
}
