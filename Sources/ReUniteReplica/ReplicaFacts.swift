package import GRDB
package import ReUniteSync

/// Who a replica is and how far it has come: the rows of `ru_meta`, read and written as one.
package struct ReplicaFacts: Hashable, Sendable {
    package var device: Identifier
    package var deviceName: String
    package var partner: Identifier
    package var partnerCode: String
    package var role: String
    package var hub: Identifier
    package var hubName: String
    package var hubURL: String
    /// The hub's keys, from those that it had when this device joined.
    package var hubChain: HubKeyChain
    /// Of the device's keys that are in use.
    package var keyNumber: UInt32
    /// The word by which they took the place of others (``SignedKeySuccession``); empty for its first.
    package var succession: [UInt8] = []
    /// The life of the hub that this replica talks to.
    package var epoch: HubEpoch
    /// The one in which its cursor is: an earlier one from the hub's restoring until everything was fetched anew.
    package var cursorEpoch: HubEpoch
    package var cursor: Position
    /// The signed checkpoint at the cursor.
    package var checkpoint: [UInt8]
    package var checkpointTag: UInt64
    package var digest: VersionDigest
    /// A number that no scope's is above; nil where it is not known, so that it must be looked for.
    package var highestScope: Int64?
    package var chainHead: BatchID
    package var chainNumber: UInt64
    package var chainSequence: UInt64
    package var clock: HybridTime
    /// What ``clock`` was when the hub last said what time it is, having all that had been sealed until then: that was
    /// not written later. Nil where it never did.
    package var clockAtHub: HybridTime?
    package var lastHubMilliseconds: Int64
    package var skewMilliseconds: Int64
    package var lastSyncMilliseconds: Int64
    /// The hub's clock when values were last compared with the hub's, or when the replica was made.
    package var checkedMilliseconds: Int64 = 0
    /// The staff member who is signed in; zero where nobody is, and the device's holder is presumed.
    package var staff = Identifier.zero
    /// Until when the device's lease runs, milliseconds since 1970 by the hub's clock; 0 where it has none.
    package var leaseMilliseconds: Int64 = 0
    /// The hub's clock when it said so.
    package var leaseSaidMilliseconds: Int64 = 0
    /// The version of the hub's schema when it last answered; 0 before that.
    package var hubSchema = 0
    /// Whether the file was put back from an earlier copy, and has not fetched everything anew since.
    package var wasPutBack = false

    package init(
        device: Identifier, deviceName: String, partner: Identifier, partnerCode: String, role: String,
        hub: Identifier, hubName: String, hubURL: String, hubKeys: PublicKeys, keyNumber: UInt32, epoch: HubEpoch,
        checkpoint: SignedCheckpoint
    ) {
        self.device = device
        self.deviceName = deviceName
        self.partner = partner
        self.partnerCode = partnerCode
        self.role = role
        self.hub = hub
        self.hubName = hubName
        self.hubURL = hubURL
        hubChain = HubKeyChain(first: hubKeys)
        self.keyNumber = keyNumber
        self.epoch = epoch
        cursorEpoch = checkpoint.checkpoint.epoch
        cursor = checkpoint.checkpoint.position
        self.checkpoint = checkpoint.bytes
        checkpointTag = checkpoint.tag
        digest = VersionDigest()
        chainHead = .none
        chainNumber = 0
        chainSequence = 0
        clock = .zero
        lastHubMilliseconds = 0
        skewMilliseconds = 0
        lastSyncMilliseconds = 0
    }

    /// The newest of the hub's keys that are known: everything is sealed to these.
    package var hubKeys: PublicKeys { hubChain.current }

    /// Takes note of what a checkpoint says of the device's lease, unless a newer one has said otherwise.
    package mutating func note(leaseIn checkpoint: Checkpoint) {
        guard checkpoint.issuedMilliseconds >= leaseSaidMilliseconds else { return }
        leaseMilliseconds = checkpoint.terms.leaseMilliseconds ?? 0
        leaseSaidMilliseconds = checkpoint.issuedMilliseconds
    }

    /// Moves on to a checkpoint that has just been applied.
    package mutating func advance(to signed: SignedCheckpoint) {
        cursor = signed.checkpoint.position
        cursorEpoch = signed.checkpoint.epoch
        checkpoint = signed.bytes
        checkpointTag = signed.tag
    }

    /// Whether what it holds is of no known worth to the hub, and everything must be fetched anew.
    package var needsWhole: Bool { wasPutBack || cursorEpoch != epoch }
}

