import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Sync now, with how far it has come; where the replica stands, and whether this machine may be wiped.
extension Desk {
    /// How often the browser asks again while a sync runs, in seconds.
    private static let beat = 1

    func addSync(to router: Router<PageContext>) {
        router.get("/sync") { _, context in
            let isRunning = syncing?.isRunning ?? false
            let frame = try frame("Sync", context, here: "/sync", refresh: isRunning ? Desk.beat : nil)
            return try Response(.sync, SyncView(frame, syncing?.now, try replica.status()))
        }
        router.post("/sync") { _, context in
            guard let syncing else {
                throw Failure(
                    .notPermitted, what: "Syncing", why: "these pages were opened without a line to the hub",
                    remedy: "Open them again without --inside")
            }
            syncing.begin()
            return Response.seeOther("/sync")
        }
        router.get("/replica") { _, context in
            try Response(
                .replica, ReplicaView(try frame("This replica", context, here: "/replica"), try replica.status()))
        }
    }
}
