import ReUniteSync

/// Binds a row's values from one buffer of its own: SQLite's own copy of each text takes and frees memory every time.
///
/// The buffer is read while the statement runs, so ``EngineStatement/run(_:)`` fills it, binds and runs in one.
package final class RowBinder {
    private var buffer: UnsafeMutableRawBufferPointer
    private var used = 0

    package init() {
        buffer = .allocate(byteCount: 4_096, alignment: 16)
    }

    deinit {
        buffer.deallocate()
    }

    /// Empties the buffer, and makes sure that so many bytes fit: what is bound must not move any more.
    func reserve(_ count: Int) {
        used = 0
        guard count > buffer.count else { return }
        buffer.deallocate()
        buffer = .allocate(byteCount: count * 2, alignment: 16)
    }

    /// The place of a copy of these bytes.
    func add(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let place = UnsafeMutableRawBufferPointer(rebasing: buffer[used..<(used + bytes.count)])
        place.copyMemory(from: bytes)
        used += bytes.count
        return UnsafeRawBufferPointer(place)
    }

    /// The bytes that a value takes in the buffer.
    static func size(of value: Value) -> Int {
        switch value {
        case .null, .integer, .real: 0
        case .text(let text): text.utf8.count
        case .blob(let bytes): bytes.count
        }
    }
}
