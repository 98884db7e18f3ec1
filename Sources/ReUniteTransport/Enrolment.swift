package import ReUniteReplica
package import ReUniteSync

/// Takes a device into a network: proves the one-time code to the hub, has the hub prove it back, and makes the
/// replica. The two messages are the same over HTTP and in files.
package struct Enrolment: Sendable {
    /// What a person should see when a device has joined.
    package struct Joined: Sendable {
        package var replica: Replica
        package var answer: EnrolAnswer
        /// The same four words as on the hub's side: read them aloud to each other.
        package var words: [String]
    }

    private let code: EnrolmentCode
    private let path: String
    private let attempt: EnrolmentAttempt

    /// The device's request, to be answered by the hub. The same code gives the same request again.
    package var request: [UInt8] { attempt.request }

    /// Whether a request was begun for the same replica, with this code or another.
    package func isBegunHere(_ request: [UInt8]) throws -> Bool {
        try EnrolmentAttempt.isBegun(request, beside: path)
    }

    /// Begins to join, or goes on with what was begun with this code.
    ///
    /// - Parameters:
    ///   - path: of the replica that is to be.
    ///   - isAnswered: there is an answer, so it must have been begun: nothing is begun here.
    /// - Throws: ``Failure``: notPermitted for a code that is none or is not the one with which it was begun,
    ///   cannotCreate when the file exists.
    package init(code text: String, path: String, isAnswered: Bool = false) throws {
        guard let code = EnrolmentCode(text) else {
            throw Failure(
                .notPermitted, what: "Joining", why: "that is not an enrolment code",
                remedy: "Type the sixteen characters as the hub operator gave them")
        }
        guard !DurableFile.exists(path) else {
            throw Failure(
                .cannotCreate, what: "Joining", why: "\(path) exists already",
                remedy: "Name another file with --replica. What was typed in that one and not sent is in it alone")
        }
        self.code = code
        self.path = path
        guard isAnswered else {
            attempt = try EnrolmentAttempt.load(beside: path, code: code)
            return
        }
        guard let begun = try EnrolmentAttempt.begun(beside: path, code: code) else {
            throw Failure(
                .notPermitted, what: "Joining", why: "nothing was begun with that code for \(path)",
                remedy: "Type the code and the name of the replica as they were with --request; nothing was changed")
        }
        attempt = begun
    }

    /// Makes the replica from the hub's answer.
    ///
    /// - Parameter url: the hub's address, for syncs over the network.
    /// - Throws: ``Failure`` (badData) when what answered does not know the code.
    package func finish(
        answer bytes: [UInt8], url: String, deviceName: String, network: NetworkSchema, time: any TimeSource,
        randomness: @escaping @Sendable () -> Identifier
    ) throws -> Joined {
        let answer: EnrolAnswer
        do {
            answer = try EnrolAnswer(decoding: bytes, to: attempt.request, provedBy: code.verifier)
        } catch {
            throw Failure(
                .badData, what: "Joining", why: "what answered does not know the code (\(error))",
                remedy: "Check the hub's address or the file; somebody may be in between")
        }
        let replica = try Replica.create(
            path: path, network: network, answer: answer, deviceName: deviceName, hubURL: url, keys: attempt.keys,
            time: time, randomness: randomness)
        attempt.forget()
        let hash = EnrolAnswer.transcriptHash(request: attempt.request, answer: bytes)
        return Joined(replica: replica, answer: answer, words: fourWords(hash))
    }

    /// Joins over the network.
    ///
    /// - Parameter patience: how long to go on trying while nothing gets through.
    /// - Throws: ``Failure``: as the steps, and notPermitted for a code that the hub refuses. What was begun can be
    ///   begun again with the same code.
    package static func join(
        client: HubClient, url: String, code: String, path: String, deviceName: String, network: NetworkSchema,
        time: any TimeSource, randomness: @escaping @Sendable () -> Identifier, patience: Duration = .zero,
        waiting: Waiting = .system
    ) async throws -> Joined {
        let enrolment = try Enrolment(code: code, path: path)
        let reply = try await Persistence(patience: patience, waiting: waiting).run("Joining") {
            try await client.exchangeOnce(
                method: "POST", path: "/v1/enrol", headers: [], body: enrolment.request)
        }
        if let failure = reply.failure(what: "Joining") {
            // The code is no good, whatever is asked with it. An answer that was lost on the way is still to be had.
            if failure.code == .notPermitted { enrolment.attempt.abandon() }
            throw failure
        }
        return try enrolment.finish(
            answer: reply.body, url: url, deviceName: deviceName, network: network, time: time, randomness: randomness)
    }
}
