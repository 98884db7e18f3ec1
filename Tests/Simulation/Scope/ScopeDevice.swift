import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport

/// A replica of the folders, with an application that stays open, and the answers that are on their way to it.
final class ScopeDevice: OpenReplica {
    let name: String
    let path: String
    let partner: Identifier
    let time: ScriptedTime
    let id: Identifier
    private(set) var replica: Replica
    private(set) var application: DatabaseQueue
    private let randomness: ScriptedRandomness

    /// Answers that have been read and not applied, the newest last.
    var flights: [Flight] = []
    /// Answers that were applied, or that newer ones overtook.
    var old: [Flight] = []
    /// The cursor after the last apply: it may not go back.
    var furthest = Position.zero

    /// An answer of the hub, and what the hub held when it gave it.
    struct Flight {
        let answer: SyncAnswer
        let truth: Projection
    }

    init(name: String, path: String, partner: Identifier, time: ScriptedTime, randomness: ScriptedRandomness) throws {
        self.name = name
        self.path = path
        self.partner = partner
        self.time = time
        self.randomness = randomness
        replica = try ScopeDevice.open(path, ScopeNetwork.network, time, randomness)
        application = try ScopeDevice.connect(path)
        let facts = try replica.facts()
        id = facts.device
        furthest = facts.cursor
    }

    /// The programme dies and starts again: only what is on disk goes on.
    func restart() throws {
        flights = []
        old = []
        replica = try ScopeDevice.open(path, ScopeNetwork.network, time, randomness)
        application = try ScopeDevice.connect(path)
    }

    /// Writes behind the engine's back.
    func spoil(_ sql: String) throws {
        try replica.database.immediately { try $0.execute(sql: sql) }
    }

    func count(_ table: String) throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") } ?? -1
    }
}
