import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

/// A case of Surrey's that was referred to Gloucestershire and has arrived there; Derby has nothing to do with it.
final class PreviewWorld {
    let world: World
    let rows: CaseRows
    let referral: Identifier

    init(seed: UInt64, onLaptops: Bool = true) throws {
        world = try World(seed: seed, shape: .third)
        rows = try world.openCase(
            on: world.surreyOffice, marker: "Medlar", naming: world.gloucester, onLaptops: onLaptops)
        let (id, address) = (rows.id, world.newID())
        // Of the class that no referral opens: whoever counts tables instead of classes counts it.
        try world.surreyOffice.edit {
            try $0.execute(
                sql: "INSERT INTO address(id, case_id, lines, confidentiality) VALUES(?, ?, 'Medlar', 'REFUGE')",
                arguments: [address.sqlBlob, id.sqlBlob])
        }
        referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
    }

    var gloucestershire: Device { world.gloucestershire }
    var surrey: Device { world.surreyOffice }

    // MARK: Steps

    func edit(_ device: Device, _ body: (Database, Identifier, Int64) throws -> Void) throws {
        try device.edit { try body($0, device.partner, device.time.wallMilliseconds) }
    }

    func accept(_ other: Identifier? = nil) throws {
        try world.accept(other ?? referral, on: gloucestershire)
        try world.settle()
    }

    /// Both sides sign, and the hub transfers.
    func handOver() throws {
        let done = HandoverChecklist(riskCall: "DONE", childrenPlan: "DONE", dutyToRefer: "DONE", transport: "DONE")
        for device in [surrey, gloucestershire] {
            try edit(device) { [referral] in
                try Referrals.handOver(referral.description, done, by: $1, in: $0, now: $2)
            }
            try world.settle()
        }
        #expect(try world.reader.text("state", of: "referral", referral) == "TRANSFERRED")
    }

    /// The hub's file as its operator's hand would change it.
    func atHub(_ sql: String, _ arguments: StatementArguments = []) throws {
        let database = try EngineDatabase.open(path: world.hubPath, role: .engine, label: "operator")
        try database.immediately { try $0.execute(sql: sql, arguments: arguments) }
        try database.close()
    }

    // MARK: Asking

    func question(_ state: String, _ key: Identifier? = nil) throws -> StepQuestion {
        var question = try surrey.read { [referral] in
            try ReferralStep.find(referral.description, to: state, in: $0)
        }.question
        if let key { question.key = key }
        return question
    }

    /// What the operator is told, by partner.
    func forecast(
        _ state: String, _ key: Identifier? = nil
    ) throws -> [String: AccessPreview.Partner] {
        guard case .moves(_, let preview) = try world.hub.preview(question(state, key)) else {
            Issue.record("\(state) is not open")
            return [:]
        }
        return Dictionary(uniqueKeysWithValues: preview.partners.map { ($0.code, $0) })
    }

    /// What a device is told, over the wire's bytes without a socket, and how long the sealed answer is.
    func ask(_ device: Device, _ question: StepQuestion) throws -> (body: PreviewAnswer.Body, bytes: Int) {
        let sealed = try device.replica.seal(question)
        let signed = Hub.SignedRequest(
            device: sealed.device, keyNumber: try device.replica.facts().keyNumber,
            ticket: try device.replica.ticket(), body: sealed.body)
        guard case .answer(let bytes) = try world.hub.preview(signed) else {
            throw Failure(.internalFault, what: "Asking", why: "the ticket was not taken", remedy: "Mend the test")
        }
        let answer = try device.replica.open(preview: bytes, to: sealed)
        try device.replica.keep(ticket: answer.ticket)
        return (answer.body, bytes.count)
    }

    /// The same over a real socket.
    func ask(_ device: Device, _ question: StepQuestion, at url: String) async throws -> PreviewAnswer.Body {
        let client = try HubClient(url: url)
        do {
            let body = try await HTTPPreview(replica: device.replica, client: client).run(question)
            await client.close()
            return body
        } catch {
            await client.close()
            throw error
        }
    }

    /// By partner.
    static func moves(_ body: PreviewAnswer.Body) -> [String: PreviewAnswer.Move] {
        guard case .moves(_, let moves) = body else {
            Issue.record("\(body)")
            return [:]
        }
        return Dictionary(uniqueKeysWithValues: moves.map { ($0.partner, $0) })
    }

    // MARK: Looking

    /// How many rows of the case a device holds.
    func held(_ device: Device) throws -> Int {
        try device.read { database in
            try Row.fetchAll(database, sql: "SELECT name, scope_column FROM ru_table WHERE scope_kind = 'case'")
                .reduce(0) { sum, table in
                    let (name, column): (String, String) = (table["name"], table["scope_column"])
                    let sql = "SELECT count(*) FROM \(quoted(name)) WHERE \(quoted(column)) = ?"
                    return sum + (try Int.fetchOne(database, sql: sql, arguments: [rows.id.sqlBlob]) ?? 0)
                }
        }
    }

    /// How many rows of the case devices said that they purged, by device.
    func purged() throws -> [String: Int64] {
        let mine = try world.hub.purges(all: true).filter { $0.scope == rows.id.description && $0.state == "purged" }
        return Dictionary(mine.map { ($0.deviceName, $0.rows ?? -1) }, uniquingKeysWith: +)
    }

    /// Every row of every table of the hub, but for the tickets that were shown.
    func hubDump() throws -> [String] {
        try world.reader.read { database in
            let tables = try String.fetchAll(
                database,
                sql: """
                    SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                    AND name <> 'hub_request' ORDER BY name
                    """)
            return try tables.flatMap { table in
                try Row.fetchAll(database, sql: "SELECT * FROM \(quoted(table))").map { row in
                    let cells = row.filter { table != "hub_device" || $0.0 != "ticket" }
                    return "\(table) \(cells.map { "\($0.0)=\($0.1)" })"
                }.sorted()
            }
        }
    }
}
