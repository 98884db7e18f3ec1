import Foundation
import Synchronization
import Testing

/// A hub with the partners Surrey (SRY) and Gloucestershire (GLS), served by a process of its own over a real socket,
/// in a temporary folder that goes away with it.
final class Network {
    let folder: String
    let program: String
    private(set) var hub: Running?
    /// The hub's address; the same after a restart.
    private(set) var url = ""
    /// What day it is.
    var clock = MovedClock()
    private var helpers: [Running] = []

    var hubFolder: String { folder + "/hub" }
    var hubFile: String { hubFolder + "/hub.sqlite" }

    /// Makes a network, serves it, runs the body, and stops the hub, which must end well.
    static func run(_ body: (Network) async throws -> Void) async throws {
        await Gate.networks.enter()
        do {
            let template = try await Template.shared.folder()
            let network = try Network(template: template)
            defer { try? FileManager.default.removeItem(atPath: network.folder) }
            do {
                try await network.serve()
                try await body(network)
            } catch {
                await network.stopAll()
                throw error
            }
            await network.stopAll()
        } catch {
            await Gate.networks.leave()
            throw error
        }
        await Gate.networks.leave()
    }

    private init(template: String) throws {
        program = try Program.path()
        folder = try Network.temporaryFolder()
        try FileManager.default.copyItem(atPath: template + "/hub", toPath: folder + "/hub")
    }

    static func temporaryFolder() throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("journey-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path
    }

    /// A hub that nobody has joined, made once and copied for every test.
    private actor Template {
        static let shared = Template()
        private var making: Task<String, any Error>?

        func folder() async throws -> String {
            if let making { return try await making.value }
            let task = Task { () throws -> String in
                let folder = try Network.temporaryFolder()
                madeTemplate.withLock { $0 = folder }
                atexit {
                    madeTemplate.withLock { if let path = $0 { try? FileManager.default.removeItem(atPath: path) } }
                }
                let program = try Program.path()
                for arguments in [
                    ["init", "--name", "Test network"],
                    ["partner", "add", "SRY", "--name", "Surrey Women's Centre", "--area", "SRY"],
                    ["partner", "add", "GLS", "--name", "Gloucestershire Women's Centre", "--area", "GLS"],
                ] {
                    let ran = try await Running(program, ["hub"] + arguments + ["--hub-dir", "hub"], in: folder)
                        .finish()
                    try #require(ran.status == 0, "\(ran)")
                }
                return folder
            }
            making = task
            return try await task.value
        }
    }

    // MARK: Running things

    /// Runs `reunite-sync` and waits for it.
    func reunite(_ arguments: String..., within seconds: Double = 300) async throws -> Ran {
        try await running(program, arguments).finish(within: seconds)
    }

    /// Runs `reunite-sync hub` on this network's hub.
    func hub(_ arguments: String...) async throws -> Ran {
        try await running(program, ["hub"] + arguments + ["--hub-dir", hubFolder]).finish()
    }

    /// Starts a program that believes this network's clock.
    func running(_ program: String, _ arguments: [String]) throws -> Running {
        let line = clock.words + [program] + arguments
        return try Running(line[0], Array(line.dropFirst()), in: folder)
    }

    /// Starts `reunite-sync` and does not wait.
    func start(_ arguments: String...) throws -> Running {
        try running(program, arguments)
    }

    /// Starts another program that is ended with the network.
    func helper(_ program: String, _ arguments: [String]) throws -> Running {
        let running = try Running(program, arguments, in: folder)
        helpers.append(running)
        return running
    }

    /// Runs another program and waits for it.
    func tool(_ program: String, _ arguments: String..., within seconds: Double = 300) async throws -> Ran {
        try await Running(program, arguments, in: folder).finish(within: seconds)
    }

    // MARK: The hub

    /// Serves the hub, under the address it had before if it had one.
    func serve() async throws {
        let listen = url.isEmpty ? "127.0.0.1:0" : String(url.dropFirst("http://".count))
        try await serve(by: start("hub", "serve", "--hub-dir", hubFolder, "--listen", listen))
    }

    /// Takes a process that was started to serve this hub.
    func serve(by running: Running) async throws {
        hub = running
        url = try await running.line(after: "listening on ")
    }

    /// Serves the hub over TLS from now on, with a certificate of its own for this machine. Needs `openssl`.
    ///
    /// - Returns: the files of the certificate and of its key.
    func serveSecurely() async throws -> (certificate: String, key: String) {
        let (certificate, key) = (folder + "/hub.pem", folder + "/hub.key")
        let made = try await tool(
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate)
        try #require(made.status == 0, "\(made)")
        await stop()
        try await serve(
            by: start(
                "hub", "serve", "--hub-dir", hubFolder, "--listen", "127.0.0.1:0", "--tls-certificate", certificate,
                "--tls-key", key))
        return (certificate, key)
    }

    /// Stops the hub as a service manager would.
    func stop() async {
        guard let hub else { return }
        self.hub = nil
        hub.send(SIGTERM)
        let ran = await hub.finish(within: 300)
        #expect(ran.status == 0, "hub serve ended badly: \(ran)")
    }

    /// Ends the hub without a warning.
    func killHub() async {
        guard let hub else { return }
        self.hub = nil
        hub.send(SIGKILL)
        _ = await hub.finish()
    }

    private func stopAll() async {
        await stop()
        for helper in helpers {
            helper.send(SIGKILL)
            _ = await helper.finish()
        }
    }

    // MARK: Devices

    func code(for partner: String, role: String = "office") async throws -> String {
        let ran = try await hub("device", "enrol", partner, "--name", "\(partner) \(role)", "--role", role, "--json")
        try #require(ran.status == 0, "\(ran)")
        return try ran.json().requireText("code")
    }

    /// An office puts a case on a laptop's caseload, and syncs.
    func put(_ reference: String, on laptop: Desk, by office: Desk) async throws {
        let id = try await laptop.sql("SELECT lower(hex(value)) FROM ru_meta WHERE name = 'device'")
        let ran = try await office.run("caseload", "add", reference, "--device", id)
        try #require(ran.status == 0, "\(ran)")
        try await office.synced()
    }

    /// Joins a device and syncs it once.
    func desk(_ partner: String, role: String = "office", via address: String? = nil) async throws -> Desk {
        let file = folder + "/\(partner.lowercased())-\(role).sqlite"
        let ran = try await reunite(
            "join", address ?? url, "--code", try await code(for: partner, role: role), "--replica", file)
        try #require(ran.status == 0, "\(ran)")
        let desk = Desk(network: self, file: file)
        try await desk.synced()
        return desk
    }

    /// Runs SQL on the hub's database by the shell, only to read.
    func atHub(_ sql: String) async throws -> String {
        try await Shell.run(sql, file: hubFile, in: folder, options: ["-readonly"])
    }
}

/// Where the template lies, to remove it when the tests are over.
private let madeTemplate = Mutex<String?>(nil)

/// The `sqlite3` shell: a foreign client that knows nothing of this project.
enum Shell {
    static func run(
        _ sql: String, file: String, in folder: String, options: [String] = [], clock: MovedClock = MovedClock()
    ) async throws -> String {
        let line = clock.words + ["sqlite3"] + options + ["-bail", "-cmd", ".timeout 120000", file, sql]
        let ran = try await Running(line[0], Array(line.dropFirst()), in: folder).finish()
        try #require(ran.status == 0, "\(ran)")
        return ran.out.trimmingCharacters(in: .newlines)
    }
}
