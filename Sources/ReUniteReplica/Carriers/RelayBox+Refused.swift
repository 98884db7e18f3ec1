import Foundation
import ReUniteSync

/// What the hub refused lies in a folder of its own, with the reason beside it, until somebody has seen to it: what its
/// device wrote is in the device's outbox still, and nobody there knows.
extension RelayBox {
    /// A file that the hub refused.
    package struct Refused: Hashable, Sendable {
        package var item: Item
        /// As the hub said it.
        package var why: String
        /// When it was refused, milliseconds since 1970.
        package var atMilliseconds: Int64
        /// What it is called here.
        package var name: String
    }

    /// What stands beside a refused file.
    private struct Reason: Codable {
        var why: String
        var at: Int64
    }

    /// Puts a file aside that the hub refused.
    package func refuse(_ item: Item, why: String, atMilliseconds: Int64) throws {
        try makeFolders()
        let path = refusals + "/" + RelayBox.name(of: item)
        // First, so that none lies there without.
        let reason = try JSONEncoder().encode(Reason(why: String(why.prefix(1_000)), at: atMilliseconds))
        try DurableFile.write(Array(reason), to: RelayBox.reason(of: path))
        try DurableFile.move(item.path, to: path)
    }

    /// Files that the hub refused, oldest first.
    package func refused() -> [Refused] {
        items(in: refusals) { label, _ in label.sender }.map { item in
            let bytes = (try? DurableFile.read(RelayBox.reason(of: item.path))) ?? nil
            let reason = bytes.flatMap { try? JSONDecoder().decode(Reason.self, from: Data($0)) }
            return Refused(
                item: item, why: reason?.why ?? "it does not say why", atMilliseconds: reason?.at ?? 0,
                name: String(RelayBox.name(of: item).dropLast(".rub".count)))
        }.sorted { $0.atMilliseconds < $1.atMilliseconds }
    }

    /// Throws a refused file away. Returns what it was.
    ///
    /// - Parameter name: so much of its beginning as no other has.
    /// - Throws: ``Failure``: noInput where there is none of that name, badData where there are several.
    @discardableResult
    package func drop(_ name: String) throws -> Refused {
        let what = "Throwing a refused file away"
        let wanted = name.lowercased()
        let found = refused().filter { !wanted.isEmpty && $0.name.hasPrefix(wanted) }
        guard let one = found.first else {
            throw Failure(
                .noInput, what: what, why: "no refused file is called so",
                remedy: "Look at their names with 'relay list'")
        }
        guard found.count == 1 else {
            throw Failure(
                .badData, what: what, why: "\(found.count) refused files have names that begin so",
                remedy: "Type more of the name ('relay list')")
        }
        remove(one)
        return one
    }

    /// Forgets what was refused of a device once the hub has taken a file that it made no earlier: every file holds all that
    /// the hub has not confirmed.
    package func settle(refusedBefore taken: Item) {
        for one in refused()
        where one.item.device == taken.device
            && one.item.label.createdMilliseconds <= taken.label.createdMilliseconds
        {
            remove(one)
        }
    }

    /// Forgets that a file of this name was refused.
    func forget(refused path: String) {
        let name = String(path.split(separator: "/").last ?? "")
        for one in refused() where RelayBox.name(of: one.item) == name { remove(one) }
    }

    private func remove(_ refused: Refused) {
        remove(refused.item)
        DurableFile.remove(RelayBox.reason(of: refused.item.path))
    }

    private static func reason(of path: String) -> String { path + ".why" }
}
