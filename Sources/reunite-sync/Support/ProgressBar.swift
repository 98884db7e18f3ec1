import Foundation
import ReUniteTransport

/// A bar on a terminal's standard error; nothing where there is no terminal.
struct ProgressBar: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1

    func show(_ progress: HTTPSync.Progress) {
        var line = "sent \(progress.pushedEdits) edits"
        if progress.expectedBytes > 0 {
            let done = min(progress.pulledBytes, progress.expectedBytes)
            line += "  " + ProgressBar.bar(done, of: progress.expectedBytes)
            line += " \(done / 1_024) of \(progress.expectedBytes / 1_024) KiB"
        }
        show(line)
    }

    /// Shows how many of something are done.
    func show(_ what: String, done: Int, of count: Int) {
        show("\(what)  \(ProgressBar.bar(done, of: count)) \(done) of \(count)")
    }

    private static func bar(_ done: Int, of count: Int) -> String {
        let filled = count == 0 ? 30 : min(done, count) * 30 / count
        return "[" + String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled) + "]"
    }

    private func show(_ line: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
    }

    func clear() {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