extension ReplicaFacts {
    private static let version: UInt8 = 1

    /// Saves everything that changes from one sync to the next, and what does not.
    ///
    /// - Parameter before: what this transaction read, where nothing has been saved since: the same is not written again.
    package func save(_ database: Database, since before: ReplicaFacts? = nil) throws {
        let saved = before?.rows ?? []
        let statement = try EngineStatement(
            database,
            """
            INSERT INTO ru_meta(name, value) VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = excluded.value
            WHERE value IS NOT excluded.value
            """)
        for (place, row) in rows.enumerated() where !(saved.indices.contains(place) && saved[place] == row) {
            statement.bind(1, row.0)
            statement.bind(2, row.1)
            try statement.run()
        }
    }

    private var rows: [(String, Value)] {
        var rows: [(String, Value)] = [
            ("device", .blob(device.bytes)), ("device_name", .text(deviceName)), ("partner", .blob(partner.bytes)),
            ("partner_code", .text(partnerCode)), ("role", .text(role)), ("hub", .blob(hub.bytes)),
            ("hub_name", .text(hubName)), ("hub_url", .text(hubURL)), ("hub_keys", .blob(hubChain.first.encoded())),
            ("key_number", .integer(Int64(keyNumber))), ("epoch", .integer(Int64(epoch.number))),
            ("epoch_salt", .blob(epoch.salt.bytes)), ("cursor_epoch", .integer(Int64(cursorEpoch.number))),
            ("cursor_epoch_salt", .blob(cursorEpoch.salt.bytes)), ("cursor", .integer(cursor.rawValue)),
            ("checkpoint", .blob(checkpoint)), ("checkpoint_tag", .integer(Int64(bitPattern: checkpointTag))),
            ("digest_high", .integer(Int64(bitPattern: digest.high))),
            ("digest_low", .integer(Int64(bitPattern: digest.low))), ("digest_rows", .integer(digest.rows)),
            ("chain_head", .blob(chainHead.bytes)), ("chain_number", .integer(Int64(bitPattern: chainNumber))),
            ("chain_sequence", .integer(Int64(bitPattern: chainSequence))),
            ("clock", .integer(Int64(bitPattern: clock.rawValue))),
            ("last_hub_ms", .integer(lastHubMilliseconds)), ("skew_ms", .integer(skewMilliseconds)),
            ("last_sync_ms", .integer(lastSyncMilliseconds)), ("put_back", .integer(wasPutBack ? 1 : 0)),
            ("staff", .blob(staff.bytes)), ("checked_ms", .integer(checkedMilliseconds)),
            ("succession", .blob(succession)), ("hub_chain", .blob(hubChain.encoded())),
            ("lease_ms", .integer(leaseMilliseconds)), ("lease_said_ms", .integer(leaseSaidMilliseconds)),
            ("hub_schema", .integer(Int64(hubSchema))),
        ]
        if let clockAtHub { rows.append(("clock_at_hub", .integer(Int64(bitPattern: clockAtHub.rawValue)))) }
        if let highestScope {
            rows.append(("scope_high", .integer(highestScope)))
            rows.append(("scope_high_tag", .integer(tag(ofHighest: highestScope))))
        }
        return rows
    }

