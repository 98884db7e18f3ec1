import ArgumentParser
import Foundation
import ReUniteHub
import ReUniteReplica
import ReUniteSchemas
import ReUniteSync

extension NetworkSchema {
    /// The Re-Unite network's tables, as this program carries them.
    static var reunite: NetworkSchema {
        NetworkSchema(
            migrations: Schemas.network.map { Migration(name: $0.name, sql: $0.sql) }, reference: Schemas.reference)
    }
}

struct JSONOption: ParsableArguments {
    @Flag(help: "Print exactly one JSON document on standard output.")
    var json = false
}

struct ReplicaOptions: ParsableArguments {
    @Option(help: "The replica file; without it $REUNITE_REPLICA, else replica.sqlite in this folder.")
    var replica: String?

    @OptionGroup var output: JSONOption
    var json: Bool { output.json }

    var path: String {
        replica ?? ProcessInfo.processInfo.environment["REUNITE_REPLICA"] ?? "replica.sqlite"
    }

    /// - Parameter makingRoom: for what sends or receives: on a full disk the ballast is given up for it.
    func open(makingRoom: Bool = false) throws -> Replica {
        try TypedArguments.check(besides: path)
        func open() throws -> Replica {
            try Replica.open(path: path, network: .reunite, time: SystemTime(), randomness: newIdentifier)
        }
        do {
            return try open()
        } catch let failure as Failure
            where makingRoom && failure.code == .inputOutput && Ballast(besides: path).release()
        {
            return try open()
        }
    }

    /// For a command that shows cases: not after the device's lease has ended.
    func openToShow(_ what: String) throws -> Replica {
        let opened = try open()
        try opened.checkLease(what)
        return opened
    }
}

struct HubOptions: ParsableArguments {
    @Option(help: "The hub's data folder; without it $REUNITE_HUB_DIR, else 'hub' in this folder.")
    var hubDir: String?

    @OptionGroup var output: JSONOption
    var json: Bool { output.json }

    var folder: String {
        hubDir ?? ProcessInfo.processInfo.environment["REUNITE_HUB_DIR"] ?? "hub"
    }

    func open() throws -> Hub {
        try Hub.open(folder: folder, network: .reunite, time: SystemTime(), randomness: newIdentifier)
    }
}
