import Crypto
import Foundation
import NIOCore
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

    @Test("A piece that is not what was signed takes nothing away; one that is goes before what nobody had signed")
    func replayedHead() throws {
        let folder = try TemporaryFolder()
        let files = UploadFiles(folder: folder.file("uploads"))
        let (id, device) = (LineWorld.identifier(), LineWorld.identifier())
        let whole: [UInt8] = Array(1...12)
        func piece(from start: Int, _ bytes: [UInt8], signed: [UInt8]? = nil, isCut: Bool = false) throws -> Int {
            let piece = UploadPiece(
                try #require(try files.open(id, bytes: whole.count, from: device)), from: start, of: whole.count)
            for part in stride(from: 0, to: bytes.count, by: 3) {
                try piece.add(ByteBuffer(bytes: bytes[part..<min(part + 3, bytes.count)]).readableBytesView)
            }
            if isCut {
                try piece.keep()
                return try files.offset(of: id, bytes: whole.count, from: device)
            }
            return try piece.finish(
                digest: RequestSignature.contentDigest(sha256: Array(SHA256.hash(data: signed ?? bytes))))
        }
        func here() throws -> [UInt8] {
            let file = try #require(try files.open(id, bytes: whole.count, from: device))
            return try file.read(0..<file.count)
        }
        #expect(try piece(from: 0, Array(whole[..<4])) == 4)
        #expect(try piece(from: 4, Array(whole[4..<8])) == 8)
        // The same two heads once more, with other bodies: longer, shorter, and cut.
        let others: [(Int, [UInt8])] = [(0, Array(repeating: 99, count: 12)), (4, [99, 99, 99, 99, 99]), (4, [99])]
        for (start, body) in others {
            #expect(throws: (any Error).self) {
                _ = try piece(from: start, body, signed: Array(whole[start..<start + 4]))
            }
            #expect(try here() == Array(whole[..<8]))
            #expect(try piece(from: start, body, isCut: true) == 8)
            #expect(try here() == Array(whole[..<8]))
        }
        // A genuine piece that came already, and one that reaches further.
        #expect(try piece(from: 4, Array(whole[4..<8])) == 8)
        #expect(try piece(from: 4, Array(whole[4..<10])) == 10)
        #expect(try here() == Array(whole[..<10]))
        // What a cut piece left behind was never proved.
        #expect(try piece(from: 10, [99], isCut: true) == 11)
        #expect(try piece(from: 10, Array(whole[10...])) == 10)
        #expect(try piece(from: 10, Array(whole[10...])) == 12)
        #expect(try here() == whole)
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
