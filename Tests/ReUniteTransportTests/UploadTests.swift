import Foundation
import ReUniteReplica
import TestLine
import TestSupport
import Testing

@testable import ReUniteHub
@testable import ReUniteSync
@testable import ReUniteTransport

@Suite("Batches that go up in pieces", .serialized)
struct UploadTests {
    @Test("How much is here counts the last byte only when the batches are judged")
    func offset() throws {
        let folder = try TemporaryFolder()
        let files = UploadFiles(folder: folder.file("uploads"))
        let (id, device) = (LineWorld.identifier(), LineWorld.identifier())
        #expect(try files.offset(of: id, bytes: 9, from: device) == 0)
        let file = try #require(try files.open(id, bytes: 9, from: device))
        try file.append([1, 2, 3, 4])
        #expect(try files.offset(of: id, bytes: 9, from: device) == 4)
        try file.append([5, 6, 7, 8, 9])
        #expect(try files.offset(of: id, bytes: 9, from: device) == 8)
        try files.finish(id, bytes: 9, from: device)
        #expect(try files.offset(of: id, bytes: 9, from: device) == 9)
        #expect(try files.open(id, bytes: 9, from: device) == nil)
    }

    @Test("A bundle of which the last byte came before the hub ended is judged when its device asks again")
    func judged() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 40_000)
            let replica = world.writer.replica
            let upload = try replica.stageUpload(try replica.nextRequest(after: 0, limit: 1 << 20))
            let files = UploadFiles(folder: world.folder.file("hub/uploads"))
            let device = try replica.facts().device
            try #require(try files.open(upload.id, bytes: upload.body.count, from: device)).append(upload.body)
            try world.writer.restart()
            #expect(try await world.writer.sync().digest == .match)
            #expect(try world.writer.replica.stagedUpload() == nil)
            try await world.reader.sync()
            #expect(try world.reader.bodies() == world.writer.bodies())
        }
    }

    @Test("Another copy of a device is found by the ticket on its first piece, and nothing that it brings is taken")
    func clone() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 4_000)
            try await world.writer.sync()
            let copy = try world.writer.copied(to: world.folder.file("copy.sqlite"))
            for _ in 0..<2 { try await world.writer.sync() }
            try copy.writeCase(bytes: 40_000)
            await #expect {
                try await copy.sync()
            } throws: { ($0 as? Failure)?.why == "another copy of this replica has been used with the hub" }
            let uploads = try? FileManager.default.contentsOfDirectory(atPath: world.folder.file("hub/uploads"))
            #expect((uploads ?? []).filter { !$0.hasSuffix(".done") } == [])
            // It cannot be known which of the two is the true one.
            await #expect(throws: Failure.self) { try await world.writer.sync() }
            try await world.reader.sync()
            #expect(try world.reader.count("case_note") == 2)
        }
    }

    @Test("A piece that comes again with an old ticket is an old request, and not another copy")
    func replayed() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 40_000)
            let replica = world.writer.replica
            let device = try replica.facts().device
            let old = RequestSignature.Claim(
                device: device, keyNumber: try replica.facts().keyNumber, ticket: try replica.ticket())
            let upload = try replica.stageUpload(try replica.nextRequest(after: 0, limit: 1 << 20))
            try await world.writer.sync()
            try await world.writer.sync()
            #expect { _ = try world.hub.admit(upload: upload.id, bytes: upload.body.count, from: 0, by: old) } throws: {
                ($0 as? Failure)?.code == .tryLater
            }
            #expect(try await world.writer.sync().digest == .match)
        }
    }

    @Test("What a revoked device had written before it knew comes into quarantine, in pieces too")
    func revoked() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 4_000)
            try await world.writer.sync()
            try world.writer.writeCase(bytes: 40_000)
            _ = try world.hub.revoke(device: try world.writer.replica.facts().device.description)
            await #expect { try await world.writer.sync() } throws: {
                ($0 as? Failure)?.why == "this device has been revoked"
            }
            #expect(try world.hub.quarantine().count > 0)
            try await world.reader.sync()
            #expect(try world.reader.count("case_note") == 2)
        }
    }

    @Test("A device that lost its ticket is given one, and its bundle goes up all the same")
    func lostTicket() async throws {
        try await LineWorld.run { world in
            try world.writer.writeCase(bytes: 40_000)
            try world.writer.replica.keep(ticket: [])
            #expect(try await world.writer.sync().digest == .match)
        }
    }
}
