import ReUniteReplica
import ReUniteSync

/// Row 15: a whole round of everything that was typed, on one core: fold, ops, columns and zlib at the author's, then
/// inflating, decoding and applying at another replica.
extension Bench {
    func roundRows() throws -> [Finding] {
        let delivery = try hub.firstDelivery(of: workload.inserts).encoded(layout: BenchLayout())
        let stream = workload.bulk()
        var sealing = Samples()
        var applying = Samples()
        var speed = Samples()
        try repeated("whole round") { _ in
            let author = files.fresh("round-author")
            let replica = try Engine.makeReplica(at: author)
            let connection = try Connection(author)
            try connection.replay(stream)
            try connection.checkpoint()
            let (sealed, edits) = try Meter.cpu { try replica.seal() }
            guard edits == workload.rows else { throw BenchError("\(edits) edits sealed of \(workload.rows)") }
            let reader = try Engine.makeReplica(at: files.fresh("round-reader"))
            let applied = try Meter.cpu { try Engine.apply(delivery, to: reader) }.seconds
            sealing.add(sealed * 1000)
            applying.add(applied * 1000)
            speed.add(Double(workload.rows) / (sealed + applied) / 1000)
        }
        let what = "whole round of \(workload.rows) changes"
        return [
            Finding(row: 15, "\(what): fold, ops, columns, zlib, outbox", .milliseconds, sealing),
            Finding(row: 15, "\(what): inflate, decode, apply", .milliseconds, applying),
            Finding(
                row: 15, "\(what): thousand changes a second", .thousands, speed, target: .atLeast(40, stretch: 60)),
        ]
    }
}
