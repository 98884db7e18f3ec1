package import ReUniteSync

/// Visit bundles: sealed by one device for one device of the same partner, and read there without a hub.
extension Replica {
    /// This device's public keys.
    package var publicKeys: PublicKeys { get throws { try publicKeys(facts()) } }

    /// The same, as the transaction says that asks.
    package func publicKeys(_ facts: ReplicaFacts) throws -> PublicKeys { try keyRing(for: facts).current.publicKeys }

    /// Seals content for a device, which alone can open it. Before it stand this device's own words about its newer keys:
    /// who opens it may not have heard of them yet.
    package func seal(visit content: [UInt8], to recipient: PublicKeys) throws -> (bytes: [UInt8], label: BundleLabel) {
        let facts = try facts()
        let label = BundleLabel(
            id: newIdentifier(), kind: .visit, hub: facts.hub, epoch: facts.epoch, sender: facts.device,
            createdMilliseconds: time.wallMilliseconds)
        do {
            let ring = try keyRing(for: facts)
            let bundle = try SealedBundle.seal(
                content: content, label: label, to: [recipient], signedWith: ring.current)
            // Itself it need tell nothing.
            let isOwn = recipient == ring.current.publicKeys
            let words = isOwn ? [] : ring.successions.suffix(SignedKeySuccession.countLimit).map(\.bytes)
            return (ToldFile.join(words, bundle), label)
        } catch {
            throw Failure(
                .internalFault, what: "Sealing the visit bundle", why: "\(error)", remedy: "Report this as a fault")
        }
    }

    /// The content of a visit bundle for this device: all of it, or nothing.
    ///
    /// - Parameter sender: the public keys that another device of this one's partner has or had, the newest first; none
    ///   where they are not known.
    /// - Throws: ``Failure`` (badData) when it is damaged, changed, cut short, no visit bundle, for another device, or
    ///   from one that is not known here.
    package func open(visit file: [UInt8], from sender: (Identifier) throws -> [PublicKeys]) throws -> [UInt8] {
        let (header, words, bytes): (BundleHeader, [[UInt8]], [UInt8])
        do {
            (words, bytes) = try ToldFile.split(file)
            header = try SealedBundle.readHeader(bytes)
        } catch {
            throw Replica.unopened("it is no bundle, or its beginning is damaged (\(error))", "Copy it again")
        }
        guard header.label.kind == .visit else {
            throw Replica.unopened("it is a bundle of another kind", "Look at what it is with 'bundle inspect'")
        }
        let facts = try facts()
        guard header.label.hub == facts.hub else {
            throw Replica.unopened("it was made in another network", "Check that it is the right file")
        }
        let ring = try keyRing(for: facts)
        guard let keys = ring.keys(named: header.recipients) else {
            throw Replica.unopened("it is for another device", "Pack one for this device with 'visit pack --for'")
        }
        let known =
            header.label.sender == facts.device ? ring.keys.map(\.publicKeys) : try sender(header.label.sender)
        guard let known = Replica.keys(header.senderKeyNumber, of: header.label, known, words) else {
            throw Replica.unopened("the device that packed it is not known here", "Sync, or pack it on this device")
        }
        do {
            return try SealedBundle.open(bytes, with: keys, from: known).content
        } catch {
            throw Replica.unopened("it is not whole, or was changed (\(error))", "Copy it again, or pack it anew")
        }
    }

    /// The sender's keys of a number: among those that are known, or where its own words lead from one of them.
    private static func keys(
        _ number: UInt32, of label: BundleLabel, _ known: [PublicKeys], _ words: [[UInt8]]
    ) -> PublicKeys? {
        var known = known
        for bytes in words {
            guard let signed = try? SignedKeySuccession(decoding: bytes), signed.succession.hub == label.hub,
                signed.succession.owner == label.sender, known.contains(where: { signed.isAuthentic(signedBy: $0) }),
                !known.contains(where: { $0.number == signed.succession.keys.number })
            else { continue }
            known.append(signed.succession.keys)
        }
        return known.first { $0.number == number }
    }

    private static func unopened(_ why: String, _ remedy: String) -> Failure {
        Failure(.badData, what: "Opening the visit bundle", why: why, remedy: remedy)
    }
}
