import GRDB
import ReUniteReplica
import ReUniteSync

/// What batches say of themselves, each decoded once for a list: thousands of values may have come in one.
struct BatchClaims {
    struct Claim {
        /// Nil where nobody had signed in, or the batch cannot be read.
        let author: Identifier?
        private let milliseconds: [Int64]

        fileprivate init(_ row: Row?) {
            let header = row.flatMap { try? BatchHeader(decoding: $0.bytes("header")) }
            author = header.flatMap { $0.author == .zero ? nil : $0.author }
            let ops = row.flatMap { try? OpCodec.decode($0.bytes("ops"), expecting: $0["op_count"]) } ?? []
            milliseconds = ops.map(\.stamp.milliseconds)
        }

        /// When its device says that an op was written; nil where the batch cannot be read.
        func milliseconds(ofOp index: Int) -> Int64? {
            milliseconds.indices.contains(index) ? milliseconds[index] : nil
        }
    }

    private var known: [Int64: Claim] = [:]

    /// - Parameter number: of the batch in `hub_batch`.
    mutating func claim(of number: Int64, _ database: Database) throws -> Claim {
        if let claim = known[number] { return claim }
        let claim = Claim(
            try Row.fetchOne(
                database, sql: "SELECT header, ops, op_count FROM hub_batch WHERE no = ?", arguments: [number]))
        known[number] = claim
        return claim
    }
}
