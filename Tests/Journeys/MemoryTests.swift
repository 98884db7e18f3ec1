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

    /// Puts so many notes of about 18 KB into a case of their own. They compress to nothing: what is measured is not how much
    /// is encrypted.
    private func type(_ notes: Int, at desk: Desk, case letter: String = "A") async throws {
        let id = "x'0194000000007000800000000000000\(letter)'"
        try await desk.sql(
            """
            BEGIN;
            INSERT INTO case_file(id, ref) VALUES(\(id), 'ZQMEMORY\(letter)');
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(notes))
            INSERT INTO case_note(case_id, body) SELECT \(id), i || replace(hex(zeroblob(1600)), '00', ' to him and') FROM n;
            COMMIT;
            """)
    }

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

            try await type(MemoryTests.notes, at: first)
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

    #if os(Linux)
        /// The most memory that the hub has taken, in MB.
        private func peak(ofHub network: Network) throws -> Int {
            let hub = try #require(network.hub)
            let status = try String(contentsOfFile: "/proc/\(hub.identifier)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(line.split(separator: " ").dropLast().last.flatMap { Int($0) }) / 1_000
        }

        /// More of this than between two runs is more of the replica in memory.
        private static let noise = 12

        @Test("Of a replica three times as large, neither the hub nor who sends it or fetches it has more in memory")
        func line() async throws {
            try await Network.run { network in
                let first = try await network.desk("SRY")
                let idle = try peak(ofHub: network)
                let rest = try await peak(network, "sync", "--replica", first.file)
                var sending: [Int] = []
                var fetching: [Int] = []
                var serving: [Int] = []
                // The first is more than the pages that SQLite keeps.
                for (turn, notes) in [1_200, 2_400].enumerated() {
                    try await type(notes, at: first, case: ["A", "B"][turn])
                    sending.append(try await peak(network, "sync", "--replica", first.file))
                    let file = network.folder + "/\(turn).sqlite"
                    let code = try await network.code(for: "SRY")
                    let joined = try await network.reunite("join", network.url, "--code", code, "--replica", file)
                    try #require(joined.status == 0, "\(joined)")
                    fetching.append(try await peak(network, "sync", "--replica", file))
                    serving.append(try peak(ofHub: network))
                    let found = try await Shell.run("SELECT count(*) FROM case_note", file: file, in: network.folder)
                    #expect(found == ["1200", "3600"][turn])
                }
                for (what, peaks, base) in [
                    ("sending", sending, rest), ("fetching", fetching, rest), ("serving", serving, idle),
                ] {
                    #expect(peaks[1] - base < MemoryTests.limit, "\(what) took \(peaks) MB where nothing takes \(base)")
                    #expect(peaks[1] - peaks[0] < MemoryTests.noise, "\(what) took \(peaks) MB, the second for more")
                }
            }
        }
    #endif
}
