import Foundation
import ReUniteReplica
import ReUniteSync
import Synchronization
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("A bundle file is whole under its name, or is not there")
struct CarrierFileTests {
    private let bytes = (0..<700).map { UInt8(truncatingIfNeeded: $0 &* 37) }

    /// A stick that is pulled after so many bytes, or fills up.
    private func door(after limit: Int, code: Int32) -> CarrierFile.Door {
        let left = Box(limit)
        return CarrierFile.Door(
            write: { descriptor, buffer in
                let room = left.take(min(buffer.count, 64))
                guard room > 0 else {
                    errno = code
                    return -1
                }
                return write(descriptor, buffer.baseAddress, room)
            }, sync: { fsync($0) })
    }

    private final class Box: Sendable {
        private let value: Mutex<Int>

        init(_ value: Int) { self.value = Mutex(value) }

        func take(_ count: Int) -> Int {
            value.withLock { value in
                let taken = min(value, count)
                value -= taken
                return taken
            }
        }
    }

    @Test("A link on a stick, under the name that a file has while it is written, has nothing else written over")
    func link() throws {
        let folder = try TemporaryFolder()
        let precious = try folder.write("precious", to: "precious")
        for (name, unfinished) in [("up.rub", "RU~0A1B2.TMP"), ("note", "note.new")] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.file(unfinished), withDestinationPath: precious)
            if name == "note" {
                try DurableFile.write(bytes, to: folder.file(name))
            } else {
                try CarrierFile.write(bytes, to: folder.file(name))
            }
            #expect(try folder.bytes(of: name) == bytes)
        }
        #expect(try folder.bytes(of: "precious") == Array("precious".utf8))
        #expect(try folder.names() == ["note", "precious", "up.rub"])
    }

    /// A file that another writer is at work on, until it is closed.
    private func begun(_ path: String) throws -> Int32 {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        try #require(write(descriptor, "at work", 7) == 7)
        return descriptor
    }

    @Test("Nobody's file gives way to one that is being written; what a writer left that is gone does")
    func leftovers() throws {
        let folder = try TemporaryFolder()
        // Somebody's own, as such names go.
        for name in ["up.TMP", "note.new.txt", "RU~12.TMP"] { _ = try folder.write("mine", to: name) }
        let own = try folder.names()
        let others = try [begun(folder.file("RU~1A2B3.TMP")), begun(folder.file("note.new"))]
        for name in ["RU~4C5D6.TMP", "ru~7e8f9.tmp"] { _ = try folder.write("of a stick that was pulled", to: name) }
        try CarrierFile.write(bytes, to: folder.file("up.rub"))
        try DurableFile.write(bytes, to: folder.file("note"))
        #expect(try folder.names() == (own + ["RU~1A2B3.TMP", "note.new", "note", "up.rub"]).sorted())
        for name in own { #expect(try folder.bytes(of: name) == Array("mine".utf8)) }
        for name in ["RU~1A2B3.TMP", "note.new"] { #expect(try folder.bytes(of: name) == Array("at work".utf8)) }
        for descriptor in others { close(descriptor) }
        try CarrierFile.write(bytes, to: folder.file("down.rub"))
        try DurableFile.write(bytes, to: folder.file("note"))
        #expect(try folder.names() == (own + ["note", "up.rub", "down.rub"]).sorted())
    }

    @Test("Of two that write the same file at once the one or the other is there, and never some of each")
    func atOnce() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("witness")
        let found = try await withThrowingTaskGroup(of: Bool.self) { group in
            for letter in UInt8(65)..<71 {
                group.addTask {
                    for round in 1...60 {
                        try DurableFile.write(Array(repeating: letter, count: 200 + 30 * round), to: path)
                        guard let there = try DurableFile.read(path), Set(there).count == 1 else { return false }
                    }
                    return true
                }
            }
            return try await group.reduce(true) { $0 && $1 }
        }
        #expect(found)
        #expect(try folder.names() == ["witness"])
    }

    @Test("A stick that is pulled or full at any byte leaves no file, and says so with 74", arguments: [EIO, ENOSPC])
    func pulled(code: Int32) throws {
        let folder = try TemporaryFolder()
        for limit in 0..<bytes.count {
            #expect {
                try CarrierFile.write(bytes, to: folder.file("UP000001.RUB"), door: door(after: limit, code: code))
            } throws: { error in
                guard let failure = error as? Failure else { return false }
                return failure.code == .inputOutput && (code != ENOSPC || failure.why == "the disk is full")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "after \(limit) bytes")
        }
        try CarrierFile.write(bytes, to: folder.file("UP000001.RUB"), door: door(after: bytes.count, code: code))
        #expect(try CarrierFile.read(folder.file("UP000001.RUB")) == bytes)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["UP000001.RUB"])
    }

    @Test("A stick that does not keep what was written, or cannot be flushed, is told as such and leaves no file")
    func unreliable() throws {
        let folder = try TemporaryFolder()
        let forgetful = CarrierFile.Door(
            write: { descriptor, buffer in
                let zeros = [UInt8](repeating: 0, count: buffer.count)
                return zeros.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            }, sync: { fsync($0) })
        #expect { try CarrierFile.write(bytes, to: folder.file("a.rub"), door: forgetful) } throws: {
            ($0 as? Failure)?.why == "what was read back is not what was written"
        }
        let failing = CarrierFile.Door(
            write: { write($0, $1.baseAddress, $1.count) },
            sync: { _ in
                errno = EIO
                return -1
            })
        #expect { try CarrierFile.write(bytes, to: folder.file("a.rub"), door: failing) } throws: {
            ($0 as? Failure)?.code == .inputOutput
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("A file that is there is never replaced; a folder gets a name that every stick takes")
    func names() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("mine.rub")
        try CarrierFile.write(bytes, to: path)
        #expect { try CarrierFile.write([1], to: path) } throws: { ($0 as? Failure)?.code == .cannotCreate }
        #expect(try CarrierFile.read(path) == bytes)
        #expect { try CarrierFile.write([1], to: folder.file("none/x.rub")) } throws: {
            ($0 as? Failure)?.code == .cannotCreate
        }
        let label = BundleLabel(
            id: Identifier(high: 1, low: 0x8000_0000_00AB_CDEF), kind: .down, hub: .zero,
            epoch: HubEpoch(number: 1, salt: .zero), sender: .zero, createdMilliseconds: 0)
        #expect(CarrierFile.path(for: label, at: folder.path) == folder.path + "/DNABCDEF.RUB")
        #expect(CarrierFile.path(for: label, at: path) == path)
        for kind in BundleLabel.Kind.allCases {
            var other = label
            other.kind = kind
            #expect(CarrierFile.name(for: other).wholeMatch(of: /[A-Z0-9]{1,8}\.RUB/) != nil)
        }
    }

    @Test("A missing file, a folder and a file larger than any bundle are told apart")
    func reading() throws {
        let folder = try TemporaryFolder()
        func code(_ path: String) -> Failure.Code? {
            do {
                _ = try CarrierFile.read(path)
                return nil
            } catch { return (error as? Failure)?.code }
        }
        #expect(code(folder.file("none.rub")) == .noInput)
        #expect(code(folder.path) == .noInput)
        let large = folder.file("large.rub")
        #expect(FileManager.default.createFile(atPath: large, contents: nil))
        try #require(truncate(large, off_t(DecodeLimits.bundleBytes + 1)) == 0)
        #expect(code(large) == .badData)
    }
}
