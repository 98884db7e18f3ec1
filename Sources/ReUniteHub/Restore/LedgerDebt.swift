import ReUniteReplica

/// What the folder of the ledger is owed, noted in the hub's own folder, where any program of the hub finds it.
enum LedgerDebt: String, CaseIterable {
    /// Lines of the ledgers of closings and of erasures that could not be written there.
    case lines = "ledger-owes-lines"
    /// The ledger of batches is to be written anew: somebody was erased, or it is to be sealed to another key.
    case rewriting = "ledger-owes-rewriting"
}

extension HubFiles {
    func noteLedgerDebt(_ debt: LedgerDebt) throws {
        guard !owes(debt) else { return }
        try DurableFile.write([], to: "\(folder)/\(debt.rawValue)")
    }

    func forgetLedgerDebt(_ debt: LedgerDebt) {
        if owes(debt) { DurableFile.remove("\(folder)/\(debt.rawValue)") }
    }

    func owes(_ debt: LedgerDebt) -> Bool { DurableFile.exists("\(folder)/\(debt.rawValue)") }

    /// Why nothing is level 3 by the ledger at present, in words; nil where it is, or there is none.
    var ledgerTrouble: String? {
        (try? DurableFile.read(folder + "/ledger-trouble")).flatMap { $0 }.map { String(decoding: $0, as: UTF8.self) }
    }

    func note(ledgerTrouble why: String?) {
        guard why != ledgerTrouble else { return }
        if let why {
            // On a full disk nobody can be told more than that syncs fail.
            try? DurableFile.write(Array(why.utf8), to: folder + "/ledger-trouble")
        } else {
            DurableFile.remove(folder + "/ledger-trouble")
        }
    }
}
