import ReUniteReplica
import ReUniteSync

/// The encoded pages of a delivery that is being made: a few in memory, more of them in a file without a name, which is
/// gone with this object. They cannot be sealed at once, because a bundle begins with its length.
final class PageSpool {
    /// Up to this many bytes stay in memory.
    private static let inMemory = 1 << 20

    private let folder: String
    private let names: () -> Identifier
    private var pages: [[UInt8]] = []
    private var file: PartialFile?
    /// Where each page ends in the file.
    private var ends: [Int] = []

    /// How many pages there are.
    var count: Int { ends.count }
    /// How long they are together, in bytes.
    var length: Int { ends.last ?? 0 }

    /// - Parameter names: names the file for the moment in which it has a name.
    init(folder: String, names: @escaping () -> Identifier) {
        self.folder = folder
        self.names = names
    }

    func add(_ more: [[UInt8]]) throws {
        for page in more {
            ends.append(length + page.count)
            if file == nil, length > PageSpool.inMemory { try moveToFile() }
            if let file { try file.append(page) } else { pages.append(page) }
        }
    }

    private func moveToFile() throws {
        try DurableFile.makeFolder(folder)
        let path = "\(folder)/\(names()).pages"
        let file = try PartialFile(path)
        DurableFile.remove(path)
        for page in pages { try file.append(page) }
        pages = []
        self.file = file
    }

    /// A page, by its number from 0.
    func page(_ number: Int) throws -> [UInt8] {
        guard let file else { return pages[number] }
        return try file.read((number == 0 ? 0 : ends[number - 1])..<ends[number])
    }
}
