import HTTPTypes
import Hummingbird
import NIOCore
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync

/// Sync now, with how far it has come; where the replica stands, and whether this machine may be wiped.
extension Desk {
    /// How often a page that follows a sync looks how far it has come.
    private static let beat: Duration = .milliseconds(200)

    func addSync(to router: Router<PageContext>) {
        router.get("/sync") { _, context in
            let frame = try frame("Sync", context, here: "/sync")
            let state = syncing?.now
            let view = SyncView(
                frame, state, try replica.status(), try CarriedHere(replica, token: frame.formToken))
            guard let syncing, view.isRunning else { return try Response(.sync, view) }
            return follow(syncing, try Templates.render(.sync, view))
        }
        router.post("/sync") { _, context in
            guard let syncing else {
                throw Failure(
                    .notPermitted, what: "Syncing", why: "these pages were opened without a line to the hub",
                    remedy: "Open the desk at the office")
            }
            syncing.begin { try replica.read("Looking for what came") { try CasesHere($0) } }
            return Response.seeOther("/sync")
        }
        router.post("/sync/refused/:name/let-go") { _, context in
            try replica.relayBox.drop(try name(context, "name"))
            notices.leave("Struck off the list.", for: context.formToken)
            return Response.seeOther("/sync")
        }
        router.get("/replica") { _, context in
            try Response(
                .replica, ReplicaView(try frame("This replica", context, here: "/replica"), try replica.status()))
        }
    }

    /// A page that is written while the sync runs: a line whenever it has come further, and how it ended. No script, and
    /// nothing that loads again by itself. A browser that goes away ends the page, not the sync.
    private func follow(_ syncing: DeskSync, _ html: String) -> Response {
        let parts = html.split(separator: SyncView.rest, maxSplits: 1)
        let (head, tail) = (String(parts.first ?? ""), String(parts.count > 1 ? parts[1] : ""))
        return Response(
            status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
            body: .init { writer in
                try await writer.write(ByteBuffer(string: head))
                var said = ""
                while case .running(let progress) = syncing.now {
                    let sentence = SyncView.sentence(progress)
                    if sentence != said {
                        try await writer.write(ByteBuffer(string: "<p>\(sentence)</p>\n"))
                        said = sentence
                    }
                    try await Task.sleep(for: Desk.beat)
                }
                let end = "<p>It has ended: <a href=\"/sync\">see how</a>.</p>\n"
                try await writer.write(ByteBuffer(string: end + tail))
                try await writer.finish(nil)
            })
    }
}
