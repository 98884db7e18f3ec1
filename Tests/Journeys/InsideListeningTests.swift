import Testing

@Suite("The pages inside a prison are served on the laptop alone")
struct InsideListeningTests {
    @Test("An address that others could reach is refused in words, whatever else is allowed")
    func refused() async throws {
        try await Network.run { network in
            let office = try await network.desk("SRY")
            for address in ["0.0.0.0:0", "[::]:0"] {
                let ran = try await office.run(
                    "open", "--inside", "--prison", "BZI", "--listen", address, "--allow-network")
                expectRefusal(ran, 64)
                #expect(ran.err.contains("on this machine only"), "\(ran)")
            }
            // On this machine it is another reason that refuses it: nothing is planned there today.
            let here = try await office.run("open", "--inside", "--prison", "BZI", "--listen", "127.0.0.1:0")
            #expect(here.status != 64 && !here.err.contains("on this machine only"), "\(here)")
        }
    }
}
