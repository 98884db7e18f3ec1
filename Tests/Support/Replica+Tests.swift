import GRDB
package import ReUniteReplica
package import ReUniteSync

extension Replica {
    /// A device joins with a one-time code, as `reunite-sync join` would.
    ///
    /// - Parameter enrol: hands the hub what the device asks for, and gives back its answer.
    package static func join(
        path: String, name: String, code: String, network: NetworkSchema, keys: DeviceKeys = .generate(),
        time: ScriptedTime, randomness: ScriptedRandomness, enrol: ([UInt8]) throws -> [UInt8]
    ) throws -> Replica {
        guard let verifier = EnrolmentCode(code)?.verifier else {
            throw Failure(.badData, what: "Joining", why: "the code cannot be read", remedy: "Mend the test")
        }
        var generator = SystemRandomNumberGenerator()
        let request = EnrolRequest(keys: keys.publicKeys, verifier: verifier, using: &generator)
            .encoded(provedWith: verifier)
        let answer = try EnrolAnswer(decoding: try enrol(request), to: request, provedBy: verifier)
        return try Replica.create(
            path: path, network: network, answer: answer, deviceName: name, hubURL: "https://hub.example", keys: keys,
            time: time, randomness: { randomness.identifier() })
    }

    /// Runs SQL as an application in this process does, in one transaction.
    package func edit(_ sql: String) throws {
        try edit("Editing") { try $0.execute(sql: sql) }
    }

    /// One value of one row, or of a query.
    package func value(_ sql: String) throws -> Value {
        try read("Reading") { database in
            let statement = try EngineStatement(database, sql)
            return try statement.step() ? statement.value(0) : .null
        }
    }
}
