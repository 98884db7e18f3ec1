import ReUniteSync

extension Hub {
    /// Signs what a device holds once it has applied what goes with this, and what the hub promises it.
    func checkpoint(
        for device: Identifier, at position: Position, _ digest: VersionDigest, audit: AuditHead?
    ) throws -> SignedCheckpoint {
        // After the position is known: keys that have been replaced sign for none that came later.
        try refreshKeys()
        var terms = try store.terms(of: device)
        if let reach = ledgerReach { terms.backedUp = max(terms.backedUp, reach) }
        return try Checkpoint(
            hub: id, epoch: epoch, device: device, position: position, issuedMilliseconds: time.wallMilliseconds,
            digest: digest, audit: audit, terms: terms
        ).signed(with: keys)
    }
}
