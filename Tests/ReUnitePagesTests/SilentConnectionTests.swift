import Hummingbird
import NIOCore
import TestSupport
import Testing

@testable import ReUnitePages

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Whoever begins a request and never ends it must not hold a connection for ever.
@Suite("Pages close a connection that falls silent in the middle of a request")
struct SilentConnectionTests {
    /// Sends bytes and reads until the other side closes. Returns what came; nil where it was still open after so long,
    /// which is many times the limit that the server was given.
    private static func talk(to port: Int, _ text: String, giveUpSeconds: Int = 120) -> String? {
        #if canImport(Glibc)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #else
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #endif
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var wait = timeval(tv_sec: giveUpSeconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &wait, socklen_t(MemoryLayout<timeval>.size))
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else { return nil }
        let bytes = Array(text.utf8)
        guard send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { return nil }
        var answer: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = recv(descriptor, &part, part.count, 0)
            if count < 0 { return errno == ECONNRESET ? String(decoding: answer, as: UTF8.self) : nil }
            if count == 0 { return String(decoding: answer, as: UTF8.self) }
            answer += part.prefix(count)
        }
    }

    private func served(idle: Duration, _ body: @Sendable (Int) async throws -> Void) async throws {
        let router = Router(context: PageContext.self)
        router.get("/") { _, _ in "here\n" }
        router.post("/") { request, _ in
            "\(try await request.body.collect(upTo: 100).readableBytes) bytes\n"
        }
        let (addresses, ready) = AsyncStream<String>.makeStream()
        let server = PageServer(logger: Browser.silent, idle: idle)
        let serving = Task(executorPreference: OwnThreads.servers) {
            defer { ready.finish() }
            try await server.run(router, host: "127.0.0.1", port: 0) { ready.yield($0) }
        }
        defer { serving.cancel() }
        var addressesFound = addresses.makeAsyncIterator()
        let address = try #require(await addressesFound.next())
        try await body(try #require(address.split(separator: ":").last.flatMap { Int($0) }))
    }

    private func talk(to port: Int, _ text: String) async -> String? {
        await Task.detached(executorPreference: OwnThreads.servers) { SilentConnectionTests.talk(to: port, text) }.value
    }

    @Test("What is no request is closed without an answer, and at once; the next connection is served")
    func unreadable() async throws {
        try await served(idle: .seconds(600)) { port in
            for text in [
                "BLAH\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{16}\u{3}\u{1}hello\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nX: \(String(repeating: "y", count: 100_000))\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
            ] {
                let answer = await talk(to: port, text)
                #expect(answer == "", "\(text.prefix(20))")
            }
            let whole = await talk(to: port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(whole?.contains("here") == true)
        }
    }

    @Test("Half a head, half a body, and nothing at all: each is closed; a whole request is answered")
    func closed() async throws {
        try await served(idle: .milliseconds(500)) { port in
            let whole = await talk(to: port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(whole?.contains("here") == true)
            for text in [
                "GET / HTTP/1.1\r\nHost: 127", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nhalf", "G",
            ] {
                let answer = await talk(to: port, text)
                #expect(answer != nil, "it was left open: \(text)")
                #expect(answer?.contains("here") != true)
            }
            #expect(
                await talk(to: port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?.contains("here") == true
            )
        }
    }
}
