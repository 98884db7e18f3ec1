import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// The actions of the model of scope (design, appendix), and what a real wire and a real disk add to them.
enum ScopeAction: String, CaseIterable {
    case open, close, lower, raise, reclassify
    /// She agrees, takes it back, or agrees for a while only.
    case consent, withdraw, lapse
    /// By somebody else: the folder's owner, and the hub itself.
    case ownerEdit, hubEdit, hubDelete, hubCreate
    case edit, create, delete
    case seal, push, pushLost, read, readWhole, pushAndRead, apply, applyOld, sync
    case crash, crashAfterCommit, repeatRequest, restartHub

    var weight: Int {
        switch self {
        case .edit: 9
        case .read, .apply: 8
        case .pushAndRead, .push, .open, .close: 6
        case .create, .ownerEdit: 5
        case .readWhole, .restartHub, .repeatRequest: 2
        default: 4
        }
    }

    /// Those that this engine can do.
    static let all = allCases.filter { $0 != .reclassify || ScopeNetwork.hasRowClasses }

    /// Each world favours some pairs of actions, so that a few dozen worlds meet them all.
    static func pick(after last: ScopeAction?, seed: UInt64, _ generator: inout SeededGenerator) -> ScopeAction {
        let row = all.firstIndex { $0 == last } ?? 0
        let weights = all.enumerated().map { column, action in
            (UInt64(row * 31 + column * 17) &+ seed) % 12 == 0 ? 80 : action.weight
        }
        var rest = Int.random(in: 0..<weights.reduce(0, +), using: &generator)
        for (action, weight) in zip(all, weights) {
            rest -= weight
            if rest < 0 { return action }
        }
        return .seal
    }
}

extension ScopeWorld {
    /// Does one action somewhere. Returns what was done in words, or nil when it cannot be done now.
    func perform(_ action: ScopeAction) throws -> String? {
        let able = try devices.filter { try can(action, on: $0) }
        guard let device = try pick(able) ?? prepare(action) else { return nil }
        switch action {
        case .open, .close, .lower, .raise: return try moveGrant(action)
        case .reclassify: return try reclassify()
        case .consent, .withdraw, .lapse: return try moveConsent(action)
        case .ownerEdit: return try ownerEdit()
        case .hubEdit, .hubDelete, .hubCreate: return try writeAtHub(action)
        case .edit: return try edit(on: device)
        case .create: return try create(on: device)
        case .delete: return try delete(on: device)
        case .seal:
            try device.replica.seal()
            return device.name
        case .push: return try push(device, isLost: false)
        case .pushLost: return try push(device, isLost: true)
        case .read: return try read(device, whole: random(20) == 0, withBatches: false)
        case .readWhole: return try read(device, whole: true, withBatches: random(2) == 0)
        case .pushAndRead: return try read(device, whole: false, withBatches: true)
        case .apply: return try applyNewest(device, losingWitness: false)
        case .crashAfterCommit: return try applyNewest(device, losingWitness: true)
        case .applyOld: return try applyOld(device)
        case .crash:
            try device.restart()
            return device.name
        case .sync: return try syncWhole(device).map { "\(device.name) \($0.pushedEdits) up \($0.pulledRows) down" }
        case .repeatRequest: return try repeatRequest()
        case .restartHub:
            try restartHub()
            return ""
        }
    }

    /// Whether a device is in a state for an action that needs one.
    private func can(_ action: ScopeAction, on device: ScopeDevice) throws -> Bool {
        switch action {
        case .apply, .crash, .crashAfterCommit: !device.flights.isEmpty
        case .applyOld: !device.old.isEmpty
        case .seal: try device.count("ru_journal") > 0
        default: true
        }
    }

    /// Where no device is in that state, one is brought into it, so that no pair of actions stays rare.
    private func prepare(_ action: ScopeAction) throws -> ScopeDevice? {
        let device = devices[random(devices.count)]
        switch action {
        case .apply, .crash, .crashAfterCommit:
            return try read(device, whole: false, withBatches: random(2) == 0) == nil ? nil : device
        case .seal: return try edit(on: device) == nil ? nil : device
        default: return nil
        }
    }

    // MARK: Grants

    private struct Grant {
        let owner: ScopeDevice
        let folder: Identifier
        let guest: Identifier
        /// The row that says so; nil when there is none.
        let row: Identifier?
        let mask: Int64
    }

    /// Who is let in where, as the owners' replicas have it.
    private func grants() throws -> [Grant] {
        var grants: [Grant] = []
        for place in folders {
            guard let owner = devices.first(where: { $0.partner == partners[place.owner] }) else { continue }
            for guest in Set(devices.map(\.partner)).subtracting([owner.partner]).sorted() {
                let row = try owner.read {
                    try Row.fetchOne(
                        $0, sql: "SELECT id, read_mask FROM access WHERE folder = ? AND team = ?",
                        arguments: [place.id.sqlBlob, guest.sqlBlob])
                }
                grants.append(
                    Grant(
                        owner: owner, folder: place.id, guest: guest, row: row?.identifier("id"),
                        mask: row?["read_mask"] ?? 0))
            }
        }
        return grants
    }

