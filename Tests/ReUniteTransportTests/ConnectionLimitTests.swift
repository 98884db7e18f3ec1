import ReUniteReplica
import ReUniteSync
import Testing

@testable import ReUniteHub

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("A hub takes so many connections at once", .serialized)
struct ConnectionLimitTests {
    @Test("Who comes beyond them waits, and is answered once one is closed")
    func waits() async throws {
        try await LineWorld.run(connections: 1) { world in
            let first = try RawConnection(port: world.port)
            first.ask(keepsOpen: true)
            #expect(first.hasAnswer(within: 20_000), "it is taken, and stays open")
            let second = try RawConnection(port: world.port)
            second.ask(keepsOpen: false)
            #expect(!second.hasAnswer(within: 300))
            first.close()
            #expect(second.hasAnswer(within: 20_000))
            second.close()
        }
    }

    @Test("A device's keys are looked up once, and by the worker: the threads that serve connections never look")
    func lookUp() async throws {
        try await LineWorld.run { world in
            let device = try #require(Identifier(try world.writer.replica.status().device))
            #expect(world.hub.knownKeys(of: device, number: 1) == nil)
            _ = try await world.writer.sync()
            #expect(world.hub.knownKeys(of: device, number: 1) != nil)
        }
    }
}

/// A connection of which every byte is in the test's hands.
private final class RawConnection {
    private let descriptor: Int32

    init(port: Int) throws {
        #if canImport(Glibc)
            descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(connected == 0)
    }

    func ask(keepsOpen: Bool) {
        let text = "GET /v1/health HTTP/1.1\r\nHost: hub\r\nConnection: \(keepsOpen ? "keep-alive" : "close")\r\n\r\n"
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Whether anything has come, in milliseconds.
    func hasAnswer(within patience: Int32) -> Bool {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waiting, 1, patience) == 1
    }

    func close() {
        #if canImport(Glibc)
            _ = Glibc.close(descriptor)
        #else
            _ = Darwin.close(descriptor)
        #endif
    }
}
