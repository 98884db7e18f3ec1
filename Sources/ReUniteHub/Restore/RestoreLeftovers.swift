import Foundation
import ReUniteReplica

/// What a restore that failed has put into a folder, so that it can be taken out again: the hub's private keys above
/// all. The backup and its key, which were given, are all that another try needs.
package struct RestoreLeftovers: Sendable {
    private let folder: String
    private let wasThere: Bool
    private let before: Set<String>

    /// Looks at the folder before anything is put there.
    package init(folder: String) {
        self.folder = folder
        wasThere = DurableFile.isFolder(folder)
        before = RestoreLeftovers.names(in: folder)
    }

    /// Takes out what was not there before. Nothing where a hub's database is in place by now: then the folder is a
    /// hub's, and what lies in it is needed.
    package func clear() {
        guard !DurableFile.exists(HubFiles(folder: folder).databasePath) else { return }
        // A former database that was set aside is no leftover: it may hold what no backup has.
        for name in RestoreLeftovers.names(in: folder).subtracting(before) where !name.contains(".replaced") {
            try? FileManager.default.removeItem(atPath: folder + "/" + name)
        }
        if !wasThere, RestoreLeftovers.names(in: folder).isEmpty { try? FileManager.default.removeItem(atPath: folder) }
    }

    private static func names(in folder: String) -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
    }
}
