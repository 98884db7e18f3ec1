import Crypto
import NIOCore
import ReUniteReplica
import ReUniteSync
import Synchronization

/// A piece of a bundle on its way into the bundle's file. What came is with the system after each step, so that it need
/// not come again when the line breaks.
///
/// Every step may wait for the disk: they belong on a worker, and not on a thread that serves connections.
final class UploadPiece: Sendable {
    private struct State {
        let file: PartialFile
        var hash = SHA256()
        var offset: Int
    }

    private let start: Int
    /// How long the bundle will be.
    private let size: Int
    private let state: Mutex<State>

    init(_ file: sending PartialFile, from start: Int, of size: Int) {
        self.start = start
        self.size = size
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
            try state.file.write(bytes, at: state.offset)
            state.hash.update(data: bytes)
            state.offset += bytes.count
        }
    }

    /// Brings to the disk what came, of a piece that was cut short too.
    func keep() throws {
        try state.withLock { try $0.file.force() }
    }

    /// Ends the piece. Returns how many bytes of the bundle are here.
    ///
    /// - Throws: wrongDigest when it is not what was signed; then none of it stays.
    func finish(digest: String) throws -> Int {
        try state.withLock { state in
            guard RequestSignature.contentDigest(sha256: Array(state.hash.finalize())) == digest else {
                try state.file.truncate(to: start)
                throw HubServer.unsigned(.wrongDigest)
            }
            try state.file.force()
            return state.file.count
        }
    }
}
