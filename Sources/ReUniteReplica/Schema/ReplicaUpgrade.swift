import GRDB
import ReUniteSync

/// Brings a replica's file to this program's form, in one transaction: the engine's tables, then the network's, then
/// what was kept for them.
struct ReplicaUpgrade {
    let network: NetworkSchema
    let time: any TimeSource
    let randomness: @Sendable () -> Identifier
    /// Where scratch files lie.
    let scratch: String

    /// Whether there is nothing to do.
    static func isDone(_ database: Database, _ network: NetworkSchema) throws -> Bool {
        try EngineTables.replica.areCurrent(in: database) && SchemaInstaller.isCurrent(database, network)
            && SchemaWatch.isCurrent(database)
    }

    /// What was written before is sealed first, under the schema that its author had: later it would claim to have
    /// written columns that it did not know.
    ///
    /// - Returns: the tables as they are now, and whether something was sealed.
    /// - Throws: ``Failure`` (configuration) when a newer program made the file.
    func run(_ database: Database, keys: () throws -> KeyRing) throws -> (schema: SchemaDescription, sealed: Bool) {
        let isKnown = try EngineTables.replica.areCurrent(in: database) && SchemaWatch.hasForm(database)
        try EngineTables.replica.upgrade(database)
        let applied = try SchemaInstaller.version(of: database)
        let isOlder = applied > 0 && applied < network.version
        let sealed = try isOlder && seal(database, keys: keys)
        try SchemaInstaller.migrate(database, to: network, atMilliseconds: time.wallMilliseconds)
        let schema = try ManifestReader.read(database)
        if isOlder { try KeptCellsReturn(database, schema).run() }
        try SchemaWatch.mend(
            database, schema, atMilliseconds: time.wallMilliseconds,
            isOwnChange: !isKnown || applied != network.version)
        return (schema, sealed)
    }

    private func seal(_ database: Database, keys: () throws -> KeyRing) throws -> Bool {
        guard try !JournalFold.isEmpty(database) else { return false }
        var facts = try ReplicaFacts(database)
        let ring = try keys()
        // The number in the file may be ahead of the folder, or behind it: whichever pair there is that the file names.
        let pair = ring.keys(numbered: facts.keyNumber) ?? ring.current
        facts.keyNumber = pair.number
        let seal = Seal(schema: try ManifestReader.read(database), keys: pair, time: time, scratch: scratch)
        guard try seal.run(database, facts: &facts, salt: randomness).batches > 0 else { return false }
        try facts.save(database)
        return true
    }
}
