import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@Suite("A replica file that was put back from an earlier copy")
struct PutBackTests {
    /// Design 2.4: the keys and the witness stay beside the file, the file itself is a copy of yesterday's.
    @Test("is noticed, forks by itself, loses nothing that was sent or typed, and ends up whole")
    func putBack() throws {
        let world = try World(seed: 51)
        let rows = try world.openCase(on: world.surreyOffice, marker: "copy", naming: world.gloucester)
        try world.settle()
        let device = world.surreyLaptop
        let copy = world.folder.file("yesterday.sqlite")
        try device.replica.database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO '\(copy)'") }

        try device.set("detail", of: "need", rows.need, to: "sent today")
        try world.sync(device)
        #expect(try !device.replica.status().wasPutBack)
        try device.putBack(from: copy)
        #expect(try device.replica.status().wasPutBack)
        #expect(try device.text("detail", of: "need", rows.need) == "copy need")

        // It goes on from yesterday, on another column, and another branch of its chain begins by itself.
        try device.set("known_as", of: "person", rows.person, to: "typed after")
        try world.settle()
        #expect(try !device.replica.status().wasPutBack)
        for other in [device, world.surreyOffice] {
            #expect(try other.text("detail", of: "need", rows.need) == "sent today")
            #expect(try other.text("known_as", of: "person", rows.person) == "typed after")
        }
        #expect(try world.reader.branches(of: device.replica.facts().device) == 2)
        #expect(try world.reader.openConflicts().isEmpty)
    }

    @Test("conflicts with its own other future where both changed the same reviewed words")
    func ownConflict() throws {
        let world = try World(seed: 52)
        let rows = try world.openCase(on: world.surreyOffice, marker: "own", naming: world.gloucester)
        try world.settle()
        let device = world.surreyLaptop
        let copy = world.folder.file("yesterday.sqlite")
        try device.replica.database.writeWithoutTransaction { try $0.execute(sql: "VACUUM INTO '\(copy)'") }
        try device.set("detail", of: "need", rows.need, to: "one future")
        try world.sync(device)
        try device.putBack(from: copy)
        try device.set("detail", of: "need", rows.need, to: "the other")
        try world.settle()
        #expect(
            Set(try world.reader.siblings("need", rows.need, column: "detail")) == [
                [.text("one future")], [.text("the other")],
            ])
        #expect(try world.reader.openConflicts().count == 1)
    }
}
