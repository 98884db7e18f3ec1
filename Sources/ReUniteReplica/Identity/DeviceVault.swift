package import ReUniteSync

/// The folder beside a replica that holds what must not be in it: the device's private keys, and a witness of how far
/// its chain had come.
///
/// A copy of the replica file alone can therefore not speak for the device, and a replica that was put back from a
/// backup is behind its witness.
package struct DeviceVault: Sendable {
    package let folder: String

    /// - Parameter replicaPath: of the file, or of a link to it: the folder is beside the file, unless one is beside the
    ///   link.
    package init(replicaPath: String) {
        let beside = replicaPath + ".device"
        folder = DurableFile.exists(beside) ? beside : DurableFile.resolved(replicaPath) + ".device"
    }

    private var keyPath: String { folder + "/keys" }
    private var witnessPath: String { folder + "/witness" }
    package var claimPath: String { folder + "/lock" }

    package func store(_ keys: DeviceKeys) throws {
        try DurableFile.makeFolder(folder)
        try DurableFile.write(keys.exportSecret(), to: keyPath)
    }

    /// Whether the folder holds no keys but these. These may be there from a making that was cut short.
    package func isFree(for keys: DeviceKeys) throws -> Bool {
        try DurableFile.read(keyPath).map { $0 == keys.exportSecret() } ?? true
    }

    /// Replaces what the folder holds, in one step.
    package func store(_ ring: KeyRing) throws {
        try DurableFile.write(ring.exportSecret(), to: keyPath)
    }

    /// The keys in use.
    ///
    /// - Throws: ``Failure`` (notPermitted) when the keys are not there.
    package func keys() throws -> DeviceKeys { try ring().current }

    /// - Throws: ``Failure`` (notPermitted) when the keys are not there.
    package func ring() throws -> KeyRing {
        guard let bytes = try DurableFile.read(keyPath) else {
            throw Failure(
                .notPermitted, what: "Reading the device's keys", why: "there are none in \(folder)",
                remedy: DeviceVault.remedy)
        }
        do {
            return try KeyRing(importingSecret: bytes)
        } catch {
            throw Failure(
                .badData, what: "Reading the device's keys", why: "the key file in \(folder) is damaged",
                remedy: DeviceVault.remedy)
        }
    }

    /// What was typed is in the replica's own file, which nobody needs keys to read.
    private static let remedy =
        "Put that folder back from where the file came from. If it is gone, ask the hub operator for a code, join under "
        + "another file name, and type there what was not sent: it can be read here still"

    /// What the device last did: kept outside the database, so that a database put back from a backup can be told
    /// from one that merely waited.
    package struct Witness: Hashable, Sendable {
        package var chainHead: BatchID
        package var chainNumber: UInt64
        package var cursor: Position
        /// The newest ticket that the hub gave.
        package var ticket: [UInt8]

        package init(chainHead: BatchID, chainNumber: UInt64, cursor: Position, ticket: [UInt8]) {
            self.chainHead = chainHead
            self.chainNumber = chainNumber
            self.cursor = cursor
            self.ticket = ticket
        }
    }

    /// Whether a replica is behind what this device last did: then its file was put back from an earlier copy.
    ///
    /// The witness is written after the replica, so a replica that is ahead of it is well.
    func isBehindWitness(_ facts: ReplicaFacts) throws -> Bool {
        // Of one that is damaged nobody knows how far it went.
        guard let witness = try witness() else { return try DurableFile.read(witnessPath) != nil }
        return facts.chainNumber < witness.chainNumber || facts.cursor < witness.cursor
    }

    package func store(_ witness: Witness) throws {
        var out = ByteWriter()
        out.byte(1)
        out.raw(witness.chainHead.bytes)
        out.varint(witness.chainNumber)
        out.zigzag(witness.cursor.rawValue)
        out.string(witness.ticket)
        try DurableFile.write(out.bytes, to: witnessPath)
    }

    /// Nil where there is none, and where it is damaged: the hub and the replica's own file know enough to go on.
    package func witness() throws -> Witness? {
        guard let bytes = try DurableFile.read(witnessPath) else { return nil }
        var input = ByteReader(bytes)
        guard let version = try? input.byte("witness version"), version == 1,
            let hash = try? input.raw("witness chain head", count: 32), let head = BatchID(bytes: hash),
            let number = try? input.varint("witness chain number"), let cursor = try? input.zigzag("witness cursor"),
            let ticket = try? input.string("witness ticket", limit: 64)
        else { return nil }
        return Witness(chainHead: head, chainNumber: number, cursor: Position(cursor), ticket: ticket)
    }
}
