import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A TCP proxy that shapes, delays and cuts what it carries, by a seed: the worst line that a test can think of.
///
/// Two threads for each connection, with blocking calls: that is slow and simple, and keeps no more in its buffers than
/// it has counted. A byte is counted when it has been handed on.
package final class FaultProxy: Sendable {
    package let url: String
    private let listener: Int32
    private let target: UInt16
    private let state: Mutex<State>

    private struct State {
        var shape: LineShape
        var count = LineCount()
        var random: UInt64
        var lastCut: UInt64 = 0
        var isClosed = false
    }

    /// - Parameter target: the port on this machine that everything goes to.
    package init(target: Int, shape: LineShape = LineShape()) throws {
        listener = Socket.make()
        let port = try Socket.listen(listener)
        url = "http://127.0.0.1:\(port)"
        self.target = UInt16(target)
        state = Mutex(State(shape: shape, random: shape.seed))
        Thread.detachNewThread { [self] in accept() }
    }

    package var count: LineCount { state.withLock { $0.count } }

    /// Counts from nothing again.
    package func reset() {
        state.withLock { $0.count = LineCount() }
    }

    package func set(_ shape: LineShape) {
        state.withLock {
            $0.shape = shape
            $0.random = shape.seed
        }
    }

    package func close() {
        state.withLock { $0.isClosed = true }
        Socket.shut(listener)
    }

    // MARK: Connections

    private func accept() {
        while true {
            let client = Socket.accept(listener)
            let (isClosed, shape, life, wait) = state.withLock { state in
                let wait = Double(state.lastCut) + state.shape.reconnect * 1e6 - Double(Clock.now)
                return (state.isClosed, state.shape, FaultProxy.life(&state), wait)
            }
            guard client >= 0, !isClosed else {
                Socket.close(client)
                Socket.close(listener)
                return
            }
            if wait > 0 { Clock.sleep(nanoseconds: wait) }
            let server = Socket.make()
            guard Socket.connect(server, port: target) else {
                Socket.close(server)
                Socket.close(client)
                continue
            }
            state.withLock { $0.count.connections += 1 }
            let connection = Connection(client: client, server: server, shape: shape, life: life, note: note)
            Thread.detachNewThread { connection.carry(up: true) }
            Thread.detachNewThread { connection.carry(up: false) }
        }
    }

    private static func life(_ state: inout State) -> Double? {
        guard case .afterTime(let mean) = state.shape.cut else { return nil }
        state.random &+= 0x9E37_79B9_7F4A_7C15
        var z = state.random
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        z ^= z >> 31
        return -mean * log(Double(z >> 11 | 1) / Double(1 << 53))
    }

    private func note(up: Int, down: Int, isTurn: Bool, isCut: Bool) {
        state.withLock {
            $0.count.up += up
            $0.count.down += down
            if isTurn { $0.count.turns += 1 }
            if isCut { $0.lastCut = Clock.now }
        }
    }
}

/// One connection, from both ends.
private final class Connection: Sendable {
    private struct State {
        var carried = 0
        var isUp: Bool?
        var isCut = false
        /// How many threads still use the sockets.
        var users = 2
    }

    private let client: Int32
    private let server: Int32
    private let shape: LineShape
    /// When it is cut, on the monotonic clock.
    private let end: UInt64?
    private let state = Mutex(State())
    private let note: @Sendable (_ up: Int, _ down: Int, _ isTurn: Bool, _ isCut: Bool) -> Void

    init(
        client: Int32, server: Int32, shape: LineShape, life: Double?,
        note: @escaping @Sendable (Int, Int, Bool, Bool) -> Void
    ) {
        self.client = client
        self.server = server
        self.shape = shape
        end = life.map { Clock.now + UInt64($0 * 1e6) }
        self.note = note
    }

    /// Carries one direction until either side ends it or it is cut.
    func carry(up: Bool) {
        let (from, to) = up ? (client, server) : (server, client)
        // Small pieces, so that a slow line is smooth.
        let most = shape.bytesPerSecond.map { max(64, min(4_096, Int($0 / 10))) } ?? 16_384
        var buffer = [UInt8](repeating: 0, count: most)
        var due = Clock.now
        while true {
            let count = Socket.read(from, &buffer, until: end)
            guard count > 0 else {
                if count < 0 { cut() }
                break
            }
            let (allowed, isTurn) = state.withLock { state -> (Int, Bool) in
                guard !state.isCut else { return (0, false) }
                let isTurn = up && state.isUp != true
                let isChange = state.isUp != up
                state.isUp = up
                var allowed = count
                if case .afterBytes(let limit) = shape.cut { allowed = min(count, limit - state.carried) }
                state.carried += allowed
                if isChange && shape.latency > 0 { due = max(due, Clock.now) + UInt64(shape.latency * 1e6) }
                return (allowed, isTurn)
            }
            due = max(due, Clock.now)
            if let rate = shape.bytesPerSecond { due += UInt64(Double(allowed) / rate * 1e9) }
            let limit = end.map { min($0, due) } ?? due
            Clock.sleep(nanoseconds: Double(limit) - Double(Clock.now))
            if let end, Clock.now >= end {
                cut()
                break
            }
            guard allowed > 0, Socket.write(to, buffer[..<allowed]) else {
                cut()
                break
            }
            note(up ? allowed : 0, up ? 0 : allowed, isTurn, false)
            if allowed < count {
                cut()
                break
            }
            if case .afterBytes(let limit) = shape.cut, state.withLock({ $0.carried >= limit }) {
                cut()
                break
            }
        }
        Socket.finishWriting(to)
        let isLast = state.withLock {
            $0.users -= 1
            return $0.users == 0
        }
        if isLast {
            Socket.close(client)
            Socket.close(server)
        }
    }

    private func cut() {
        let isFirst = state.withLock { state in
            defer { state.isCut = true }
            return !state.isCut
        }
        if isFirst { note(0, 0, false, true) }
        // What was handed on before still arrives.
        Socket.shut(client)
        Socket.shut(server)
    }
}
