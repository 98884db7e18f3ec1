import Foundation
import GRDB
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

@testable import ReUniteHub

/// The key for tickets changes with the hub's other keys (`docs/keys.md`).
@Suite("The hub's key for tickets changes")
struct TicketKeyTests {
    private let world: World
    private var laptop: Device { world.surreyLaptop }

    init() throws {
        world = try World(seed: 720)
        try world.settle()
    }

    /// Whether the hub takes the ticket that a device would show now.
    private func takes(_ device: Device) throws -> Bool {
        let record = try #require(try world.hub.store.device(device.id))
        let number = try device.replica.facts().keyNumber
        return world.hub.challenge(try device.replica.ticket(), of: record, keyNumber: number) == nil
    }

    private func isShutOut(_ device: Device) throws -> Bool {
        try #require(try world.hub.store.device(device.id)).isSuspended
    }

    @Test("a ticket of the former key is taken; one of a key that is gone is answered as at first contact")
    func former() throws {
        let before = FileManager.default.contents(atPath: world.folder.file("hub/ticket-key"))
        #expect(before?.count == 32)
        try world.hub.rotateKeys()
        #expect(try takes(laptop))
        #expect(try world.sync(laptop).digest == .match)
        let second = world.hub.tickets.current.exportSecret()
        try world.hub.rotateKeys()
        #expect(world.hub.tickets.current.exportSecret() != second)
        #expect(try takes(laptop) && !takes(world.gloucestershire))
        for device in [laptop, world.gloucestershire] {
            #expect(try world.sync(device).digest == .match)
            #expect(try takes(device) && !isShutOut(device))
        }
        try world.restartHub()
        for device in world.devices { #expect(try world.sync(device).digest == .match) }
        #expect(try world.devices.allSatisfy { try !isShutOut($0) })
    }

    @Test("a second copy of a device is found by a ticket of the former key too, and never where its key is gone")
    func copies() throws {
        let copy = try world.clone(laptop)
        for _ in 0..<2 { try world.sync(laptop) }
        try world.hub.rotateKeys()
        #expect(throws: Failure.self) { try world.sync(copy) }
        #expect(try isShutOut(laptop))
        _ = try world.readmit(laptop)
        let late = try world.clone(world.gloucestershire)
        for _ in 0..<2 {
            try world.sync(world.gloucestershire)
            try world.hub.rotateKeys()
        }
        #expect(try world.sync(late).digest == .match)
        #expect(try !isShutOut(late), "nothing that it shows says that there are two")
        // As soon as one of them has synced without the other, they are told apart again.
        for _ in 0..<2 { try world.sync(world.gloucestershire) }
        #expect(throws: Failure.self) { try world.sync(late) }
    }

    @Test("another program that serves takes what the new key issued, and what is worked out of the secret stays")
    func others() throws {
        let serving = world.hub
        let secret = serving.key(for: "a study")
        try world.restartHub()
        for _ in 0..<3 { try world.hub.rotateKeys() }
        #expect(try world.sync(laptop).digest == .match)
        var wire = Wire(faults: nil)
        guard case .finished = try wire.sync(laptop.replica, with: serving) else {
            Issue.record("it was not served")
            return
        }
        #expect(serving.tickets.current.exportSecret() == world.hub.tickets.current.exportSecret())
        #expect(serving.key(for: "a study") == secret && world.hub.key(for: "a study") == secret)
    }

    @Test(
        "a key that is gone is in no file of the hub's folder; a backup from before it goes on with what devices show")
    func gone() throws {
        let path = world.folder.file("backup-key.txt")
        _ = try world.hub.makeBackupKey(to: path, replaces: false)
        world.offlineKey = try Hub.offlineKey(in: path)
        try world.hub.rotateKeys()
        let backup = try world.backUpHub()
        let first = Data(world.hub.tickets.current.exportSecret())
        for _ in 0..<2 {
            try world.hub.rotateKeys()
            for device in world.devices { try world.sync(device) }
        }
        for name in try FileManager.default.subpathsOfDirectory(atPath: world.folder.file("hub"))
        where !name.hasPrefix("hub.sqlite") {
            let bytes = FileManager.default.contents(atPath: world.folder.file("hub/\(name)"))
            #expect(bytes?.range(of: first) == nil, "\(name)")
        }
        let newest = try #require(FileManager.default.contents(atPath: world.folder.file("hub/keys")))
        try FileManager.default.removeItem(atPath: world.folder.file("hub"))
        try FileManager.default.createDirectory(atPath: world.folder.file("hub"), withIntermediateDirectories: true)
        // The newer keys were kept elsewhere, the key for tickets was not.
        let unsealed = try world.restoreTickets(from: backup)
        try DurableFile.write(Array(newest), to: world.folder.file("hub/keys"))
        try DurableFile.write(unsealed, to: world.folder.file("hub/ticket-key"))
        try world.restoreHub(from: backup)
        try world.reopenReader()
        for device in world.devices {
            #expect(try world.sync(device).digest == .match)
            #expect(try !isShutOut(device))
        }
    }

    @Test("a file of another length is refused, and says that a key file is damaged")
    func damaged() throws {
        for count in [0, 31, 33, 64, 128] {
            try DurableFile.write(Array(repeating: 7, count: count), to: world.folder.file("hub/ticket-key"))
            let failure = #expect(throws: Failure.self) { try world.restartHub() }
            #expect(failure?.code == .configuration, "\(count)")
        }
    }
}

extension World {
    /// The file `ticket-key` as a sealed backup has it.
    func restoreTickets(from backup: String) throws -> [UInt8] {
        let keys = try #require(try offlineKey?.keys())
        return try SealedBackup.open(backup, with: keys, to: folder.file("opened.sqlite")).ticketKey
    }
}
