package import ReUniteSync

/// A replica that syncs by files: the same sealed bytes as over HTTP, on a stick or through a relay.
extension Replica {
    /// A bundle for the hub, which is sealed while it is written.
    package struct UpFile {
        package var parcel: BundleParcel
        /// What it says, without its batches.
        package var request: SyncRequest
        /// How many batches are in it.
        package var batches: Int
        package var edits: Int
        /// Edits that did not fit into it.
        package var left: Int
    }

    /// What came of a file from the hub.
    package enum FileEffect: Hashable, Sendable {
        case applied(DeliveryEffect)
        /// The hub has so many batches more than this replica knew.
        case receipts(Int)
        /// It says nothing that is not here already; nothing was changed.
        case old
        /// Something between this replica and the file is missing; nothing was changed.
        case gap(Failure)
    }

    /// About how many bytes of batches one file carries.
    static let fileBytes = 32 << 20

    /// Seals what was written and packs everything that a sync would say, for the hub to import.
    ///
    /// What is packed stays in the outbox until the hub's answer: a stick that is lost loses nothing. It is read there when
    /// the bundle is written: in memory there is a batch at a time.
    ///
    /// It shows the checkpoint that this replica is at, so that a hub that was put back to an earlier copy of itself notices,
    /// though nothing was written here.
    ///
    /// - Parameter whole: ask for everything from the beginning, to repair, and say everything anew that the hub has not
    ///   judged.
    package func upFile(whole: Bool = false, limit: Int = Replica.fileBytes) throws -> UpFile {
        var batches: [Packed] = []
        var outgoing = try nextRequest(after: 0, limit: limit, whole: whole, anew: whole) { number, batch in
            batches.append(Packed(number: number, length: SyncRequest.encoded(batch).count))
        }
        outgoing.request.show(try facts().checkpoint)
        do {
            return UpFile(
                parcel: try parcel(of: outgoing.request, batches: batches), request: outgoing.request,
                batches: batches.count, edits: outgoing.edits,
                left: Int(outgoing.request.unsent))
        } catch let error as FormatError {
            throw Failure(
                .internalFault, what: "Writing a bundle", why: "\(error)", remedy: "Report this as a fault")
        }
    }

    /// Applies a file from the hub: all of it, or nothing.
    ///
    /// - Throws: ``Failure`` (badData) when it is damaged, changed, or meant for somebody else; nothing was changed.
    package func take(file: BundleSource) throws -> FileEffect {
        let file = try told(by: file)
        let facts = try facts()
        let label = try destined(file, facts)
        let opening = try Replica.unchanged { try keyRing(for: facts).opening(of: file, from: facts.hubChain.signer) }
        try noteKnown(opening.keys, facts)
        func whole() throws -> [UInt8] {
            var content = opening.bundle.content(read: file.read)
            var bytes: [UInt8] = []
            while let piece = try Replica.unchanged({ try content.next() }) { bytes += piece }
            return bytes
        }
        if label.kind == .receipt { return .receipts(try take(receipts: try whole(), in: label.epoch)) }
        if label.kind == .urgent { return try take(urgent: try whole(), label, facts) }
        if let early = try place(of: label, facts) { return early }
        try check(try? opening.bundle.reader(of: file).head, against: label)
        // What was offered over the network before this was: it may hold what leaves now.
        discardDelivery()
        return .applied(
            try apply(hubMilliseconds: label.createdMilliseconds, isFile: true) {
                try opening.bundle.reader(of: file)
            })
    }

    private func check(_ delivery: Delivery?, against label: BundleLabel) throws {
        guard let delivery, delivery.from == label.from, delivery.checkpoint.checkpoint.position == label.to else {
            throw Replica.unreadable("its content is not what it says outside", "Ask the hub operator for another")
        }
    }