    /// The owner of a folder lets somebody in, shuts somebody out, or lets somebody see more or less.
    private func moveGrant(_ action: ScopeAction) throws -> String? {
        let bits: [Int64] = [2, 4, 8]
        let able = try grants().filter { grant in
            switch action {
            case .open: grant.mask == 0
            case .close: grant.mask != 0
            case .lower: bits.contains { grant.mask & $0 != 0 }
            default: grant.mask != 0 && bits.contains { grant.mask & $0 == 0 }
            }
        }
        guard let grant = pick(able) else { return nil }
        let (owner, mask) = (grant.owner, grant.mask)
        var read = mask
        switch action {
        case .open: read = random(3) == 0 ? 15 : 1 | bits.filter { _ in random(2) == 0 }.reduce(0, |)
        case .close: read = 0
        case .lower: read &= ~(pick(bits.filter { mask & $0 != 0 }) ?? 0)
        default: read |= pick(bits.filter { mask & $0 == 0 }) ?? 0
        }
        let write = random(4) == 0 ? read & Int64.random(in: 0...15, using: &generator) : read
        let isRemoval = action == .close && random(3) == 0
        let id = grant.row ?? newID()
        try owner.edit { database in
            if isRemoval {
                try database.execute(sql: "DELETE FROM access WHERE id = ?", arguments: [id.sqlBlob])
            } else if grant.row != nil {
                try database.execute(
                    sql: "UPDATE access SET read_mask = ?, write_mask = ? WHERE id = ?",
                    arguments: [read, write, id.sqlBlob])
            } else {
                try database.execute(
                    sql: "INSERT INTO access(id, owner, folder, team, read_mask, write_mask) VALUES(?, ?, ?, ?, ?, ?)",
                    arguments: [
                        id.sqlBlob, owner.partner.sqlBlob, grant.folder.sqlBlob, grant.guest.sqlBlob, read, write,
                    ])
            }
        }
        // The hub hears of it at once, so that it is known from which position on it holds.
        _ = try push(owner, isLost: random(4) == 0, limit: 65_536)
        return "\(owner.name)'s \(folders.firstIndex { $0.id == grant.folder } ?? -1) \(mask) -> \(read) w\(write)"
            + (isRemoval ? " by deletion" : "")
    }

