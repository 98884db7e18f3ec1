import Foundation
import ReUniteSync
import Testing

@Suite("Delta codec: size")
struct SizeTests {
    @Test("2,000 changes of daily work take at most 0.45 of row JSON deflated", arguments: [1, 2, 3] as [UInt64])
    func againstJSON(seed: UInt64) throws {
        var mix = DailyMix(seed: seed)
        let ops = mix.ops(2_000)
        var deflater = try Deflater()
        let json = try deflater.deflate(DailyMix.json(ops)).count
        let own = try OpCodec.encode(ops, layout: DailyMix.layout, with: &deflater)
        #expect(Double(own.count) <= 0.45 * Double(json), "seed \(seed): \(own.count) of \(json)")
        #expect(try OpCodec.decode(own, expecting: ops.count) == ops)
        let rows = DailyMix.rows(ops)
        let delivery = try RowCodec.encode(rows, layout: DailyMix.layout, with: &deflater)
        #expect(Double(delivery.count) <= 0.47 * Double(json), "seed \(seed): \(delivery.count) of \(json)")
        #expect(try RowCodec.decode(delivery) == rows)
    }

    @Test("a delivery that a scope column explains costs no more than the ops did, within a twentieth")
    func deliveries() throws {
        var mix = DailyMix(seed: 9)
        let ops = mix.ops(500)
        let up = try OpCodec.encode(ops, layout: DailyMix.layout).count
        let down = try RowCodec.encode(DailyMix.rows(ops), layout: DailyMix.layout).count
        #expect(down * 20 <= up * 21, "\(down) against \(up)")
    }

    /// Prints times when `REUNITE_TIMINGS` is set; run it in release.
    @Test(
        "timings are printed when asked for",
        .enabled(if: ProcessInfo.processInfo.environment["REUNITE_TIMINGS"] != nil))
    func timings() throws {
        for count in [50, 178, 2_000] {
            var mix = DailyMix(seed: 4)
            let ops = mix.ops(count)
            var deflater = try Deflater()
            var inflater = try Inflater()
            let bytes = try OpCodec.encode(ops, layout: DailyMix.layout, with: &deflater)
            let json = try deflater.deflate(DailyMix.json(ops)).count
            let clock = ContinuousClock()
            var best = (encode: Duration.seconds(9), decode: Duration.seconds(9))
            for _ in 0..<20 {
                var start = clock.now
                _ = try OpCodec.encode(ops, layout: DailyMix.layout, with: &deflater)
                best.encode = min(best.encode, clock.now - start)
                start = clock.now
                _ = try OpCodec.decode(bytes, expecting: count, with: &inflater)
                best.decode = min(best.decode, clock.now - start)
            }
            print(
                "\(count) changes: \(bytes.count) bytes, row JSON deflated \(json);",
                "encode \(best.encode / count), decode \(best.decode / count) a change, zlib included")
        }
    }
}