    private static func unchanged<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as FormatError {
            throw unreadable("it is not whole, or was changed (\(error))", "Copy it to the stick again")
        }
    }

    /// Follows what a file says of its hub's newer keys. Returns the bundle in it.
    private func told(by file: BundleSource) throws -> BundleSource {
        do {
            let (words, bundle) = try file.told()
            // Another hub's words are refused with its bundle, and those of a device with what it packed.
            let label = try SealedBundle.readHeader(try bundle.beginning()).label
            guard !words.isEmpty, label.hub == (try facts().hub), label.kind != .visit else { return bundle }
            try follow(hubKeys: words)
            return bundle
        } catch let error as FormatError {
            throw Replica.unreadable("it is no bundle, or its beginning is damaged (\(error))", "Copy it again")
        }
    }

    /// Closings that were sent ahead.
    private func take(urgent content: [UInt8], _ label: BundleLabel, _ facts: ReplicaFacts) throws -> FileEffect {
        guard label.to > facts.cursor else { return .old }
        // It says what was closed since a position that this replica has not reached: what it says is so all the same.
        try check(try? Delivery(decoding: content), against: label)
        return .applied(try apply(urgent: content))
    }

    /// What kind of file it is, once it is clear that it is meant for this replica.
    private func destined(_ file: BundleSource, _ facts: ReplicaFacts) throws -> BundleLabel {
        let header: BundleHeader
        do {
            header = try SealedBundle.readHeader(try file.beginning())
        } catch let error as FormatError {
            throw Replica.unreadable("it is no bundle, or its beginning is damaged (\(error))", "Copy it again")
        }
        let label = header.label
        switch label.kind {
        case .down, .resync, .receipt, .urgent: break
        case .up:
            throw Replica.unreadable(
                "it is on its way to a hub", "Import it at the hub with 'hub bundle import', or hand it to an office")
        case .visit:
            throw Replica.unreadable(
                "it is a visit bundle, which is read and not imported", "Open it with 'visit open'")
        case .enrol, .answer, .backup, .ledger:
            throw Replica.unreadable("files of its kind are not imported", "Check the file")
        }
        guard label.hub == facts.hub, label.sender == facts.hub else {
            throw Replica.unreadable("it is from another hub than this replica's", "Check that it is the right stick")
        }
        guard try keyRing(for: facts).keys(named: header.recipients) != nil else {
            throw Replica.unreadable("it is for another device", "Check that it is the right stick")
        }
        guard facts.hubChain.keys(numbered: header.senderKeyNumber) != nil else {
            throw Replica.unreadable(
                "it is signed with keys of the hub that this replica has not been told of",
                "Sync once over the network, or ask the hub operator for a new file")
        }
        guard (try? facts.hubChain.signer(of: header)) != nil else {
            throw Replica.unreadable(
                "it is signed with keys that the hub had replaced by then", "Ask the hub operator for a new file")
        }
        guard label.epoch.number <= facts.epoch.number else {
            throw Replica.unreadable(
                "the hub has been restored from a backup, and this replica has not met it since",
                "Sync over the network once; after that its files are taken again")
        }
        guard label.epoch == facts.epoch else {
            throw Replica.unreadable(
                "it is from an earlier life of the hub, which has been restored from a backup since",
                "Ask the hub operator for a new file")
        }
        return label
    }

    /// Whether a delivery's positions let it be applied here; nil when they do.
    private func place(of label: BundleLabel, _ facts: ReplicaFacts) throws -> FileEffect? {
        let cursor = facts.cursor
        if label.from > cursor {
            return .gap(
                Failure(
                    .tryLater, what: "Importing the bundle",
                    why:
                        "it begins at position \(label.from.rawValue), and this replica has reached \(cursor.rawValue)",
                    remedy: """
                        Import the file from before it first, or hand in a new one, made with 'bundle export'; the answer to that \
                        begins at \(cursor.rawValue)
                        """))
        }
        // What was asked for again comes without moving anything; so does everything, to repair.
        let mayRepeat = label.kind == .resync || label.from == label.to
        return label.to < cursor || label.to == cursor && !mayRepeat ? .old : nil
    }

    private static func unreadable(_ why: String, _ remedy: String) -> Failure {
        Failure(.badData, what: "Importing the bundle", why: why, remedy: remedy + "; nothing was changed")
    }
}

extension BundleOpening {
    /// The delivery in a bundle whose signature has been found good.
    func reader(of bundle: BundleSource) throws -> DeliveryReader {
        var content = content(read: bundle.read)
        return try DeliveryReader { try content.next() }
    }
}
