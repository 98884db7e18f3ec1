package import ReUniteSync

extension Replica {
    package var relayBox: RelayBox { RelayBox(replicaPath: path) }

    /// Takes a device's file into the box of this replica, to bring it to the hub. Returns whether it was new.
    ///
    /// - Parameter keys: those of a device, where this replica knows them; the file is held against them if it names the
    ///   same.
    /// - Throws: ``Failure`` (badData) when it is none, not for this replica's hub, too large to be carried, or changed
    ///   since its device made it.
    package func carry(
        upFile bytes: [UInt8], keys: (Identifier) throws -> PublicKeys? = { _ in nil }
    ) throws -> (label: BundleLabel, isNew: Bool) {
        let header: BundleHeader
        do {
            header = try SealedBundle.readHeader(bytes)
        } catch {
            throw Replica.notCarried("it is no bundle, or its beginning is damaged (\(error))")
        }
        let facts = try facts()
        guard header.label.kind == .up else { throw Replica.notCarried("it is not on its way to a hub") }
        // Whichever of its keys it is sealed to: its maker may know newer ones than this replica, or older.
        guard header.label.hub == facts.hub else {
            throw Replica.notCarried("it is for another hub than this replica's")
        }
        guard bytes.count <= RelayBox.upLimit else {
            throw Replica.notCarried("it is larger than the \(RelayBox.upLimit >> 20) MiB that a relay carries")
        }
        let known = try keys(header.label.sender).flatMap { $0.number == header.senderKeyNumber ? $0 : nil }
        guard let inspection = try? BundleSource(bytes).inspection(sender: known, recipient: nil),
            inspection.signature != .bad
        else {
            throw Failure(
                .badData, what: "Taking the file along",
                why: "it is cut short, or was changed since its device made it",
                remedy:
                    "Write it anew on its device with 'bundle export'; if that is gone, keep the file: the hub's operator can import what is whole in it"
            )
        }
        return (header.label, try relayBox.put(up: bytes, label: header.label))
    }

    /// Takes the hub's answer for another device into the box.
    ///
    /// - Throws: ``Failure`` (badData) when it is not this replica's hub's.
    package func carry(downFile bytes: [UInt8], for device: Identifier) throws {
        try relayBox.put(down: bytes, label: try label(ofAnswer: BundleSource(bytes)), for: device)
    }

    /// The same with an answer that has come in pieces.
    package func carry(_ answer: ComingAnswer, for device: Identifier) throws {
        try answer.force()
        try relayBox.put(down: answer.path, label: try label(ofAnswer: answer.source), for: device)
    }

    private func label(ofAnswer answer: BundleSource) throws -> BundleLabel {
        let chain = try facts().hubChain
        let number = (try? SealedBundle.readHeader(answer.beginning()))?.senderKeyNumber
        // Of keys that only the file's maker has been told of nothing can be said here: it looks for itself.
        guard
            let inspection = try? answer.inspection(
                sender: number.flatMap { chain.keys(numbered: $0) }, recipient: nil),
            inspection.signature != .bad
        else { throw Replica.notCarried("the hub's answer was changed on the way") }
        return inspection.header.label
    }

    private static func notCarried(_ why: String) -> Failure {
        Failure(
            .badData, what: "Taking the file along", why: why,
            remedy: "Check that it is the right file, and copy it again")
    }
}
