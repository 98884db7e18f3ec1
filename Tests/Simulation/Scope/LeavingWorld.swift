import GRDB
import ReUniteHub
import ReUniteProgramme
import ReUniteReplica
import ReUniteSync
import TestSupport
import Testing

/// A case that Surrey owns and Gloucestershire works on, because it accepted its referral.
struct LeavingWorld {
    let world: World
    let rows: CaseRows
    let referral: Identifier

    /// A word of the case that is nowhere else.
    static let marker = "Zebrawood"

    var office: Device { world.surreyOffice }
    var worker: Device { world.gloucestershire }

    init(seed: UInt64) throws {
        world = try World(seed: seed)
        rows = try world.openCase(on: world.surreyOffice, marker: LeavingWorld.marker, naming: world.gloucester)
        referral = try world.refer(rows.id, on: world.surreyOffice, to: world.gloucester)
        try world.settle()
        try world.accept(referral, on: world.gloucestershire)
        try world.settle()
    }

    func withdraw() throws {
        try world.withdraw(referral, on: office)
        try world.sync(office)
    }

    /// The referral goes on by one step of its receiver's.
    func step(to state: String, by device: Device, _ referral: Identifier? = nil) throws {
        let id = referral ?? self.referral
        try device.edit {
            _ = try Referrals.step(
                id.description, to: state, by: device.partner, in: $0, now: device.time.wallMilliseconds)
        }
    }

    func give(to partner: Identifier) throws {
        try world.give(rows.id, to: partner)
    }

    /// A sync during which somebody goes on typing until the answer is applied.
    func sync(_ device: Device, typing body: @escaping () throws -> Void) throws -> Ending {
        world.advance(milliseconds: 1_000)
        var wire = Wire(faults: nil)
        var hasTyped = false
        wire.beforeApply = {
            guard !hasTyped else { return }
            hasTyped = true
            try body()
        }
        return try wire.sync(device.replica, with: world.hub)
    }

    func found(_ words: [String], on device: Device) throws -> [String] {
        try FileScan.find(words, ofReplica: device.path)
    }

    /// What devices owe the hub, as `name state`.
    func purges(all: Bool = false) throws -> [String] {
        try world.hub.purges(all: all).filter { $0.scope == rows.id.description }.map { "\($0.deviceName) \($0.state)" }
    }

    /// The values of what waits at the hub.
    func quarantined() throws -> [String] {
        try world.hub.quarantine().flatMap { edit in
            try world.hub.quarantined(edit.id).value.values.compactMap { $0 }
        }
    }
}
