import ReUniteSync
import ReUniteTransport
import TestLine
import TestSupport
import Testing

/// Bytes are counted and never seconds. How little comes twice is measured by the benchmark: what was on its way when a
/// connection died is lost, and a machine that is busy with other tests leaves more on its way. What must hold on any
/// machine is that what has come is kept: by a client that began anew each time none of this would ever end.
@Suite("A line that is cut again and again", .serialized)
struct CutLineTests {
    /// So many times what it costs on a quiet machine is still no beginning anew.
    static let busy = 8.0
    /// Both ways together, and then the connection is gone.
    static let lives = [3_200, 4_096, 12_345, 65_536]

    /// Slow enough for the client to keep up: what a fast line has pushed into buffers is lost with it.
    static var slow: LineShape {
        var shape = LineShape()
        shape.bytesPerSecond = 400_000
        return shape
    }

    @Test("A large delivery arrives whole over connections that die after every N bytes: what has come is kept")
    func download() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 60_000)
            try await world.writer.sync()
            try await world.reader.sync()
            for life in CutLineTests.lives {
                try world.writer.writeCase(bytes: 60_000)
                let pushed = try await world.writer.sync()
                #expect(pushed.digest == .match)
                var shape = CutLineTests.slow
                shape.cut = .afterBytes(life)
                let proxy = try world.proxy(shape)
                let outcome = try await world.reader.sync(via: proxy.url)
                proxy.close()
                #expect(outcome.digest == .match)
                #expect(try world.reader.bodies() == world.writer.bodies())
                // Each connection costs a head and what was in it when it died; the first and the last sync their own.
                let ideal = Double(outcome.pulledBytes)
                let bound = CutLineTests.busy * (ideal * Double(life) / Double(life - 1_400) + 16_000)
                #expect(Double(proxy.count.bytes) < bound, "life \(life): \(proxy.count) for \(outcome.pulledBytes)")
                #expect(proxy.count.connections >= outcome.pulledBytes / life, "life \(life): it was cut")
            }
        }
    }

    @Test("Many edits reach the hub once over connections that die after every N bytes: what is there is kept")
    func upload() async throws {
        try await LineWorld.run { world in
            for life in CutLineTests.lives {
                try world.writer.writeCase(bytes: 60_000)
                var shape = CutLineTests.slow
                shape.cut = .afterBytes(life)
                let proxy = try world.proxy(shape)
                let outcome = try await world.writer.sync(via: proxy.url)
                proxy.close()
                #expect(outcome.digest == .match && outcome.pushedEdits >= 30)
                let ideal = Double(outcome.pushedBytes)
                // The receipts come down too.
                let bound = CutLineTests.busy * (ideal * Double(life) / Double(life - 1_700) + 16_000)
                #expect(Double(proxy.count.bytes) < bound, "life \(life): \(proxy.count) for \(outcome.pushedBytes)")
            }
            try await world.reader.sync()
            #expect(try world.reader.bodies() == world.writer.bodies())
        }
    }

    @Test("A sync that ends in the middle of a delivery goes on from the byte that it had, with a new process")
    func goesOn() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 300_000)
            try await world.writer.sync()
            var shape = CutLineTests.slow
            shape.cut = .afterBytes(90_000)
            let proxy = try world.proxy(shape)
            var last = 0
            var rounds = 0
            while try world.reader.count("case_note") == 0 {
                rounds += 1
                #expect(rounds < 100)
                guard rounds < 100 else { break }
                try world.reader.restart()
                _ = try? await world.reader.sync(via: proxy.url, isCutShort: true)
                let here = world.reader.stagedBytes
                if here > 0 { #expect(here >= last) }
                last = max(here, last)
            }
            proxy.close()
            #expect(last > 90_000)
            #expect(try world.reader.bodies() == world.writer.bodies())
            let sum = Double(proxy.count.bytes)
            #expect(sum < CutLineTests.busy * (Double(last) * 1.3 + 90_000), "\(proxy.count)")
        }
    }

    @Test("A delivery that a closing has made void is thrown away and asked for anew")
    func void() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 200_000)
            try await world.writer.sync()
            var shape = CutLineTests.slow
            shape.cut = .afterBytes(60_000)
            let proxy = try world.proxy(shape)
            _ = try? await world.reader.sync(via: proxy.url, isCutShort: true)
            #expect(world.reader.stagedBytes > 0)
            proxy.close()
            // As a closing does, in the same transaction.
            let database = try EngineFile.open(world.folder.file("hub/hub.sqlite"))
            try database.write("DELETE FROM hub_delivery")
            #expect(try await world.reader.sync().digest == .match)
            #expect(world.reader.stagedBytes == 0)
            #expect(try world.reader.bodies() == world.writer.bodies())
        }
    }
}
