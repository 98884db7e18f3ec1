import Foundation
import ReUniteReplica
import ReUniteSync
import Synchronization

/// What all ledgers of lines share.
enum LedgerWriting {
    static let what = "Writing the ledger of closings"
    static let remedy =
        "Find out who can write there, take the file away and keep it: the hub writes it anew from its own"

    /// Where files end, as this program left them.
    private static let tails = Mutex<[String: LedgerTail]>([:])

    static func tail(of path: String) -> LedgerTail? { tails.withLock { $0[path] } }
    static func note(_ tail: LedgerTail?, of path: String) { tails.withLock { $0[path] = tail } }

    /// The hub's keys. Another program may be putting newer ones into the file at this moment.
    static func ring(of folder: String) throws -> KeyRing {
        let files = HubFiles(folder: folder)
        for _ in 0..<5 {
            if let ring = try? files.ring() { return ring }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return try files.ring()
    }

    static func failure(
        _ fault: LedgerLines.Fault, in path: String, _ code: Failure.Code, _ what: String, remedy: String
    ) -> Failure {
        Failure(
            code, what: what, why: "line \(fault.line) of \(path) is not as the hub left it: \(fault.why)",
            remedy: remedy)
    }

    static func later(_ path: String) -> Failure {
        Failure(
            .configuration, what: "Reading the ledger of closings",
            why: "\(path) is of a later version of this program",
            remedy: "Use that version")
    }

    /// Keeps a file that somebody else wrote in, under another name.
    static func setAside(_ path: String) throws {
        var name = path + ".damaged"
        var number = 2
        while DurableFile.exists(name) {
            name = "\(path).damaged-\(number)"
            number += 1
        }
        try DurableFile.move(path, to: name)
    }
}
