import GRDB
import ReUniteHub
import ReUniteReplica
import ReUniteSync
import TestSupport

/// Bundle files in pockets: made by devices and by the hub, and handed over late, twice, cut short, or never.
struct FileCarrier {
    /// For the hub, oldest first.
    var ups: [[UInt8]] = []
    /// For devices, by their ids, oldest first.
    var downs: [(device: Identifier, bytes: [UInt8])] = []
}

extension Simulation {
    /// One thing that happens to files.
    func carryFiles() throws {
        switch random(10) {
        case 0, 1: try fill(for: anyone())
        case 2, 3: try handToHub()
        case 4, 5: try fill(fromHubFor: anyone())
        default: try handToDevice()
        }
    }

    private func fill(for device: Device) throws {
        let file = try device.replica.upFile(whole: random(8) == 0, limit: [600, 1 << 20][random(2)])
        proofs.formUnion(file.request.checkpoints)
        files?.ups.append(try file.bytes)
        note("\(device.name) makes a file of \(file.batches)")
    }

    private func handToHub() throws {
        guard let files, !files.ups.isEmpty else { return }
        let number = random(files.ups.count)
        var bytes = files.ups[number]
        if random(3) > 0 { self.files?.ups.remove(at: number) }
        if random(5) == 0 {
            bytes = Array(bytes.prefix(random(bytes.count)))
            meet("file cut")
        }
        do {
            let report = try world.hub.take(upFile: bytes)
            meet(report.isWhole ? "file taken" : "file taken in part")
            note("the hub takes \(report.taken), knows \(report.duplicates), holds \(report.held)")
        } catch let failure as Failure where failure.code == .badData || failure.code == .notPermitted {
            note("the hub refuses a file: \(failure.code)")
        }
    }

    private func fill(fromHubFor device: Device) throws {
        let content: Hub.DownContent = [.news, .news, .news, .whole, .receipts][random(5)]
        do {
            let file = try world.hub.downFile(for: device.id, content)
            files?.downs.append((device.id, try file.bytes))
            note("the hub makes a file for \(device.name) of \(file.rows)")
        } catch let failure as Failure where failure.code == .notPermitted {
            note("the hub makes no file for \(device.name)")
        }
    }

    private func handToDevice() throws {
        guard let files, !files.downs.isEmpty else { return }
        // Mostly one of the last: others are old by then.
        let number = max(0, files.downs.count - 1 - random(random(3) == 0 ? files.downs.count : 2))
        let file = files.downs[number]
        if random(3) > 0 { self.files?.downs.remove(at: number) }
        let copies = world.devices.filter { $0.id == file.device && !$0.isRetired }
        guard !copies.isEmpty else { return }
        let device = copies[random(copies.count)]
        switch try device.replica.take(file: file.bytes) {
        case .applied(let effect):
            meet("file applied")
            if !effect.digestMatches { complain("\(device.name) differs from the hub after a file") }
            note("\(device.name) applies \(effect.rows)")
        case .receipts(let count):
            meet("file of receipts")
            note("\(device.name) has receipts for \(count)")
        case .old:
            meet("file old")
            note("\(device.name) has that already")
        case .gap:
            meet("file gap")
            note("\(device.name) lacks what was before")
        }
    }
}