    /// - Throws: ``Failure`` (badData) when the file is not a replica or a fact is missing.
    package init(_ database: Database) throws {
        var values: [String: Value] = [:]
        let statement = try EngineStatement(database, "SELECT name, value FROM ru_meta")
        while try statement.step() { values[statement.text(0)] = statement.value(1) }
        func integer(_ name: String) throws -> Int64 {
            guard case .integer(let value)? = values[name] else { throw ReplicaFacts.damaged }
            return value
        }
        func text(_ name: String) throws -> String {
            guard case .text(let value)? = values[name] else { throw ReplicaFacts.damaged }
            return value
        }
        func blob(_ name: String) throws -> [UInt8] {
            guard case .blob(let value)? = values[name] else { throw ReplicaFacts.damaged }
            return value
        }
        func identifier(_ name: String) throws -> Identifier {
            guard let value = Identifier(bytes: try blob(name)) else { throw ReplicaFacts.damaged }
            return value
        }
        device = try identifier("device")
        deviceName = try text("device_name")
        partner = try identifier("partner")
        partnerCode = try text("partner_code")
        role = try text("role")
        hub = try identifier("hub")
        hubName = try text("hub_name")
        hubURL = try text("hub_url")
        hubChain = HubKeyChain(first: try PublicKeys(decoding: try blob("hub_keys")))
        // Files of earlier programs do not have it.
        if case .blob(let bytes)? = values["hub_chain"] { hubChain = try HubKeyChain(decoding: bytes) }
        keyNumber = UInt32(truncatingIfNeeded: try integer("key_number"))
        epoch = HubEpoch(
            number: UInt32(truncatingIfNeeded: try integer("epoch")), salt: try identifier("epoch_salt"))
        cursorEpoch = HubEpoch(
            number: UInt32(truncatingIfNeeded: try integer("cursor_epoch")), salt: try identifier("cursor_epoch_salt"))
        cursor = Position(try integer("cursor"))
        checkpoint = try blob("checkpoint")
        checkpointTag = UInt64(bitPattern: try integer("checkpoint_tag"))
        digest = VersionDigest(
            high: UInt64(bitPattern: try integer("digest_high")), low: UInt64(bitPattern: try integer("digest_low")),
            rows: try integer("digest_rows"))
        guard let head = BatchID(bytes: try blob("chain_head")) else { throw ReplicaFacts.damaged }
        chainHead = head
        chainNumber = UInt64(bitPattern: try integer("chain_number"))
        chainSequence = UInt64(bitPattern: try integer("chain_sequence"))
        clock = HybridTime(rawValue: UInt64(bitPattern: try integer("clock")))
        lastHubMilliseconds = try integer("last_hub_ms")
        skewMilliseconds = try integer("skew_ms")
        lastSyncMilliseconds = try integer("last_sync_ms")
        wasPutBack = try integer("put_back") == 1
        staff = try identifier("staff")
        checkedMilliseconds = try integer("checked_ms")
        if case .blob(let bytes)? = values["succession"] { succession = bytes }
        leaseMilliseconds = try integer("lease_ms")
        leaseSaidMilliseconds = try integer("lease_said_ms")
        // A program that knows nothing of it may have entered scopes since; then the checkpoint is another.
        if case .integer(let number)? = values["scope_high"], case .integer(let noted)? = values["scope_high_tag"],
            noted == tag(ofHighest: number)
        {
            highestScope = number
        }
        // Files of earlier programs do not have these.
        if case .integer(let value)? = values["clock_at_hub"] {
            clockAtHub = HybridTime(rawValue: UInt64(bitPattern: value))
        }
        if case .integer(let version)? = values["hub_schema"] { hubSchema = Int(clamping: version) }
    }

    private static var damaged: Failure {
        Failure(
            .badData, what: "Opening the replica", why: "it lacks what a replica knows of itself",
            remedy: "Check that this is the right file, or join again")
    }
}

extension ReplicaFacts {
    /// What stands beside the highest number of a scope, so that one that is damaged, or of another checkpoint, is not
    /// believed: to look for it takes as long as there are scopes.
    private func tag(ofHighest number: Int64) -> Int64 {
        // 2^64 divided by the golden ratio: no bit of the number but changes many.
        Int64(bitPattern: checkpointTag ^ UInt64(bitPattern: number &+ 1) &* 0x9E37_79B9_7F4A_7C15)
    }
}
