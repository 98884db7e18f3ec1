import Foundation
import ReUniteSync

/// The payloads of small deltas as files, for taking them apart, and how long it takes to make and to read each.
enum PayloadFiles {
    private static let sizes = [50, 178, 2_000]

    /// Writes `payload-N.bin` into the folder for each size; a line about each.
    static func write(_ workload: Workload, into folder: String) throws -> [String] {
        var lines: [String] = []
        for size in sizes {
            let ops = Parcel.ops(of: workload.delta(size))
            let payload = try OpCodec.encode(ops, layout: BenchLayout())
            try Data(payload).write(to: URL(fileURLWithPath: folder).appendingPathComponent("payload-\(size).bin"))
            var deflater = try Deflater()
            var inflater = try Inflater()
            let encoding = try median { _ = try OpCodec.encode(ops, layout: BenchLayout(), with: &deflater) }
            let decoding = try median { _ = try OpCodec.decode(payload, expecting: ops.count, with: &inflater) }
            lines.append(
                "\(size) changes: \(ops.count) ops, \(payload.count) bytes, "
                    + "encoded in \(Format.quantity(encoding)) ms, decoded in \(Format.quantity(decoding)) ms")
        }
        return lines
    }

    /// Milliseconds of processor time, the median of 21 runs.
    private static func median(_ work: () throws -> Void) rethrows -> Double {
        var samples = Samples()
        for _ in 0..<21 { samples.add(try Meter.cpu(work).seconds * 1_000) }
        return samples.median
    }
}
