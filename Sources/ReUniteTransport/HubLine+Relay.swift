import ReUniteReplica
import ReUniteSync

/// Other devices' files and the answers to them, over a line that may break at any byte.
extension HubLine {
    private static let carrying = "Carrying a file"

    /// What came of a file.
    enum Handed {
        /// The hub has taken it, and has an answer for its device unless that is served nothing.
        case taken(answer: (id: Identifier, bytes: Int)?)
        case refused(why: String)
        /// The hub is older, and takes no pieces.
        case older
    }

    /// Brings what the hub does not have yet of a file.
    func hand(_ file: [UInt8], named id: Identifier) async throws -> Handed {
        let what = HubLine.carrying
        let path = "/v1/carry/\(id)/\(file.count)"
        // A small one goes at once; of a large one something may be there.
        var offset: Int? = file.count > HubLine.pieceBytes ? nil : 0
        var most = 0
        while true {
            let reply: HubClient.Reply
            do {
                if let start = offset {
                    let piece = Array(file[start..<min(start + HubLine.pieceBytes, file.count)])
                    reply = try await signed(what, "POST", "\(path)/\(start)") { piece }
                } else {
                    reply = try await signed(what, "GET", path)
                }
            } catch let failure as HubClient.Unreached {
                try await persistence.pause(after: failure.failure)
                offset = nil
                continue
            }
            if reply.status == 404 { return .older }
            if let why = HubLine.refusal(in: reply) { return .refused(why: why) }
            if let failure = reply.failure(what: what) {
                guard failure.code == .tryLater, failure != .hubsDisk else { throw failure }
                try await persistence.pause(after: failure, wish: reply.retryAfter)
                offset = nil
                continue
            }
            let words = String(decoding: reply.body.prefix(100), as: UTF8.self).split(separator: " ")
            guard let next = words.first.flatMap({ Int($0) }), (0...file.count).contains(next) else {
                throw HubLine.notAHub(what)
            }
            if next == file.count {
                persistence.progressed()
                return .taken(answer: try HubLine.answer(in: words))
            }
            if next > most {
                most = next
                persistence.progressed()
            } else if offset != nil {
                try await persistence.pause(
                    after: Failure(
                        .tryLater, what: what, why: "the hub takes nothing more at this moment",
                        remedy: "Sync again later; nothing was lost"))
            }
            offset = next
        }
    }

    /// Of the last piece's answer: the file's size, and then the id and the length of what waits for the device.
    private static func answer(in words: [Substring]) throws -> (id: Identifier, bytes: Int)? {
        if words.count == 1 { return nil }
        guard words.count == 3, let id = Identifier(String(words[1])), let bytes = Int(words[2]),
            (1...DecodeLimits.bundleBytes).contains(bytes)
        else { throw notAHub(carrying) }
        return (id, bytes)
    }

    /// Why the hub refuses a file; nil where it does not.
    private static func refusal(in reply: HubClient.Reply) -> String? {
        guard reply.status == 422 else { return nil }
        return reply.failure(what: carrying)?.why ?? "it does not say why"
    }

    /// Fetches what is still missing of an answer. Returns false where it is void: another is to be asked for.
    func fetch(_ answer: ComingAnswer) async throws -> Bool {
        let what = HubLine.carrying
        // One that was all here before may be void by now: the hub is asked for its last byte.
        var isStanding = false
        while !answer.isWhole || !isStanding {
            let before = answer.count
            let start = min(before, answer.bytes - 1)
            do {
                let reply = try await signed(
                    what, "GET", "/v1/answer/\(answer.id)/\(start)",
                    sink: HubClient.Sink(limit: answer.bytes - start) { part in
                        if start == before { try answer.append(part) }
                    })
                if reply.status == 410 || reply.status == 404 { return false }
                if let failure = reply.failure(what: what) {
                    guard failure.code == .tryLater else { throw failure }
                    try await persistence.pause(after: failure, wish: reply.retryAfter)
                } else if start == before, answer.count == before {
                    throw HubLine.notAHub(what)
                } else {
                    persistence.progressed()
                    isStanding = true
                }
            } catch let failure as HubClient.Unreached {
                if answer.count > before { persistence.progressed() }
                isStanding = isStanding || answer.isWhole && start == before
                if !answer.isWhole || !isStanding { try await persistence.pause(after: failure.failure) }
            }
        }
        return true
    }

    /// Whether the hub takes an answer for another device back. Whatever else it says, or says that sits in between, leaves
    /// the answer where it is.
    func hasClosed(_ answer: BundleLabel, for device: Identifier) async throws -> Bool {
        let what = HubLine.carrying
        let path = "/v1/relay/\(device)/\(answer.epoch.salt)/\(answer.to.rawValue)"
        return try await persistence.run(what) { try await signed(what, "GET", path) }.status == 410
    }

    /// Brings a file to an older hub, in one exchange each way. Returns its answer, of no bytes where there is none.
    func handWhole(_ file: [UInt8]) async throws -> (refusal: String?, answer: [UInt8]) {
        let what = HubLine.carrying
        let reply = try await persistence.run(what) {
            try await signed(what, "POST", "/v1/relay", limit: DecodeLimits.bundleBytes) { file }
        }
        if let why = HubLine.refusal(in: reply) { return (why, []) }
        if let failure = reply.failure(what: what) { throw failure }
        return (nil, reply.body)
    }
}
