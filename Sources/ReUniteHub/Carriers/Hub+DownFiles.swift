import ReUniteReplica
public import ReUniteSync

extension Hub {
    /// What a file for a device is to hold.
    public enum DownContent: Hashable, Sendable {
        /// What changed since the position that the device is known to have reached, and what it asked for.
        case news
        /// Everything that it may hold: for a first replica, or one that must be repaired.
        case whole
        /// Which of its batches are here, and not a value of anything.
        case receipts
        /// What was closed since, and which of its batches are here: small, to go ahead of the news.
        case closings
    }

    /// A file for a device, which is sealed while it is written.
    public struct DownFile {
        public var parcel: BundleParcel
        public var label: BundleLabel { parcel.label }
        public var device: Identifier
        public var deviceName: String
        /// The partner's code.
        public var partner: String
        public var rows: Int
        public var receipts: Int
    }

    /// A device by its id or, where only one is called so, its name.
    ///
    /// - Throws: ``Failure`` (noInput) when there is none.
    public func device(named text: String) throws -> Identifier {
        let all = try devices()
        let found = all.filter { $0.id == text.lowercased() || $0.name == text }
        guard found.count == 1, let id = found.first.flatMap({ Identifier($0.id) }) else {
            throw Failure(
                .noInput, what: "Finding the device",
                why: found.isEmpty ? "there is none of that id or name" : "several are called so",
                remedy: "Name it by its id, which the list of devices shows ('hub device list')")
        }
        return id
    }

    /// Makes a file for a device, sealed to it and signed: the same content as over the network.
    ///
    /// It begins where the device is known to have come, or before that if it said so in a file: what comes twice does
    /// no harm, what is missing does. What it shows is on record in the disclosure ledger before it leaves.
    ///
    /// - Parameter limit: how large it may be, in bytes.
    /// - Throws: ``Failure``: notPermitted for a device that is not enrolled, revoked, shut out, or whose lease has ended;
    ///   receipts, which hold no case, it is given all the same. Unavailable when the file would be larger.
    public func downFile(
        for id: Identifier, _ content: DownContent = .news, limit: Int = DecodeLimits.deliveryBytes
    ) throws -> DownFile {
        try refreshLife()
        let device = try device(id)
        let again = "Give it a new code with 'hub device enrol'"
        let refusal: (why: String, remedy: String)? =
            switch device.state {
            case .invited: ("it has not joined yet", "Join with its code, or give it a new one with 'hub device enrol'")
            case .revoked: ("it has been revoked", again)
            case .enrolled where device.isSuspended:
                (
                    "another copy of it has been used with the hub",
                    "Let one of them in again with 'hub device readmit', once you know which"
                )
            case .enrolled: nil
            }
        if refusal == nil, content != .receipts, device.isLeaseOver(at: time.wallMilliseconds) {
            throw Failure(
                .notPermitted, what: "Making a file for \(device.name)", why: "its lease has ended",
                remedy: "Renew it with 'hub device renew', once you know who has the device")
        }
        guard refusal == nil, let deviceKeys = device.currentKeys else {
            throw Failure(
                .notPermitted, what: "Making a file for \(device.name)", why: refusal?.why ?? "its key is not known",
                remedy: refusal?.remedy ?? again)
        }
        secureLedger()
        // What was closed between building a delivery and writing it into the ledger voids it.
        for _ in 0..<3 {
            if let file = try built(for: device, deviceKeys, content, limit: limit) { return file }
        }
        throw Failure(
            .tryLater, what: "Making a file for \(device.name)", why: "its grants are changing at this moment",
            remedy: "Try again")
    }

    private func built(
        for device: DeviceRecord, _ deviceKeys: PublicKeys, _ wanted: DownContent, limit: Int
    ) throws -> DownFile? {
        let asked = try store.carried(by: device.id)
        guard let known = try devices().first(where: { $0.id == device.id.description }) else { return nil }
        let reached = min(Position(known.cursor), asked?.cursor ?? Position(known.cursor))
        let from = wanted == .whole ? Position.zero : try store.start(for: device, after: reached)
        let layout = store.tables
        let pages = HubFiles(folder: folder).spool(names: randomness)
        let content = try store.delivery(
            for: device, after: from, want: wanted == .news ? asked?.want ?? [] : [], echoes: false,
            page: { rows in
                guard wanted != .receipts, wanted != .closings else { return }
                try pages.add(try Delivery.encodedPages(of: rows[...], layout: layout))
            })
        func file(
            _ kind: BundleLabel.Kind, from: Position, to: Position, rows: Int, receipts: Int, head: [UInt8]
        ) throws -> DownFile {
            let parcel = try BundleParcel(
                contentLength: head.count + pages.length, label: label(randomness(), kind, from: from, position: to),
                to: [deviceKeys], signedWith: keys, words: try wordsInFile(for: device.id)
            ) { put in
                try put(head)
                for number in 0..<pages.count { try put(try pages.page(number)) }
            }
            guard parcel.length <= limit else {
                throw Failure(
                    .unavailable, what: "Making a file for \(device.name)",
                    why: "it would be larger than \(limit >> 20) MiB", remedy: "Sync the device over the network")
            }
            return DownFile(
                parcel: parcel, device: device.id, deviceName: device.name, partner: device.partnerCode, rows: rows,
                receipts: receipts)
        }
        if wanted == .receipts {
            let list = ReceiptList(receipts: Array(content.receipts.suffix(ReceiptList.limit)))
            return try file(
                .receipt, from: .zero, to: .zero, rows: 0, receipts: list.receipts.count, head: list.encoded())
        }
        let audit = try store.audit(since: device.auditSize)
        let checkpoint = try checkpoint(for: device.id, at: content.position, content.digest, audit: audit.head)
        let delivery = Delivery(
            from: from, checkpoint: checkpoint, events: content.events, receipts: content.receipts,
            tombstones: content.tombstones, auditProof: audit.proof)
        if wanted == .closings {
            let urgent = delivery.ahead(within: SealedBundle.urgentBytes)
            return try file(
                .urgent, from: from, to: content.position, rows: 0, receipts: urgent.receipts.count,
                head: urgent.encodedHead(pages: 0))
        }
        // First, so that a closing that comes between knows that the device may hold this.
        try store.note(handedOut: content.position, to: device.id, atMilliseconds: time.wallMilliseconds)
        let made = try file(
            from == .zero ? .resync : .down, from: from, to: content.position, rows: content.rowCount,
            receipts: content.receipts.count, head: delivery.encodedHead(pages: pages.count))
        guard try store.disclose(content, to: device, waiting: nil, bytes: 0, atMilliseconds: time.wallMilliseconds)
        else {
            return nil
        }
        return made
    }

    /// Looks at a bundle with what this hub knows: its devices' keys, and its own.
    public func inspect(file: BundleSource) throws -> SealedBundle.Inspection {
        let header = try SealedBundle.readHeader(try file.beginning())
        let sender =
            header.label.sender == id
            ? chain.keys(numbered: header.senderKeyNumber)
            : keys(of: header.label.sender, number: header.senderKeyNumber)
        return try file.inspection(sender: sender, recipient: ring.keys(named: header.recipients) ?? keys)
    }
}
