import Foundation
import Testing

@Suite("Memory does not grow with what there is to send, to deliver or to receive")
struct MemoryTests {
    /// Runs a program and prints the most memory that it took, in KB, on the last line.
    private static let measured = """
        import resource, subprocess, sys
        status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
        print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        sys.exit(status)
        """

    /// Peak of one run of `reunite-sync`, in MB.
    private func peak(_ network: Network, _ arguments: String...) async throws -> Int {
        let ran = try await Running(
            Python.path, ["-c", MemoryTests.measured, network.program] + arguments, in: network.folder
        ).finish()
        try #require(ran.status == 0, "\(ran)")
        return try #require(Int(ran.out.trimmingCharacters(in: .whitespacesAndNewlines))) / 1_000
    }

    /// More than all of it would take of memory at once, and so little that a machine that is busy is done soon.
    private static let notes = 3_000
    private static let limit = 64

    @Test("A first import goes to the hub and on by files, each step within 64 MB beyond one with nothing in it")
    func files() async throws {
        try await Network.run { network in
            let first = try await network.desk("SRY")
            let second = network.folder + "/second.sqlite"
            let enrolled = try await network.hub(
                "device", "enrol", "SRY", "--name", "Second", "--role", "office", "--json")
            let device = try enrolled.json().requireText("device")
            let code = try enrolled.json().requireText("code")
            let joined = try await network.reunite("join", network.url, "--code", code, "--replica", second)
            try #require(joined.status == 0, "\(joined)")
            let idle = try await peak(network, "bundle", "export", "--to", "none.rub", "--replica", first.file)

            // About 18 KB each, which compress to nothing: what is measured is not how much is encrypted.
            try await first.sql(
                """
                BEGIN;
                INSERT INTO case_file(id, ref) VALUES(x'019400000000700080000000000000AA', 'ZQMEMORY');
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(MemoryTests.notes))
                INSERT INTO case_note(case_id, body) SELECT x'019400000000700080000000000000AA',
                  i || replace(hex(zeroblob(1600)), '00', ' to him and') FROM n;
                COMMIT;
                """)
            let up = try await peak(network, "bundle", "export", "--to", "up.rub", "--replica", first.file)
            let taken = try await peak(network, "hub", "bundle", "import", "up.rub", "--hub-dir", network.hubFolder)
            let down = try await peak(
                network, "hub", "bundle", "export", "--device", device, "--whole", "--to", "down.rub", "--hub-dir",
                network.hubFolder)
            let applied = try await peak(network, "bundle", "import", "down.rub", "--replica", second)
            let found = try await Shell.run("SELECT count(*) FROM case_note", file: second, in: network.folder)
            #expect(found == "\(MemoryTests.notes)")
            for (step, memory) in [("sealing", up), ("judging", taken), ("delivering", down), ("applying", applied)] {
                #expect(memory - idle < MemoryTests.limit, "\(step) took \(memory) MB where nothing takes \(idle)")
            }
        }
    }
}