    /// The owner of a folder writes down what she said about somebody who is let in, or was.
    private func moveConsent(_ action: ScopeAction) throws -> String? {
        guard let grant = pick(try grants().filter { $0.row != nil }) else { return nil }
        let now = grant.owner.time.wallMilliseconds
        let until = action == .lapse ? now + Int64(random(40) + 1) * 60_000 : nil
        try grant.owner.edit { database in
            try database.execute(
                sql: """
                    INSERT INTO consent(id, owner, folder, team, decision, at_ms, until_ms) VALUES(?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    newID().sqlBlob, grant.owner.partner.sqlBlob, grant.folder.sqlBlob, grant.guest.sqlBlob,
                    action == .withdraw ? "WITHDRAWN" : "GIVEN", now, until,
                ])
        }
        // Sometimes she says so where there is no network.
        if random(3) > 0 { _ = try push(grant.owner, isLost: random(4) == 0, limit: 65_536) }
        return "\(grant.owner.name)'s \(folders.firstIndex { $0.id == grant.folder } ?? -1)"
    }

    // MARK: Others

    private func ownerEdit() throws -> String? {
        guard let owner = devices.first, let what = try edit(on: owner) else { return nil }
        _ = try push(owner, isLost: false)
        return what
    }

    private func reclassify() throws -> String? {
        let device = devices[random(devices.count)]
        guard let row = try someRow(on: device, of: [ScopeNetwork.item]) else { return nil }
        let value = ScopeNetwork.secrecies[random(3)]
        try device.edit {
            try $0.execute(
                sql: "UPDATE item SET secrecy = ? WHERE id = ? AND secrecy <> ?",
                arguments: [value, row.key.sqlBlob, value])
        }
        if random(2) == 0 { _ = try push(device, isLost: false) }
        return "\(device.name) \(value)"
    }

    /// What somebody does who shares the folder: the hub stands for all of them.
    private func writeAtHub(_ action: ScopeAction) throws -> String? {
        let stamp = HybridTime(milliseconds: hubTime.wallMilliseconds)
        if action == .hubCreate {
            let table = [ScopeNetwork.item, ScopeNetwork.need, ScopeNetwork.risk, ScopeNetwork.entry][random(4)]
            let row = RowKey(table: table, key: newID())
            let folder = folders[random(folders.count)].id
            guard let description = schema[table] else { return nil }
            let values = description.columns.map { column -> ReUniteSync.Value in
                switch column.name {
                case "folder_id": .blob(folder.bytes)
                case "uses": .integer(Int64(random(5)))
                case "secrecy": .text("OPEN")
                default: .text(newWord(by: nil, in: row, group: column.group))
                }
            }
            rows[row] = folder
            try hub.submit([
                Op(
                    table: table, key: row.key, kind: .create, groups: description.allGroups, stamp: stamp,
                    values: values)
            ])
        } else {
            guard let row = try someRowAtHub(), let text = pick(ScopeNetwork.texts[row.table] ?? []) else { return nil }
            if action == .hubDelete {
                guard row.table != ScopeNetwork.folder else { return nil }
                try hub.submit([Op(table: row.table, key: row.key, kind: .delete, groups: 0, stamp: stamp, values: [])])
            } else {
                guard row.table != ScopeNetwork.entry else { return nil }
                let word = newWord(by: nil, in: row, group: text.group)
                try hub.submit([
                    Op(
                        table: row.table, key: row.key, kind: .set, groups: 1 << UInt64(text.group), stamp: stamp,
                        values: [.text(word)])
                ])
            }
        }
        try noteHub()
        return ""
    }

    /// A row that is alive at the hub.
    private func someRowAtHub() throws -> RowKey? {
        let alive = try reader.read { database in
            try Row.fetchAll(database, sql: "SELECT tbl, key FROM hub_row WHERE life = 1 AND tbl IN (2, 4, 5, 6, 7)")
        }
        return pick(
            alive.map { RowKey(table: UInt16(truncatingIfNeeded: $0["tbl"] as Int64), key: $0.identifier("key")) }
                .sorted())
    }

    // MARK: On a device

    /// A row that a device shows.
    private func someRow(on device: ScopeDevice, of tables: [UInt16]) throws -> RowKey? {
        guard let table = pick(tables), let name = ScopeNetwork.names[table] else { return nil }
        let keys = try device.read {
            try Row.fetchAll($0, sql: "SELECT id FROM \(name) ORDER BY id").map { $0.identifier("id") }
        }
        return pick(keys).map { RowKey(table: table, key: $0) }
    }

    private func edit(on device: ScopeDevice) throws -> String? {
        let tables = [ScopeNetwork.item, ScopeNetwork.item, ScopeNetwork.need, ScopeNetwork.risk, ScopeNetwork.folder]
        guard let row = try someRow(on: device, of: tables), let name = ScopeNetwork.names[row.table] else {
            return nil
        }
        if row.table == ScopeNetwork.item, random(4) == 0 {
            let step = Int64(random(5)) + 1
            try device.edit {
                try $0.execute(
                    sql: "UPDATE item SET uses = uses + ? WHERE id = ?", arguments: [step, row.key.sqlBlob])
            }
            return "\(device.name) counts"
        }
        guard let text = pick(ScopeNetwork.texts[row.table] ?? []) else { return nil }
        let word = newWord(by: device.name, in: row, group: text.group)
        if hasStrangers, random(6) == 0 {
            // The busy handler of the shell is off; nobody else writes at this moment.
            let result = try ForeignClient.shell(
                "UPDATE \(name) SET \(text.column) = '\(word)' WHERE id = \(literal(row.key));", on: device.path)
            if !result.succeeded { complain("(any client may write) \(result.errors)") }
            meet("stranger")
        } else {
            try device.edit {
                try $0.execute(
                    sql: "UPDATE \(name) SET \(text.column) = ? WHERE id = ?", arguments: [word, row.key.sqlBlob])
            }
        }
        return "\(device.name) \(name) \(word)"
    }

    private func create(on device: ScopeDevice) throws -> String? {
        guard let folder = try someRow(on: device, of: [ScopeNetwork.folder])?.key else { return nil }
        let table = [ScopeNetwork.item, ScopeNetwork.need, ScopeNetwork.risk, ScopeNetwork.entry][random(4)]
        let row = RowKey(table: table, key: newID())
        rows[row] = folder
        try device.edit { database in
            try ScopeWorld.insert(row, into: folder, database) { newWord(by: device.name, in: row, group: $0) }
        }
        return "\(device.name) \(ScopeNetwork.names[table] ?? "")"
    }

    private func delete(on device: ScopeDevice) throws -> String? {
        guard let row = try someRow(on: device, of: [ScopeNetwork.item, ScopeNetwork.need, ScopeNetwork.risk]),
            let name = ScopeNetwork.names[row.table]
        else { return nil }
        deletions.append((device.name, row, writings.count))
        try device.edit { try $0.execute(sql: "DELETE FROM \(name) WHERE id = ?", arguments: [row.key.sqlBlob]) }
        return "\(device.name) \(name)"
    }
}
