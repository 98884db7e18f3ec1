import Foundation

/// The day on which the processes of a network believe to be, so that a year can pass in a test.
///
/// libfaketime stands before the system's clock; the program knows nothing of it, and has no switch for it. Only the wall
/// clock is moved: timers run on the monotonic one.
struct MovedClock {
    var days = 0

    /// Where the package `faketime` of Debian and Ubuntu puts it, on whichever machine; nil where it is not installed.
    static let library: String? = {
        let roots = ["/usr/lib", "/usr/local/lib"]
        let folders = roots.flatMap { root in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
            return [root] + names.sorted().map { root + "/" + $0 }
        }
        return folders.map { $0 + "/faketime/libfaketimeMT.so.1" }
            .first { FileManager.default.fileExists(atPath: $0) }
    }()

    /// What stands before a program's name; nothing on the first day.
    var words: [String] {
        guard days != 0, let library = MovedClock.library else { return [] }
        return [
            "/usr/bin/env", "LD_PRELOAD=\(library)", "FAKETIME=\(days < 0 ? "" : "+")\(days)d",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            "DONT_FAKE_MONOTONIC=1",
            // It is taken for missing and made anew. Were the variable not there, the library would move the environment
            // to make room for it, and Swift, which finds the arguments beside it, would find none.
            "FAKETIME_SHARED=/reunite-none /reunite-none",
        ]
    }
}

extension Network {
    /// Lets days go by for everybody. The hub is stopped and served again.
    func pass(days: Int) async throws {
        await stop()
        clock.days += days
        try await serve()
    }
}
