package import ReUniteReplica
package import ReUniteSync

/// Takes a device into a network: proves the one-time code to the hub, has the hub prove it back, and makes the
/// replica.
package enum Enrolment {
    /// What a person should see when a device has joined.
    package struct Joined: Sendable {
        package var replica: Replica
        package var answer: EnrolAnswer
        /// The same four words as on the hub's side: read them aloud to each other.
        package var words: [String]
    }

    /// - Throws: ``Failure``: usage for a code that is none, notPermitted for one that the hub refuses, cannotCreate
    ///   when the file exists. What was begun can be begun again with the same code.
    package static func join(
        client: HubClient, url: String, code text: String, path: String, deviceName: String, network: NetworkSchema,
        time: any TimeSource, randomness: @escaping @Sendable () -> Identifier
    ) async throws -> Joined {
        guard let code = EnrolmentCode(text) else {
            throw Failure(
                .notPermitted, what: "Joining", why: "that is not an enrolment code",
                remedy: "Type the sixteen characters as the hub operator gave them")
        }
        guard !DurableFile.exists(path) else {
            throw Failure(
                .cannotCreate, what: "Joining", why: "\(path) exists already",
                remedy: "Name another file with --replica, or remove that one if you are sure")
        }
        let attempt = try EnrolmentAttempt.load(beside: path, code: code)
        let reply = try await client.exchange(method: "POST", path: "/v1/enrol", body: attempt.request)
        if let failure = reply.failure(what: "Joining") { throw failure }
        let answer: EnrolAnswer
        do {
            answer = try EnrolAnswer(decoding: reply.body, to: attempt.request, provedBy: code.verifier)
        } catch {
            throw Failure(
                .badData, what: "Joining", why: "what answered does not know the code (\(error))",
                remedy: "Check the hub's address; somebody may be in between")
        }
        let replica = try Replica.create(
            path: path, network: network, answer: answer, deviceName: deviceName, hubURL: url, keys: attempt.keys,
            time: time, randomness: randomness)
        attempt.forget()
        let hash = EnrolAnswer.transcriptHash(request: attempt.request, answer: reply.body)
        return Joined(replica: replica, answer: answer, words: fourWords(hash))
    }
}
