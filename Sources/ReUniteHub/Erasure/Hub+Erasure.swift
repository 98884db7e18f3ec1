import ReUniteReplica
public import ReUniteSync

extension Hub {
    /// How long a request for an erasure can be confirmed, in milliseconds: 30 days.
    public static let confirmationAge: Int64 = 30 * 86_400_000

    /// Asks for the erasure of a person. Nothing is erased until another person confirms it.
    ///
    /// - Parameters:
    ///   - scopes: the person's case first, then what hangs on it; the engine knows no names of domains.
    ///   - touching: scopes of others that name hers.
    ///   - code: why, as a code: it outlives the erasure outside the database.
    ///   - reason: why, in words without names.
    public func requestErasure(
        of scopes: [Identifier], touching: [Identifier], code: String, by person: String, reason: String
    ) throws -> Erasure {
        let what = "Asking for the erasure"
        let why = try TypedText.reason(reason, what)
        let id = randomness()
        try store.request(
            ErasureOrder(
                id: id, scopes: scopes, touching: touching, code: code, reason: why,
                requestedMilliseconds: time.wallMilliseconds, requestedBy: try Hub.name(person, what), confirmedBy: ""))
        return try erasure(id.description)
    }

    /// The requests for erasures and the erasures, newest first.
    public func erasures() throws -> [Erasure] {
        try store.erasures(now: time.wallMilliseconds)
    }

    /// One of them.
    ///
    /// - Parameter id: its id, or at least the first four digits of it.
    public func erasure(_ id: String) throws -> Erasure {
        try store.erasure(id, now: time.wallMilliseconds)
    }

    /// Erases a person: everything that the hub holds of her, in one transaction, for ever.
    ///
    /// Asked for again after it was done, it only clears free pages and the write-ahead log once more.
    ///
    /// - Parameters:
    ///   - person: who confirms: another than who asked.
    ///   - scopes: scopes that have come to hang on the case since it was asked for.
    /// - Throws: ``Failure``: notPermitted where a legal hold or the same person stands against it, badData when it
    ///   was asked for too long ago.
    public func confirmErasure(
        _ id: String, by person: String, adding scopes: [Identifier] = [], touching: [Identifier] = []
    ) throws -> Erasure {
        let what = "Confirming the erasure"
        let name = try Hub.name(person, what)
        let request = try erasure(id)
        switch request.state {
        case .lapsed:
            throw Failure(
                .badData, what: what, why: "it was asked for more than 30 days ago",
                remedy: "Ask for it again with 'hub erase'")
        case .requested:
            guard name.lowercased() != request.requestedBy.lowercased() else {
                throw Failure(
                    .notPermitted, what: what, why: "whoever asks for an erasure does not confirm it",
                    remedy: "Have somebody else confirm it with --by")
            }
            let order = ErasureOrder(
                id: Identifier(request.id) ?? .zero, scopes: request.scopes.adding(scopes),
                touching: request.touching.adding(touching), code: request.code, reason: request.reason,
                requestedMilliseconds: request.requestedMilliseconds, requestedBy: request.requestedBy,
                confirmedBy: name)
            try execute(order, rows: [], isRepeated: false, what: what)
        case .executed: break
        }
        if let order = Identifier(request.id) { try store.scrub(after: order) }
        // Once more: another program may have written the ledger anew while this had not been committed.
        try HubFiles(folder: folder).oweRewriting()
        secureLedger()
        return try erasure(request.id)
    }

    /// Does again what the list beside the database says and the database does not: it is older than the list.
    func repeatErasures() throws {
        let entries = try ErasureLedger(HubFiles(folder: folder)).entries(ledgerKeys())
        guard !entries.isEmpty else { return }
        let done = try store.executedErasures()
        for entry in entries {
            guard let id = Identifier(entry.erasure), !done.contains(id) else { continue }
            let order = ErasureOrder(
                id: id, scopes: entry.scopes.compactMap { Identifier($0) },
                touching: entry.touching.compactMap { Identifier($0) }, code: entry.code, reason: "",
                requestedMilliseconds: entry.atMilliseconds, requestedBy: entry.requestedBy,
                confirmedBy: entry.confirmedBy)
            let rows = entry.rows.compactMap { row in
                Identifier(row.key).map { RowKey(table: row.table, key: $0) }
            }
            try execute(order, rows: rows, isRepeated: true, what: "Opening the hub")
            try store.scrub(after: id)
        }
    }

    private func execute(_ order: ErasureOrder, rows: [RowKey], isRepeated: Bool, what: String) throws {
        let files = HubFiles(folder: folder)
        let ledger = ErasureLedger(files)
        for _ in 0..<5 {
            let rows = try store.erasable(order.scopes, and: rows)
            let now = time.wallMilliseconds
            let batches = try sealedChain(
                rows.map {
                    Op(
                        table: $0.table, key: $0.key, kind: .erase, groups: 0, stamp: HybridTime(milliseconds: now),
                        values: [])
                })
            let isDone = try store.erase(rows, batches, as: id, order, isRepeated: isRepeated, atMilliseconds: now) {
                // The last step before the commit: what stands here is done again, should the commit be lost.
                try files.oweRewriting()
                guard !isRepeated else { return }
                try ledger.append(
                    ErasureLedger.Entry(
                        erasure: order.id.description, atMilliseconds: now, code: order.code,
                        requestedBy: order.requestedBy, confirmedBy: order.confirmedBy,
                        scopes: order.scopes.map(\.description), touching: order.touching.map(\.description),
                        rows: rows.map { ErasureLedger.Entry.Row(table: $0.table, key: $0.key.description) }))
            }
            guard isDone else { continue }
            files.prune(keeping: try store.pruneDeliveries(before: now - Hub.deliveryAge))
            // Every hour they are looked at again.
            try? pruneAnswers()
            return
        }
        throw Failure(
            .tryLater, what: what, why: "the hub is being written to at this moment", remedy: "Try again")
    }

    /// A name that says who somebody is.
    ///
    /// - Parameter option: by which it is given; nil where it is what the command is about.
    static func name(_ text: String, _ what: String, option: String? = "--by") throws -> String {
        let words = TypedText.trimmed(text)
        guard (2...100).contains(words.count), Printable.text(words) == words else {
            throw Failure(
                .usage, what: what, why: "the name is too short, too long, or cannot be printed",
                remedy: "Give a name of 2 to 100 characters\(option.map { " with \($0)" } ?? "")")
        }
        return words
    }
}

extension [Identifier] {
    fileprivate func adding(_ others: [Identifier]) -> [Identifier] {
        self + others.filter { !contains($0) }
    }
}
