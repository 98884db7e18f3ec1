import Crypto
import Foundation
package import ReUniteSync

/// The mailbox of a machine that carries other devices' files: a folder beside its replica, with sealed bundles only.
///
/// What lies in it can be opened by the hub, or by the device that it is for, and by nobody here. What is altered here
/// is refused there.
package struct RelayBox: Sendable {
    package let folder: String

    /// The limit of a file that is carried to the hub; a larger one goes there on its own stick.
    package static let upLimit = 8 << 20

    package init(replicaPath: String) {
        folder = replicaPath + ".relay"
    }

    /// A file in the box.
    package struct Item: Hashable, Sendable {
        package var path: String
        package var label: BundleLabel
        package var bytes: Int
        /// The device that made it, or that it is for.
        package var device: Identifier
    }

    private var ups: String { folder + "/up" }
    private var downs: String { folder + "/down" }
    private var askings: String { folder + "/asked" }
    var refusals: String { folder + "/refused" }
    var comings: String { folder + "/coming" }

    // MARK: To the hub

    /// Puts a device's file into the box, unless the very same is there. Returns whether it was not.
    @discardableResult
    package func put(up bytes: [UInt8], label: BundleLabel) throws -> Bool {
        // By its bytes too: an altered copy must not keep out the true one.
        let digest = SHA256.hash(data: bytes).prefix(4).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        let path = "\(ups)/\(label.id)-\(digest.joined()).rub"
        if DurableFile.exists(path) { return false }
        try makeFolders()
        try DurableFile.write(bytes, to: path)
        // It is tried once more.
        forget(refused: path)
        return true
    }

    /// What waits to be brought to the hub, oldest first.
    package func waiting() -> [Item] {
        items(in: ups) { label, _ in label.sender }.sorted {
            $0.label.createdMilliseconds < $1.label.createdMilliseconds
        }
    }

    /// Keeps a file that the hub has answered until the answer is handed over: one that is taken back is asked for anew.
    package func answered(_ item: Item) throws {
        try makeFolders()
        for older in answered(of: item.device) { remove(older) }
        try DurableFile.move(item.path, to: askings + "/" + RelayBox.name(of: item))
    }

    private func answered(of device: Identifier) -> [Item] {
        items(in: askings) { label, _ in label.sender }.filter { $0.device == device }
    }

    static func name(of item: Item) -> String { String(item.path.split(separator: "/").last ?? "") }

    // MARK: From the hub

    /// Puts a file for a device into the box, in the place of older ones: each begins where the device is known to have
    /// come, so the newest is enough.
    package func put(down bytes: [UInt8], label: BundleLabel, for device: Identifier) throws {
        try makeFolders()
        let path = "\(downs)/\(device).\(label.id).rub"
        try DurableFile.write(bytes, to: path)
        for item in letters() where item.device == device && item.path != path { remove(item) }
    }

    /// The same with one that has come in pieces, as a file of this box.
    func put(down path: String, label: BundleLabel, for device: Identifier) throws {
        try makeFolders()
        let name = "\(downs)/\(device).\(label.id).rub"
        try DurableFile.move(path, to: name)
        for item in letters() where item.device == device && item.path != name { remove(item) }
    }

    /// Throws away what waits for a device that is served no more.
    package func withdraw(for device: Identifier) {
        for item in letters() + answered(of: device) where item.device == device { remove(item) }
    }

    /// Throws away an answer that the hub takes back. What it answered waits to be brought once more, unless it was handed
    /// over already or something newer of the device's waits.
    package func takeBack(_ letter: Item) throws {
        remove(letter)
        let isNewerWaiting = waiting().contains { $0.device == letter.device }
        for asked in answered(of: letter.device) {
            if isNewerWaiting {
                remove(asked)
            } else {
                try DurableFile.move(asked.path, to: ups + "/" + RelayBox.name(of: asked))
            }
        }
    }

    /// Notes that an answer was handed over. It stays, in case the stick is lost.
    package func handedOver(_ letter: Item) {
        for asked in answered(of: letter.device) { remove(asked) }
    }

    /// What waits to be handed over, by device.
    package func letters() -> [Item] {
        items(in: downs) { _, name in name.split(separator: ".").first.flatMap { Identifier(String($0)) } }
            .sorted { $0.device < $1.device }
    }

    package func read(_ item: Item) throws -> [UInt8] {
        try CarrierFile.read(item.path)
    }

    package func remove(_ item: Item) {
        DurableFile.remove(item.path)
    }

    // MARK: Files

    func makeFolders() throws {
        for path in [folder, ups, downs, askings, refusals, comings] { try DurableFile.makeFolder(path) }
    }

    /// The bundles in a folder; what is none is passed over.
    func items(in folder: String, device: (BundleLabel, String) -> Identifier?) -> [Item] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().compactMap { name in
            let path = folder + "/" + name
            guard name.hasSuffix(".rub"), let source = try? CarrierFile.source(path),
                let label = try? SealedBundle.readHeader(try source.beginning()).label,
                let device = device(label, name)
            else { return nil }
            return Item(path: path, label: label, bytes: source.length, device: device)
        }
    }
}
