import Foundation
import ReUniteReplica
import ReUniteSync
import ReUniteTransport
import TestLine
import TestSupport
import Testing

@testable import ReUniteHub

/// The writer's office carries for the reader's, which has no line. As in ``CutLineTests`` bytes are counted: what began
/// anew after each cut would never end.
@Suite("Other devices' files over a line that is cut again and again", .serialized)
struct RelayLineTests {
    /// Brings what waits, through an address, with pauses that take no time.
    private func relay(
        _ office: Office, via address: String, isCutShort: Bool = false
    ) async throws -> HTTPRelay.Report? {
        let client = try HubClient(url: address)
        let result: Result<HTTPRelay.Report?, any Error>
        do {
            result = .success(
                try await HTTPRelay(
                    replica: office.replica, client: client, patience: .seconds(3_600),
                    waiting: .hurried(isCutShort: isCutShort)
                ).run())
        } catch {
            result = .failure(error)
        }
        await client.close()
        return try result.get()
    }

    /// Text at both ends that the other does not have, and the reader's file in the writer's mailbox.
    private func fill(_ world: LineWorld, bytes: Int) async throws {
        try world.writer.writeCase(bytes: bytes)
        try await world.writer.sync()
        try world.reader.writeCase(bytes: bytes)
        _ = try world.writer.replica.carry(upFile: try world.reader.replica.upFile().parcel.bytes())
    }

    /// Hands the answer over. Both ends then have the same.
    private func handOver(_ world: LineWorld) async throws {
        let box = world.writer.replica.relayBox
        let letter = try #require(box.letters().first)
        guard case .applied = try world.reader.replica.take(file: BundleSource(try box.read(letter))) else {
            Issue.record("The answer was not applied")
            return
        }
        box.handedOver(letter)
        try await world.writer.sync()
        #expect(try world.reader.bodies() == world.writer.bodies())
    }

    private func first(_ world: LineWorld) async throws {
        try world.writer.writeCase(bytes: 2_000)
        try await world.writer.sync()
        try await world.reader.sync()
    }

    /// What has come of answers.
    private func coming(_ office: Office) -> Int {
        let folder = office.path + ".relay/coming/"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            sum + ((try? FileManager.default.attributesOfItem(atPath: folder + name)[.size] as? Int) ?? 0)
        }
    }

    @Test(
        "A file and its answer get through connections that die every N bytes: what has come either way is kept")
    func bothWays() async throws {
        try await LineWorld.run { world in
            try await first(world)
            for life in CutLineTests.lives {
                try await fill(world, bytes: 60_000)
                let size = try #require(world.writer.replica.relayBox.waiting().first).bytes
                #expect(size > 60_000)
                var shape = CutLineTests.slow
                shape.cut = .afterBytes(life)
                let proxy = try world.proxy(shape)
                let report = try #require(try await relay(world.writer, via: proxy.url))
                proxy.close()
                #expect(report.sent == 1 && report.received == 1 && report.waiting.isEmpty, "\(report)")
                let ideal = Double(size + (world.writer.replica.relayBox.letters().first?.bytes ?? 0))
                let bound = CutLineTests.busy * (ideal * Double(life) / Double(life - 1_700) + 16_000)
                #expect(Double(proxy.count.bytes) < bound, "life \(life): \(proxy.count) for \(ideal)")
                #expect(proxy.count.connections > size / life, "life \(life): it was cut")
                #expect(coming(world.writer) == 0)
                try await handOver(world)
            }
        }
    }

    @Test("A file and its answer go on from the byte that was there, with a new process after each cut")
    func goesOn() async throws {
        try await LineWorld.run { world in
            try await first(world)
            try await fill(world, bytes: 200_000)
            var shape = CutLineTests.slow
            shape.cut = .afterBytes(60_000)
            let proxy = try world.proxy(shape)
            let box = world.writer.replica.relayBox
            var (rounds, last) = (0, 0)
            while box.letters().isEmpty, rounds < 100 {
                rounds += 1
                try world.writer.restart()
                _ = try? await relay(world.writer, via: proxy.url, isCutShort: true)
                let here = coming(world.writer)
                if box.letters().isEmpty { #expect(here >= last) }
                last = here
            }
            proxy.close()
            #expect(rounds > 4 && rounds < 100)
            try await handOver(world)
        }
    }

    @Test("An answer of which a part was spoiled on the carrier's disk is noticed, and comes anew")
    func spoiled() async throws {
        try await LineWorld.run { world in
            try await first(world)
            try await fill(world, bytes: 60_000)
            var shape = CutLineTests.slow
            shape.cut = .afterBytes(110_000)
            let proxy = try world.proxy(shape)
            var rounds = 0
            while coming(world.writer) == 0, rounds < 20 {
                rounds += 1
                _ = try? await relay(world.writer, via: proxy.url, isCutShort: true)
            }
            proxy.close()
            let folder = world.writer.path + ".relay/coming/"
            let name = try #require(try FileManager.default.contentsOfDirectory(atPath: folder).first)
            let file = try PartialFile(folder + name)
            try file.write([try file.read(file.count - 1..<file.count)[0] ^ 1], at: file.count - 1)
            let report = try #require(try await relay(world.writer, via: world.url))
            #expect(report.sent == 0 && report.waiting.count == 1 && coming(world.writer) == 0)
            #expect(try await relay(world.writer, via: world.url)?.received == 1)
            try await handOver(world)
        }
    }

    @Test("Of two large files of one device neither takes the place of the other while both are on their way")
    func two() async throws {
        try await LineWorld.run { world in
            try await first(world)
            try await fill(world, bytes: 60_000)
            try await fill(world, bytes: 60_000)
            #expect(world.writer.replica.relayBox.waiting().count == 2)
            var shape = CutLineTests.slow
            shape.cut = .afterBytes(40_000)
            let proxy = try world.proxy(shape)
            let report = try #require(try await relay(world.writer, via: proxy.url))
            proxy.close()
            #expect(report.sent == 2 && report.received == 2)
            try await handOver(world)
        }
    }

    @Test("Nobody but its carrier is given a page of an answer, and a file under another's name is not believed")
    func others() async throws {
        try await LineWorld.run { world in
            try await first(world)
            try await fill(world, bytes: 60_000)
            let carrier = try world.writer.replica.facts().device
            let stranger = try world.reader.replica.facts().device
            #expect(try await relay(world.writer, via: world.url)?.received == 1)
            let answer = try #require(world.writer.replica.relayBox.letters().first).label.id
            #expect(try world.hub.page(ofAnswer: answer, from: 0, carriedBy: carrier) != nil)
            #expect(try world.hub.page(ofAnswer: answer, from: 0, carriedBy: stranger) == nil)

            // The disk did not keep what came: it is asked for again, and not refused.
            let name = LineWorld.identifier()
            guard case .piece(let piece) = try world.hub.admit(carried: name, bytes: 4, from: 0, by: carrier) else {
                Issue.record("It was not admitted")
                return
            }
            try piece.keep()
            #expect { try world.hub.complete(carried: name, bytes: 4, by: carrier) } throws: {
                ($0 as? Failure)?.code == .tryLater
            }
            #expect { try world.hub.admit(carried: name, bytes: 9 << 20, from: 0, by: carrier) } throws: {
                $0 is Hub.RefusedFile
            }
        }
    }
}
