import ReUniteReplica

/// What the folder of the ledger is owed, noted in the hub's own folder, where any program of the hub finds it.
enum LedgerDebt: String {
    /// Lines of the ledgers of closings and of erasures that could not be written there.
    case lines = "ledger-owes-lines"
    /// The ledger of batches is to be written anew: somebody was erased.
    case rewriting = "ledger-owes-rewriting"
}

extension HubFiles {
    /// Each time under a new mark: what is paid meanwhile was an older debt, and leaves this one.
    func noteLedgerDebt(_ debt: LedgerDebt) throws {
        let mark = UInt64.random(in: .min ... .max)
        try DurableFile.write(Array(String(mark).utf8), to: path(of: debt))
    }

    /// What an erased person said may stand in the ledger of batches too, where there is one.
    func oweRewriting() throws {
        if try LedgerFile<ErasureLedger.Entry>.chosen(for: folder) != nil { try noteLedgerDebt(.rewriting) }
    }

    /// The mark of a debt, to be shown when it is paid; nil where there is none.
    func mark(of debt: LedgerDebt) -> [UInt8]? {
        guard owes(debt) else { return nil }
        return (try? DurableFile.read(path(of: debt))).flatMap { $0 } ?? []
    }

    /// Forgets a debt, unless it has been made anew since its mark was read.
    func forgetLedgerDebt(_ debt: LedgerDebt, _ mark: [UInt8]?) {
        if let mark, mark == self.mark(of: debt) { DurableFile.remove(path(of: debt)) }
    }

    func owes(_ debt: LedgerDebt) -> Bool { DurableFile.exists(path(of: debt)) }

    private func path(of debt: LedgerDebt) -> String { "\(folder)/\(debt.rawValue)" }

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
