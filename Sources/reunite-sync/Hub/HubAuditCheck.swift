import ArgumentParser
import Foundation
import ReUniteReplica
import ReUniteSync

/// What `hub audit prove` prints. Hashes, salt and detail are in hexadecimal digits.
struct AuditProofFile: Codable {
    var index: UInt64
    var size: UInt64
    var root: String
    var leaf: String
    /// Both null after an erasure.
    var salt: String?
    var detail: String?
    var kind: String
    var at: String
    var facts: [String: String]?
    var proof: [String]
    var checkpoint: String
    var key: String
}

extension HubAudit {
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check what 'hub audit prove' printed; needs no hub.",
            discussion: """
                Give the key that you have from elsewhere: the one in the file is only as good as the file. Exit \
                status 65 says that the proof does not hold. Example: reunite-sync hub audit check entry-17.json \
                --key 'ru/audit/…'
                """)

        @OptionGroup var output: JSONOption
        @Argument(help: "The file.") var file: String
        @Option(help: "The hub's key, as 'hub audit sign' prints it; without it the one in the file.") var key: String?

        struct Report: Encodable {
            var hub: String
            var index: UInt64
            var size: UInt64
            var root: String
            var kind: String
            var at: String
            var erased: Bool
            var keyGiven: Bool
        }

        func run() throws {
            guard let bytes = try DurableFile.read(file) else {
                throw Failure(
                    .noInput, what: Check.what, why: "there is no file \(file)", remedy: "Name the file with the proof")
            }
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            guard let proof = try? decoder.decode(AuditProofFile.self, from: Data(bytes)) else {
                throw Check.refusal("it is not in the form of 'hub audit prove'")
            }
            let report = try checked(proof)
            try Output.show(report, as: output.json) {
                say(
                    "Entry \(report.index) of \(report.size) (\(report.kind), \(report.at)) is in the log of hub "
                        + "\(report.hub)" + (report.erased ? "; what it said was erased." : "."))
                if !report.keyGiven { say("By the key in the file itself: compare it with the hub's.") }
            }
        }

        private static let what = "Checking the proof"

        private static func refusal(_ why: String) -> Failure {
            Failure(
                .badData, what: what, why: why, remedy: "Ask the hub operator for the entry again, and keep this file")
        }

        private func checked(_ proof: AuditProofFile) throws -> Report {
            guard let (hub, key) = AuditNote.key(key ?? proof.key) else { throw Check.refusal("its key is none") }
            guard let head = AuditNote.verified(proof.checkpoint, of: hub, key: key) else {
                throw Check.refusal("the hub's signature does not fit")
            }
            func hash(_ hex: String) throws -> MerkleHash {
                guard let hash = Wording.bytes(hex: hex).flatMap({ MerkleHash(bytes: $0) }) else {
                    throw Check.refusal("a hash is damaged")
                }
                return hash
            }
            let leaf = try hash(proof.leaf)
            guard MerkleProof.includes(leaf, at: proof.index, in: head, proof: try proof.proof.map(hash)) else {
                throw Check.refusal("the entry is not in the log that the hub signed for")
            }
            var kind = "unknown"
            var at = proof.at
            if let detail = proof.detail.flatMap({ Wording.bytes(hex: $0) }),
                let salt = proof.salt.flatMap({ Wording.bytes(hex: $0) })
            {
                guard AuditRecord.leaf(salt: salt, record: detail) == leaf,
                    let record = try? AuditRecord(decoding: detail)
                else { throw Check.refusal("the entry does not say what its hash stands for") }
                kind = record.kind.word
                at = Output.time(record.atMilliseconds)
            }
            return Report(
                hub: hub.description, index: proof.index, size: head.size, root: Wording.hex(head.root.bytes),
                kind: kind, at: at, erased: proof.detail == nil, keyGiven: self.key != nil)
        }
    }
}
