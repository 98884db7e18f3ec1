import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestSupport
import Testing

/// A case of Surrey's, on which Gloucestershire works too since its referral was accepted; Derby has nothing to do with it.
final class PastWorld {
    let world: World
    let rows: CaseRows
    let referral: Identifier

    /// Every value of the need's detail from before the acceptance has `ZQold` in it.
    init(seed: UInt64) throws {
        world = try World(seed: seed, shape: .third)
        rows = try world.openCase(on: world.surreyOffice, marker: "ZQold", naming: world.gloucester)
        try world.sync(world.surreyOffice)
        try world.surreyOffice.set("detail", of: "need", rows.need, to: "ZQold again")
        referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester, kind: "REFER_SHARED")
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
        #expect(try world.gloucestershire.holds("need", rows.need))
    }

    /// Writes the need's detail and brings it to everyone.
    func write(_ text: String, on device: Device) throws {
        try device.set("detail", of: "need", rows.need, to: text)
        try world.settle()
    }

    // MARK: Asking

    func question(_ table: String, _ key: Identifier, before: Position = .zero) throws -> HistoryQuestion {
        let number = try #require(world.hub.store.tables.tables.first { $0.name == table }).number
        return HistoryQuestion(table: number, key: key, before: before)
    }

    /// What a device is told, over the wire's bytes without a socket, and how long the sealed answer is.
    func ask(_ device: Device, _ question: HistoryQuestion) throws -> (answer: HistoryAnswer, bytes: Int) {
        let sealed = try device.replica.seal(question)
        let signed = Hub.SignedRequest(
            device: sealed.device, keyNumber: try device.replica.facts().keyNumber,
            ticket: try device.replica.ticket(), body: sealed.body)
        guard case .answer(let bytes) = try world.hub.history(signed) else {
            throw Failure(.internalFault, what: "Asking", why: "the ticket was not taken", remedy: "Mend the test")
        }
        let answer = try device.replica.open(history: bytes, to: sealed)
        try device.replica.keep(ticket: answer.ticket)
        return (answer, bytes.count)
    }

    func told(
        _ device: Device, _ table: String, _ key: Identifier, before: Position = .zero
    ) throws -> Told {
        let answer = try ask(device, question(table, key, before: before)).answer
        return Told(answer, try #require(world.hub.store.tables.tables.first { $0.name == table }))
    }

    func told(_ device: Device) throws -> Told { try told(device, "need", rows.need) }

    /// The same over a real socket.
    func ask(_ device: Device, _ question: HistoryQuestion, at url: String) async throws -> HTTPHistory.Page {
        let client = try HubClient(url: url)
        do {
            let page = try await HTTPHistory(replica: device.replica, client: client).run(question)
            await client.close()
            return page
        } catch {
            await client.close()
            throw error
        }
    }

    /// An answer by the names of columns.
    struct Told {
        let answer: HistoryAnswer
        let table: TableDescription

        init(_ answer: HistoryAnswer, _ table: TableDescription) {
            self.answer = answer
            self.table = table
        }

        var isUnknown: Bool { answer.body == .unknown }
        var entries: [HistoryAnswer.Entry] {
            guard case .entries(let entries, _) = answer.body else { return [] }
            return entries
        }
        var before: Position {
            guard case .entries(_, let before) = answer.body else { return .zero }
            return before
        }

        /// What was written into one column, the newest first: by whom, what became of it, and the value where it is told.
        func lines(_ column: String) -> [String] {
            entries.compactMap { entry in
                guard let place = table.columns.firstIndex(where: { $0.name == column }),
                    let cell = entry.cells.first(where: { $0.group == table.columns[place].group })
                else { return nil }
                let within = table.columnIndexes(of: 1 << UInt64(cell.group)).firstIndex(of: place) ?? 0
                let value = cell.values.map { $0[within].readable ?? "NULL" } ?? "-"
                return "\(entry.kind) \(entry.partner) \(cell.end): \(value)"
            }
        }

        /// Whether a text is anywhere in the bytes before they are sealed.
        func mentions(_ text: String) -> Bool { answer.encoded().firstRange(of: Array(text.utf8)) != nil }
    }
}
