import Foundation
import ReUniteSync
import ReUniteTransport
import TestLine
import Testing

@testable import ReUniteHub

@Suite("What a sync costs when there is little to say", .serialized)
struct SmallTalkTests {
    @Test("Nothing to say: one round trip and less than 1 KB, heads and bodies, both ways")
    func nothing() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 4_000)
            for _ in 0..<2 { for office in [world.writer, world.reader] { try await office.sync() } }
            let proxy = try world.proxy()
            for office in [world.writer, world.reader] {
                proxy.reset()
                let outcome = try await office.sync(via: proxy.url)
                // What came down last is counted by the thread that carries it.
                try await Task.sleep(for: .milliseconds(50))
                #expect(outcome.digest == .match && outcome.roundTrips == 1)
                #expect(proxy.count.turns == 1 && proxy.count.connections == 1)
                #expect(proxy.count.bytes < 1_024, "\(proxy.count)")
                #expect(proxy.count.bytes > 500, "all of it went through here: \(proxy.count)")
            }
            proxy.close()
        }
    }

    @Test("An answer in short form that was changed, or answers another request, is refused")
    func foreignAnswer() async throws {
        let hub = DeviceKeys.generate()
        let device = DeviceKeys.generate()
        let (here, there) = (Identifier(high: 1, low: 2), Identifier(high: 3, low: 4))
        let request = try SealedSlip.sealRequest([1, 2, 3], from: here, to: there, keys: hub.publicKeys)
        let other = try SealedSlip.sealRequest([1, 2, 3], from: here, to: there, keys: hub.publicKeys)
        #expect(try SealedSlip.openRequest(request, from: here, to: there, with: hub) == [1, 2, 3])
        #expect(throws: FormatError.self) { try SealedSlip.openRequest(request, from: there, to: here, with: hub) }
        let answer = try SealedSlip.sealAnswer([4, 5], to: request, device: device.publicKeys, signedWith: hub)
        func open(_ bytes: [UInt8], to request: [UInt8], from keys: PublicKeys) throws -> [UInt8] {
            try SealedSlip.openAnswer(bytes, to: request, with: device, from: keys)
        }
        #expect(try open(answer, to: request, from: hub.publicKeys) == [4, 5])
        #expect(throws: FormatError.self) { try open(answer, to: other, from: hub.publicKeys) }
        #expect(throws: FormatError.self) { try open(answer, to: request, from: device.publicKeys) }
        for place in request.indices {
            var changed = request
            changed[place] ^= 1
            #expect(throws: FormatError.self) { try SealedSlip.openRequest(changed, from: here, to: there, with: hub) }
            #expect(throws: FormatError.self) {
                try SealedSlip.openRequest(Array(request.prefix(place)), from: here, to: there, with: hub)
            }
        }
        for place in answer.indices {
            var changed = answer
            changed[place] ^= 1
            #expect(throws: FormatError.self) { try open(changed, to: request, from: hub.publicKeys) }
            #expect(throws: FormatError.self) {
                try open(Array(answer.prefix(place)), to: request, from: hub.publicKeys)
            }
        }
    }

    @Test("What was typed before a long delivery goes up before it goes on")
    func pushFirst() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 2_000)
            for office in [world.writer, world.reader] { try await office.sync() }
            try world.writer.writeCase(bytes: 200_000)
            try await world.writer.sync()
            var shape = CutLineTests.slow
            shape.cut = .afterBytes(60_000)
            let proxy = try world.proxy(shape)
            _ = try? await world.reader.sync(via: proxy.url, isCutShort: true)
            let before = world.reader.stagedBytes
            #expect(before > 0)
            // Somebody writes, and the line lives just long enough for that.
            try world.reader.restart()
            try world.reader.writeCase(bytes: 1, note: 400)
            shape.cut = .afterBytes(6_000)
            proxy.set(shape)
            _ = try? await world.reader.sync(via: proxy.url, isCutShort: true)
            proxy.close()
            #expect(world.reader.stagedBytes >= before)
            try await world.writer.sync()
            #expect(try world.writer.count("case_note") == 102)
            #expect(try await world.reader.sync().digest == .match)
            try await world.writer.sync()
            #expect(try world.reader.bodies() == world.writer.bodies())
        }
    }
}
