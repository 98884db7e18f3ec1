/// What hidden counts must be able to be, where a small number was let out on purpose: nobody may be able to tell more than
/// that number tells by itself.
extension CellGuard {
    /// Whether a count of these was let out, now or in what was published earlier.
    func isLetOut(_ part: Component) -> Bool { part.cells.contains { cells[$0].known != nil } }

    /// Which cells must not be told, and how many values each must be able to have: hidden cells of these tables, and
    /// those of earlier ones unless they told it themselves.
    mutating func demands(of part: Component, _ view: View) -> [Int: Int] {
        let own = part.cells.filter { cells[$0].kind == .published && cells[$0].known == nil }
        var demands = Dictionary(uniqueKeysWithValues: own.map { ($0, SmallNumbers.fewest) })
        let isLetOut = isLetOut(part)
        if isLetOut {
            // One of three areas has the one woman: each may have none or one, and no more values are left to have.
            let most = mostHidden(part, own, view)
            for cell in own {
                guard let place = part.places[cell] else { continue }
                let values = min(SmallNumbers.fewest, most.values(place))
                demands[cell] = cells[cell].count > 0 ? max(2, values) : values
                // Everybody knows that there is nobody.
                if cells[cell].mayBeNothing, cells[cell].before != .hidden, most.high[place] == 0 {
                    cells[cell].isHidden = false
                }
            }
        }
        guard part.cells.contains(where: { cells[$0].table == -1 && cells[$0].kind != .latent }) else { return demands }
        var alone = self
        for cell in part.cells where cells[cell].kind == .published { alone.cells[cell] = .unseen }
        let before = alone.bounds(part, view)
        for cell in part.cells {
            guard case .past = cells[cell].kind, cells[cell].isHidden, let place = part.places[cell] else { continue }
            let values = min(SmallNumbers.fewest, before.values(place))
            if values == SmallNumbers.fewest || isLetOut && values > 1 { demands[cell] = values }
        }
        return demands
    }

    /// What can be worked out of each cell when all is hidden that may be.
    private func mostHidden(_ part: Component, _ own: [Int], _ view: View) -> CellSystem.Bounds {
        var hidden = self
        for cell in own { hidden.cells[cell].isHidden = true }
        guard view.isUnchanged,
            part.system.narrowed(hidden.known(part, isUnchanged: true), view.isTaken) == nil
        else { return hidden.bounds(part, view) }
        // What is hidden cannot all be as it was.
        return hidden.bounds(part, View(isTaken: view.isTaken, isUnchanged: false))
    }
}

extension CellGuard.Cell {
    /// What somebody outside has not been told of at all.
    fileprivate static var unseen: CellGuard.Cell {
        CellGuard.Cell(
            count: 0, kind: .latent, table: -1, before: nil, known: nil, mayBeNothing: true, isHidden: true)
    }
}
