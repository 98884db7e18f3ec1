import GRDB
import ReUniteSync

/// The hub's own keys, as this replica knows them. It follows the hub to newer ones by the hub's word alone, which the
/// keys that it knows have signed, whatever carries it (`docs/keys.md`).
extension Replica {
    /// Follows the hub to its newer keys: from now on everything is sealed to the newest. Returns whether that was news.
    ///
    /// - Throws: ``Failure`` (badData) for a word that is not the hub's; nothing was changed.
    @discardableResult
    package func follow(hubKeys words: [[UInt8]]) throws -> Bool {
        guard !words.isEmpty else { return false }
        let facts = try facts()
        var chain = facts.hubChain
        do {
            guard try chain.follow(words, of: facts.hub) else { return false }
        } catch {
            throw Failure(
                .badData, what: "Reading the hub's new keys",
                why: "they are not named by the hub that this replica knows (\(error))",
                remedy: "Nothing was changed. Check the hub's address; if it happens again, ask the hub's operator for "
                    + "the words of its keys ('hub keys'), and compare them with those here ('status')")
        }
        let followed = chain
        // The folder first: a file that is put back from a copy of before goes on from there.
        try vault.store(followed)
        return try transaction("Following the hub to its new keys") { database in
            var facts = try ReplicaFacts(database)
            guard facts.hubChain.successions.count < followed.successions.count else { return false }
            facts.hubChain = followed
            try facts.save(database)
            return true
        }
    }

    /// Follows the words of a hub that no longer has the keys which something was sealed to.
    ///
    /// - Returns: whether it is to be sealed and sent again.
    package func follow(refusal bytes: [UInt8]) throws -> Bool {
        guard let words = try? SuccessionList.decode(bytes) else { return false }
        return try follow(hubKeys: words)
    }
}

extension DeviceVault {
    private var hubKeyPath: String { folder + "/hub-keys" }

    func store(_ chain: HubKeyChain) throws {
        try DurableFile.write(chain.encoded(), to: hubKeyPath)
    }

    /// What this device last knew of its hub's keys; nil where that is no more than when it joined. One that is damaged
    /// says nothing: the hub says it again.
    func hubChain() throws -> HubKeyChain? {
        try DurableFile.read(hubKeyPath).flatMap { try? HubKeyChain(decoding: $0) }
    }
}

extension HubKeyChain {
    /// The keys that signed a delivery, in a file or fetched: those in use, or of the time before them theirs. After that
    /// theirs are nobody's.
    func signer(of header: BundleHeader) throws(FormatError) -> PublicKeys {
        guard let keys = keys(numbered: header.senderKeyNumber) else {
            throw FormatError(.notAuthentic, "hub key number")
        }
        guard let last = lastPosition(of: keys.number) else { return keys }
        guard header.label.kind != .receipt, header.label.to <= last else {
            throw FormatError(.notAuthentic, "hub keys replaced")
        }
        return keys
    }
}
