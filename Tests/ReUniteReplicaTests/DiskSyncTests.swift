import GRDB
import TestSupport
import Testing

@testable import ReUniteReplica

@Suite("What is written is on the disk, but where files are made that nobody has yet")
struct DiskSyncTests {
    private func mode(_ path: String) throws -> Int? {
        let database = try EngineDatabase.open(path: path, role: .engine, label: "test", isNew: true)
        defer { try? database.close() }
        return try database.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }

    @Test("A database forces every commit, one that is opened while it is put off forces none, and then each again")
    func databases() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("some.sqlite")
        #expect(try mode(path) == 2)
        let putOff = try DiskSync.$isPutOff.withValue(true) { try mode(path) }
        #expect(putOff == 0)
        #expect(try mode(path) == 2)
    }

    @Test("A small file is whole either way")
    func files() throws {
        let folder = try TemporaryFolder()
        for isPutOff in [false, true] {
            try DiskSync.$isPutOff.withValue(isPutOff) {
                try DurableFile.write([1, 2, 3], to: folder.file("small"))
                try DurableFile.replace([4, 5], in: folder.file("small"))
                try DurableFile.append([6], to: folder.file("small"))
            }
            #expect(try DurableFile.read(folder.file("small")) == [4, 5, 6])
        }
        // A descriptor that is none cannot be forced, and is not asked.
        let refused = DiskSync.sync(-1)
        let passed = DiskSync.$isPutOff.withValue(true) { DiskSync.sync(-1) }
        #expect(refused == -1 && passed == 0)
    }
}
