import Crypto
import ReUniteReplica
import ReUniteSync

/// Other devices' files, brought piece by piece as a device's own batches are, and answers that are taken along so. The
/// carrier signs as itself, and what goes either way is sealed to others.
extension Hub {
    /// An answer that its carrier fetches.
    struct WaitingAnswer: Hashable, Sendable {
        var id: Identifier
        var bytes: Int
    }

    /// Why a file is refused: it, and not its carrier.
    struct RefusedFile: Error {
        var failure: Failure
    }

    /// Admits a piece of a file.
    ///
    /// - Parameter id: the first 16 bytes of the file's SHA-256.
    /// - Throws: ``RefusedFile`` for one that is too large.
    func admit(carried id: Identifier, bytes: Int, from start: Int, by carrier: Identifier) throws -> UploadAdmission {
        guard bytes <= RelayBox.upLimit else {
            throw RefusedFile(
                failure: Failure(
                    .badData, what: "Carrying a file",
                    why: "it is larger than the \(RelayBox.upLimit >> 20) MiB that a relay carries",
                    remedy: "Take it to the hub on its stick"))
        }
        guard let file = try HubFiles(folder: folder).carried.open(id, bytes: bytes, from: carrier) else {
            return .here(bytes - 1)
        }
        guard start <= file.count else { return .here(min(file.count, bytes - 1)) }
        return .piece(UploadPiece(file, from: start, of: bytes))
    }

    /// How many bytes of a file are here for good. Never all: whoever sends the last is told of the answer.
    func carriedOffset(_ id: Identifier, bytes: Int, by carrier: Identifier) throws -> Int {
        min(bytes - 1, try HubFiles(folder: folder).carried.offset(of: id, bytes: bytes, from: carrier))
    }

    /// Whether a file has been judged, so that its last byte alone asks for an answer.
    func isJudged(carried id: Identifier, by carrier: Identifier) throws -> Bool {
        try HubFiles(folder: folder).carried.note(of: id, from: carrier) != nil
    }

    /// Judges a file that has come whole, and makes the answer for its device. It is harmless to repeat.
    ///
    /// - Returns: nil for a device that is served nothing.
    /// - Throws: ``RefusedFile``; ``Failure`` (tryLater) when the file must be sent once more.
    func complete(carried id: Identifier, bytes: Int, by carrier: Identifier) throws -> WaitingAnswer? {
        let files = HubFiles(folder: folder)
        try refreshLife()
        do {
            guard let maker = try maker(ofCarried: id, bytes: bytes, by: carrier, files.carried),
                let answer = try answer(for: maker, by: carrier)
            else { return nil }
            try files.answers.write(answer.parcel, to: id, of: maker, carriedBy: carrier)
            return WaitingAnswer(id: answer.label.id, bytes: answer.parcel.length)
        } catch let failure as Failure where failure.code == .badData || failure.code == .notPermitted {
            files.carried.discard(id, bytes: bytes, from: carrier)
            files.carried.forget(id, from: carrier)
            throw RefusedFile(failure: failure)
        }
    }

    /// Who made a file, once its batches are judged; nil for a revoked device.
    private func maker(
        ofCarried id: Identifier, bytes: Int, by carrier: Identifier, _ files: UploadFiles
    ) throws -> Identifier? {
        let life = epoch.salt.bytes
        if let note = try files.note(of: id, from: carrier) {
            if note.starts(with: life) { return Identifier(bytes: note.dropFirst(life.count)) }
            // Judged in a life of the hub that was lost, and perhaps with it.
            files.forget(id, from: carrier)
        }
        guard let file = try files.open(id, bytes: bytes, from: carrier), file.count >= bytes,
            try Hub.name(ofCarried: file) == id
        else {
            // The disk did not keep what came.
            files.discard(id, bytes: bytes, from: carrier)
            throw Failure(
                .tryLater, what: "Carrying a file", why: "the hub has not kept all of it",
                remedy: "Sync again: it is sent once more")
        }
        let report = try take(carried: BundleSource(length: bytes) { try file.read($0) })
        let maker = report.isRevoked ? nil : report.device
        try files.finish(id, bytes: bytes, from: carrier, note: life + (maker?.bytes ?? []))
        return maker
    }

    private static func name(ofCarried file: PartialFile) throws -> Identifier? {
        var hash = SHA256()
        for start in stride(from: 0, to: file.count, by: 1 << 18) {
            hash.update(data: try file.read(start..<min(start + 1 << 18, file.count)))
        }
        return Identifier(bytes: Array(hash.finalize().prefix(16)))
    }

    /// A page of an answer; nil when it is void: what it shows has been closed since, or it lies here no more.
    func page(ofAnswer id: Identifier, from offset: Int, carriedBy carrier: Identifier) throws -> [UInt8]? {
        let files = HubFiles(folder: folder).answers
        guard let answer = files.find(id, carriedBy: carrier) else { return nil }
        guard try stands(answer) else {
            files.remove(answer)
            return nil
        }
        return try files.read(answer, from: offset, count: Hub.pageLimit)
    }

    private func stands(_ answer: AnswerFiles.Answer) throws -> Bool {
        guard let label = answer.label else { return false }
        // Receipts show nothing of a case.
        if label.kind == .receipt { return true }
        do {
            return try stands(
                answerUpTo: label.to, inLife: label.epoch.salt, for: answer.maker, carriedBy: answer.carrier)
        } catch let failure as Failure where failure.code == .notPermitted {
            return false
        }
    }

    /// Removes answers that a closing has made void, or that nobody came for.
    func pruneAnswers() throws {
        let files = HubFiles(folder: folder).answers
        files.prune(atMilliseconds: time.wallMilliseconds)
        for answer in files.all() where try !stands(answer) { files.remove(answer) }
    }
}
