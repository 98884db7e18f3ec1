import Crypto
import NIOCore
import ReUniteReplica
import ReUniteSync
import Synchronization

/// A piece of a bundle on its way into the bundle's file. What came is with the system after each step, so that it need
/// not come again when the line breaks.
///
/// Whoever saw a piece being signed can send its head once more with another body. So what is here already is compared
/// and not written over, and goes only where a piece whose digest is right says otherwise.
///
/// Every step may wait for the disk: they belong on a worker, and not on a thread that serves connections.
final class UploadPiece: Sendable {
    private struct State {
        let file: PartialFile
        var hash = SHA256()
        var offset: Int
        /// Whether it says something else than what was here before it.
        var contradicts = false
    }

    private let start: Int
    /// How long the bundle will be.
    private let size: Int
    /// How much of the bundle was here before the piece.
    private let before: Int
    private let state: Mutex<State>

    init(_ file: sending PartialFile, from start: Int, of size: Int) {
        self.start = start
        self.size = size
        before = file.count
        state = Mutex(State(file: file, offset: start))
    }

    /// Takes the next bytes.
    func add(_ bytes: ByteBufferView) throws {
        try state.withLock { state in
            guard state.offset + bytes.count <= size else {
                throw Failure(
                    .badData, what: "Taking batches", why: "more came than was announced",
                    remedy: "Sync again; nothing was changed")
            }
            let known = min(max(before - state.offset, 0), bytes.count)
            if known > 0, !state.contradicts {
                let here = try state.file.read(state.offset..<state.offset + known)
                state.contradicts = !here.elementsEqual(bytes.prefix(known))
            }
            if known < bytes.count { try state.file.write(bytes.dropFirst(known), at: state.offset + known) }
            state.hash.update(data: bytes)
            state.offset += bytes.count
        }
    }

    /// Brings to the disk what came, of a piece that was cut short too.
    func keep() throws {
        try state.withLock { state in
            if state.contradicts { try state.file.truncate(to: before) }
            try state.file.force()
        }
    }

    /// Ends the piece. Returns how many bytes of the bundle are here.
    ///
    /// - Throws: wrongDigest when it is not what was signed; then none of it stays, and all that was here before does.
    func finish(digest: String) throws -> Int {
        try state.withLock { state in
            guard RequestSignature.contentDigest(sha256: Array(state.hash.finalize())) == digest else {
                try state.file.truncate(to: before)
                throw HubServer.unsigned(.wrongDigest)
            }
            // What was here is not its device's: it goes on from where that began.
            if state.contradicts { try state.file.truncate(to: start) }
            try state.file.force()
            return state.file.count
        }
    }
}
