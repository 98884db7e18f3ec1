import ReUniteSync

enum BundleFixtures {
    static let hub = Identifier(high: 0x2222_2222_2222_2222, low: 0x2222_2222_2222_2222)
    static let device = Identifier(high: 0x0193_9F6E_0A00_7BCD, low: 0x8123_4567_89AB_CDEF)
    static let epoch = HubEpoch(
        number: 3, salt: Identifier(high: 0x3333_3333_3333_3333, low: 0x3333_3333_3333_3333))

    /// Keys whose bytes count up from a start: the same on every run.
    static func keys(number: UInt8 = 1, from start: UInt8) throws -> DeviceKeys {
        try DeviceKeys(importingSecret: [1, number] + (0..<64).map { start &+ $0 })
    }

    static func label(_ kind: BundleLabel.Kind = .up) -> BundleLabel {
        BundleLabel(
            id: Identifier(high: 0x1111_1111_1111_1111, low: 0x1111_1111_1111_1111), kind: kind, hub: hub,
            epoch: epoch, sender: device, from: Position(700), to: Position(912),
            createdMilliseconds: 1_790_000_000_000)
    }

    static func content(_ count: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: UInt64(count))
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    static func bytes(hex: String) -> [UInt8] {
        let digits = hex.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    static func hex(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
