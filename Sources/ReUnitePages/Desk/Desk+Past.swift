import HTTPTypes
import Hummingbird
import ReUniteProgramme
import ReUniteReplica
public import ReUniteSync

/// What a desk's owner gives it so that its pages can ask the hub who wrote a record: pages know no network.
public struct PastAsker: Sendable {
    /// What the hub told, the newest first, and where what was before that begins; zero where there is nothing.
    public typealias Told = (entries: [HistoryAnswer.Entry], before: Position)

    let ask: @Sendable (HistoryQuestion) async throws -> Told

    /// - Parameter ask: asks the hub, and keeps the answer nowhere.
    public init(_ ask: @escaping @Sendable (HistoryQuestion) async throws -> Told) { self.ask = ask }
}

/// What was written of a record: on this device, and, where somebody asks the hub, by everybody else.
extension Desk {
    /// The hidden field that says where what was told ended.
    static let beforeField = "before"

    func addPast(to router: Router<PageContext>) {
        router.get("/row/:table/:id/history") { _, context in
            try past(of: try id(context), in: try name(context, "table"), context, nil)
        }
        router.post("/row/:table/:id/history") { _, context in
            let (id, table) = (try id(context), try name(context, "table"))
            guard let askingPast else { throw HTTPError(.notFound) }
            // What is not here, or not to be shown any more, is not asked about.
            _ = try history(of: id, in: table)
            guard let described = replica.schema.tables.first(where: { $0.name == table }) else {
                throw HTTPError(.notFound)
            }
            let before = Int64(context.form[Desk.beforeField]) ?? 0
            let told = try await askingPast.ask(
                HistoryQuestion(table: described.number, key: id, before: Position(max(0, before))))
            return try past(of: id, in: table, context, (told, described))
        }
    }

    private func past(
        of id: Identifier, in table: String, _ context: PageContext,
        _ told: (told: PastAsker.Told, table: TableDescription)?
    ) throws -> Response {
        let device = try replica.facts().deviceName
        let history = try history(of: id, in: table)
        var view = HistoryView(
            try frame("History: \(history.label)", context), history, table: table, path: "/row/\(table)/\(id)",
            device: device)
        let here = "/row/\(table)/\(id)/history"
        view.asking = askingPast == nil ? [] : [.init(path: here, token: context.formToken)]
        if let (told, table) = told {
            let past = try replica.read("Showing the history") {
                try TheirPast(told.entries, table, device: device, in: $0)
            }
            let older = HistoryView.Asking(
                path: here, token: context.formToken, before: "\(told.before.rawValue)")
            view.told = [HistoryView.Told(past, older: told.before > .zero ? [older] : [])]
        }
        return try Response(.history, view)
    }

    func history(of id: Identifier, in table: String) throws -> RowHistory {
        try replica.checkLease("Showing the history")
        let (partner, staff, now) = (try partner(), try replica.signedIn(), try now())
        let edits = try replica.history(of: id, in: table, index: written)
        let writers = try replica.lastWriters(of: id, in: table, edits)
        return try replica.read("Showing the history") { database in
            try RowHistory(
                id, table, edits, writers: writers, attention: replica.attention(of: [], in: database), by: partner,
                restorable: RowEditor(database, partner: partner, staff: staff, now: now).restorable(id, in: table),
                in: database)
        }
    }
}
