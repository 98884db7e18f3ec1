import ReUniteHub
import ReUniteReplica
import ReUniteSync

/// The hub's machine is lost, and a backup takes its place.
extension Simulation {
    /// Whether devices free what a backup holds of theirs: in half of the worlds.
    private var reliesOnBackups: Bool { seed.isMultiple(of: 2) }
    /// Whether batches are in a ledger too: in a quarter of them.
    private var keepsLedger: Bool { seed.isMultiple(of: 4) }

    /// Backs the hub up, or loses it. Returns whether it did.
    func actOnBackups() throws -> Bool {
        if keepsLedger, world.offlineKey == nil { backups?.append(try world.keepLedger()) }
        switch random(24) {
        case 0, 1:
            backups?.append(try world.backUpHub(counts: reliesOnBackups))
            meet("backup")
            note("backup")
            return true
        case 2:
            guard let backups, !backups.isEmpty else { return false }
            // Mostly the newest one; it is not always the newest that can be read. Where devices rely on it, it must be.
            let chosen = !reliesOnBackups && random(3) == 0 ? random(backups.count) : backups.count - 1
            // Its keys are gone with it: the backup has those of its time, the ledger the later ones.
            // Not in a life that neither knows: then only devices know how far it had come.
            let ledger = try world.hub.status().ledger
            let isAllLost = keyTrouble != nil && ledger != nil && ledger?.trouble == nil
            if isAllLost { try world.loseHubDisk() }
            let restored = try world.restoreHub(
                from: backups[chosen], ledger: isAllLost ? world.ledgerFolder : nil)
            if isAllLost {
                try world.reopenReader()
                meet("keys regained")
            }
            meet("hub restored")
            note(
                "the hub is restored to \(restored.position) of \(restored.reached), \(restored.replayed) by the ledger"
            )
            if restored.replayed > 0 { meet("batch replayed") }
            if restored.differing > 0 { meet("verdict changed by the ledger") }
            // Sticks are still in pockets; what was on them may have been lost with the hub.
            for item in carried { sticks.append(Stick(item)) }
            return true
        default: return false
        }
    }

    /// Everybody comes back, and then the operator opens the hub and lets go of closings that were kept by hand.
    func bringBack() throws {
        for _ in 0..<2 {
            for device in world.devices where !device.isRetired { _ = try healed(device) }
        }
        let state = try world.hub.recovery()
        if !state.isOpen {
            _ = try world.hub.openRestored(by: "Operator", reason: "Everybody has come back")
            meet("hub opened")
        }
        for bar in state.bars { try world.hub.allow(bar: bar.id) }
        if !state.bars.isEmpty { meet("bar left") }
        if state.recalled > 0 { meet("batch recalled") }
    }
}
