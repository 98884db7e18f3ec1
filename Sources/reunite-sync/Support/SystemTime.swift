import Foundation
import ReUniteSync

/// The machine's clocks.
struct SystemTime: TimeSource {
    let boot: Identifier

    init() {
        // Linux tells one boot from the next; elsewhere every run counts as one of its own.
        let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        boot = text.flatMap { Identifier($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? .zero
    }

    var wallMilliseconds: Int64 {
        Int64(Date().timeIntervalSince1970 * 1_000)
    }

    var monotonicMilliseconds: Int64 {
        Int64(ProcessInfo.processInfo.systemUptime * 1_000)
    }
}

/// Version 7 identifiers from the system's clock and randomness: made one after the other, they lie beside each other.
func newIdentifier() -> Identifier {
    let milliseconds = UInt64(max(0, Int64(Date().timeIntervalSince1970 * 1_000)))
    let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF)
    let low = UInt64(0b10) << 62 | UInt64.random(in: 0..<(1 << 62))
    return Identifier(high: high, low: low)
}
