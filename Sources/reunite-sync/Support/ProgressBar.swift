import Foundation
import ReUniteTransport

/// A bar on a terminal's standard error; nothing where there is no terminal.
struct ProgressBar: Sendable {
    private let isShown = isatty(STDERR_FILENO) == 1

    func show(_ progress: HTTPSync.Progress) {
        guard isShown else { return }
        var line = "sent \(progress.pushedEdits) edits"
        if progress.expectedBytes > 0 {
            let done = min(progress.pulledBytes, progress.expectedBytes)
            let filled = done * 30 / progress.expectedBytes
            let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: 30 - filled)
            line += "  [\(bar)] \(done / 1_024) of \(progress.expectedBytes / 1_024) KiB"
        }
        FileHandle.standardError.write(Data("\r\u{1B}[K\(line)".utf8))
    }

    func clear() {
        guard isShown else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
