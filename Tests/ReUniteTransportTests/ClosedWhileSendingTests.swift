import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import Synchronization
import TestSupport
import Testing

@testable import ReUniteHub

/// The question between two bundles of a long push, over a real socket.
@Suite("What is closed while a desk sends bundle after bundle", .serialized)
struct ClosedWhileSendingTests {
    @Test("leaves it before its next bundle goes, and what it had written arrives")
    func leaves() async throws {
        try await LineWorld.run { world in
            let other = try world.hub.addPartner(code: "GLO", name: "Gloucestershire") { database, id in
                try database.execute(
                    sql: "INSERT INTO partner(id, code, name, area) VALUES(?, 'GLO', 'Gloucestershire', 'GLO')",
                    arguments: [id.sqlBlob])
            }
            try world.writer.writeCase(bytes: 2_000)
            try await world.writer.sync()
            let caseID = try #require(Identifier("0194aaaa-aaaa-7000-8000-00000000000a"))
            // Two bundles and more of notes, which do not pack.
            try world.writer.writeCase(bytes: 1_800_000, note: 9_000)
            try world.writer.replica.seal()
            let hub = world.hub
            let watched = Watched(path: world.writer.path)
            let outcome = try await world.writer.sync { _ in
                watched.note {
                    // As a handover does: after the sync began, before its first bundle is there.
                    let op = Op(
                        table: 10, key: caseID, kind: .set, groups: 1 << 1,
                        stamp: HybridTime(milliseconds: 1_900_000_000_000), values: [.blob(other.bytes)])
                    #expect(throws: Never.self) { try hub.submit([op]) }
                }
            }
            let cases = watched.seen
            #expect(cases.count >= 3, "two bundles or more, and what came after them")
            #expect(cases.first == 1)
            #expect(cases.dropFirst().first == 0, "the second bundle is made when the case has left: \(cases)")
            #expect(outcome.left == [caseID] && outcome.digest == .match)
            #expect(try world.writer.count("case_note") == 0)
            let status = try world.writer.replica.status()
            #expect(status.unsentEdits == 0 && status.purgesOwed == 0)
            #expect(try arrived(at: world.folder.file("hub/hub.sqlite")) == 201)
        }
    }

    /// How many notes the hub has taken, or keeps for a person.
    private func arrived(at path: String) throws -> Int? {
        try DatabaseQueue(path: path).read {
            try Int.fetchOne($0, sql: "SELECT (SELECT count(*) FROM case_note) + (SELECT count(*) FROM hub_quarantine)")
        }
    }

    /// How many cases the desk's file holds whenever a request is about to go.
    private final class Watched: Sendable {
        private let path: String
        private let counts = Mutex<[Int]>([])

        init(path: String) {
            self.path = path
        }

        var seen: [Int] { counts.withLock { $0 } }

        func note(first: () -> Void) {
            let isFirst = counts.withLock { $0.isEmpty }
            var configuration = Configuration()
            configuration.readonly = true
            let count = try? DatabaseQueue(path: path, configuration: configuration).read {
                try Int.fetchOne($0, sql: "SELECT count(*) FROM case_file")
            }
            counts.withLock { $0.append(count ?? -1) }
            if isFirst { first() }
        }
    }
}
