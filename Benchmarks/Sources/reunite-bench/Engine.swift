/// The places where the engine is measured. Each takes what it needs, does the unmeasured part at once and returns
/// the part to be measured.
///
/// Until the engine is linked, capture is installed from ``JournalSQL`` and the others say that they were not run.
enum Engine {
    struct NotLinked: Error {}

    static let isLinked = false

    /// Makes a database with the workload's tables an instrumented one.
    static func installCapture(on connection: Connection) throws {
        try connection.execute(JournalSQL().sql())
    }

    /// Makes an instrumented, filled database a replica whose whole content the hub knows; its journal is empty.
    static func settle(_ path: String) throws {
        throw NotLinked()
    }

    /// Sealing what the journal holds; returns the number of ops.
    static func sealing(_ path: String) throws -> () throws -> Int {
        throw NotLinked()
    }

    /// Applying the changes, as a delivery from the hub, to a settled replica.
    static func applying(_ changes: [Change], to path: String) throws -> () throws -> Void {
        throw NotLinked()
    }

    /// Packing the changes as a bundle's payload, before it is signed and sealed.
    static func encoding(_ changes: [Change]) throws -> () throws -> [UInt8] {
        throw NotLinked()
    }

    /// Finding out that there is nothing to send.
    static func idling(_ connection: Connection) throws -> Statement {
        try connection.prepare("SELECT 1 FROM ru_journal LIMIT 1")
    }
}
